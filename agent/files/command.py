"""How the programs are called here: what a hint tells people to type."""

from __future__ import annotations

import sys
from pathlib import Path


def command(program: str) -> str:
    """Return what starts a program: ``python scripts/play.py`` in a checkout, ``monopoly-play`` where it is installed.

    A checkout may be installed too (``pip install -e .``); then the way in which the running program was called is kept.
    """
    in_checkout = (Path(__file__).parents[2] / "scripts" / f"{program}.py").is_file()
    installed = Path(sys.argv[0]).name.startswith("monopoly-")
    return f"python scripts/{program}.py" if in_checkout and not installed else f"monopoly-{program}"
