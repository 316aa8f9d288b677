"""After the game: the decisions at which a person and the network differed most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.play.players import NetworkChooser, legal_numbers, number_text
from agent.play.table import Record

SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """A decision and how far the network's number for its own choice lies above that for the person's."""

    record: Record
    best: int
    numbers: np.ndarray  # (7,)
    head: str

    @property
    def gap(self) -> float:
        """The difference of the two numbers: of probabilities, or of values."""
        return float(self.numbers[self.best] - self.numbers[self.record.action])


def differences(records: list[Record], network: NetworkChooser, seat: int) -> list[Difference]:
    """Return the decisions of ``seat`` at which the network would have chosen otherwise, the largest gap first."""
    mine = [record for record in records if record.seat == seat]
    found = []
    for record in mine:
        numbers = legal_numbers(network.player.action_values(record.state), record.mask, network.head)
        best = int(np.where(record.mask != 0, numbers, -np.inf).argmax())
        if best != record.action:
            found.append(Difference(record, best, numbers, network.head))
    found.sort(key=lambda difference: (-difference.gap, difference.record.turn))
    return found


def _distinct(found: list[Difference]) -> list[Difference]:
    """Keep one of each kind of difference: passing over the same group turn after turn is one habit, not ten."""
    seen, kept = set(), []
    for difference in found:
        key = (difference.record.about, difference.best, difference.record.action)
        if key not in seen:
            seen.add(key)
            kept.append(difference)
    return kept


def review_lines(records: list[Record], network: NetworkChooser | None, seat: int, name: str) -> list[str]:
    """Return the review of one person's game."""
    if network is None:
        return ["A review needs a network, and there is none: no agent at the table and no model in the package."]
    mine = [record for record in records if record.seat == seat]
    if not mine:
        return [f"{name} decided nothing that a network could have decided."]
    found = differences(records, network, seat)
    same = len(mine) - len(found)
    who = "You and the agent" if name == "You" else f"{name} and the agent"
    lines = [f"{who} agreed on {same} of {len(mine)} decisions ({100 * same / len(mine):.0f} %)."]
    if not found:
        return lines
    lines += ["Where you differed most:", ""]
    for number, difference in enumerate(_distinct(found)[:SHOWN], start=1):
        record = difference.record
        lines.append(f"{number} Turn {record.turn}, {record.about}: you {record.chose}.")
        theirs, yours = (number_text(float(difference.numbers[a]), difference.head) for a in (difference.best, record.action))
        lines.append(f"  The agent would {record.meanings[difference.best]} ({theirs}; your choice {yours}).")
    return lines
