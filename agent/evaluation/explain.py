"""Why a network decided so: one game with the state by name, and how much each of the 23 floats matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.evaluation.odds import Odds
from agent.evaluation.statistics import rate_text
from agent.learning.masking import among_legal, masked_argmax
from agent.players.network import Player
from agent.players.playouts import EVALUATION, sample_decisions
from monopoly_env.actions import Action
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER, NO_RESTART
from monopoly_env.bots import bot_number
from monopoly_env.decision.decision import Decision
from monopoly_env.game import MAX_PLAYERS
from monopoly_env.observation import FEATURE_NAMES
from monopoly_env.text import decisions as wording

LEGEND = (
    "> is what it takes. Below are the floats that are not 0: mine[...] has 1 added for the group that is decided on; where "
    "the other side would gain by a deal, rivals[...] is above 1.5 (docs/SPACES.md)."
)
SEATS = [f"seat {seat}" for seat in range(MAX_PLAYERS)]
_WIDEST = max(len(action.name) for action in Action)


def decisions_of_a_game(player: Player, opponents: list[str], seed: int = 0) -> Iterator[Decision]:
    """Play one game of a network at seat 0 against bots and yield its decisions.

    Raises:
        ValueError: an unknown bot or an impossible number of players.
    """
    batch = GameBatch([[LEARNER, *(bot_number(name) for name in opponents)]], 0, threads=1)
    batch.begin([np.random.SeedSequence((EVALUATION, seed, 2))])
    while not batch.episodes["episode_over"][0]:
        decision = player.decide(batch.games[0])
        yield decision
        batch.step(np.array([decision.action]), NO_RESTART)


def closest(decisions: Sequence[Decision], count: int) -> list[Decision]:
    """Return so many of the decisions, those with the smallest margins, in the order of the game."""
    places = sorted(range(len(decisions)), key=lambda place: decisions[place].margin)[:count]
    return [decisions[place] for place in sorted(places)]


def explanation(player: Player, game: Sequence[Decision], count: int) -> RenderableType:
    """Return the closest decisions of a game in words, for a `rich` console, under a line that says how to read them."""
    shown = closest(game, count)
    unit = "probability" if player.head == "softmax" else "value"
    head = f"{len(game)} decisions in the game; the {len(shown)} closest, with the network's {unit} of each legal action."
    parts: list[RenderableType] = [Text(f"{head} {LEGEND}")]
    for decision in shown:
        parts += [Text(), *(Text(line) for line in decision_lines(decision))]
        shown_floats = zip(FEATURE_NAMES, decision.state, strict=True)
        floats = ", ".join(f"{name} {value:.2f}" for name, value in shown_floats if value != 0)
        parts.append(Padding(Text(floats, style="dim"), (0, 0, 0, 2), expand=False))
    return Group(*parts)


def decision_lines(decision: Decision, names: Sequence[str] = SEATS, after: Mapping[Action, Odds] | None = None) -> list[str]:
    """Return what is decided, then a line for each legal action: what it does, its number, the best first, and its odds.

    Args:
        decision: one at which somebody was asked, or nobody.
        names: of the players by seat.
        after: how the game goes on after each action, where that was played out.
    """
    lines = [f"Turn {decision.turn}, {decision.phase.name}: {wording.about(decision, names)}"]
    for action in decision.ranked or decision.outcomes:
        figures = f"{'>' if action == decision.action else ' '} {action.name:{_WIDEST}}"
        if after:
            figures += f" {rate_text(after[action].rate(decision.seat), after[action].interval(decision.seat)):>22}"
        if decision.ranked:
            figures += f" {decision.ranked[action]:6.3f}"
        lines.append(f"{figures}   {wording.action_text(decision, action, names)}")
    return lines


@dataclass
class Saliency:
    """How much a network's choices depend on one of the 23 floats.

    Attributes:
        name: of the float.
        changed: share of decisions whose best legal action changes when the float is taken from another decision.
        moved: mean total variation distance between the distributions over legal actions before and after (softmax head),
            or mean change of the chosen action's value (linear head).
    """

    name: str
    changed: float
    moved: float


def saliency(player: Player, opponents: list[str], decisions: int = 100_000, seed: int = 0) -> list[Saliency]:
    """Return the permutation importance (Breiman 2001) of the 23 floats, the most important first.

    Each float is shuffled among decisions of the same phase with the same legal actions, so that every shuffled state asks
    the same kind of decision.

    Args:
        player: the network, which plays the games that the decisions come from.
        opponents: bots at the other seats.
        decisions: how many decisions to look at.
        seed: of games and shuffles.

    Raises:
        ValueError: see `sample_decisions`.
    """
    states, masks, phases = sample_decisions(player, opponents, decisions, seed)
    rng = np.random.default_rng(seed)
    _, kinds = np.unique(np.column_stack([masks, phases]), axis=0, return_inverse=True)
    kinds = kinds.ravel()
    outputs = _outputs(player, states)
    chosen = masked_argmax(outputs, masks)
    rows = []
    for column, name in enumerate(FEATURE_NAMES):
        shuffled = states.copy()
        for kind in range(kinds.max() + 1):
            places = np.flatnonzero(kinds == kind)
            shuffled[places, column] = states[rng.permutation(places), column]
        after = _outputs(player, shuffled)
        moved = _distance(player, outputs, after, masks, chosen)
        rows.append(Saliency(name, float((masked_argmax(after, masks) != chosen).mean()), moved))
    return sorted(rows, key=lambda row: -row.changed)


def saliency_table(rows: Sequence[Saliency], title: str, head: str) -> Table:
    """Return the floats in their order as a table, for the head of a network."""
    table = Table("float", title=escape(title))
    for column in ("choices changed", "probability moved" if head == "softmax" else "value moved"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(escape(row.name), f"{100 * row.changed:.2f} %", f"{row.moved:.4f}")
    return table


def _outputs(player: Player, states: np.ndarray) -> np.ndarray:
    return np.concatenate([player.outputs(part) for part in np.array_split(states, -(-len(states) // 4096))])


def _distance(player: Player, before: np.ndarray, after: np.ndarray, masks: np.ndarray, chosen: np.ndarray) -> float:
    if player.head != "softmax":
        rows = np.arange(len(chosen))
        return float(np.abs(after[rows, chosen] - before[rows, chosen]).mean())
    left, right = (among_legal(part, masks) for part in (before, after))
    return float(0.5 * np.abs(left - right).sum(axis=1).mean())
