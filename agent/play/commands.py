"""What may be typed at any question besides its answers.

Commands look things up, switch coach and thoughts, set limits, save or leave; none changes the game. Orders act on it: build,
deal, ask, counter, undo and the like. An order takes the table, its own word, the rest of the line, the question that is shown
and its menu, and returns the menu to show next; it raises NotUnderstood where the line makes no sense here, and
IllegalActionError where the rules forbid it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.play import coach
from agent.play.deals import ask_terms, counter, deal_menu, draft_question
from agent.play.draft import parse_deal, proposed
from agent.play.game_file import GameFile
from agent.play.help import HELP, deed_lines, rule_lines, titles_lines
from agent.play.limits import early, never
from agent.play.managing import WORKS, listed
from agent.play.menu import Menu, NotUnderstood, Question, capitalised, find_title, still_managing, whole_number
from agent.play.setup import Options
from agent.play.story import full_story
from agent.play.table import OUTCOMES, Table
from agent.play.terminal import Leave, Terminal
from agent.players.network import Player
from monopoly_env.actions import MANAGE, OFFER
from monopoly_env.render.text import board_text
from monopoly_env.text import decisions as wording

_THOUGHTS_SHOWN = 12


class Commands:
    """The commands of a sitting.

    Args:
        table: the game.
        terminal: where pages are shown.
        file: where the game is kept.
        options: how the game is shown; some commands change it.
        network: the coach; None where there is none.
    """

    def __init__(
        self,
        table: Table,
        terminal: Terminal,
        file: GameFile,
        options: Options,
        network: Player | None,
    ) -> None:
        self._table = table
        self._terminal = terminal
        self._file = file
        self._options = options
        self._network = network
        self._by_word: dict[str, Callable[[str], str]] = {
            "?": self._help,
            "help": self._help,
            "deed": self._deed,
            "rules": self._rules,
            "rule": self._rules,
            "board": self._board,
            "titles": self._titles,
            "never": self._never,
            "early": self._early,
            "log": self._log,
            "think": self._think,
            "open": self._open,
            "coach": self._coach,
            "save": self._tell_save,
            "q": self._quit,
            "quit": self._quit,
            "exit": self._quit,
        }

    def know(self, word: str) -> bool:
        """Whether a line that begins with ``word`` is a command."""
        return word.lower() in self._by_word

    def carry_out(self, word: str, rest: str) -> str:
        """Carry out a command; return what to say about it, or "".

        Raises:
            NotUnderstood: ``rest`` makes no sense.
            Leave: the command is to leave.
        """
        return self._by_word[word.lower()](rest)

    def _page(self, title: str, lines: Sequence[str], at_end: bool = False) -> str:
        self._terminal.page(title, lines, at_end=at_end)
        return ""

    def _help(self, _: str) -> str:
        return self._page("How to play", HELP.split("\n"))

    def _deed(self, name: str) -> str:
        title = find_title(name)
        return self._page("The deed", deed_lines(self._table.game, self._table.names, title))

    def _rules(self, wanted: str) -> str:
        return self._page("The rules", rule_lines(wanted))

    def _board(self, _: str) -> str:
        return self._page("The table", board_text(self._table.game, self._table.names, 77).split("\n"))

    def _titles(self, _: str) -> str:
        return self._page("The titles", titles_lines(self._table.game, self._table.names))

    def _person(self) -> int:
        if self._table.person < 0:
            raise NotUnderstood("It is nobody's turn to say that.")
        return self._table.person

    def _never(self, text: str) -> str:
        return never(self._table, self._person(), text)

    def _early(self, _: str) -> str:
        return early(self._table, self._person())

    def _log(self, number: str) -> str:
        lines = [line.text for line in full_story(self._table.rows, self._table.names)]
        count = whole_number(number)
        if number and count is None:
            raise NotUnderstood(f"log takes a number of sentences, such as log 20. Received: {number[:40]}")
        return self._page("What has happened", lines[-count:] if count else lines, at_end=True)

    def _think(self, number: str) -> str:
        thoughts = [thought for thought in self._table.thoughts if thought.numbers is not None][-_THOUGHTS_SHOWN:]
        if not thoughts:
            raise NotUnderstood("No agent has decided anything yet since you sat down.")
        thoughts.reverse()
        if not number:
            lines = []
            for i, thought in enumerate(thoughts, start=1):
                first, *rest = coach.thought_lines(thought, self._table.names)
                lines += [f"{i:2} {first}", *rest]
            return self._page("What the agents thought, the last decision first (think 1 shows the way there)", lines)
        count = whole_number(number)
        if count is None or not 1 <= count <= len(thoughts):
            raise NotUnderstood(f"think takes a number from 1 (the last decision) to {len(thoughts)}. Received: {number[:40]}")
        thought = thoughts[count - 1]
        return self._page(coach.thought_lines(thought, self._table.names)[0], coach.network_lines(thought))

    def _open(self, _: str) -> str:
        self._options.open = not self._options.open
        return f"The agents {'think in the open from now on' if self._options.open else 'keep their thoughts to themselves'}."

    def _coach(self, word: str) -> str:
        if word in ("on", "off"):
            self._options.coach = word == "on"
            return f"The coach is {word}."
        if word:
            raise NotUnderstood(f"Type coach, coach on or coach off. Received: coach {word}")
        if self._network is None:
            raise NotUnderstood("There is no network to ask: no agent at the table and no model in the package.")
        advices = coach.advise(self._table, self._network)
        lines = coach.summary(self._table, advices)
        for advice in advices:
            lines += ["", capitalised(wording.about(advice, self._table.names)), *coach.network_lines(advice)]
        return self._page("The coach", lines)

    def _tell_save(self, _: str) -> str:
        self._file.save()
        return f"Saved in {self._file.path}; q leaves, --resume goes on."

    def _quit(self, _: str) -> str:
        raise Leave


def _work(table: Table, verb: str, name: str, question: Question, menu: Menu | None) -> Menu | None:
    """Build, sell, mortgage or redeem on the title that is named, or open the list."""
    if not name and table.game.phase == MANAGE:
        return listed(table, verb)
    table.do(OUTCOMES[verb](table.game, find_title(name)))
    return menu


def _deal(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Open the draft of a deal: the one that is typed, or an empty one."""
    if not text:
        if not still_managing(table, table.person):
            raise NotUnderstood("Here a deal is put on one line, such as: deal ben baltic + 100 for boardwalk")
        return deal_menu(table)
    draft = parse_deal(table, text)
    proposed(table, draft)  # what the rules forbid is told at once
    return lambda: draft_question(table, draft)


def _ask(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Ask a player what it wants for titles. In a draft "ask 100" puts in dollars."""
    if question.typed is not None and (not text or whole_number(text) is not None):
        return question.typed(f"ask {text}")
    return ask_terms(table, text)


def _counter(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Open the draft of an answer to the offer on the table."""
    if table.game.phase != OFFER:
        raise NotUnderstood("counter answers an offer, and none is before you.")
    return counter(table)


def _undo(table: Table, word: str, text: str, question: Question, menu: Menu | None) -> Menu | None:
    """Take the last act back."""
    table.undo()
    return menu


Order = Callable[[Table, str, str, Question, "Menu | None"], "Menu | None"]
ORDERS: dict[str, Order] = dict.fromkeys(WORKS, _work) | {"deal": _deal, "ask": _ask, "counter": _counter, "undo": _undo}
