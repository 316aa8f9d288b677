"""What the network would do in a person's place: the batch that goes in, the seven numbers that come out, in words.

And after the game: the decisions at which a person and the network differed most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.play.table import Table
from agent.players.batching import as_batch
from agent.players.network import Player
from agent.players.search import Effort, Searcher
from monopoly_env.actions import ACTION_COUNT, Action, Phase
from monopoly_env.board import GROUPS
from monopoly_env.decision.decision import Decision, group_by_group
from monopoly_env.observation import FEATURE_NAMES
from monopoly_env.text import decisions as wording
from monopoly_env.text.decisions import number_text
from monopoly_env.text.events import listing


def advise(table: Table, network: Player) -> list[Decision]:
    """Return what the network would do at the decision of the person that is asked.

    At the end of a turn and when raising cash a network is asked group by group: there is one decision for each.
    """
    return [network.decide(game) for game in group_by_group(table.game)]


def summary(table: Table, advices: Sequence[Decision]) -> list[str]:
    """Return the coach's lines: what the network would do, and its numbers."""
    phase = table.game.phase
    active = [_line(advice, table.names) for advice in advices if advice.action != Action.PASS]
    if phase == Phase.MANAGE:
        if not active:
            groups = listing([GROUPS[advice.group] for advice in advices])
            return ["Coach: end the turn" + (f", with nothing done on {groups}." if advices else ".")]
        return [f"Coach: {line}" for line in active]
    if phase == Phase.LIQUIDATE:
        return [f"Coach: {active[0]}" if active else "Coach: keep everything."]
    return [f"Coach: {_line(advices[0], table.names)}. {wording.numbers_text(advices[0])}."]


def _line(advice: Decision, names: Sequence[str]) -> str:
    best = advice.numbers[advice.action]
    return f"{wording.action_text(advice, advice.action, names)} ({number_text(float(best), advice.head)})"


def first_shown(advices: Sequence[Decision]) -> Decision | None:
    """Return the decision whose floats are shown: the first one that acts, else the first."""
    return next((advice for advice in advices if advice.action != Action.PASS), advices[0] if advices else None)


def state_lines(state: np.ndarray) -> list[str]:
    """Return the 23 floats by name, a group a line: mine and the strongest rival's, then the other three."""
    lines = [f"{'':12}{'mine':>7}{'rivals':>8}"]
    count = len(GROUPS)
    for group, name in enumerate(GROUPS):
        lines.append(f"{name:12}{state[group]:7.2f}{state[count + group]:8.2f}")
    lines += [f"{FEATURE_NAMES[i]:12}{state[i]:7.2f}" for i in range(2 * count, len(state))]
    return lines


def output_lines(thought: Decision) -> list[str]:
    """Return the seven numbers by name; illegal actions are named so."""
    lines = []
    for action in Action:
        text = number_text(float(thought.numbers[action]), thought.head) if action in thought.outcomes else "not legal here"
        lines.append(f"{int(action)} {action.name:9}{float(thought.outputs[action]):9.4f}   {text}")
    return lines


def network_lines(thought: Decision) -> list[str]:
    """Return the whole way through the network: the (1, 23) batch that goes in, the (1, 7) that comes out."""
    if thought.head == Searcher.head:
        return _search_lines(thought)
    batch = as_batch(thought.state)  # (1, 23)
    kind = "action probabilities" if thought.head == "softmax" else "action values"
    names = [f"{i:2} {name:22}{batch[0, i]:7.3f}" for i, name in enumerate(FEATURE_NAMES)]
    half = (len(names) + 1) // 2
    columns = [f"{left:36}{right}".rstrip() for left, right in zip(names[:half], [*names[half:], ""], strict=False)]
    return [
        f"In: state {thought.state.shape} as a batch {batch.shape}, {batch.dtype}",
        *columns,
        "From 1 on (mine): the group that the decision is about. In a deal, what it does for the other side "
        "(rivals: above 1.5 it gains, below it loses).",
        "",
        f"Out: {(1, ACTION_COUNT)}, {kind}; then what is left among legal actions",
        *output_lines(thought),
    ]


def _search_lines(thought: Decision) -> list[str]:
    """Return what a search found: the chance to win after each legal action."""
    effort, width = Effort(), max(len(action.name) for action in thought.outcomes)
    times = f"{effort.least} to {effort.most} times"
    return [
        f"Each choice was played out {times}, same dice, {effort.horizon} turns at most.",
        "So often it won (a game not over by then counts by the share of strength).",
        "The network's choice stands unless another wins more often by more than luck:",
        "",
        *(f"{action.name:{width}}  {100 * chance:5.1f} %" for action, chance in thought.ranked.items()),
    ]


def thought_lines(thought: Decision, names: Sequence[str]) -> list[str]:
    """Return a thought in the open: who, about what, and its numbers."""
    chose = wording.action_text(thought, thought.action, names)
    head = f"{names[thought.seat]}, turn {thought.turn}, {wording.about(thought, names)}: {chose}"
    return [head, f"    {wording.numbers_text(thought)}"]


def thought_line(thought: Decision, names: Sequence[str]) -> str:
    """Return a thought on one line: "Ben chose to buy Park Place for $350: BUY 97 %, PASS 3 %"."""
    chose = wording.action_text(thought, thought.action, names)
    about = f" ({wording.about(thought, names)})" if thought.phase in (Phase.OFFER, Phase.AUCTION) else ""
    return f"{names[thought.seat]} chose to {chose}{about}: {wording.numbers_text(thought)}."


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
    lines = [f"{names[seat]} and the agent agreed on {same} of {count} decisions ({100 * same / count:.0f} %)."]
    if not found:
        return lines
    who = wording.object_form(names[seat])
    lines += [f"Where {who} differed most:", ""]
    for number, (mine, theirs) in enumerate(_distinct(found, names)[:SHOWN], start=1):
        would, head = wording.action_text(theirs, theirs.action, names), theirs.head
        best, yours = (number_text(float(theirs.numbers[action]), head) for action in (theirs.action, mine.action))
        lines.append(f"{number} Turn {mine.turn}, {wording.about(mine, names)}: {who} {wording.done_text(mine, names)}.")
        lines.append(f"  The agent would {would} ({best}; {wording.possessive(names[seat])} choice {yours}).")
    return lines
