"""The two decks of 16 cards (edition of 2008), as tables the compiled engine reads (R19 to R28)."""

import numpy as np

from monopoly_env.compiled.jit import kernel
from monopoly_env.compiled.rng import below

# What a card does; the two numbers behind each kind are its parameters.
ADVANCE = 0  # to square
NEAREST_RAILROAD = 1
NEAREST_UTILITY = 2
BACK = 3  # spaces
TO_JAIL = 4
KEEP = 5  # Get Out of Jail Free
BANK = 6  # dollars from the bank (negative: to the bank)
EACH = 7  # dollars from every rival (negative: to every rival)
REPAIRS = 8  # dollars a house, dollars a hotel

_CHANCE = (
    ("Advance to Boardwalk.", ADVANCE, 39, 0),
    ("Advance to GO. Collect $200.", ADVANCE, 0, 0),
    ("Advance to Illinois Avenue. If you pass GO, collect $200.", ADVANCE, 24, 0),
    ("Advance to St. Charles Place. If you pass GO, collect $200.", ADVANCE, 11, 0),
    ("Advance to the nearest railroad. Its owner is due twice the rent.", NEAREST_RAILROAD, 0, 0),
    ("Advance to the nearest railroad. Its owner is due twice the rent.", NEAREST_RAILROAD, 0, 0),
    ("Advance to the nearest utility. Its owner is due ten times a new roll.", NEAREST_UTILITY, 0, 0),
    ("The bank pays you a dividend of $50.", BANK, 50, 0),
    ("Get out of jail free. Keep this card until you need it.", KEEP, 0, 0),
    ("Go back three spaces.", BACK, 3, 0),
    ("Go to jail. Do not pass GO, do not collect $200.", TO_JAIL, 0, 0),
    ("Repair all your property: $25 a house, $100 a hotel.", REPAIRS, 25, 100),
    ("Speeding fine: $15.", BANK, -15, 0),
    ("Take a trip to Reading Railroad. If you pass GO, collect $200.", ADVANCE, 5, 0),
    ("You are elected chairman of the board. Pay each player $50.", EACH, -50, 0),
    ("Your building loan matures. Collect $150.", BANK, 150, 0),
)
_CHEST = (
    ("Advance to GO. Collect $200.", ADVANCE, 0, 0),
    ("Bank error in your favour. Collect $200.", BANK, 200, 0),
    ("Doctor's fee. Pay $50.", BANK, -50, 0),
    ("From a sale of stock you get $50.", BANK, 50, 0),
    ("Get out of jail free. Keep this card until you need it.", KEEP, 0, 0),
    ("Go to jail. Do not pass GO, do not collect $200.", TO_JAIL, 0, 0),
    ("Holiday fund matures. Collect $100.", BANK, 100, 0),
    ("Income tax refund. Collect $20.", BANK, 20, 0),
    ("It is your birthday. Collect $10 from every player.", EACH, 10, 0),
    ("Life insurance matures. Collect $100.", BANK, 100, 0),
    ("Hospital fees. Pay $100.", BANK, -100, 0),
    ("School fees. Pay $50.", BANK, -50, 0),
    ("Consultancy fee. Collect $25.", BANK, 25, 0),
    ("Street repairs: $40 a house, $115 a hotel.", REPAIRS, 40, 115),
    ("Second prize in a beauty contest. Collect $10.", BANK, 10, 0),
    ("You inherit $100.", BANK, 100, 0),
)

CARDS = 16
DECK_NAMES = ("Chance", "Community Chest")
CARD_TEXT = (tuple(card[0] for card in _CHANCE), tuple(card[0] for card in _CHEST))
CARD = np.array([[card[1:] for card in deck] for deck in (_CHANCE, _CHEST)], np.int64)  # (2, 16, 3) kind, a, b
JAIL_CARD = np.array([int(np.flatnonzero(CARD[deck, :, 0] == KEEP)[0]) for deck in (0, 1)], np.int64)  # (2,)


@kernel
def shuffle_deck(game, deck):
    """Shuffle the cards in ``deck`` (Fisher and Yates), held cards excluded."""
    for last in range(game.deck_size[deck] - 1, 0, -1):
        other = below(game.rng, last + 1)
        card = game.deck[deck, last]
        game.deck[deck, last] = game.deck[deck, other]
        game.deck[deck, other] = card
