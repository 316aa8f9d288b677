"""The constants of the fixed policies, a row each. What they mean to a decision: ``fixed``, ``deals``.

``fp-*`` are this project's, in the spirit of Bonjour, Haliem et al. 2022 (arXiv 2103.00683). Those after them follow the rules
of bots of other simulators, as far as those exist here: docs/BOTS.md. ``varied-*`` have constants that were drawn at random.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from monopoly_env.board import GROUP_BITS, GROUPS, HOTEL, STREET_GROUPS

NO_LIMIT = 1_000_000  # more than anybody has
# how a deal is judged
BY_WORTH, BY_GROUPS, BY_SWAPS, BY_SETS = range(4)
# which titles of a group are asked for in deals
NOTHING, COMPLETING, ANY = range(3)
# when a title is given only if it is the one title held of its group
NEVER_SINGLE, PROPOSED_SINGLE, ALWAYS_SINGLE = range(3)
# when a Get Out of Jail Free card is used
CARD_AS_CASH, CARD_AT_ONCE, CARD_LAST = range(3)

ByGroup = int | tuple[int, ...]  # one number for all groups, or one a group


@dataclass(frozen=True)
class Policy:
    """How a fixed policy plays: dollars, and list prices in per cent where it says so.

    Attributes:
        keep: cash left after buying from the bank; ``keep_completing``: where that completes a group (None: the same).
        bid: highest bid in per cent; ``bid_holding``: with a part of the group (None: as ``bid``), ``bid_completing`` (None: as
            ``bid_holding``); at least ``bid_blocking`` where a rival lacks this title alone. ``bid_keep``: cash left.
        shuns: 1: never bought, bid for or taken in a deal.
        build_from, build_keep: cash before and after a building. ``levels``: builds up to this one. ``by_rent``: the group
            whose rent grows most comes first, otherwise the first on the board.
        redeem_from, redeem_keep: cash before and after redeeming; ``redeem_price``: and cash before in per cent.
        seeks, pays, propose_from, propose_keep: what is proposed: which titles, for titles and cash of how many per cent at
            most, cash before and after. ``single``: see above.
        judge: how a deal is judged. ``BY_WORTH``: a title is worth ``worth`` per cent; times ``completing`` where it completes
            a group, times ``given`` for what is given, times ``mortgaged``, in per cent too; the gain must be above ``least``.
        buildings_first: what is sold to pay a debt; otherwise mortgages come first.
        jail_from: cash from which $50 are paid, or a card that is used ``CARD_AS_CASH``.
    """

    keep: ByGroup
    bid: ByGroup
    bid_keep: ByGroup
    build_keep: int
    jail_from: int
    keep_completing: ByGroup | None = None
    bid_holding: ByGroup | None = None
    bid_completing: ByGroup | None = None
    bid_blocking: ByGroup = 0
    shuns: ByGroup = 0
    build_from: int = 0
    levels: int = HOTEL
    by_rent: bool = False
    redeem_from: int = 0
    redeem_keep: int = 0
    redeem_price: int = 0
    seeks: ByGroup = ANY
    pays: int = NO_LIMIT
    propose_from: int = 0
    propose_keep: int = 0
    single: int = NEVER_SINGLE
    judge: int = BY_WORTH
    worth: ByGroup = 100
    completing: int = 100
    given: int = 100
    mortgaged: int = 100
    least: int = 0
    buildings_first: bool = False
    card: int = CARD_AS_CASH


def _where(otherwise: int, chosen: int, *groups: str) -> tuple[int, ...]:
    """Return ``chosen`` for the named groups, ``otherwise`` for the others."""
    return tuple(chosen if group in groups else otherwise for group in GROUPS)


def _fixed(high: tuple[str, ...] = (), low: tuple[str, ...] = ()) -> Policy:
    """One of this project's own: what has a high priority is bought without a reserve and worth more."""
    rank = [0 if group in low else 2 if group in high else 1 for group in GROUPS]
    keep = tuple((300, 100, 0)[priority] for priority in rank)
    worth = tuple((60, 100, 140)[priority] for priority in rank)
    return Policy(
        keep=keep,
        bid=worth,
        bid_completing=tuple(2 * percent for percent in worth),
        bid_keep=keep,
        build_keep=150,
        redeem_from=400,
        propose_keep=150,
        worth=worth,
        completing=200,
        jail_from=150,
    )


_STREETS_COMPLETING = tuple(COMPLETING if group < STREET_GROUPS else NOTHING for group in range(len(GROUPS)))


def _gnome(wanted: tuple[str, ...] = (), shuns: tuple[str, ...] = (), levels: int = HOTEL) -> Policy:
    """A background agent of GNOME-p3: all alike but for what they want, shun, and how high they build."""
    return Policy(
        keep=_where(200, 0, *wanted),
        keep_completing=0,
        bid=_where(100, NO_LIMIT, *wanted),
        bid_completing=NO_LIMIT,
        bid_keep=_where(1, 0, *wanted),
        shuns=_where(0, 1, *shuns),
        build_keep=0,
        levels=levels,
        by_rent=True,
        redeem_keep=200,
        seeks=tuple(ANY if group in wanted else usual for group, usual in zip(GROUPS, _STREETS_COMPLETING, strict=True)),
        pays=112,
        propose_from=200,
        propose_keep=101,
        single=PROPOSED_SINGLE,
        judge=BY_GROUPS,
        jail_from=200,
    )


