"""The one function that builds the screen; everything else only displays what it returns.

``full``     the ring with the story and the decision in its middle, the players beside it: from 120 x 40
``compact``  the ring in 13 lines, the players, the decision: from 80 x 24
``page``     the players and a decision too long for ``compact``
``plain``    sentences one after the other, for pipes, screen readers and small windows (``agent.play.terminal``)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.text import Text

from agent.play.coach import state_lines
from agent.play.decision_panel import decision_lines
from agent.play.menu import Question
from agent.play.panels import compact_ring, full_ring, pad, player_panel, player_rows, story_lines, wrapped
from agent.play.story import Line
from monopoly_env.decision.decision import Decision
from monopoly_env.game import CAPPED, DECIDED
from monopoly_env.render.characters import COMPACT_ROWS, compact_middle, full_middle
from monopoly_env.text.events import dollars

FULL, COMPACT = (120, 40), (80, 24)
_PANEL = 41  # least columns of the players' panel
_WIDEST_SQUARE = 10
_NOTICE_LINES = 2  # at most


@dataclass
class View:
    """Everything that a screen shows."""

    game: np.record
    names: Sequence[str]
    kinds: Sequence[str]
    story: Sequence[Line]
    fresh: int = 0  # number of the first event that has not been shown yet
    question: Question | None = None
    coach: Sequence[str] = ()
    advice: Decision | None = None  # shown with its 23 floats where there is room
    thoughts: Sequence[str] = ()  # what the agents thought, in the open
    notice: str = ""
    status: str = ""
    keys: str = field(default="")  # what keys do, where keys and not lines are read


def layout_for(width: int, height: int) -> str:
    """Return the layout for a window: "full", "compact" or "plain"."""
    if width >= FULL[0] and height >= FULL[1]:
        return "full"
    return "compact" if width >= COMPACT[0] and height >= COMPACT[1] else "plain"


def build_screen(view: View, width: int, height: int, unicode: bool = True) -> Text:
    """Return the screen for a window of ``width`` x ``height`` (80 x 24 at least); the last line is left to the prompt."""
    full = layout_for(width, height) == "full"
    below = wrapped(view.notice or view.keys, width - 1)[:_NOTICE_LINES]
    rows = height - 1 - len(below)
    lines = _full(view, width, rows, unicode) if full else _compact(view, width, rows)
    lines = lines[:rows]
    lines += [Text()] * (rows - len(lines))
    return Text("\n", no_wrap=True, overflow="crop").join(pad(line, width - 1) for line in [*lines, *below])


def _status(view: View) -> str:
    game = view.game
    if game.over == DECIDED:
        state = f"{view.names[game.winner]} won in turn {game.turns}"
    elif game.over == CAPPED:
        state = f"Stopped at the cap of {game.max_turns} turns"
    else:
        state = f"Turn {game.turns}"
    if game.over:
        return f"{state}."
    pot = f", pot {dollars(game.pot)}" if game.pot else ""
    return f"{state}. Bank: {game.houses_left} houses, {game.hotels_left} hotels{pot}."


def _full(view: View, width: int, height: int, unicode: bool) -> list[Text]:
    square = min(_WIDEST_SQUARE, (width - _PANEL - 13) // 11)
    inside, rows = full_middle(square)
    decision = decision_lines(view.question, view.coach, inside - 2, rows) if view.question else []
    if len(decision) > rows:
        return _page(view, width, height)
    middle = _story_above(view, decision, inside - 2, rows)
    ring = full_ring(view.game, square, middle, unicode)
    panel = _panel(view, width - ring[0].cell_len - 2, len(ring))
    lines = [Text(" ").join([line, panel[i] if i < len(panel) else Text()]) for i, line in enumerate(ring)]
    return [*lines, Text(), *_thought_lines(view, width, height - len(ring) - 1)]


def _story_above(view: View, decision: list[Text], width: int, rows: int) -> list[Text]:
    """Return the middle of the ring: the end of the story, the decision at the bottom."""
    room = rows - len(decision) - (1 if decision else 0)
    story = story_lines(view.story, view.names, view.fresh, width, room) if room > 0 else []
    blank = [Text()] * (room - len(story))
    return story + blank + ([Text()] if decision and room >= 0 else []) + decision


def _panel(view: View, width: int, height: int) -> list[Text]:
    lines = [*wrapped(Text(_status(view), "bold"), width), *wrapped(view.status, width), Text()]
    floats: list[Text] = []
    if view.advice is not None:
        floats = [
            Text(),
            Text("The coach's 23 floats", "bold"),
            *(Text(line) for line in state_lines(view.advice.state)),
        ]
    players = player_panel(view.game, view.names, view.kinds, width, height - len(lines) - len(floats))
    if len(lines) + len(players) + len(floats) > height:
        floats = []
    return lines + players + floats


def _thought_lines(view: View, width: int, room: int) -> list[Text]:
    """Return the latest thoughts of the agents that fit, the newest last."""
    lines: list[Text] = []
    for thought in reversed(view.thoughts):
        part = wrapped(thought, width - 1, "    ")
        if len(lines) + len(part) > room:
            break
        lines = part + lines
    return lines


def _compact(view: View, width: int, height: int) -> list[Text]:
    players = player_rows(view.game, view.names, width - 1)
    room = height - COMPACT_ROWS - len(players)
    decision = decision_lines(view.question, view.coach, width - 1, room, fold=False) if view.question else []
    if len(decision) > room:
        return _page(view, width, height)
    inside, rows = compact_middle(width - 1)
    state = wrapped(Text(_status(view), "bold"), inside)
    middle = [*state, *story_lines(view.story, view.names, view.fresh, inside, rows - len(state))]
    lines = compact_ring(view.game, width - 1, middle) + players + decision
    return lines + _thought_lines(view, width, height - len(lines))


def _page(view: View, width: int, height: int) -> list[Text]:
    """Return the players, the end of the story and the decision, without the board."""
    assert view.question is not None
    players = player_rows(view.game, view.names, width - 1)
    decision = decision_lines(view.question, view.coach, width - 1, height - len(players) - 1)
    if len(players) + len(decision) > height:
        players = []
        decision = decision_lines(view.question, view.coach, width - 1, height)
    room = height - len(players) - len(decision) - 2
    story = story_lines(view.story, view.names, view.fresh, width - 1, room) if room > 0 else []
    blank = [Text()] if len(players) + len(story) + len(decision) < height else []
    return [*players, *blank[: len(story)], *story, *blank, *decision]
