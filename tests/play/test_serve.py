"""The table in a browser: the page, the keys that it sends, the game that is kept."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from programs import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.slow]
aiohttp = pytest.importorskip("aiohttp", reason="comes with textual-serve")
pytest.importorskip("textual_serve")
SECONDS = 120  # that a game may take to appear, on a busy machine


@pytest.fixture
def served(tmp_path):
    """The address of ``--serve`` in an empty folder, with the folder of its games."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("--serve", "--port", str(port), "--seats", "me,landlord", "--seed", "5", "--fast")
    command = [sys.executable, str(ROOT / "scripts" / "play.py"), *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(10 * SECONDS):
            with socket.socket() as door:
                if not door.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", tmp_path / "games"
        process.terminate()


async def sitting(address, *keys):
    """Open the page, wait for the first question, send keys; return the page and how a game on the disk has grown."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(address) as answer:
            page = await answer.text()
        socket_address = re.search(r'data-session-websocket-url="(ws:[^"]+)"', page)[1]
        async with browser.ws_connect(f"{socket_address}?width=80&height=24") as window:
            seen = b""
            while b"for sale" not in seen:
                message = await window.receive(SECONDS)
                seen += message.data if isinstance(message.data, bytes) else message.data.encode()
            for key in keys:
                await asyncio.sleep(1)  # a question is answered once it can be seen
                await window.send_json(["stdin", key])
            await asyncio.sleep(2)
    return page


def acts(folder):
    """The acts of the one game in the folder."""
    (path,) = Path(folder).glob("*.jsonl")
    return [line.get("act") for line in map(json.loads, path.read_text().splitlines()[1:])]


def test_a_game_in_a_browser_takes_keys_and_is_kept(served):
    address, folder = served
    page = asyncio.run(sitting(address, "1"))
    assert "keys.focus()" in page and acts(folder)[:2] == ["PASS", "BUY"]
