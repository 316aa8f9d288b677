"""Every numbered rule has a test, is cited in the code, and nothing names a number that does not exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RULES = (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8")
NUMBERS = re.findall(r"^- \*\*([RH]\d+)\*\*", RULES, re.MULTILINE)


def key(number):
    return number[0], int(number[1:])


def numbers_tested():
    """Rule numbers in the names of tests, at their beginning: one or several."""
    found = set()
    for path in HERE.glob("test_*.py"):
        for numbers in re.findall(r"^def test((?:_[rh]\d+)+)_", path.read_text(encoding="utf-8"), re.MULTILINE):
            found |= {f"{letter.upper()}{int(number)}" for letter, number in re.findall(r"_([rh])(\d+)", numbers)}
    return found


def numbers_cited():
    """Rule numbers in the code, and the ends of ranges. A range such as ``R10 to R14`` is no citation."""
    found, ends = set(), set()
    for path in (ROOT / "monopoly_env").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for both in re.findall(r"\b([RH]\d+) to ([RH]\d+)\b", text):
            ends |= set(both)
        text = re.sub(r"\b[RH]\d+ to [RH]\d+\b", "", text)
        found |= set(re.findall(r"\b[RH]\d{1,2}\b", text))
    return found, ends


def test_the_rules_are_numbered_without_gaps():
    rules = [number for number in NUMBERS if number[0] == "R"]
    assert rules == [f"R{number}" for number in range(1, len(rules) + 1)] and len(rules) >= 59
    house = [number for number in NUMBERS if number[0] == "H"]
    assert house == [f"H{number}" for number in range(1, len(house) + 1)] and len(house) >= 5


def test_every_rule_has_a_test():
    assert sorted(set(NUMBERS) - numbers_tested(), key=key) == []


def test_every_rule_is_cited_in_the_code():
    assert sorted(set(NUMBERS) - numbers_cited()[0], key=key) == []


def test_tests_and_code_name_no_unknown_rule():
    assert sorted(numbers_tested() - set(NUMBERS), key=key) == []
    assert sorted(set.union(*numbers_cited()) - set(NUMBERS), key=key) == []


def test_the_rules_refer_to_rules_that_exist():
    assert set(re.findall(r"\b[RH]\d+\b", RULES)) <= set(NUMBERS)
