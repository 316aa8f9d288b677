"""A player that looks ahead: it plays every legal action out many times and takes the one that came out best.

In the playouts its network decides for its own seat and bots for the others. All actions of a decision get the same dice and
cards (common random numbers), so that what differs between them is the action; those that fall behind are dropped early
(successive elimination). The network's own choice stands unless another is better by more than the standard error: the best
of several by luck alone is no gain. One step of policy improvement by rollouts: Tesauro and Galperin 1996, "On-line Policy
Improvement using Monte-Carlo Search".

It needs the whole game, not the 23 floats, and so is no network; it sees no more of it than a person at the table does.
"""

from __future__ import annotations

import numbers
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from agent.players.network import Player
from agent.players.playouts import play_out, set_out
from monopoly_env.actions import ACTION_COUNT, Action
from monopoly_env.batch.game_batch import GameBatch
from monopoly_env.batch.step import LEARNER
from monopoly_env.bots import bot_number
from monopoly_env.decision.decision import Decision, decision_of
from monopoly_env.engine.engine import carry_out, legal_actions
from monopoly_env.game import DECIDED, GAME
from monopoly_env.observation import STRENGTH, observe

# Playouts are seeded by (SEARCH, what is on the table): the same decision is always taken the same way.
SEARCH = 19_961_203
# Bots of several kinds, for a search against landlord alone gains little against those by other rules. None is held out.
RIVALS = ("landlord", "fp-b", "gnome-fp-a", "yyongg", "intrepidcoder", "varied-1", "landlord")
_SIDE_BY_SIDE = 8192
_SEEN = [
    "turn",
    "turns",
    "doubles",
    "phase",
    "actor",
    "table_group",
    "alive",
    "cash",
    "position",
    "jailed",
    "jail_rolls",
    "owner",
    "houses",
    "mortgaged",
    "debts",
    "plan",
    "auction_bid",
    "auction_leader",
    "auction_in",
    "raise_group",
    "manage_group",
    "offer_from",
    "offer_to",
    "offer_give",
    "offer_take",
    "offer_cash",
    "refusals",
    "proposed",
    "composed",
]


@dataclass(frozen=True)
class Effort:
    """How much is looked at.

    Attributes:
        least: playouts of every legal action of a decision.
        most: playouts of the actions that stay close to the best to the end; ``least`` times a power of two.
        horizon: turns after which a playout is stopped and judged by the seat's share of the strength at the table.
    """

    least: int = 16
    most: int = 128
    horizon: int = 60

    def __post_init__(self) -> None:
        """Raise ValueError for numbers that make no sense."""
        counts = (self.least, self.most, self.horizon)
        if not all(isinstance(n, numbers.Integral) and not isinstance(n, bool) and n >= 1 for n in counts):
            raise ValueError(f"An effort is of whole numbers of at least 1. Received: {self}")
        times, rest = divmod(self.most, self.least)
        if rest or times < 1 or times & (times - 1):
            raise ValueError(f"most must be least times a power of two, such as 16 and 128. Received: {self}")


class Outlook(NamedTuple):
    """What a search found: the action to take, and for all seven the chance to win after it (float64 ``(7,)``; illegal: 0)."""

    action: int
    chances: np.ndarray


