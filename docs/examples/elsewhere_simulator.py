"""Somebody else's Monopoly, a stand-in for any other program: it knows nothing of this project and has habits of its own.

Dollars are floats, a debt is cash below zero, houses need not stand evenly, and there are no cards, auctions or deals.
"""

import random

# square; name; colour; price; price of a house; rents (railroads: by number held; utilities: times the dice)
DEEDS = """\
1;Mediterranean Avenue;Brown;60;50;2,10,30,90,160,250 | 3;Baltic Avenue;Brown;60;50;4,20,60,180,320,450
6;Oriental Avenue;Light Blue;100;50;6,30,90,270,400,550 | 8;Vermont Avenue;Light Blue;100;50;6,30,90,270,400,550
9;Connecticut Avenue;Light Blue;120;50;8,40,100,300,450,600 | 11;St. Charles Place;Pink;140;100;10,50,150,450,625,750
13;States Avenue;Pink;140;100;10,50,150,450,625,750 | 14;Virginia Avenue;Pink;160;100;12,60,180,500,700,900
16;St. James Place;Orange;180;100;14,70,200,550,750,950 | 18;Tennessee Avenue;Orange;180;100;14,70,200,550,750,950
19;New York Avenue;Orange;200;100;16,80,220,600,800,1000 | 21;Kentucky Avenue;Red;220;150;18,90,250,700,875,1050
23;Indiana Avenue;Red;220;150;18,90,250,700,875,1050 | 24;Illinois Avenue;Red;240;150;20,100,300,750,925,1100
26;Atlantic Avenue;Yellow;260;150;22,110,330,800,975,1150 | 27;Ventnor Avenue;Yellow;260;150;22,110,330,800,975,1150
29;Marvin Gardens;Yellow;280;150;24,120,360,850,1025,1200 | 31;Pacific Avenue;Green;300;200;26,130,390,900,1100,1275
32;North Carolina Avenue;Green;300;200;26,130,390,900,1100,1275 | 34;Pennsylvania Avenue;Green;320;200;28,150,450,1000,1200,1400
37;Park Place;Dark Blue;350;200;35,175,500,1100,1300,1500 | 39;Boardwalk;Dark Blue;400;200;50,200,600,1400,1700,2000
5;Reading Railroad;Railroads;200;0;25,50,100,200 | 15;Pennsylvania Railroad;Railroads;200;0;25,50,100,200
25;B. & O. Railroad;Railroads;200;0;25,50,100,200 | 35;Short Line;Railroads;200;0;25,50,100,200
12;Electric Company;Utilities;150;0;4,10 | 28;Water Works;Utilities;150;0;4,10
"""


class Lot:
    """One deed of the board."""

    def __init__(self, square, name, color, price, house, rents):
        self.square, self.name, self.color, self.price, self.house = int(square), name, color, float(price), float(house)
        self.rents, self.owner, self.houses, self.mortgaged = [float(rent) for rent in rents.split(",")], None, 0, False


