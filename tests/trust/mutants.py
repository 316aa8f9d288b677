"""Rules broken on purpose: each entry of ``mutants.txt`` is one wrong rule, as a change of one place in the source."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Mutant(NamedTuple):
    """A rule broken: which one, how, and the text in ``monopoly_env`` that is replaced.

    Attributes:
        rule: its number in docs/RULES.md, or what else is broken.
        how: what is wrong then.
        right: a text that stands once in ``monopoly_env``, wherever that is: a move of code does not break the entry.
        wrong: what takes its place.
    """

    rule: str
    how: str
    right: str
    wrong: str


def place_of(mutant: Mutant, root: Path = ROOT) -> Path:
    """Return the file of ``monopoly_env`` that holds the text to replace.

    Raises:
        LookupError: it stands nowhere, or more than once.
    """
    counts = {path: path.read_text(encoding="utf-8").count(mutant.right) for path in (root / "monopoly_env").rglob("*.py")}
    found = [path for path, count in counts.items() if count]
    if len(found) != 1 or counts[found[0]] != 1:
        places = ", ".join(f"{counts[path]} times in {path.name}" for path in found) or "nowhere"
        raise LookupError(f"{mutant.rule}, {mutant.how}: the text to replace must stand once in monopoly_env; it is {places}.")
    return found[0]


def read(text: str) -> tuple[Mutant, ...]:
    """Read entries, a blank line between two: rule and what is wrong, the lines that go (``- ``), those that come (``+ ``)."""
    mutants = []
    for entry in text.strip().split("\n\n"):
        title, *lines = entry.split("\n")
        rule, how = title.split(" ", 1)
        right, wrong = ("\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
        mutants.append(Mutant(rule, how, right, wrong))
    return tuple(mutants)


MUTANTS = read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))
