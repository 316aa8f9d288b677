"""How the programs are called here: what a hint tells people to type."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def command(program: str) -> str:
    """Return what starts a program from the current folder: ``python scripts/play.py``, or ``monopoly-play`` where installed.

    A checkout may be installed too (``pip install -e .``); then the way in which the running program was called is kept.
    """
    script = Path(__file__).resolve().parents[2] / "scripts" / f"{program}.py"
    if not script.is_file() or Path(sys.argv[0]).name.startswith("monopoly-"):
        return f"monopoly-{program}"
    here = Path.cwd()
    return f"python {shlex.quote(str(script.relative_to(here) if script.is_relative_to(here) else script))}"