class Searcher:
    """Plays by searching; sits at matches and tables like a ``Player``, but decides by the game itself.

    Args:
        player: decides for the own seat in the playouts; the others are measured against its choice.
        rivals: the bots that decide for the others; of several, each playout has another seating.
        effort: how much is looked at.
        threads: of the playouts; None: one a core. What is found does not depend on it.

    Raises:
        ValueError: an unknown bot or none at all, or a player, effort or number of threads that is none.
    """

    head = "search"
    games_at_once = 200

    def __init__(
        self, player: Player, rivals: Sequence[str] = RIVALS, effort: Effort | None = None, threads: int | None = None
    ) -> None:
        if not callable(getattr(player, "batch", None)):
            raise ValueError(f"A searcher needs a network to look ahead with, such as Player.load(). Received: {player!r}")
        if not isinstance(effort, Effort | None):
            raise ValueError(f"effort must be an Effort, such as Effort(least=16, most=128), or None. Received: {effort!r}")
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(f"threads must be None or a whole number of at least 1. Received: {threads!r}")
        self.player = player
        self.effort = effort or Effort()
        self.threads = threads
        if isinstance(rivals, str) or not rivals:
            raise ValueError(f"rivals must be names of bots, such as ('landlord', 'fp-a'). Received: {rivals!r}")
        self._rivals = np.array([bot_number(rival) for rival in rivals])

    def decide(self, game: np.record, mask: Any = None) -> Decision:
        """Return the decision that waits in ``game`` as the search takes it; its numbers are chances to win.

        Raises:
            ValueError: the game waits for none, or ``mask`` (see ``decision_of``) leaves nothing.
        """
        decision = decision_of(game, mask)
        (found,) = self.outlooks(np.array([game], GAME), decision.mask[np.newaxis])
        numbers = {"outputs": found.chances, "numbers": found.chances, "head": self.head}
        return replace(decision, state=observe(game), action=Action(found.action), **numbers)

    def observe(self, batch: GameBatch, rows: np.ndarray) -> np.ndarray:
        """Return the games at those tables, copies ``(n,)`` of dtype ``GAME``."""
        return np.array(batch.games[rows])

    def batch(
        self, games: np.ndarray, masks: np.ndarray, rng: np.random.Generator | None = None, temperature: float = 1.0
    ) -> np.ndarray:
        """Return one legal action per game, int32 ``(n,)``: always the best one found, ``rng`` or not."""
        return np.array([outlook.action for outlook in self.outlooks(games, masks)], np.int32)

    def outlook(self, game: np.record) -> Outlook:
        """Return what a search of the decision that waits in ``game`` finds. The game is left as it is."""
        return self.outlooks(np.array([game], GAME), legal_actions(game)[np.newaxis])[0]

    def outlooks(self, games: np.ndarray, masks: np.ndarray) -> list[Outlook]:
        """Search many decisions side by side.

        Args:
            games: records ``(n,)`` that wait for decisions.
            masks: their action masks, ``(n, 7)``.
        """
        states = np.array([observe(game) for game in games])  # (n, 23)
        usual = self.player.batch(states, masks)  # (n,)
        every = np.arange(len(games))
        words = np.array([_words(game, self.effort.most) for game in games])  # (n, most, 8)
        worths = np.zeros((len(games), ACTION_COUNT, self.effort.most))
        going = masks != 0  # (n, 7), the actions that are still played out
        seen = np.zeros((len(games), ACTION_COUNT), np.int64)
        done, until = 0, self.effort.least
        while going.any() and done < self.effort.most:
            row, action = np.nonzero(going)  # (m,)
            worths[row, action, done:until] = self._play_out(games[row], action, words[row, done:until])
            seen[row, action] = until
            better, error = _compared(worths[:, :, :until], usual)  # (n, 7)
            going &= better + error > 0
            going[every, usual] = False
            going[every, usual] = going.any(axis=1)  # what the others are measured against, as long as there are others
            done, until = until, min(2 * until, self.effort.most)
        return [_outlook(worths[n], seen[n], usual[n]) for n in every]

    def _play_out(self, games: np.ndarray, actions: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Return what came of every game after its action, with each of its random numbers, float64 ``(m, k)`` in [0, 1].

        Args:
            games: records ``(m,)``; the deciding seat is the one whose prospects count.
            actions: one for each, ``(m,)``.
            words: random numbers, int64 ``(m, k, 8)``.
        """
        after = np.array(games)
        for game, action in zip(after, actions, strict=True):
            game.logging = 0
            for deck, size in zip(game.deck, game.deck_size, strict=True):
                deck[:size].sort()  # the playouts shuffle it: their order is not to depend on the hidden one
            carry_out(game, int(action))
        count = words.shape[1]
        size = max(1, _SIDE_BY_SIDE // count)
        parts = []
        for start in range(0, len(games), size):
            part = slice(start, start + size)
            parts.append(self._play_side_by_side(after[part].repeat(count), games["actor"][part].repeat(count), words[part]))
        return np.concatenate(parts).reshape(len(games), count)

    def _play_side_by_side(self, games: np.ndarray, seats: np.ndarray, words: np.ndarray) -> np.ndarray:
        every = np.arange(len(games))
        chairs = np.arange(games["alive"].shape[1])
        # By a random number of the playout: all actions of a decision meet the same rivals.
        seatings = self._rivals[(words[..., 0].reshape(-1, 1) + chairs) % len(self._rivals)]
        seatings[every, seats] = LEARNER
        counts = games["players"]
        batch = GameBatch(
            [seating[:count] for seating, count in zip(seatings.tolist(), counts, strict=True)], 0, threads=self.threads
        )
        games["max_turns"] = np.minimum(games["max_turns"], games["turns"] + self.effort.horizon)
        set_out(batch, games, words.reshape(-1, words.shape[-1]))
        for _ in play_out(batch, {LEARNER: self.player}, None, 0.0):
            pass
        batch.close()
        ended = batch.games
        share = batch.episodes["final_state"][every, seats, STRENGTH]  # of the bankrupt: 0
        return np.where(ended["over"] == DECIDED, ended["winner"] == seats, share)


def without_search(player: Any) -> Any:
    """Return the network of a searcher, and any other player as it is."""
    return player.player if isinstance(player, Searcher) else player


def _words(game: np.record, count: int) -> np.ndarray:
    """Return the random numbers of a decision's playouts, int64 ``(count, 8)``."""
    seen = b"".join(np.asarray(game[name]).tobytes() for name in _SEEN)
    return np.random.default_rng((SEARCH, zlib.crc32(seen))).integers(1, 2**32, (count, 8))


def _compared(worths: np.ndarray, usual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much better each action came out than the usual one, and the standard error of that.

    Args:
        worths: ``(n, 7, k)``, by playout; those with one number share dice and cards.
        usual: int ``(n,)``.
    """
    less = worths - worths[np.arange(len(worths)), usual][:, np.newaxis]  # (n, 7, k)
    return less.mean(axis=-1), less.std(axis=-1) / np.sqrt(less.shape[-1])


def _outlook(worths: np.ndarray, seen: np.ndarray, usual: int) -> Outlook:
    """Take the action that is most surely better than the usual one, by more than the standard error; else the usual one.

    Args:
        worths: ``(7, k)``, by action and playout.
        seen: int ``(7,)``, playouts of each action, the most of the usual one; 0 where illegal.
        usual: what the network would do.
    """
    better, surely = np.zeros(ACTION_COUNT), np.zeros(ACTION_COUNT)
    for action in np.flatnonzero(seen):
        # Over the same dice: an action that was dropped early had come out worse by then.
        means, errors = _compared(worths[np.newaxis, :, : seen[action]], np.array([usual]))  # (1, 7)
        better[action] = means[0, action]
        surely[action] = means[0, action] - errors[0, action]
    best = int(surely.argmax()) if surely.max() > 0.0 else int(usual)
    chances = np.where(seen > 0, worths[usual, : seen[usual]].mean() + better, 0.0)
    return Outlook(best, chances.clip(0.0, 1.0))
