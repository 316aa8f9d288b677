"""A sitting without a terminal: a table in any situation, scripted answers, and what was written."""

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from agent.play.game_file import GameFile
from agent.play.players import BotChooser, load_network
from agent.play.session import Session
from agent.play.setup import Options, Wishes, make_setup
from agent.play.table import Table
from agent.play.terminal import Leave, PlainTerminal
from monopoly_env.actions import Action
from monopoly_env.decision.decision import decision_of


class Script:
    """Answers one after the other; leaves at the end, or where an answer is None."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.prompts = []

    def __call__(self, prompt):
        self.prompts.append(prompt)
        if not self.answers:
            raise Leave
        return self.answers.pop(0)


class Sitting:
    """One person (or more) at a table of bots that always pass unless told otherwise.

    Args:
        answers: what the people type.
        seats, seed, rules, turns: of the game.
        prepare: called with the record before the first turn; nobody is then asked before its roll unless it says so.
        network: path of the coach's model.
        terminal: where it is shown; None: sentences into ``out``.
        screen: the session speaks as to a screen, which shows the board and the story by itself.
    """

    def __init__(
        self,
        *answers,
        seats="me,random,random",
        names=None,
        seed=0,
        rules="",
        turns=1000,
        prepare=None,
        network=None,
        screen=False,
        terminal=None,
        choosers=None,
        **options,
    ):
        setup = make_setup(Wishes(seats, names, [], seed, rules, max_turns=turns))
        game = setup.new_game()
        if prepare is not None:
            game.manage_both[:] = 0  # the first question is about what was prepared
            prepare(game)
        others = {seat: choosers or Passive() for seat in range(len(setup.seats)) if seat not in setup.people}
        self.table = Table(setup, others, game)
        self.out = io.StringIO()
        self.script = Script(*answers)
        console = Console(file=self.out, width=100, color_system=None, highlight=False, legacy_windows=False, _environ={})
        self.terminal = terminal or PlainTerminal(console, self.script)
        if screen:
            self.terminal.screen = True
        self.path = Path("games") / "test.jsonl"
        coach = load_network(network) if network else None
        options = Options(**options)
        self.file = GameFile(self.path, self.table, options)
        self.session = Session(self.table, self.terminal, self.file, options, coach)

    def run(self):
        """Play; return what was written."""
        self.finished = self.session.run()
        return self.out.getvalue()

    @property
    def game(self):
        return self.table.game


class Passive:
    """Passes at every decision, or takes what is offered."""

    def __init__(self, yes=False):
        self.yes = yes

    def decide(self, game):
        decision = decision_of(game)
        yes = self.yes and Action.BUY in decision.outcomes
        return replace(decision, action=Action.BUY if yes else Action.PASS)


def bots(kind="landlord"):
    """Return a chooser for all seats that are not people's."""
    return BotChooser(kind)
