"""How much of the rules the tests of the rules run: lines and branches, measured with the compiler off.

    python tests/trust/rules_coverage.py

Prints the table of ``coverage`` and ends with exit code 1 where the tests fail or less than ``LEAST`` per cent is covered.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASURED = "monopoly_env/rules/*,monopoly_env/engine/*"
LEAST = 99  # per cent


def main() -> int:
    """Run ``tests/rules`` under coverage and report."""
    if importlib.util.find_spec("coverage") is None:
        print("The package coverage is missing: pip install coverage")
        return 2
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder:
        environment = dict(os.environ, NUMBA_DISABLE_JIT="1", COVERAGE_FILE=str(Path(folder) / "data"))
        coverage = [sys.executable, "-m", "coverage"]
        tests = ["-m", "pytest", "-n0", "tests/rules", "-p", "no:cacheprovider"]
        ran = subprocess.run(
            [*coverage, "run", "--branch", f"--include={MEASURED}", *tests], cwd=ROOT, env=environment, check=False
        )
        if ran.returncode:
            return 1
        report = [*coverage, "report", "--show-missing", f"--fail-under={LEAST}"]
        return int(subprocess.run(report, cwd=ROOT, env=environment, check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
