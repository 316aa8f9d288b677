"""A game as one HTML file that needs nothing else: the board, steps forward and back, and why the agents decided so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.files.output import check_output, output_file
from agent.play.coach import thought_line
from agent.play.game_file import Saved
from agent.play.setup import NETWORKS
from agent.play.table import Table
from agent.players.playouts import Decider
from monopoly_env.board import GROUP_OF, SQUARE_NAMES, SQUARES, TITLE_AT
from monopoly_env.render.ring import GROUP_PAINTS, SEAT_PAINTS, SIGNS, ring_place
from monopoly_env.text.events import sentence

_TEMPLATE = Path(__file__).with_name("replay.html")
_ENDINGS = (".html", ".htm")


def check(path: Path) -> None:
    """Refuse a file that cannot be written, or that is no page by its name. Raises OutputError."""
    check_output(path, "--html", _ENDINGS)


def write_page(saved: Saved, choosers: Mapping[int, Decider], path: Path) -> None:
    """Write the page of a game.

    Args:
        saved: the game.
        choosers: the players by seat; agents and searchers are asked again, for what they thought.
        path: the file; a page that is there is replaced.

    Raises:
        OutputError: the disk refuses.
        PlayError: the rules forbid an act of the game.
    """
    data = json.dumps(_game(saved, choosers)).replace("</", "<\\/")
    page = _TEMPLATE.read_text(encoding="utf-8").replace("$GAME", data)
    with output_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _game(saved: Saved, choosers: Mapping[int, Decider]) -> dict[str, Any]:
    saved.play()  # a line that the rules forbid is told by its number
    setup = saved.setup
    return {
        "names": setup.names,
        "kinds": [seat.kind for seat in setup.seats],
        "signs": SIGNS[: len(setup.seats)],
        "paints": [SEAT_PAINTS[seat].ground for seat in range(len(setup.seats))],
        "squares": [_square(number) for number in range(SQUARES)],
        "frames": _frames(saved, choosers),
    }


def _square(number: int) -> dict[str, Any]:
    row, column = ring_place(number)
    title = int(TITLE_AT[number])
    paint = GROUP_PAINTS[GROUP_OF[title]][:2] if title >= 0 else None
    return {"row": row, "column": column, "name": SQUARE_NAMES[number], "title": title, "paint": paint}


def _frames(saved: Saved, choosers: Mapping[int, Decider]) -> list[dict[str, Any]]:
    """Return the game after each act of which something came, with what was told and thought."""
    table = Table(saved.setup, {})
    frames = [_frame(table, 0, [])]
    told, why = len(table.rows), []
    for _, act in saved.acts:
        if saved.setup.seats[act.seat].kind in NETWORKS:
            why.append(thought_line(choosers[act.seat].decide(table.game), table.names))
        table.carry_out_again(act)
        table.settle()
        if len(table.rows) > told:
            frames.append(_frame(table, told, why))
            told, why = len(table.rows), []
    return frames


def _frame(table: Table, told: int, why: list[str]) -> dict[str, Any]:
    game, count = table.game, len(table.names)
    seats = {name: game[name][:count].tolist() for name in ("cash", "position", "alive", "jailed")}
    titles = {name: game[name].tolist() for name in ("owner", "houses", "mortgaged")}
    text = [sentence(row, table.names) for row in table.rows[told:]]
    return {"turn": int(game.turns), "text": text, "why": why, **seats, **titles}
