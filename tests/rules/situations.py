"""Setting up a situation at the table and playing it.

A game is a record, so a situation is a few fields written. Dice and cards need no hook in the engine either: ``load_dice``
looks for a state of the game's generator whose next rolls are the ones wanted, ``put_on_top`` moves a card within its deck.

A ``table`` plays one turn unless told otherwise and then stands still (the turn cap), so that a test can read the record.
"""

from functools import cache

import numpy as np
import pytest

from monopoly_env import board, cards
from monopoly_env.actions import Action, IllegalActionError, Phase
from monopoly_env.board import CHANCE, CHEST, GROUPS, SQUARE_NAMES, TITLE_NAMES
from monopoly_env.compiled.rng import next_word
from monopoly_env.engine.engine import advance, apply, legal_actions
from monopoly_env.events import EVENT_FIELDS, Event, take_events
from monopoly_env.game import BANK, new_game

PASS, BUY, BUILD, SELL, MORTGAGE, REDEEM, TRADE = Action
EVERYTHING_ELSE = "everything else"
_STATES = 1 << 17


def table(
    players=4,
    *,
    turns=1,
    turn=0,
    log=False,
    owns=None,
    built=None,
    mortgaged=(),
    cash=None,
    at=None,
    jailed=None,
    jail_cards=None,
    out=(),
    people=(),
    houses_left=None,
    hotels_left=None,
    **options,
):
    """A new game of ``players`` seats in which seat ``turn`` begins; it stops after ``turns`` turns.

    Args:
        owns: titles and whole groups by seat, ``{0: "brown, Short Line", 1: "everything else"}``.
        built: levels by street or group, ``{"orange": (2, 1, 1), "Boardwalk": 5}``; one number is every street's.
        mortgaged: titles and whole groups, ``"Baltic Avenue, railroads"``; who holds them has had the money already.
        cash: dollars by seat.
        at: squares by seat.
        jailed: the failed tries behind them by seat in jail.
        jail_cards: the holder of a Get Out of Jail Free card by deck.
        out: the seats that have left the game.
        people: the seats of people.
        houses_left, hotels_left: what the bank still has; the others are out of play.
        options: house rules and what else ``new_game`` takes.
    """
    game = new_game(players, seed=0, max_turns=turns, **options)
    game.turn = turn
    game.logging = int(log)
    holdings = {seat: listed(names) for seat, names in (owns or {}).items()}
    for seat, names in holdings.items():
        gives(game, seat, *(name for name in names if name != EVERYTHING_ELSE))
    for seat, names in holdings.items():
        if EVERYTHING_ELSE in names:
            everything_else_to(game, seat)
    for name, levels in (built or {}).items():
        streets = streets_of(name)
        builds(game, streets, [levels] * len(streets) if isinstance(levels, int) else levels)
    for name in listed(mortgaged):
        game.mortgaged[[title(each) for each in streets_of(name)]] = 1
    gone(game, *out)
    for seat, dollars in (cash or {}).items():
        has(game, seat, dollars)
    for seat, place in (at or {}).items():
        game.position[seat] = square(place)
    for seat, failed in (jailed or {}).items():
        game.position[seat], game.jailed[seat], game.jail_rolls[seat] = board.JAIL, 1, failed
    for deck, seat in (jail_cards or {}).items():
        holds_jail_card(game, seat, deck)
    game.manual[list(people)] = 1
    bank_has(game, houses_left, hotels_left)
    return game


def listed(names):
    """The names in a text, between commas, or those of a sequence."""
    return names.split(", ") if isinstance(names, str) else names


def title(name):
    """The number of a title."""
    return TITLE_NAMES.index(name)


def square(place):
    """The number of a square, by name (if only one square has it) or number."""
    if isinstance(place, str):
        assert SQUARE_NAMES.count(place) == 1, place
        return SQUARE_NAMES.index(place)
    return place


def group(name):
    """The number of a group."""
    return GROUPS.index(name)


def titles_of(name):
    """The names of the titles of a group, in board order."""
    return tuple(TITLE_NAMES[number] for number in np.flatnonzero(group(name) == board.GROUP_OF))


def streets_of(name):
    """The titles of a group, or the one title named."""
    return titles_of(name) if name in GROUPS else (name,)


def at(game, seat, place):
    """Put a token on a square."""
    game.position[seat] = square(place)


def has(game, seat, dollars):
    """Set a player's cash; the ledger of the bank goes along."""
    game.paid_out += dollars - int(game.cash[seat])
    game.cash[seat] = dollars


def gives(game, seat, *names):
    """Make the seat the owner of the titles or whole groups named."""
    for name in names:
        for each in streets_of(name):
            game.owner[title(each)] = seat


def everything_else_to(game, seat):
    """Make the seat the owner of all titles that are still the bank's."""
    game.owner[game.owner == BANK] = seat


def builds(game, streets, levels):
    """Put buildings on streets; the bank gives them."""
    for street, level in zip(streets, levels, strict=True):
        game.houses[title(street)] = level
        game.houses_left -= level if level < 5 else 0
        game.hotels_left -= level == 5


def stands_on(game, name, *levels):
    """Put buildings on the streets of a group, in board order; the bank gives them."""
    builds(game, titles_of(name), levels)


def bank_has(game, houses=None, hotels=None):
    """Leave so many buildings in the bank. The others are out of play: ``balanced`` is told so."""
    if houses is not None:
        game.houses_left = houses
    if hotels is not None:
        game.hotels_left = hotels


def mortgaged(game, *names):
    """Mortgage titles and whole groups; who holds them has had the money already."""
    for name in names:
        for each in streets_of(name):
            game.mortgaged[title(each)] = 1