def _varied(seed: int) -> Policy:
    """Draw the constants of a policy."""
    rng = np.random.default_rng(seed)
    worth = tuple(rng.integers(50, 151, len(GROUPS)).tolist())
    keep = tuple(rng.integers(0, 301, len(GROUPS)).tolist())
    completing = int(rng.integers(100, 301))
    return Policy(
        keep=keep,
        keep_completing=0 if rng.random() < 0.5 else None,
        bid=worth,
        bid_completing=tuple(percent * completing // 100 for percent in worth),
        bid_keep=keep,
        build_keep=int(rng.integers(0, 301)),
        levels=int(rng.choice([3, HOTEL])),
        by_rent=bool(rng.random() < 0.5),
        redeem_from=int(rng.integers(150, 801)),
        pays=int(rng.integers(100, 351)),
        propose_keep=int(rng.integers(0, 301)),
        worth=worth,
        completing=completing,
        given=int(rng.integers(100, 151)),
        buildings_first=bool(rng.random() < 0.5),
        jail_from=int(rng.integers(50, 1001)),
    )


OWN = {
    "fp-a": _fixed(),
    "fp-b": _fixed(high=("dark blue", "railroads"), low=("utilities",)),
    "fp-c": _fixed(high=("light blue", "orange", "railroads")),
}
ELSEWHERE = {
    "gnome-fp-a": _gnome(),
    "gnome-fp-b": _gnome(wanted=("dark blue", "railroads"), shuns=("utilities",)),
    "gnome-fp-c": _gnome(wanted=("light blue", "orange", "railroads"), levels=3),
    "gcp": Policy(
        keep=200,
        bid=100,
        bid_keep=200,
        build_keep=200,
        redeem_keep=200,
        seeks=COMPLETING,
        pays=100,
        propose_keep=200,
        judge=BY_SWAPS,
        buildings_first=True,
        card=CARD_AT_ONCE,
        jail_from=NO_LIMIT,
    ),
    "vincero": Policy(
        keep=100,
        keep_completing=_where(0, 100, "railroads", "utilities"),
        bid=79,
        bid_holding=86,
        bid_completing=132,
        bid_keep=0,
        build_keep=0,
        build_from=221,
        redeem_from=501,
        redeem_keep=301,
        seeks=_STREETS_COMPLETING,
        pays=150,
        propose_keep=100,
        single=ALWAYS_SINGLE,
        completing=150,
        given=132,
        buildings_first=True,
        card=CARD_AT_ONCE,
        jail_from=50,
    ),
    "yyongg": Policy(
        keep=150,
        keep_completing=0,
        bid=75,
        bid_completing=400,
        bid_blocking=300,
        bid_keep=0,
        build_keep=150,
        redeem_from=300,
        propose_keep=150,
        judge=BY_SETS,
        card=CARD_AT_ONCE,
        jail_from=200,
    ),
    "intrepidcoder": Policy(
        keep=51,
        bid=150,
        bid_keep=50,
        build_keep=101,
        redeem_price=100,
        seeks=NOTHING,
        mortgaged=50,
        least=25,
        card=CARD_LAST,
        jail_from=NO_LIMIT,
    ),
}
VARIED = {f"varied-{number}": _varied(number) for number in range(1, 9)}
POLICIES = {**OWN, **ELSEWHERE, **VARIED}


def _values(name: str) -> list[Any]:
    return [getattr(policy, name) for policy in POLICIES.values()]


def _column(name: str) -> np.ndarray:
    """Return a constant of all policies, int64 ``(policies,)``."""
    return np.array(_values(name), np.int64)


def _by_group(name: str, otherwise: np.ndarray | None = None) -> np.ndarray:
    """Return a constant of all policies by group, int64 ``(policies, 10)``; ``otherwise`` stands in for None."""
    rows = [np.asarray(otherwise)[number] if row is None else row for number, row in enumerate(_values(name))]
    return np.array([np.broadcast_to(row, len(GROUPS)) for row in rows], np.int64)


KEEP, BID, BID_KEEP, SEEKS, WORTH = map(_by_group, ("keep", "bid", "bid_keep", "seeks", "worth"))
KEEP_COMPLETING, BID_HOLDING = _by_group("keep_completing", KEEP), _by_group("bid_holding", BID)
BID_COMPLETING, BID_BLOCKING = _by_group("bid_completing", BID_HOLDING), _by_group("bid_blocking")
SHUNNED = _by_group("shuns") @ GROUP_BITS  # (policies,) titles as a bit set
BUILD_FROM, BUILD_KEEP, LEVELS, BY_RENT = map(_column, ("build_from", "build_keep", "levels", "by_rent"))
REDEEM_FROM, REDEEM_KEEP, REDEEM_PRICE = map(_column, ("redeem_from", "redeem_keep", "redeem_price"))
PAYS, PROPOSE_FROM, PROPOSE_KEEP, SINGLE = map(_column, ("pays", "propose_from", "propose_keep", "single"))
JUDGE, COMPLETING_WORTH, GIVEN, MORTGAGED, LEAST = map(_column, ("judge", "completing", "given", "mortgaged", "least"))
BUILDINGS_FIRST, CARD, JAIL_FROM = map(_column, ("buildings_first", "card", "jail_from"))
