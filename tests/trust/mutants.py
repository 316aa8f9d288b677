"""Rules broken on purpose: each entry is one wrong rule, as a change of one place in the source."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Mutant(NamedTuple):
    """A rule broken: which one, how, and the text in ``monopoly_env`` that is replaced.

    Attributes:
        rule: its number in docs/RULES.md, or what else is broken.
        how: what is wrong then.
        right: a text that stands once in ``monopoly_env``, wherever that is: a move of code does not break the entry.
        wrong: what takes its place.
    """

    rule: str
    how: str
    right: str
    wrong: str


def place_of(mutant: Mutant, root: Path = ROOT) -> Path:
    """Return the file of ``monopoly_env`` that holds the text to replace.

    Raises:
        LookupError: it stands nowhere, or more than once.
    """
    counts = {path: path.read_text(encoding="utf-8").count(mutant.right) for path in (root / "monopoly_env").rglob("*.py")}
    found = [path for path, count in counts.items() if count]
    if len(found) != 1 or counts[found[0]] != 1:
        places = ", ".join(f"{counts[path]} times in {path.name}" for path in found) or "nowhere"
        raise LookupError(f"{mutant.rule}, {mutant.how}: the text to replace must stand once in monopoly_env; it is {places}.")
    return found[0]


MUTANTS = (
    Mutant(
        "R1",
        "the first seat starts with a dollar more",
        "    game.paid_out = players * starting_cash\n",
        "    game.paid_out = players * starting_cash\n    game.cash[0] += 1\n",
    ),
    Mutant(
        "R2",
        "the token moves by one die",
        "+ game.dice[0] + game.dice[1]) % SQUARES, True)",
        "+ game.dice[0]) % SQUARES, True)",
    ),
    Mutant("R3", "landing on GO earns nothing", "if forward and square <= start:", "if forward and 0 < square <= start:"),
    Mutant(
        "R4",
        "no extra roll after doubles",
        "    if game.doubles > 0:\n        game.stage = ROLL",
        "    if game.doubles > 9:\n        game.stage = ROLL",
    ),
    Mutant("R5", "only the fourth double goes to jail", "if game.doubles == 3:", "if game.doubles == 4:"),
    Mutant(
        "R6",
        "a player that is bankrupt goes on with its turn",
        "    elif not game.alive[game.turn]:\n        end_turn(game)\n",
        "",
    ),
    Mutant(
        "R6", "the turn passes to the right", "other = (seat + step) % game.players", "other = (seat - step) % game.players"
    ),
    Mutant(
        "R6",
        "the doubles of a bankrupt count for the next player",
        "    game.turns += 1\n    game.doubles = 0\n",
        "    game.turns += 1\n",
    ),
    Mutant(
        "R7",
        "a title costs a tenth less",
        "    to_bank(game, seat, PRICE[title])\n",
        "    to_bank(game, seat, PRICE[title] * 9 // 10)\n",
    ),
    Mutant(
        "R8",
        "a declined title is not auctioned",
        "    if action != BUY:\n        emit(game, E_DECLINE, seat, title)\n        open_auction(game, title, seat)\n",
        "    if action != BUY:\n        emit(game, E_DECLINE, seat, title)\n",
    ),
    Mutant("R9", "a player pays rent to itself", "if owner == seat or game.mortgaged[title]:", "if game.mortgaged[title]:"),
    Mutant(
        "R10",
        "the rent on the deed is a dollar more",
        "return DEED_RENT[title, level]",
        "return DEED_RENT[title, level] + (level == 0)",
    ),
    Mutant("R11", "the rent of a whole group is not doubled", "return 2 * DEED_RENT[title, 0]", "return DEED_RENT[title, 0]"),
    Mutant(
        "R12",
        "a hotel earns the rent of four houses",
        "return DEED_RENT[title, level]",
        "return DEED_RENT[title, min(level, 4)]",
    ),
    Mutant(
        "R13", "four railroads earn $100", "25 << (held(game, owner, group) - 1)", "25 << min(held(game, owner, group) - 1, 2)"
    ),
    Mutant(
        "R14",
        "one utility earns five times the roll",
        "(10 if holds_group(game, owner, group) else 4)",
        "(10 if holds_group(game, owner, group) else 5)",
    ),
    Mutant("R15", "income tax is $75", "INCOME_TAX_DUE = 200", "INCOME_TAX_DUE = 75"),
    Mutant("R16", "luxury tax is $75", "LUXURY_TAX_DUE = 100", "LUXURY_TAX_DUE = 75"),
    Mutant("R17", "Just Visiting is jail", "if square == GO_TO_JAIL:", "if square == GO_TO_JAIL or square == JAIL:"),
    Mutant(
        "R18",
        "Go To Jail is only visiting",
        "        go_to_jail(game, seat, JAIL_SQUARE)\n",
        "        game.position[seat] = JAIL\n",
    ),
    Mutant(
        "R19",
        "a drawn card goes to the top",
        "    game.deck[deck, size - 1] = card  # R19",
        "    game.deck[deck, 0] = card  # R19",
    ),
    Mutant(
        "R20",
        "the held card also stays in its deck",
        "        game.deck_size[deck] = size - 1\n",
        "        game.deck[deck, size - 1] = card\n",
    ),
    Mutant("R21", "a card that advances pays no salary", "move_to(game, seat, a, True)", "move_to(game, seat, a, False)"),
    Mutant(
        "R22", "the nearest railroad costs the usual rent", "game.card_rent = DOUBLE_RAILROAD", "game.card_rent = USUAL_RENT"
    ),
    Mutant(
        "R23",
        "the nearest utility costs ten times the old roll",
        "rent = 10 * roll_again(game, seat)",
        "rent = 10 * (game.dice[0] + game.dice[1])",
    ),
    Mutant(
        "R24",
        "going back passes GO with salary",
        "move_to(game, seat, (square - a) % SQUARES, False)",
        "move_to(game, seat, (square - a) % SQUARES, True)",
    ),
    Mutant(
        "R25",
        "the card to jail is a visit by way of GO",
        "go_to_jail(game, seat, JAIL_CARD)",
        "move_to(game, seat, JAIL, True)",
    ),
    Mutant(
        "R26",
        "a card's charge is paid out",
        "        owe(game, seat, BANK, -a, CARD)\n",
        "        collect(game, seat, -a, FROM_BANK_CARD)\n",
    ),
    Mutant(
        "R27",
        "only the left neighbour pays for the birthday",
        "            other = next_seat(game, other)\n",
        "            other = seat\n",
    ),
    Mutant(
        "R28",
        "a hotel is repaired for the price of a house",
        "total += b if game.houses[title] == HOTEL else a * game.houses[title]",
        "total += a * min(game.houses[title], 4)",
    ),
    Mutant("R29", "who goes to jail after doubles rolls again", "    game.doubles = 0\n    game.visits", "    game.visits"),
    Mutant("R30", "no managing in jail", "    start_managing(game)  # R30", "    game.stage = END  # R30"),
    Mutant("R31", "leaving jail costs $100", "JAIL_FEE = 50", "JAIL_FEE = 100"),
    Mutant(
        "R31",
        "the fee may be paid before the third try",
        "_FEE_TRIES = 2",
        "_FEE_TRIES = 3",
    ),
    Mutant(
        "R31",
        "the fee cannot be raised",
        "_FEE_TRIES and can_raise(game, seat, JAIL_FEE, -1)",
        "_FEE_TRIES and game.cash[seat] >= JAIL_FEE",
    ),
    Mutant(
        "R32",
        "doubles that free bring an extra roll",
        "        leave_jail(game, seat, OUT_BY_DOUBLES)\n",
        "        leave_jail(game, seat, OUT_BY_DOUBLES)\n        game.doubles = 1\n",
    ),
    Mutant("R33", "the third failed try costs nothing", "        owe(game, seat, BANK, JAIL_FEE, FOR_JAIL)\n", ""),
    Mutant(
        "R34",
        "building on a group with a mortgage",
        "or not holds_group(game, seat, group) or has_mortgages(game, group):",
        "or not holds_group(game, seat, group):",
    ),
    Mutant(
        "R35",
        "building is not even",
        "    return game.houses[title] == level_to_raise(game, seat, GROUP_OF[title])\n",
        "    return level_to_raise(game, seat, GROUP_OF[title]) >= 0\n",
    ),
    Mutant("R35", "selling is not even", "if game.houses[other] > level:", "if game.houses[other] > level + 1:"),
    Mutant("R36", "a hotel does not give its houses back", "        game.houses_left += HOTEL - 1\n", ""),
    Mutant("R37", "the bank never runs out of houses", "else game.houses_left  # R37", "else 1  # R37"),
    Mutant(
        "R38",
        "buildings are sold at full cost",
        "levels_sold(game, title) * _REFUND[title]",
        "levels_sold(game, title) * _HOUSE_COST[title]",
    ),
    Mutant("R39", "a hotel can be sold in a shortage of houses", "in range(levels - 1):", "in range(0):"),
    Mutant(
        "R40",
        "a street may be mortgaged under buildings",
        "not game.mortgaged[title] and not has_buildings(game, GROUP_OF[title])",
        "not game.mortgaged[title]",
    ),
    Mutant("R41", "a mortgaged title collects rent", "if owner == seat or game.mortgaged[title]:", "if owner == seat:"),
    Mutant("R42", "the interest is rounded down", "INTEREST = (MORTGAGE + 9) // 10", "INTEREST = MORTGAGE // 10"),
    Mutant(
        "R42",
        "redeeming costs no interest",
        "    cost = redeem_cost(game, title)\n    game.mortgaged",
        "    cost = MORTGAGE[title]\n    game.mortgaged",
    ),
    Mutant(
        "R43",
        "no interest when a mortgaged title changes hands",
        "            total += INTEREST[title]\n",
        "            total += 0\n",
    ),
    Mutant(
        "R43",
        "what was received mortgaged cannot be redeemed at once",
        "        game.received |= 1 << title  # R43\n",
        "        pass\n",
    ),
    Mutant(
        "R43",
        "who redeems at once pays the interest twice",
        "(0 if game.received >> title & 1 else INTEREST[title])",
        "INTEREST[title]",
    ),
    Mutant(
        "R44",
        "the first bid is $20",
        "OPENING_BID = 10",
        "OPENING_BID = 20",
    ),
    Mutant(
        "R44",
        "a bid is topped by ten dollars at least",
        "return max(OPENING_BID, game.auction_bid + 1)",
        "return game.auction_bid + 10",
    ),
    Mutant(
        "R44",
        "the decliner may not bid",
        "    game.auction_in[:] = game.alive\n",
        "    game.auction_in[:] = game.alive\n    game.auction_in[opener] = 0\n",
    ),
    Mutant(
        "R44",
        "the auctions of a bankrupt start left of the first seat",
        "    game.auction_start = seat\n",
        "    game.auction_start = 0\n",
    ),
    Mutant(
        "R45",
        "who passes is asked again",
        "    game.auction_in[seat] = 0\n",
        "    game.auction_in[seat] = game.auction_bid < 40\n",
    ),
    Mutant(
        "R46",
        "the winner pays the list price",
        "to_bank(game, game.auction_leader, game.auction_bid)",
        "to_bank(game, game.auction_leader, PRICE[title])",
    ),
    Mutant(
        "R47",
        "deals under buildings",
        "if game.owner[title] != seat or has_buildings(game, GROUP_OF[title]):",
        "if game.owner[title] != seat:",
    ),
    Mutant(
        "R47",
        "the jail cards of others are given away",
        "if has_card(things, deck) and game.jail_card_holder[deck] != seat:",
        "if has_card(things, deck) and seat < 0:",
    ),
    Mutant("R48", "a deal for the same group is proposed again", "    game.proposed |= 1 << group\n", ""),
    Mutant(
        "R49",
        "a refusal does not count",
        "            game.refusals[seat, game.offer_group] += 1\n",
        "            pass\n",
    ),
    Mutant(
        "R49",
        "a title that changes hands resets nothing",
        "= seat\n    game.refusals[:, GROUP_OF[title]] = 0\n",
        "= seat\n",
    ),
    Mutant("R50", "an accepted deal is not carried out", "        carry_out_deal(game)\n", "        pass\n"),
    Mutant(
        "R51",
        "a player pays what it has, and no more",
        "        game.cash[creditor] += amount\n        if",
        "        game.cash[creditor] += amount - 1\n        if",
    ),
    Mutant(
        "R52",
        "no time to raise what is owed",
        "        if not ask_to_raise(game, seat):\n            _forced_sale",
        "        if True:\n            _forced_sale",
    ),
    Mutant(
        "R52",
        "a person that the bank cannot save is bankrupt at once",
        "if not _ask_to_deal(game, seat, amount):",
        "if True:",
    ),
    Mutant(
        "R52",
        "a deal in a debt need not help",
        "_check(then >= amount or then > before,",
        "_check(True,",
    ),
    Mutant(
        "R53",
        "a forced sale begins at the last group",
        "    for group in range(_GROUPS):\n        title = sell_title",
        "    for group in range(_GROUPS - 1, -1, -1):\n        title = sell_title",
    ),
    Mutant(
        "R54",
        "the group to be built on is not left alone",
        "titles_of(game, seat), spared_group(game)",
        "titles_of(game, seat), -1",
    ),
    Mutant(
        "R54",
        "a house is offered that a hotel takes from the bank",
        "return total >= cost or game.houses_left > (HOTEL - 1) * hotels",
        "return True",
    ),
    Mutant(
        "R55",
        "the newest debt is settled first",
        "seat, creditor, amount = game.debtor[0], game.creditor[0], game.amount[0]",
        "seat, creditor, amount = game.debtor[game.debts - 1], game.creditor[game.debts - 1], game.amount[game.debts - 1]",
    ),
    Mutant(
        "R55",
        "what was declined for one debt is not asked about for the next",
        "    drop_debt(game, 0)\n    game.raise_group = 0\n",
        "    drop_debt(game, 0)\n",
    ),
    Mutant(
        "R55",
        "what was declined for a purchase is not asked about for a debt",
        "    game.plan_title = -1\n    game.raise_group = 0\n",
        "    game.plan_title = -1\n",
    ),
    Mutant(
        "R56",
        "the buildings of a bankrupt are lost",
        "    from_bank(game, seat, level * (HOUSE_COST[GROUP_OF[title]] // 2))\n",
        "",
    ),
    Mutant(
        "R56",
        "of two jail cards the creditor gets one",
        "            game.jail_card_holder[deck] = creditor\n",
        "            game.jail_card_holder[deck] = creditor\n            break\n",
    ),
    Mutant("R57", "titles of a bankrupt stay mortgaged at the bank", "            game.mortgaged[title] = 0\n", ""),
    Mutant("R58", "the game goes on with one player", "    if living > 1:\n", "    if living > 0:\n"),
    Mutant("R59", "the game stops a turn late", "if game.turns >= game.max_turns:", "if game.turns > game.max_turns:"),
    Mutant(
        "R60",
        "no stop before the roll",
        "    if game.manage_both[seat]:\n",
        "    if False:\n",
    ),
    Mutant(
        "R60",
        "the turn is over after a stop before the roll",
        "    if game.stage == BEFORE_ROLL:\n        go",
        "    if False:\n        go",
    ),
    Mutant(
        "R60",
        "an offer that can no longer be paid stands",
        "    if not deal_is_legal(game, game.offer_from,",
        "    if False and not deal_is_legal(game, game.offer_from,",
    ),
    Mutant("H1", "taxes do not go into the pot", "(reason == TAX or reason == CARD", "(reason == CARD"),
    Mutant("H1", "interest goes into the pot", "or reason == JAIL_FEE):", "or reason == JAIL_FEE or reason == INTEREST):"),
    Mutant("H2", "the double salary is paid for passing GO", "if square == GO and game.house_rules", "if game.house_rules"),
    Mutant("H3", "auctions cannot be switched off", "    if game.house_rules & NO_AUCTIONS:  # H3\n        return\n", ""),
    Mutant("H4", "deals cannot be switched off", "if game.house_rules & NO_TRADES or other == seat", "if other == seat"),
    Mutant(
        "H5",
        "everybody starts with $1,500 whatever was agreed",
        "starting_cash if seat < players else 0",
        "1500 if seat < players else 0",
    ),
    Mutant("dice", "a die never shows six", "game.dice[0] = 1 + both // 6", "game.dice[0] = min(1 + both // 6, 5)"),
    Mutant("cards", "Chance sends to Atlantic Avenue in place of Illinois Avenue", "ADVANCE, 24, 0)", "ADVANCE, 26, 0)"),
    Mutant(
        "deeds",
        "Boardwalk with three houses earns $1,500",
        "(50, 200, 600, 1400, 1700, 2000)",
        "(50, 200, 600, 1500, 1700, 2000)",
    ),
)