def jailed(game, seat, failed=0):
    """Put a player in jail, with so many failed tries behind it."""
    game.position[seat] = board.JAIL
    game.jailed[seat] = 1
    game.jail_rolls[seat] = failed


def gone(game, *seats):
    """Take players out of the game."""
    for seat in seats:
        has(game, seat, 0)
        game.alive[seat] = 0


def holds_jail_card(game, seat, deck=CHANCE):
    """Give a player the Get Out of Jail Free card of a deck."""
    size = int(game.deck_size[deck])
    rest = [card for card in deck_of(game, deck) if card != cards.JAIL_CARD[deck]]
    assert len(rest) == size - 1
    game.deck[deck, : size - 1] = rest
    game.deck_size[deck] = size - 1
    game.jail_card_holder[deck] = seat


def deck_of(game, deck):
    """The cards in a deck, top card first."""
    return [int(card) for card in game.deck[deck, : game.deck_size[deck]]]


def card_number(deck, beginning):
    """The number of the first card of a deck whose text begins so."""
    return next(number for number, text in enumerate(cards.CARD_TEXT[deck]) if text.startswith(beginning))


def put_on_top(game, deck, *beginnings):
    """Put cards on top of a deck, named by how their text begins, the first one uppermost."""
    wanted = [card_number(deck, beginning) for beginning in beginnings]
    rest = [card for card in deck_of(game, deck) if card not in wanted]
    game.deck[deck, : game.deck_size[deck]] = wanted + rest


@cache
def _words_for(*rolls):
    """A state of the generator whose next draws are these rolls of two dice."""
    step = getattr(next_word, "py_func", next_word)
    source = np.random.default_rng(0)
    for _ in range(1000):
        start = source.integers(0, 2**32, (4, _STATES))
        alive = np.arange(_STATES)
        state = list(start.copy())
        for first, second in rolls:
            drawn = (step(state) * 36) >> 32
            hit = drawn == 6 * (first - 1) + second - 1
            alive = alive[hit]
            state = [words[hit] for words in state]
        if len(alive):
            return tuple(int(word) for word in start[:, alive[0]])
    raise AssertionError(f"no state found for the rolls {rolls}")


def load_dice(game, *rolls):
    """Make the next rolls of the game the ones given."""
    game.rng[:] = _words_for(*rolls)


def play(game, *actions):
    """Carry out actions, playing on after each."""
    for action in actions:
        apply(game, action)
        advance(game)
        balanced(game)
    return game


def roll(game, *rolls):
    """Load the dice and play on to the next decision."""
    load_dice(game, *rolls)
    advance(game)
    balanced(game)
    return game


def lands(game, place, dice=(1, 2)):
    """Let the seat whose turn it is land on a square by ``dice``."""
    at(game, game.turn, (square(place) - sum(dice)) % board.SQUARES)
    return roll(game, dice)


def draws(game, deck, beginning, place=None, *more_rolls):
    """Let the seat whose turn it is land on a card square (the first of the deck) and draw the card named."""
    put_on_top(game, deck, beginning)
    at(game, game.turn, (((7, 17)[deck] if place is None else place) - 3) % board.SQUARES)
    return roll(game, (1, 2), *more_rolls)


def comes_to_manage(game):
    """Let the seat whose turn it is come to Free Parking, and so to the end of its turn."""
    at(game, game.turn, "Just Visiting")
    return roll(game, (4, 6))


def pass_on(game, limit=500):
    """Decline everything until the game stands still."""
    for _ in range(limit):
        if game.phase == Phase.NONE:
            return game
        play(game, PASS)
    raise AssertionError("the game goes on and on")


def balanced(game):
    """Check the ledger of the bank and that nobody is below zero."""
    assert game.cash.sum() + game.pot == game.paid_out - game.paid_in
    assert (game.cash >= 0).all()


def asks(game, seat, phase, name=None):
    """Check who decides on what, and the table group by name."""
    assert (game.actor, Phase(int(game.phase)).name) == (seat, phase)
    if name is not None:
        assert GROUPS[game.table_group] == name


def answers(game, seat, phase, *actions):
    """Check who decides on what, and carry out actions from there; the table group may be named before them."""
    if isinstance(actions[0], str):
        asks(game, seat, phase, actions[0])
        return play(game, *actions[1:])
    asks(game, seat, phase)
    return play(game, *actions)


def refuses(game, why, move, *what):
    """Check that a move is refused, ``why`` being a part of the words, and changes nothing."""
    before = game.tobytes()
    with pytest.raises(IllegalActionError, match=why):
        move(game, *what)
    assert game.tobytes() == before


def stands_still(game):
    """Whether the game waits for no decision."""
    return game.phase == Phase.NONE


def legal(game):
    """The names of the legal actions."""
    return {Action(number).name for number in np.flatnonzero(legal_actions(game))}


def log(game, *kinds):
    """The rows of the log, emptied by reading: ``(kind, seat, *fields)``, of the kinds named only."""
    rows = []
    for kind, seat, *numbers in take_events(game).tolist():
        if not kinds or kind in kinds:
            rows.append((Event(kind).name, seat, *numbers[: len(EVENT_FIELDS[Event(kind)])]))
    return rows


def bits(*names):
    """The bit set of some titles."""
    return sum(1 << title(name) for name in names)


def bank_dollars(game):
    """What the bank has taken less what it has given, ever."""
    return int(game.paid_in - game.paid_out)


__all__ = [name for name in dir() if not name.startswith("_")] + ["BANK", "CHANCE", "CHEST"]
