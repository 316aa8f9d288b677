"""A game as text and as a picture: the board as a ring of 40 squares, and the players.

On a title, its owner's sign stands behind the name; below are the buildings (1 to 4 houses, H a hotel) and the tokens that
stand there.
"""

import textwrap
from collections.abc import Sequence

import numpy as np

from monopoly_env.board import GROUP_FIRST, GROUPS, HOTEL, SQUARE_NAMES, SQUARE_OF
from monopoly_env.game import CAPPED, DECIDED
from monopoly_env.render.ring import (
    RING,
    SIDE,
    SIGNS,
    building_sign,
    owner_sign,
    place_of,
    player_name,
    short_name,
    square_view,
    titles_by_group,
    token_signs,
)
from monopoly_env.rules.property import net_worth


def _ring(game: np.record, width: int) -> list[str]:
    """Return the ring, its squares ``width`` characters wide and two lines high, with lines between them."""
    dash = "-" * width
    edge = "+".join(["", *[dash] * SIDE, ""])
    inside = iter(_legend((width + 1) * (SIDE - 2) - 1, 3 * (SIDE - 2) - 1))
    drawn = [edge, *_row(game, 0, width), edge]
    for row in range(1, SIDE - 1):
        left, right = (_square(game, RING[row, column], width) for column in (0, SIDE - 1))
        drawn += [f"|{left[part]}|{next(inside)}|{right[part]}|" for part in range(2)]
        if row < SIDE - 2:
            drawn.append(f"+{dash}+{next(inside)}+{dash}+")
    return [*drawn, edge, *_row(game, SIDE - 1, width), edge]


def _row(game: np.record, row: int, width: int) -> list[str]:
    squares = [_square(game, RING[row, column], width) for column in range(SIDE)]
    return ["|".join(["", *parts, ""]) for parts in zip(*squares, strict=True)]


def _square(game: np.record, square: int, width: int) -> tuple[str, str]:
    """Return a square in two lines: name and owner, buildings and tokens."""
    view = square_view(game, square)
    tokens = token_signs(view.tokens, width - 1).rjust(width - 1)
    if view.inmates:
        return f"[{token_signs(view.inmates, width - 2)}]".ljust(width), f" {tokens}"
    if view.group < 0:
        return short_name(square, width).ljust(width), f" {tokens}"
    return short_name(square, width - 2).ljust(width - 1) + owner_sign(view), building_sign(view.level) + tokens


def _legend(width: int, rows: int) -> list[str]:
    """Return the lines inside the ring."""
    lines = [
        "Upper right of a title: its owner,",
        "a small letter if it is mortgaged.",
        "Lower left: 1 to 4 houses, H a hotel.",
        "Lower right: tokens; [A] is in jail.",
    ]
    blank = rows - len(lines)
    return [line.center(width) for line in [""] * (blank - blank // 2) + lines + [""] * (blank // 2)]


def _title_text(game: np.record, title: int) -> str:
    name = SQUARE_NAMES[SQUARE_OF[title]].removesuffix(" Avenue")
    if game.mortgaged[title]:
        return name + " (mortgaged)"
    return name + {0: "", HOTEL: " (hotel)"}.get(int(game.houses[title]), f" ({game.houses[title]})")


def _player_lines(game: np.record, seat: int, names: Sequence[str] | None, width: int) -> list[str]:
    mark = ">" if game.turn == seat and not game.over else " "
    cards = int((game.jail_card_holder == seat).sum())
    facts = [f"{mark}{SIGNS[seat]} {player_name(seat, names)}:"]
    if not game.alive[seat]:
        return [f"{facts[0]} bankrupt"]
    facts.append(f"${game.cash[seat]:,} cash, worth ${net_worth(game, seat):,}, {place_of(game, seat)}")
    if cards:
        facts.append(f"({cards} jail card{'s' if cards > 1 else ''})")
    lines = textwrap.wrap(" ".join(facts), width, subsequent_indent="   ")
    for group, titles in titles_by_group(game, seat):
        whole = " (whole group)" if len(titles) == GROUP_FIRST[group + 1] - GROUP_FIRST[group] else ""
        text = f"{GROUPS[group]}{whole}: {', '.join(_title_text(game, title) for title in titles)}"
        lines += textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="      ")
    return lines


def board_text(game: np.record, names: Sequence[str] | None = None, width: int = 80) -> str:
    """Return the board and the players as plain ASCII text.

    Args:
        game: a game record.
        names: the players' names by seat (default: "Seat 0", ...).
        width: columns to fill; below 78 the ring does not fit and the players are listed alone.
    """
    lines = []
    cell = (width - 1) // SIDE - 1
    if cell >= 6:
        lines += _ring(game, min(cell, 11))
    state = f"turn {game.turns} of {game.max_turns}"
    if game.over == DECIDED:
        state = f"{player_name(int(game.winner), names)} won in turn {game.turns}"
    elif game.over == CAPPED:
        state = f"stopped without a winner at the turn cap of {game.max_turns}"
    pot = f", ${game.pot:,} in the pot" if game.pot else ""
    state = f"{state[0].upper()}{state[1:]}; the bank has {game.houses_left} houses and {game.hotels_left} hotels{pot}."
    lines += textwrap.wrap(state, width, subsequent_indent="  ")
    for seat in range(game.players):
        lines += _player_lines(game, seat, names, width)
    return "\n".join(line.rstrip() for line in lines)


def board_rgb(game: np.record, names: Sequence[str] | None = None) -> np.ndarray:
    """Return the board and the players as a picture, uint8 ``(793, 793, 3)``.

    Args:
        game: a game record.
        names: the players' names by seat (default: "Seat 0", ...).
    """
    from monopoly_env.render.image import draw_board

    return draw_board(game, names)


def rendered(mode: str, game: np.record, log: list[str], names: Sequence[str] | None = None) -> str | np.ndarray | None:
    """Return what an environment's ``render`` gives in this mode.

    Args:
        mode: "ansi" (what has happened and the board, as text), "human" (the same, printed) or "rgb_array" (a picture).
        game: a game record.
        log: sentences on what has happened since the last text, which takes them out.
        names: the players' names by seat.
    """
    if mode == "rgb_array":
        return board_rgb(game, names)
    text = "\n".join([*log, board_text(game, names)])
    log.clear()
    if mode == "ansi":
        return text
    print(text)
    return None
