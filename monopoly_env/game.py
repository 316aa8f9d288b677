"""One game is one NumPy record.

The whole state of a game is a record of the dtype ``GAME``; N games are an array ``(N,)`` of it. A copy is a snapshot,
``np.save`` is a save file, and a test sets up a situation by writing fields. Compiled code reads ``game.cash[seat]`` as a plain
load, the interpreter as an attribute, and both mean the same.
"""

from collections.abc import Iterable

import numpy as np

from monopoly_env import board, cards
from monopoly_env.cards import shuffle_deck
from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import next_word, seed_words

MIN_PLAYERS = 2
MAX_PLAYERS = 8
MAX_DEBTS = 24
MAX_EVENTS = 128
EVENT_WIDTH = 7
DEFAULT_MAX_TURNS = 1000

# Version of the rules and of the record. Saved games and trained agents remember it.
RULES_VERSION = 3

BANK = -1  # owner of an unowned title, creditor of taxes

# stage: where the turn stands; what is to be decided there is asked again and again until it is
TURN, BEFORE_ROLL, JAIL, JAIL_ROLL, ROLL, MOVE, LAND, BUYING, AFTER, MANAGING, END = range(11)
# over
RUNNING, DECIDED, CAPPED = range(3)
# plan: what a player is raising cash for by choice (R54)
NO_PLAN, PLAN_PURCHASE, PLAN_BUILD, PLAN_JAIL_FEE = range(4)
# card_rent: how the card that moved the token changes the rent (R22, R23)
USUAL_RENT, DOUBLE_RAILROAD, TEN_TIMES = range(3)
# reasons of payments
RENT, TAX, CARD, JAIL_FEE, INTEREST = range(5)

HOUSE_RULES = ("free_parking_pot", "double_salary", "no_auctions", "no_trades")
FREE_PARKING_POT, DOUBLE_SALARY, NO_AUCTIONS, NO_TRADES = (1 << bit for bit in range(4))
MANAGE_TIMES = ("end", "both")  # of the own turn: at its end, or before the roll too

_SEATS = (MAX_PLAYERS,)
_TITLES = (board.TITLES,)

GAME = np.dtype(
    (
        np.record,
        [
            ("rng", "i8", (4,)),  # state of the generator of dice and cards
            ("bot_rng", "i8", (4,)),  # state of the generator of players that choose by chance
            ("paid_in", "i8"),  # dollars the bank took, ever
            ("paid_out", "i8"),  # dollars the bank gave, starting cash included
            ("players", "i4"),
            ("house_rules", "i4"),  # bits H1 to H4
            ("max_turns", "i4"),
            ("logging", "i4"),  # 1: write events
            ("manual", "i4", _SEATS),  # 1: this seat manages freely (a person)
            ("manage_both", "i4", _SEATS),  # 1: this seat manages before its roll too
            # the turn
            ("turn", "i4"),  # seat whose turn it is
            ("turns", "i4"),  # turns begun
            ("stage", "i4"),  # of the turn: ROLL, MOVE, LAND, ...; what happens next where no decision waits
            ("dice", "i4", (2,)),
            ("doubles", "i4"),  # doubles in a row this turn, 0 if the last roll was none
            ("card_rent", "i4"),
            # the decision
            ("phase", "i4"),
            ("actor", "i4"),
            ("table_group", "i4"),  # the group that the decision is about, -1: none
            # the result
            ("over", "i4"),
            ("winner", "i4"),
            # seats
            ("alive", "i4", _SEATS),
            ("cash", "i4", _SEATS),
            ("position", "i4", _SEATS),
            ("jailed", "i4", _SEATS),
            ("jail_rolls", "i4", _SEATS),  # failed tries for doubles
            # titles
            ("owner", "i4", _TITLES),
            ("houses", "i4", _TITLES),  # building level 0 to 5, 5 = hotel
            ("mortgaged", "i4", _TITLES),
            ("received", "i4"),  # bit t: title t came mortgaged, its interest is paid, and it may be redeemed at once (R43)
            # bank
            ("houses_left", "i4"),
            ("hotels_left", "i4"),
            ("pot", "i4"),  # H1
            ("deck", "i4", (2, cards.CARDS)),  # card numbers, next card first
            ("deck_size", "i4", (2,)),
            ("jail_card_holder", "i4", (2,)),  # seat or BANK, by deck
            # debts, oldest first
            ("debts", "i4"),
            ("debtor", "i4", (MAX_DEBTS,)),
            ("creditor", "i4", (MAX_DEBTS,)),
            ("amount", "i4", (MAX_DEBTS,)),
            ("reason", "i4", (MAX_DEBTS,)),
            # raising cash: group looked at next, and what for by choice
            ("raise_group", "i4"),
            ("plan", "i4"),
            ("plan_title", "i4"),
            # auction
            ("auction_title", "i4"),  # -1: none
            ("auction_bid", "i4"),
            ("own_bid", "i4"),  # dollars that the next BUY bids; 0: a step (R44)
            ("auction_leader", "i4"),
            ("auction_seat", "i4"),
            ("auction_in", "i4", _SEATS),
            ("auction_start", "i4"),  # seat of the last bankruptcy to the bank, -1: no title is waiting
            ("auction_queue", "i4", _TITLES),  # 1: to be auctioned (R57)
            # managing and deals
            ("manage_group", "i4"),
            ("offer_from", "i4"),
            ("offer_to", "i4"),
            ("offer_give", "i4"),  # bit t: title t (28 and 29: a jail card) goes from offer_from to offer_to
            ("offer_take", "i4"),
            ("offer_cash", "i4"),  # dollars from offer_from to offer_to (negative: the other way)
            ("offer_group", "i4"),  # group of a composed deal, -1: a free deal
            (
                "refusals",
                "i4",
                (MAX_PLAYERS, len(board.GROUPS)),
            ),  # of deals, since a title of the group changed hands
            ("proposed", "i4"),  # bit g: TRADE was played on group g this turn
            ("composed", "i4", (5,)),  # at MANAGE on a group what TRADE proposes, see strength.composer
            # counts for statistics
            ("visits", "i4", (board.SQUARES + 1,)),  # rolls that ended on each square, [40] in jail
            ("rent", "i4", (board.SQUARES,)),  # rent paid on each square
            # events of the log, when logging
            ("events", "i4"),
            ("event", "i4", (MAX_EVENTS, EVENT_WIDTH)),
        ],
    )
)


