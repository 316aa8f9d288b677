"""The list of rules broken on purpose is sound, and a sample of them is tried. All: ``python tests/trust/mutations.py``."""

import ast
import re

import pytest

from .mutations import MUTANTS, ROOT, main, place_of, try_mutant

SAMPLE = ("R5", "R20", "R39", "R55", "H2")


def test_every_mutant_changes_one_place_and_is_a_program():
    for mutant in MUTANTS:
        text = place_of(mutant).read_text(encoding="utf-8")
        changed = text.replace(mutant.right, mutant.wrong)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text)), f"{mutant.rule}, {mutant.how}: changes nothing"


@pytest.mark.parametrize(("right", "told"), [("not in the engine", "it is nowhere"), ("@kernel", "must stand once")])
def test_a_text_that_does_not_stand_once_is_told(right, told):
    with pytest.raises(LookupError, match=f"R5, only the fourth double goes to jail: .*{told}"):
        place_of(next(mutant for mutant in MUTANTS if mutant.rule == "R5")._replace(right=right))


def test_every_rule_is_broken_once():
    rules = re.findall(r"^- \*\*([RH]\d+)\*\*", (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rules) <= {mutant.rule for mutant in MUTANTS}
    assert len({(mutant.rule, mutant.how) for mutant in MUTANTS}) == len(MUTANTS)


def test_an_unknown_rule_is_refused_in_one_line(capsys):
    assert main(["R99"]) == 2
    assert capsys.readouterr().out.startswith("No rule to break is called R99. Expected some of R1, R2")


@pytest.mark.slow
@pytest.mark.parametrize("rule", SAMPLE)
def test_a_broken_rule_is_noticed(rule):
    outcome = try_mutant(next(mutant for mutant in MUTANTS if mutant.rule == rule))
    assert outcome.noticed, outcome.by


@pytest.mark.slow
def test_a_mutant_that_changes_nothing_goes_unnoticed():
    mutant = MUTANTS[0]._replace(wrong=MUTANTS[0].right + "  # a comment")
    outcome = try_mutant(mutant)
    assert (outcome.noticed, outcome.by) == (False, "no test failed")
