"""A round robin among any number of players, and ratings with intervals from its results.

The ratings are those of the Plackett-Luce model (Plackett 1975; Luce 1959), fitted by Hunter's MM algorithm (2004) to the
winners alone: at a table of players with strengths s, player i wins with probability s_i / sum(s). For two players it is
the Bradley-Terry model, whose logarithmic form is Elo's scale. Intervals are by the Bayesian bootstrap (Rubin 1981): the shares
of the winners at each table are drawn from a Dirichlet distribution around what was played, with Jeffreys' half a win for each
player beforehand, so that one that always won is not taken for certain to.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from agent.evaluation.match import Match, Play, joined, match_plan, play_here
from agent.players.playouts import Participant

ELO = 400 / np.log(10)  # rating points in one natural-log unit of strength
CENTRE = 1000.0  # mean rating


@dataclass
class Standing:
    """One line of the league: a player's rating, its 95 % interval, and its games."""

    name: str
    rating: float
    low: float
    high: float
    games: int
    wins: int


def fit_ratings(
    tables: np.ndarray, winners: np.ndarray, count: int, weights: np.ndarray | None = None, prior: float = 0.5
) -> np.ndarray:
    """Return the ratings of `count` players, float64 `(count,)`, mean `CENTRE`.

    Args:
        tables: int `(G, P)`, the players at each table.
        winners: int `(G,)`, the winner of each, one of its table's players.
        count: number of players.
        weights: float `(G,)`, how often each table counts; None: once.
        prior: wins for and against an average player that everybody has beforehand. It keeps ratings finite for one that
            always or never wins; 0 is for weights in which nobody does.

    Raises:
        ValueError: a table's winner does not sit at it.
    """
    if not (tables == winners[:, np.newaxis]).any(axis=1).all():
        raise ValueError("The winner of a table must be one of its players.")
    weights = np.ones(len(tables)) if weights is None else weights
    wins = np.bincount(winners, weights, count) + prior
    strength = np.ones(count)
    for _ in range(500):
        share = weights / strength[tables].sum(axis=1)  # (G,)
        expected = np.bincount(tables.ravel(), np.repeat(share, tables.shape[1]), count) + 2.0 * prior / (strength + 1.0)
        new = wins / expected
        new /= np.exp(np.log(new).mean())
        done = np.abs(np.log(new / strength)).max() < 1e-8
        strength = new
        if done:
            break
    return CENTRE + ELO * np.log(strength)


def play_league(
    players: dict[str, Participant],
    seats: int,
    games: int,
    seed: int = 0,
    bootstraps: int = 200,
    play: Play = play_here,
) -> list[Standing]:
    """Play every mix of `seats` of the players equally often and return the standings, the best first.

    Each mix is played by every player of it in turn as the one whose seat is rotated, so seats are balanced.

    Args:
        players: by name, at least two.
        seats: players at one table; where there are fewer players than that, tables hold some of them twice or more.
        games: games of each mix and first player.
        seed: of the evaluation's stream.
        bootstraps: resamples behind the intervals.
        play: plays the parts of all matches; the standings do not depend on it.

    Raises:
        ValueError: fewer than two players.
    """
    names = list(players)
    if len(names) < 2:
        raise ValueError(f"A league needs at least two players. Received: {', '.join(names) or 'none'}")
    orders, plans = [], []
    for number, mix in enumerate(_mixes(len(names), seats)):
        for place in sorted(set(mix), key=mix.index):
            orders.append([place, *_without(mix, place)])
            first, *others = [players[names[i]] for i in orders[-1]]
            plans.append(match_plan(first, others, games, seed + number))
    played = play([part for plan in plans for part in plan])
    tables, winners = [], []
    for order, plan in zip(orders, plans, strict=True):
        table, winner = _who(joined(list(itertools.islice(played, len(plan)))), order)
        tables.append(table)
        winners.append(winner)
    return _standings(names, np.concatenate(tables), np.concatenate(winners), seed, bootstraps)


def _mixes(count: int, seats: int) -> list[tuple[int, ...]]:
    """Return the tables of a round robin: all choices of `seats` different players, or with repeats where there are too few."""
    if count >= seats:
        return list(itertools.combinations(range(count), seats))
    return [mix for mix in itertools.combinations_with_replacement(range(count), seats) if len(set(mix)) > 1]


def _without(mix: tuple[int, ...], player: int) -> list[int]:
    rest = list(mix)
    rest.remove(player)
    return rest


def _who(match: Match, order: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the players of each decided game `(G, P)` and its winner `(G,)`, from seats and the rotation of `play_match`."""
    seats = len(order)
    number = np.flatnonzero(match.decided)
    shift = (number // seats) % (seats - 1)
    place = (match.winner[number] - match.seat[number]) % seats  # places clockwise from the first player
    others = np.array(order[1:])
    winner = np.where(place == 0, order[0], others[(place - 1 + shift) % (seats - 1)])
    return np.tile(order, (len(number), 1)), winner


def resampled_ratings(
    tables: np.ndarray, winners: np.ndarray, count: int, bootstraps: int, rng: np.random.Generator
) -> np.ndarray:
    """Return ratings that the games leave possible, float64 `(bootstraps, count)`; arguments as `fit_ratings`."""
    mixes, mix_of = np.unique(np.sort(tables, axis=1), axis=0, return_inverse=True)
    mix_of = mix_of.reshape(-1)
    cells = [(mix, player) for mix, seated in enumerate(mixes) for player in np.unique(seated)]
    mix, winner = np.array(cells).T  # (C,), who can win where
    won = np.bincount(mix_of * count + winners, minlength=len(mixes) * count)[mix * count + winner]
    # Half a win for each player in all, dealt out over the mixes that it sits in.
    shape = won + 0.5 / np.bincount(winner, minlength=count)[winner]
    drawn = rng.standard_gamma(shape, (bootstraps, len(cells)))  # scaled to its sum, a gamma variate is a Dirichlet share
    in_mix = np.eye(len(mixes))[mix]  # (C, M)
    drawn *= (np.bincount(mix_of) / (drawn @ in_mix))[:, mix]
    return np.array([fit_ratings(mixes[mix], winner, count, draw, prior=0.0) for draw in drawn])


def _standings(names: list[str], tables: np.ndarray, winners: np.ndarray, seed: int, bootstraps: int) -> list[Standing]:
    count = len(names)
    ratings = fit_ratings(tables, winners, count)
    resampled = resampled_ratings(tables, winners, count, bootstraps, np.random.default_rng(seed))
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    played = [int((tables == i).any(axis=1).sum()) for i in range(count)]
    won = np.bincount(winners, minlength=count)
    rows = [Standing(names[i], ratings[i], low[i], high[i], played[i], int(won[i])) for i in range(count)]
    return sorted(rows, key=lambda row: -row.rating)
