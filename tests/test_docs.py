"""The documents say what is there: examples run, files and commands that are named exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def readme_examples():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    return blocks


@pytest.mark.parametrize("alone", [False, True], ids=["one after the other", "the second alone"])
def test_the_examples_of_the_readme_run(capsys, alone):
    namespace = {}
    for block in readme_examples()[alone:]:
        exec(compile(block, "README.md", "exec"), namespace)
    printed = capsys.readouterr().out
    assert "(None, 23)" in printed and "(None, 7)" in printed
    assert namespace["probabilities"].shape == (1, 7)
    assert namespace["info"]["action_mask"].sum() > 1  # there is something to choose


def test_the_examples_of_the_readme_are_ten_lines_or_so():
    for block in readme_examples():
        lines = [line for line in block.splitlines() if line and not line.startswith(("import", "from"))]
        assert len(lines) <= 10, lines


def test_the_gate_runs_the_tests_as_the_readme_says():
    readme, gate = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".ci/run"))
    assert 'pip install -e ".[dev]" && pytest' in readme
    assert '-e ".[dev]"' in gate and gate.rstrip().endswith("\npytest")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_programs_that_a_document_names_exist(path):
    text = path.read_text(encoding="utf-8")
    prose = re.sub(r"^```python\n.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)  # layers[0](x) is no link
    targets = [target for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose) if "://" not in target]
    targets += [f"/{name}" for name in re.findall(r"python (scripts/\w+\.py|tests/[\w/]+\.py)", text)]
    for target in targets:
        place = ROOT / target.lstrip("/") if target.startswith("/") else path.parent / target
        assert place.exists(), target


def test_every_option_that_the_readme_and_the_results_use_exists():
    for document in ("README.md", "docs/RESULTS.md", "docs/PLAY.md", "docs/RAY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for program, words in re.findall(r"python scripts/(\w+)\.py([^`\n#|]*)", text):
            source = (ROOT / "scripts" / f"{program}.py").read_text(encoding="utf-8")
            for option in re.findall(r"--([\w-]+)", words):
                name = option.replace("-", "_")  # an annotation of its own, or one that several commands share
                assert re.search(rf"(\"--{option}\")|(\b{name}_?: [A-Z])", source), f"{program}.py --{option}"


def test_the_coverage_that_is_told_is_the_one_below_which_the_gate_fails():
    trust, program = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/TRUST.md", "tests/trust/rules_coverage.py"))
    least = re.search(r"^LEAST = (\d+)", program, re.MULTILINE)[1]
    assert f"**{least} %**. The command" in trust and f"exit code 1 below {least} %" in trust