def house_rule_bits(house_rules: Iterable[str]) -> int:
    """Return the bits of the named house rules.

    Raises:
        ValueError: a name is not one of ``HOUSE_RULES``.
    """
    if isinstance(house_rules, str):
        house_rules = [name.strip() for name in house_rules.split(",") if name.strip()]
    if not isinstance(house_rules, Iterable):
        raise ValueError(f"house_rules must be names out of {', '.join(HOUSE_RULES)}. Received: {house_rules!r}")
    bits = 0
    for name in house_rules:
        if name not in HOUSE_RULES:
            raise ValueError(f"Unknown house rule. Expected some of {', '.join(HOUSE_RULES)}. Received: {name!r}")
        bits |= 1 << HOUSE_RULES.index(name)
    return bits


def is_whole(value: object) -> bool:
    """Whether an option is a whole number: an integer of Python or NumPy, no bool."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def check_players(players: int) -> int:
    """Return ``players`` as an int, or raise ValueError unless 2 to 8."""
    if not is_whole(players):
        raise ValueError(f"The number of players must be an integer from 2 to 8. Received: {players!r}")
    if not MIN_PLAYERS <= players <= MAX_PLAYERS:
        raise ValueError(f"Monopoly is for {MIN_PLAYERS} to {MAX_PLAYERS} players. Received: players={players}")
    return int(players)


def check_rules(max_turns: int, starting_cash: int) -> None:
    """Raise ValueError unless the turn cap and the starting cash are usable."""
    for name, value in (("max_turns", max_turns), ("starting_cash", starting_cash)):
        if not is_whole(value):
            raise ValueError(f"{name} must be a whole number. Received: {value!r}")
    if not 1 <= max_turns <= 1_000_000:
        raise ValueError(f"max_turns must lie between 1 and 1,000,000. Received: {max_turns}")
    if not 0 <= starting_cash <= 1_000_000:
        raise ValueError(f"starting_cash must lie between 0 and 1,000,000 dollars. Received: {starting_cash}")


def new_games(
    count: int,
    players: int = 4,
    seeds: "Iterable[int | np.random.SeedSequence | None] | int | np.random.SeedSequence | None" = None,
    *,
    max_turns: int = DEFAULT_MAX_TURNS,
    house_rules: Iterable[str] = (),
    starting_cash: int = board.STARTING_CASH,
    manage: str = "end",
) -> np.ndarray:
    """Set up ``count`` games.

    Args:
        count: number of games.
        players: seats in each game, 2 to 8.
        seeds: one seed a game, or one root seed (or None) from which the games' seeds are spawned.
        max_turns: turn cap (R59).
        house_rules: names out of ``HOUSE_RULES``.
        starting_cash: dollars for each player (H5).
        manage: when a seat builds, redeems and trades: "end" of its turn, or "both": before its roll too.

    Returns:
        Record array ``(count,)`` of dtype ``GAME``; each game stands before its first turn: call ``advance``.

    Raises:
        ValueError: an argument is out of range, or the number of seeds is not ``count``.
    """
    check_players(players)
    check_rules(max_turns, starting_cash)
    bits = house_rule_bits(house_rules)
    if manage not in MANAGE_TIMES:
        raise ValueError(f"manage must be one of {', '.join(MANAGE_TIMES)}. Received: {manage!r}")
    if seeds is None or isinstance(seeds, int | np.integer | np.random.SeedSequence):
        root = seeds if isinstance(seeds, np.random.SeedSequence) else np.random.SeedSequence(seeds)
        seeds = root.spawn(count)
    seeds = list(seeds)
    if len(seeds) != count:
        raise ValueError(f"Expected one seed for each of the {count} games. Received: {len(seeds)} seeds")
    games = np.zeros(count, GAME)
    games["manage_both"] = manage == "both"
    for game, seed in zip(games, seeds, strict=True):
        set_up(game, seed_words(seed), players, max_turns, bits, starting_cash)
    return games


def new_game(players: int = 4, seed: "int | np.random.SeedSequence | None" = None, **options) -> np.record:
    """Set up one game and return its record (see ``new_games`` for the options)."""
    return new_games(1, players, [seed], **options)[0]


@kernel
def set_up(game, words, players, max_turns, house_rules, starting_cash):
    """Write the start of a game into the record ``game`` (R1), whatever it held.

    Keeps ``manual``, ``manage_both`` and ``logging``. ``words``: int64 ``(8,)``, the states of the two generators.
    """
    for i in range(4):  # a slice would compile all that Numba has to say of shapes that do not fit
        game.rng[i], game.bot_rng[i] = words[i], words[4 + i]
    game.players = players
    game.house_rules = house_rules
    game.max_turns = max_turns
    game.over = RUNNING
    game.winner = -1
    _set_up_seats(game, players, starting_cash)
    _set_up_bank(game)
    _set_up_turn(game)
    _nothing_pending(game)
    game.refusals[:, :] = 0
    game.proposed = 0
    game.composed[:] = 0
    game.visits[:] = 0
    game.rent[:] = 0
    game.events = 0
    game.event[:, :] = 0


@kernel
def _set_up_seats(game, players, starting_cash):
    """Put the tokens on GO and hand out the starting cash."""
    for seat in range(MAX_PLAYERS):
        game.alive[seat] = seat < players
        game.cash[seat] = starting_cash if seat < players else 0
        game.position[seat] = game.jailed[seat] = game.jail_rolls[seat] = 0
    game.paid_in = 0
    game.paid_out = players * starting_cash


@kernel
def _set_up_bank(game):
    """Give the bank all titles, buildings and cards, and shuffle these."""
    game.owner[:] = BANK
    game.houses[:] = 0
    game.mortgaged[:] = 0
    game.received = 0
    game.houses_left = board.HOUSES
    game.hotels_left = board.HOTELS
    game.pot = 0
    game.jail_card_holder[:] = BANK
    for deck in range(2):
        game.deck_size[deck] = cards.CARDS
        for card in range(cards.CARDS):
            game.deck[deck, card] = card
        shuffle_deck(game, deck)


@kernel
def _set_up_turn(game):
    """Put seat 0 before its first turn."""
    game.turn = 0
    game.turns = 0
    game.stage = TURN
    game.dice[:] = 0
    game.doubles = 0
    game.card_rent = USUAL_RENT
    game.phase = 0
    game.actor = 0
    game.table_group = -1
    game.manage_group = 0


@kernel
def _nothing_pending(game):
    """Leave no debt, plan, auction or offer."""
    game.debts = 0
    for debt in range(MAX_DEBTS):
        game.debtor[debt] = game.creditor[debt] = game.amount[debt] = game.reason[debt] = 0
    game.raise_group = 0
    game.plan = NO_PLAN
    game.plan_title = -1
    game.auction_title = -1
    game.auction_bid = 0
    game.own_bid = 0
    game.auction_leader = -1
    game.auction_seat = 0
    game.auction_in[:] = 0
    game.auction_start = -1
    game.auction_queue[:] = 0
    clear_offer(game)


@kernel
def set_up_next(game, starting_cash):
    """Start the next game in the same record, seeded by the generator of the last one."""
    words = np.zeros(8, np.int64)
    for i in range(8):
        words[i] = next_word(game.rng)
    words[0] |= words[0] + words[1] + words[2] + words[3] == 0
    words[4] |= words[4] + words[5] + words[6] + words[7] == 0
    set_up(game, words, game.players, game.max_turns, game.house_rules, starting_cash)


@kernel
def clear_offer(game):
    """Take any deal off the table."""
    game.offer_from = -1
    game.offer_to = -1
    game.offer_give = 0
    game.offer_take = 0
    game.offer_cash = 0
    game.offer_group = -1


@kernel
def next_seat(game, seat):
    """Return the next living seat clockwise after ``seat``."""
    for step in range(1, game.players + 1):
        other = (seat + step) % game.players
        if game.alive[other]:
            return other
    return seat
