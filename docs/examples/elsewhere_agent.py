"""The trained agent as a player in somebody else's program (``elsewhere_simulator.py``): their state in, their move out."""

import itertools

import elsewhere_simulator as theirs

from agent import Player, advice
from agent.evaluation.statistics import rate_text, wilson_interval
from monopoly_env import Action
from monopoly_env.board import GROUP_OF, GROUPS, TITLE_NAMES
from monopoly_env.situation.situation import NoDecisionError

PHASES = {"jail?": "JAIL", "buy?": "PURCHASE", "anything else?": "MANAGE", "you owe!": "LIQUIDATE", "deal?": "OFFER"}
GROUP_NAMES = {title: GROUPS[group] for title, group in zip(TITLE_NAMES, GROUP_OF, strict=True)}
VERBS = {Action.BUILD: "build", Action.SELL: "sell", Action.MORTGAGE: "mortgage", Action.REDEEM: "redeem"}
ANYTHING, NOT_PASS, NO_DEALS = [1] * 7, [each != Action.PASS for each in Action], [each != Action.TRADE for each in Action]


class Agent:
    """A player of their program."""

    def __init__(self):
        self.network, self.owners, self.refused = Player.load(), {}, {}

    def answer(self, question, name, game, deal=None):
        """Their question in, their answer out."""
        owners = {lot.name: lot.owner for lot in game.lots.values()}
        for lot in game.lots.values():  # refusals count until a title of the group changes hands
            if self.owners.get(lot.name) != lot.owner:
                self.refused.pop(GROUP_NAMES[lot.name], None)
        self.owners = owners
        position = {
            "players": [self.seat(each, game) | ({"refusals": self.refused} if each == name else {}) for each in game.players],
            "turn": name,
            "phase": PHASES[question],
            "turns": game.round,
            "house_rules": ["no_auctions"],  # what they do not play
            "strict": False,  # what they do otherwise
        }
        if deal is not None:
            other, lots, back, dollars = deal
            offer = {"to": name, "give": [each.name for each in back], "take": [each.name for each in lots], "cash": dollars}
            position |= {"turn": other, "offer": offer}
        if question in ("jail?", "buy?", "deal?"):
            try:
                return advice(position, self.network).action == Action.BUY
            except NoDecisionError:  # in jail for the third time it can only roll (R31)
                return False
        masks = (NO_DEALS if game.dealt else ANYTHING,)
        if question == "you owe!":  # who keeps everything is out there: then anything has to go, and PASS is not allowed
            masks = (ANYTHING, NOT_PASS)
        for mask, group in itertools.product(masks, GROUPS):
            try:
                decision = advice(position | {"group": group}, self.network, mask)
            except NoDecisionError:
                continue
            outcome = decision.outcomes[decision.action]
            if outcome.deal is not None:
                self.refused[group] = self.refused.get(group, 0) + 1  # unless it is accepted: then a title changes hands
                gets, gives = ([TITLE_NAMES[title] for title in titles] for titles in (outcome.deal.gets, outcome.deal.gives))
                return "deal", gets, gives, -outcome.deal.cash
            if outcome.title >= 0 and outcome.leaves >= 0:  # they raise no money for what they want
                return VERBS[decision.action], TITLE_NAMES[outcome.title]
        return None

    @staticmethod
    def seat(name, game):
        """Return one of their players as a seat of ours."""
        me, lots = game.people.get(name), [lot for lot in game.lots.values() if lot.owner == name]
        if me is None:
            return {"name": name, "bankrupt": True}
        return {
            "name": name,
            "cash": me["cash"],
            "position": me["square"],
            "titles": [lot.name for lot in lots],
            "buildings": {lot.name: lot.houses for lot in lots if lot.houses},
            "mortgaged": [lot.name for lot in lots if lot.mortgaged],
            "jailed": me["jail"] > 0,
            "jail_rolls": 3 - me["jail"] if me["jail"] else 0,
        }


def main(games=200):
    """Let the agent play against three of their bots, on every chair in turn."""
    agent, wins = Agent(), 0
    for number in range(games):
        chairs = [theirs.House() for _ in range(4)]
        chairs[number % 4] = agent
        winner = theirs.Game(dict(zip("ABCD", chairs, strict=True)), seed=number).play()
        wins += winner == "ABCD"[number % 4]
    print(f"the agent wins {rate_text(wins / games, wilson_interval(wins, games))} of {games} games; a quarter would be par")
    return wins


if __name__ == "__main__":
    main()
