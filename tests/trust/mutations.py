"""Break one rule after another on purpose, and see that the tests of the rules notice.

    python tests/trust/mutations.py              # all of them
    python tests/trust/mutations.py R35 H1       # some

Each entry of ``mutants.txt`` is one wrong rule, as a change of one place in the source. Each rule is broken in a copy of the
project, and ``tests/rules`` run there without the compiler. Exit code 1 if one goes unnoticed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("monopoly_env", "tests/rules", "docs/RULES.md", "pyproject.toml")
# The test that rules are cited reads comments: it is left out, so that only behaviour counts.
TESTS = (
    "-m",
    "pytest",
    "-n0",
    "tests/rules",
    "--ignore=tests/rules/test_numbers.py",
    "-x",
    "--timeout=60",
    "-p",
    "no:cacheprovider",
)
WORKERS = 2


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


MUTANTS = read(Path(__file__).with_name("mutants.txt").read_text(encoding="utf-8"))


class Outcome(NamedTuple):
    """What the tests made of a mutant: noticed or not, and by which test (or what else happened)."""

    mutant: Mutant
    noticed: bool
    by: str


def copy_project(folder: Path) -> None:
    """Copy what the tests of the rules need."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def run_tests(folder: Path) -> tuple[int, str]:
    """Run the tests of the rules in a copy, to the first failure; return the exit code and what was printed."""
    environment = dict(os.environ, NUMBA_DISABLE_JIT="1", PYTHONPATH=str(folder), PYTHONDONTWRITEBYTECODE="1")
    result = subprocess.run(
        [sys.executable, *TESTS], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    return result.returncode, result.stdout + result.stderr


def try_mutant(mutant: Mutant) -> Outcome:
    """Break one rule in a fresh copy and run the tests."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        copy_project(folder)
        path = place_of(mutant, folder)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(mutant.right, mutant.wrong), encoding="utf-8")
        code, output = run_tests(folder)
    failed = re.search(r"^FAILED tests/rules/(.+?)(?: - |$)", output, re.MULTILINE)
    if code == 1 and failed:
        return Outcome(mutant, True, failed.group(1))
    return Outcome(mutant, False, "no test failed" if code == 0 else f"the tests did not run (exit code {code})")


def sound_without_mutants() -> bool:
    """Whether the tests pass in a copy in which nothing is broken."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy_project(Path(name))
        code, output = run_tests(Path(name))
    if code:
        print(output[-2000:])
    return code == 0


def chosen(names: Sequence[str]) -> list[Mutant]:
    """The mutants of the rules named, or all."""
    return [mutant for mutant in MUTANTS if not names or mutant.rule in names]


def main(names: Sequence[str]) -> int:
    """Try the mutants and print what noticed each."""
    unknown = set(names) - {mutant.rule for mutant in MUTANTS}
    if unknown:
        known = ", ".join(dict.fromkeys(mutant.rule for mutant in MUTANTS))
        print(f"No rule to break is called {', '.join(sorted(unknown))}. Expected some of {known}.")
        return 2
    if not sound_without_mutants():
        print("The tests fail with nothing broken; mend that first.")
        return 1
    unnoticed = 0
    mutants = chosen(names)
    with ThreadPoolExecutor(WORKERS) as pool:
        for outcome in pool.map(try_mutant, mutants):
            unnoticed += not outcome.noticed
            verdict = "noticed by" if outcome.noticed else "UNNOTICED:"
            print(f"{outcome.mutant.rule:5} {outcome.mutant.how}: {verdict} {outcome.by}", flush=True)
    print(f"{len(mutants) - unnoticed} of {len(mutants)} broken rules noticed")
    return int(unnoticed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
