"""Run the fast tests with the lowest and with the newest packages that pyproject.toml allows, in fresh environments.

python tests/versions.py                                       on each Python that is here; prints the table of CONTRIBUTING
python tests/versions.py --python 3.12 --packages lowest       one of them
python tests/versions.py --python 3.12 -- tests/env -n0        with other words for pytest

Needs uv (`pip install uv`), the network, and 2 GB of disk for each environment, which is removed afterwards.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}  # of what pyproject.toml names itself; the rest is newest
SHOWN = ("tensorflow", "keras", "numpy", "numba", "gymnasium", "typer")
FAST_TIER = ("-m", "not slow", "-p", "no:cacheprovider")


def uv(*words, **options):
    """Run uv; return what it prints."""
    return subprocess.run(["uv", *words], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def is_here(python):
    """Whether uv finds this Python without a download."""
    words = ["uv", "python", "find", "--no-python-downloads", python]
    return subprocess.run(words, capture_output=True).returncode == 0


def row(python, packages, pytest_words):
    """Make an environment, run the tests in it; return the row of the table and whether all passed."""
    with tempfile.TemporaryDirectory(prefix="monopoly-versions-") as folder:
        program = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        uv("venv", "--quiet", "--no-python-downloads", "--python", python, folder)
        here = ("--python", str(program))
        wanted = ("--requirements", "pyproject.toml", "--extra", "dev", "--no-build", "--resolution", RESOLUTIONS[packages])
        uv("pip", "install", "--quiet", *here, *wanted, cwd=ROOT)
        uv("pip", "install", "--quiet", *here, "--no-deps", "--editable", ".", cwd=ROOT)
        found = dict(line.split("==") for line in uv("pip", "freeze", *here).splitlines() if "==" in line)
        lines = []
        command = [str(program), "-m", "pytest", *(pytest_words or FAST_TIER)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
    ends = [line for line in lines if re.search(r"\d+ (passed|failed|error)", line)]
    result = ends[-1].strip("= \n") if ends else f"exit code {process.returncode}"
    return f"| {python} | {packages} | {' | '.join(found[name] for name in SHOWN)} | {result} |", process.returncode == 0


def main():
    """Run what is asked for, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", help=f"a version or a path; default: {', '.join(PYTHONS)}")
    parser.add_argument("--packages", choices=RESOLUTIONS, action="append", help="default: both")
    parser.add_argument("pytest", nargs="*", help="words for pytest, behind --; default: the fast tier")
    asked = parser.parse_args()
    pythons = asked.python or [python for python in PYTHONS if is_here(python)]
    rows = [row(python, packages, asked.pytest) for python in pythons for packages in asked.packages or RESOLUTIONS]
    print(f"| Python | packages | {' | '.join(SHOWN)} | result |\n|{'---|' * (len(SHOWN) + 3)}")
    for text, _ in rows:
        print(text)
    return 0 if all(passed for _, passed in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
