"""All titles at a glance: whose they are, what they bring now, what stands on them, and who is one short of a monopoly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from monopoly_env.board import GROUP_OF, GROUP_SIZE, GROUPS, PRICE, TITLE_NAMES, TITLES, UTILITIES
from monopoly_env.render.ring import building_sign
from monopoly_env.rules.property import held, rent_due
from monopoly_env.text.events import dollars


def titles_lines(game: np.record, names: Sequence[str]) -> list[str]:
    """Return a heading and 28 lines of at most 79 columns, in board order."""
    width = max(5, *map(len, names))
    lines = [f"{'title':22}{'group':12}{'owner':{width}}  rent now"]
    for title in range(TITLES):
        owner = names[game.owner[title]] if game.owner[title] >= 0 else "-"
        lines.append(f"{TITLE_NAMES[title]:22}{GROUPS[GROUP_OF[title]]:12}{owner:{width}}  {_state(game, names, title)}")
    return lines


def _state(game: np.record, names: Sequence[str], title: int) -> str:
    """Return the rent or price of a title, its buildings, and what its group lacks."""
    group, owner = int(GROUP_OF[title]), int(game.owner[title])
    if owner < 0:
        short = [names[seat] for seat in range(game.players) if held(game, seat, group) == GROUP_SIZE[group] - 1]
        return f"{dollars(PRICE[title])} to buy" + "".join(f", completes it for {name}" for name in short)
    if game.mortgaged[title]:
        text = "mortgaged"
    elif group == UTILITIES:
        text = f"{rent_due(game, title, 1, 0)} x roll"
    else:
        text = dollars(rent_due(game, title, 7, 0))
    if game.houses[title]:
        text += f" {building_sign(int(game.houses[title]))}"
    missing = int(GROUP_SIZE[group] - held(game, owner, group))
    return text + {0: ", monopoly", 1: ", one short"}.get(missing, "")
