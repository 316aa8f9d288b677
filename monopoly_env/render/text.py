"""A game as text and as a picture: the board as a ring of 40 squares, and the players.

``board_text`` draws it with plain characters, ``board_rgb`` as an image. What they show comes from ``render.square``, as in
every display; the short names are shared too.

A player's sign is a letter: A for seat 0, B for seat 1, and so on. On a title, its owner's sign stands behind the name,
in small letters if the title is mortgaged; below are the buildings (1 to 4 houses, H a hotel) and the tokens that stand there.
"""

import textwrap
from collections.abc import Sequence

import numpy as np

from monopoly_env.board import GROUP_FIRST, GROUPS, HOTEL, SQUARE_NAMES, SQUARE_OF
from monopoly_env.game import CAPPED, DECIDED
from monopoly_env.render.square import RING, SIDE, SIGNS, Look, place_of, player_name, square_look, titles_by_group
from monopoly_env.rules.property import net_worth

_SHORT = (
    "GO", "Medi", "Chst", "Balt", "InTx", "RdRR", "Orie", "Chnc", "Verm", "Conn",
    "Visi", "StCh", "Elec", "Stat", "Virg", "PaRR", "StJa", "Chst", "Tenn", "NewY",
    "Free", "Kent", "Chnc", "Indi", "Illi", "BORR", "Atla", "Vent", "Watr", "Marv",
    "GoJl", "Paci", "NoCa", "Chst", "Penn", "ShRR", "Chnc", "Park", "LxTx", "Bdwk",
)  # fmt: skip
_LONG = {
    1: "Mediterr.", 2: "Chest", 4: "Income tx", 5: "Reading", 9: "Connectic", 10: "Visiting", 11: "St.Charls", 12: "Electric",
    15: "Penn. RR", 16: "St. James", 17: "Chest", 18: "Tennessee", 20: "Parking", 25: "B. & O.", 28: "WaterWrks", 29: "Marvin",
    30: "To jail", 32: "N. Carol.", 33: "Chest", 34: "Pennsylv.", 35: "ShortLine", 37: "Park Pl.", 38: "Luxury tx",
}  # fmt: skip


def short_name(square: int, width: int) -> str:
    """Return a name of the square that fits into ``width`` characters (four at least)."""
    full = SQUARE_NAMES[square].removesuffix(" Avenue")
    for name in (full, _LONG.get(square, full)):
        if len(name) <= width:
            return name
    return _SHORT[square][:width]


def owner_sign(look: Look) -> str:
    """Return the owner's letter, small if the title is mortgaged, or a space."""
    if look.owner < 0:
        return " "
    return SIGNS[look.owner].lower() if look.mortgaged else SIGNS[look.owner]


def building_sign(level: int) -> str:
    """Return the buildings on a street in one character: a space, 1 to 4, H."""
    return " " if level == 0 else "H" if level >= HOTEL else str(level)


def token_signs(seats: Sequence[int], width: int) -> str:
    """Return the letters of some seats in at most ``width`` characters; a plus stands for those that do not fit."""
    signs = "".join(SIGNS[seat] for seat in seats)
    return signs if len(signs) <= width else signs[: max(0, width - 1)] + "+"


def _cell(look: Look, square: int, width: int) -> tuple[str, str]:
    """Return the two lines of a square."""
    tokens = token_signs(look.tokens, width - 1).rjust(width - 1)
    if look.inmates:
        return f"[{token_signs(look.inmates, width - 2)}]".ljust(width), " " + tokens
    if look.group < 0:
        return short_name(square, width).ljust(width), " " + tokens
    return short_name(square, width - 2).ljust(width - 1) + owner_sign(look), building_sign(look.level) + tokens


def _ring(game: np.record, width: int) -> list[str]:
    full = "+" + (("-" * width) + "+") * SIDE
    edge = "+" + "-" * width + "+"
    inside = (width + 1) * (SIDE - 2) - 1
    middle = _legend(inside)
    lines = [full]
    for row in range(SIDE):
        outer = row in (0, SIDE - 1)
        squares = [RING[row, column] for column in (range(SIDE) if outer else (0, SIDE - 1))]
        cells = [_cell(square_look(game, square), square, width) for square in squares]
        for part in range(2):
            between = "|" if outer else f"|{middle.pop()}|"
            lines.append("|" + between.join(cell[part] for cell in cells) + "|")
        lines.append(full if row in (0, SIDE - 2, SIDE - 1) else edge + middle.pop() + edge)
    return lines


def _legend(width: int) -> list[str]:
    """Return the lines inside the ring, the last one first."""
    lines = [
        "Upper right of a title: its owner,",
        "a small letter if it is mortgaged.",
        "Lower left: 1 to 4 houses, H a hotel.",
        "Lower right: tokens; [A] is in jail.",
    ]
    blank = 3 * (SIDE - 2) - 1 - len(lines)
    return [line.center(width) for line in [""] * (blank // 2) + lines[::-1] + [""] * (blank - blank // 2)]


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