class Game:
    """``Game({"Ann": player, ...}, seed).play()``; a player is asked by ``player.answer(question, name, game, deal)``."""

    def __init__(self, players, seed):
        self.players, self.random, self.round, self.dealt = players, random.Random(seed), 0, False
        lots = (Lot(*deed.split(";")) for deed in DEEDS.replace(" | ", "\n").splitlines())
        self.lots = {lot.name: lot for lot in lots}
        self.people = {name: {"cash": 1500.0, "square": 0, "jail": 0} for name in players}  # jail: rolls left there

    def play(self, rounds=300):
        """Return the winner's name, or None after so many rounds."""
        for self.round in range(1, rounds + 1):
            for name in self.players:
                if name in self.people:
                    self.turn(name)
                if len(self.people) == 1:
                    return next(iter(self.people))
        return None

    def ask(self, question, name, deal=None):
        return self.players[name].answer(question, name, self, deal)

    def set_of(self, lot):
        return [other for other in self.lots.values() if other.color == lot.color]

    def turn(self, name):
        """One roll and what follows from it; one deal may be proposed."""
        me, dice, self.dealt = self.people[name], (self.random.randint(1, 6), self.random.randint(1, 6)), False
        if me["jail"] and me["cash"] >= 50 and self.ask("jail?", name):
            me["cash"], me["jail"] = me["cash"] - 50, 0
        if me["jail"] and dice[0] != dice[1]:
            me["jail"] -= 1
            if me["jail"] or not self.charge(name, 50, None):
                return
        me["jail"], square = 0, me["square"] + sum(dice)
        me["cash"] += 200 * (square >= 40)
        me["square"] = square = square % 40
        if square == 30:
            me["square"], me["jail"] = 10, 3
        lot, alive = next((lot for lot in self.lots.values() if lot.square == square), None), True
        if lot is None:
            alive = self.charge(name, {4: 200, 38: 100}.get(square, 0), None)
        elif lot.owner is None:
            if me["cash"] >= lot.price and self.ask("buy?", name):
                me["cash"], lot.owner = me["cash"] - lot.price, name
        elif lot.owner != name and not lot.mortgaged:
            alive = self.charge(name, self.rent(lot, sum(dice)), lot.owner)
        while alive and (move := self.ask("anything else?", name)):
            self.do(name, *move)

    def rent(self, lot, dice):
        held = sum(other.owner == lot.owner for other in self.set_of(lot))
        if not lot.house:
            return lot.rents[held - 1] * (dice if lot.color == "Utilities" else 1)
        return lot.rents[lot.houses] * (2 if held == len(self.set_of(lot)) and not lot.houses else 1)

    def charge(self, name, amount, creditor):
        """Take money, or everything; return whether the player is still there."""
        me, rich = self.people[name], self.people.get(creditor, {"cash": 0})
        me["cash"] -= amount
        while me["cash"] < 0 and (move := self.ask("you owe!", name)):
            self.do(name, *move)
        rich["cash"] += amount + min(me["cash"], 0)
        if me["cash"] >= 0:
            return True
        for lot in self.lots.values():
            if lot.owner == name:
                lot.owner, lot.houses, lot.mortgaged = creditor, 0, lot.mortgaged and creditor is not None
        del self.people[name]
        return False

    def can(self, name, verb, lot):
        """Whether a player may build, sell, mortgage or redeem there."""
        lots, cash = self.set_of(lot), self.people[name]["cash"]
        if verb == "build":
            ours = all(other.owner == name and not other.mortgaged for other in lots)
            return ours and lot.house > 0 and lot.houses < 5 and cash >= lot.house
        if verb == "redeem":
            return lot.owner == name and lot.mortgaged and cash >= lot.price / 2 * 11 / 10
        clear = not any(other.houses for other in lots)
        return lot.owner == name and (lot.houses > 0 if verb == "sell" else clear and not lot.mortgaged)

    def do(self, name, verb, what, *deal):
        """Carry out a move: a verb and a deed, or ``"deal"``, the deeds wanted, those given for them, and dollars paid."""
        if verb == "deal":
            return self.deal(name, what, *deal)
        me, lot = self.people[name], self.lots[what]
        if not self.can(name, verb, lot):
            raise ValueError(f"{name} cannot {verb} {what}")
        me["cash"] += {"build": -lot.house, "sell": lot.house / 2, "mortgage": lot.price / 2, "redeem": -lot.price * 11 / 20}[
            verb
        ]
        lot.houses += {"build": 1, "sell": -1}.get(verb, 0)
        lot.mortgaged = verb == "mortgage" or (lot.mortgaged and verb != "redeem")

    def deal(self, name, wanted, given, dollars):
        lots, back = [self.lots[each] for each in wanted], [self.lots[each] for each in given]
        other = lots[0].owner
        built = any(each.houses for one in lots + back for each in self.set_of(one))
        theirs = all(each.owner == other for each in lots) and all(each.owner == name for each in back)
        if self.dealt or built or other in (None, name) or not theirs:
            raise ValueError(f"{name} cannot propose that")
        self.dealt = True
        poor = self.people[name]["cash"] < dollars or self.people[other]["cash"] < -dollars
        if not poor and self.ask("deal?", other, (name, lots, back, dollars)):
            for lot in lots:
                lot.owner = name
            for lot in back:
                lot.owner = other
            self.people[name]["cash"] -= dollars
            self.people[other]["cash"] += dollars


class House:
    """The bot of this house: buys and builds while it has $300, pays three times the price for what completes a colour."""

    def answer(self, question, name, game, deal=None):
        """Yes or no; a move (see ``Game.do``) or None."""
        cash = game.people[name]["cash"]
        if question in ("jail?", "buy?"):
            return True
        if question == "deal?":
            _, lots, back, dollars = deal
            return dollars + sum(self.worth(name, each, game) for each in back) >= 1.5 * sum(lot.price for lot in lots)
        verbs = ("sell", "mortgage") if question == "you owe!" else ("build",) * (cash > 300)
        moves = [(verb, lot.name) for verb in verbs for lot in game.lots.values() if game.can(name, verb, lot)]
        if question == "anything else?" and not game.dealt:
            for lot in game.lots.values():
                price = 2 * lot.price
                clear = not any(each.houses for each in game.set_of(lot))
                if lot.owner not in (None, name) and clear and self.worth(name, lot, game) > price and cash > price + 300:
                    moves.append(("deal", [lot.name], [], price))
        return next(iter(moves), None)

    def worth(self, name, lot, game):
        """What a deed is worth to a player: three times its price where it completes a colour."""
        return lot.price * (3 if all(each is lot or each.owner == name for each in game.set_of(lot)) else 1)
