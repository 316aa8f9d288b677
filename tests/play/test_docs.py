"""docs/PLAY.md says what is so."""

import re
from pathlib import Path

from agent.play import help as play_help
from agent.play.panels import GROUP_CODES
from agent.play.setup import KINDS
from monopoly_env.board import GROUPS
from monopoly_env.events import EVENT_FIELDS
from monopoly_env.game import HOUSE_RULES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "PLAY.md").read_text(encoding="utf-8")


def test_every_event_and_its_fields_are_listed():
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*)\|$", TEXT, re.MULTILINE))
    listed = {name: re.findall(r"`([a-z_0-9]+)`", re.sub(r"\([^)]*\)", "", fields)) for name, fields in rows.items()}
    assert listed == {event.name: list(fields) for event, fields in EVENT_FIELDS.items()}


def test_seats_and_house_rules_are_listed():
    for name in (name for name in (*KINDS, *HOUSE_RULES) if not name.startswith("varied-")):
        assert f"`{name}`" in TEXT + (ROOT / "docs" / "BOTS.md").read_text(encoding="utf-8")


def test_the_codes_of_the_groups_are_explained():
    for code, group in zip(GROUP_CODES, GROUPS, strict=True):
        assert f"`{code}` {group}" in TEXT
    words = re.findall(r"\b[a-z]{2}\b", play_help.HELP)
    assert all(code in words for code in GROUP_CODES)


def test_every_option_is_explained_or_in_the_help():
    script = (ROOT / "scripts" / "play.py").read_text(encoding="utf-8")
    for option in re.findall(r'"(--[a-z-]+)"', script):
        assert option in TEXT


def test_the_rules_are_found_by_number_and_by_word():
    assert play_help.rule_lines("R44")[0].startswith("R44  Everyone alive may bid")
    assert len(play_help.rule_lines("r44")) == 1
    numbers = [line.split()[0] for line in play_help.rule_lines("auction")]
    assert {"R8", "R44", "R45", "R57"} <= set(numbers)
    assert play_help.rule_lines("auctions") == play_help.rule_lines("auction")
    assert [line.split()[0] for line in play_help.rule_lines("building even")] == ["R11", "R35", "R52"]
    assert any(line.startswith("H1  free_parking_pot") for line in play_help.rule_lines("pot"))
    text = (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8")
    for number in re.findall(r"\*\*([RH]\d+)\*\*", text):
        assert play_help.rule_lines(number)[0].startswith(f"{number}  ")
