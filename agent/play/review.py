"""After the game: the decisions at which a person and the network differed most."""

from __future__ import annotations

from collections.abc import Sequence

from agent.players.network import Player
from monopoly_env.decision.decision import Decision
from monopoly_env.text import decisions as wording
from monopoly_env.text.decisions import number_text

SHOWN = 5
Difference = tuple[Decision, Decision]  # the person's, and the network's in its place


def gap(difference: Difference) -> float:
    """Return how far the network's number for its own choice lies above that for the person's."""
    mine, theirs = difference
    return float(theirs.numbers[theirs.action] - theirs.numbers[mine.action])


def differences(records: Sequence[Decision], network: Player, seat: int) -> list[Difference]:
    """Return the decisions of ``seat`` at which the network would have chosen otherwise, the largest gap first."""
    both = [(record, network.ask(record)) for record in records if record.seat == seat]
    found = [(mine, theirs) for mine, theirs in both if mine.action != theirs.action]
    return sorted(found, key=lambda difference: (-gap(difference), difference[0].turn))


def _distinct(found: list[Difference], names: Sequence[str]) -> list[Difference]:
    """Keep one of each kind of difference: passing over the same group turn after turn is one habit, not ten."""
    kept: dict[tuple, Difference] = {}
    for mine, theirs in found:
        kept.setdefault((wording.about(mine, names), theirs.action, mine.action), (mine, theirs))
    return list(kept.values())


def review_lines(records: Sequence[Decision], network: Player | None, seat: int, names: Sequence[str]) -> list[str]:
    """Return the review of one person's game."""
    if network is None:
        return ["A review needs a network, and there is none: no agent at the table and no model in the package."]
    count = sum(record.seat == seat for record in records)
    if not count:
        return [f"{names[seat]} decided nothing that a network could have decided."]
    found = differences(records, network, seat)
    same = count - len(found)
    who = "You and the agent" if names[seat] == "You" else f"{names[seat]} and the agent"
    lines = [f"{who} agreed on {same} of {count} decisions ({100 * same / count:.0f} %)."]
    if not found:
        return lines
    lines += ["Where you differed most:", ""]
    for number, (mine, theirs) in enumerate(_distinct(found, names)[:SHOWN], start=1):
        would, head = wording.action_text(theirs, theirs.action, names), theirs.head
        best, yours = (number_text(float(theirs.numbers[action]), head) for action in (theirs.action, mine.action))
        lines.append(f"{number} Turn {mine.turn}, {wording.about(mine, names)}: you {wording.done_text(mine, names)}.")
        lines.append(f"  The agent would {would} ({best}; your choice {yours}).")
    return lines
