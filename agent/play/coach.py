"""What the network would do in a person's place: the batch that goes in, the seven numbers that come out, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.play.players import NetworkChooser, Thought, legal_numbers, number_text
from agent.play.table import Table, copy_of, manage_stops
from agent.players.batching import as_batch
from agent.players.search import Effort, Searcher
from monopoly_env.actions import ACTION_COUNT, LIQUIDATE, MANAGE, Action
from monopoly_env.board import GROUP_OF, GROUPS
from monopoly_env.game import PLAN_BUILD
from monopoly_env.observation import FEATURE_NAMES
from monopoly_env.rules.engine import legal_actions
from monopoly_env.text import decisions as wording


@dataclass(frozen=True)
class Advice:
    """One decision as the network sees it."""

    thought: Thought

    @property
    def passes(self) -> bool:
        """Whether the network would decline."""
        return self.thought.action == Action.PASS

    def line(self) -> str:
        """Return the advice on one line."""
        best = self.thought.ranked()[0][1]
        return f"{self.thought.chose} ({number_text(best, self.thought.head)})"


def advise(table: Table, network: NetworkChooser) -> list[Advice]:
    """Return what the network would do at the decision of the person that is asked.

    At the end of a turn and when raising cash a network is asked group by group: there is one advice for each.
    """
    return [_advice(probe, table.names, network) for probe in _stops(table.game)]


def _stops(game: np.record) -> list[np.record]:
    if game.phase == MANAGE and game.manual[game.actor]:
        return manage_stops(game)
    if game.phase == LIQUIDATE:
        return _raising_stops(game)
    return [game]


def _raising_stops(game: np.record) -> list[np.record]:
    spared = int(GROUP_OF[game.plan_title]) if game.plan == PLAN_BUILD else -1
    stops = []
    for group in range(int(game.raise_group), len(GROUPS)):
        probe = copy_of(game)
        probe.table_group = group
        if group != spared and legal_actions(probe).sum() > 1:
            stops.append(probe)
    return stops


def _advice(game: np.record, names: tuple[str, ...], network: NetworkChooser) -> Advice:
    mask = legal_actions(game)
    action, state, values = network.choose(game, mask)
    about, would = wording.about(game, names), wording.action_text(game, action, names)
    return Advice(Thought(int(game.turns), int(game.actor), about, would, action, mask, state, values, network.head))


def summary(table: Table, advices: list[Advice]) -> list[str]:
    """Return the coach's lines for a question: what the network would do, and its numbers."""
    game = table.game
    if game.phase == MANAGE:
        active = [advice for advice in advices if not advice.passes]
        if not active:
            return ["Coach: end the turn" + (f", nothing on {len(advices)} groups asked about." if advices else ".")]
        return [f"Coach: {advice.line()}" for advice in active]
    if game.phase == LIQUIDATE:
        active = [advice for advice in advices if not advice.passes]
        return [f"Coach: {active[0].line()}" if active else "Coach: keep everything."]
    advice = advices[0]
    return [f"Coach: {advice.line()}. {advice.thought.summary()}."]


def first_shown(advices: list[Advice]) -> Advice | None:
    """Return the advice whose floats are shown: the first one that acts, else the first."""
    return next((advice for advice in advices if not advice.passes), advices[0] if advices else None)


def state_lines(state: np.ndarray) -> list[str]:
    """Return the 23 floats by name, a group a line: mine and the strongest rival's, then the other three."""
    lines = [f"{'':12}{'mine':>7}{'rivals':>8}"]
    count = len(GROUPS)
    for group, name in enumerate(GROUPS):
        lines.append(f"{name:12}{state[group]:7.2f}{state[count + group]:8.2f}")
    lines += [f"{FEATURE_NAMES[i]:12}{state[i]:7.2f}" for i in range(2 * count, len(state))]
    return lines


def output_lines(thought: Thought) -> list[str]:
    """Return the seven numbers by name; illegal actions are named so."""
    assert thought.values is not None
    shown = legal_numbers(thought.values, thought.mask, thought.head)
    lines = []
    for action in range(ACTION_COUNT):
        legal = bool(thought.mask[action])
        text = number_text(float(shown[action]), thought.head) if legal else "not legal here"
        lines.append(f"{action} {Action(action).name:9}{float(thought.values[action]):9.4f}   {text}")
    return lines


def network_lines(thought: Thought) -> list[str]:
    """Return the whole way through the network: the (1, 23) batch that goes in, the (1, 7) that comes out."""
    assert thought.state is not None and thought.values is not None
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


def _search_lines(thought: Thought) -> list[str]:
    """Return what a search found: the chance to win after each legal action."""
    effort, width = Effort(), max(len(name) for name, _ in thought.ranked())
    times = f"{effort.least} to {effort.most} times"
    return [
        f"Each choice was played out {times}, same dice, {effort.horizon} turns at most.",
        "So often it won (a game not over by then counts by the share of strength):",
        "",
        *(f"{name:{width}}  {100 * chance:5.1f} %" for name, chance in thought.ranked()),
    ]


def thought_lines(thought: Thought, names: tuple[str, ...]) -> list[str]:
    """Return a thought in the open: who, about what, and its numbers."""
    return [f"{names[thought.seat]}, turn {thought.turn}, {thought.about}: {thought.chose}", f"    {thought.summary()}"]


def thought_line(thought: Thought, names: tuple[str, ...]) -> str:
    """Return a thought on one line: "Ben chose to buy Park Place for $350: BUY 97 %, PASS 3 %"."""
    answering = thought.chose in ("accept", "refuse") or thought.about.startswith("the auction")
    about = f" ({thought.about})" if answering else ""
    return f"{names[thought.seat]} chose to {thought.chose}{about}: {thought.summary()}."
