"""The record of a person over games: which were won, against whom, and a rating. One small file beside the games.

Only games in the folder of games with one person at the table count, once it is bankrupt or the game is over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.evaluation.statistics import rate_text, wilson_interval
from agent.files.atomic import atomic_write
from agent.play.arguments import LEVELS
from agent.play.errors import PlayError
from agent.play.games import FOLDER
from agent.play.setup import PERSON
from agent.play.table import Table

FILE = FOLDER / "record.json"
# On Elo's scale, from the win rates in docs/RESULTS.md: against three landlords, and of landlord against three random players.
RATINGS = {"random": 920, "fp-a": 1240, "fp-b": 1240, "fp-c": 1240, "landlord": 1500, "agent": 1610, "searcher": 1630}
_RANGE = (0.0, 3000.0)


def add(table: Table, path: Path) -> None:
    """Add a game to the record, or put it there again.

    Raises:
        PlayError: the record cannot be read or written.
    """
    people = table.setup.people
    if path.parent != FOLDER or len(people) != 1 or (table.game.alive[people[0]] and not table.over):
        return
    rivals = [seat.kind for seat in table.setup.seats if seat.kind != PERSON]
    games = read() | {str(path): {"rivals": rivals, "won": bool(table.over and table.game.winner == people[0])}}
    try:
        with atomic_write(FILE) as temporary:
            temporary.write_text(json.dumps(games, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise PlayError(f"Cannot write {FILE}: {error.strerror or error}.") from error


def read() -> dict[str, Any]:
    """Return the games of the record by their files: the kinds of the rivals, and whether the person won.

    Raises:
        PlayError: the file is something else.
    """
    try:
        games = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
        fits = all(
            game["rivals"] and all(map(str.isprintable, game["rivals"])) and game["won"] in (0, 1) for game in games.values()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise PlayError(f"{FILE} is no record of games. Delete it, or move it away, to begin a new one.")
    return games


def record_lines(record: dict[str, Any]) -> list[str]:
    """Return the record in lines: all games, then those of each level."""
    games = list(record.values())
    if not games:
        return [f"No game has been played to its end yet: {FILE} keeps them."]
    lines = [
        f"{_won('All games', games)}. Rating {rating(games):.0f} (landlord {RATINGS['landlord']}, agent {RATINGS['agent']})."
    ]
    for level in (*LEVELS, "other tables"):
        mine = [game for game in games if _level(game["rivals"]) == level]
        lines += [_won(level, mine) + "."] if mine else []
    return lines


def _won(name: str, games: Sequence[dict[str, Any]]) -> str:
    won, count = sum(game["won"] for game in games), len(games)
    par = sum(1 / (1 + len(game["rivals"])) for game in games) / count
    rate = rate_text(won / count, wilson_interval(won, count))
    return f"{name}: won {won} of {count}, {rate}; equal players win {100 * par:.0f} %"


def _level(rivals: Sequence[str]) -> str:
    kinds = set(rivals)
    return next((name for name, seats in LEVELS.items() if kinds <= set(seats.split(",")) - {PERSON}), "other tables")


def rating(games: Sequence[dict[str, Any]]) -> float:
    """Return the rating that makes the games most likely, with a drawn game against ``landlord`` beforehand.

    Games against bots without a rating do not count.

    A player wins with the probability of its share of strength at the table, 10 ** (rating / 400) (Plackett and Luce).
    """
    low, high = _RANGE
    games = [game for game in games if set(game["rivals"]) <= set(RATINGS)]
    for _ in range(40):
        middle = (low + high) / 2
        expected = _chance(middle, ["landlord"]) + sum(_chance(middle, game["rivals"]) for game in games)
        low, high = (middle, high) if expected < 0.5 + sum(game["won"] for game in games) else (low, middle)
    return middle


def _chance(mine: float, rivals: Sequence[str]) -> float:
    return 1 / (1 + sum(10 ** ((RATINGS[kind] - mine) / 400) for kind in rivals))
