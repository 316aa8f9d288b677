"""People at the table: shows, asks, acts, saves, until the game is over or they leave."""

from __future__ import annotations

from itertools import takewhile

from agent.play import coach, record
from agent.play.commands import ORDERS, Commands
from agent.play.errors import PlayError
from agent.play.game_file import GameFile
from agent.play.limits import answer_by_limit
from agent.play.menu import Menu, NotUnderstood, Question, picked, whole_number
from agent.play.questions import top_question
from agent.play.setup import Options
from agent.play.story import change_line, full_story, turn_story
from agent.play.table import Table
from agent.play.terminal import Leave, Terminal
from agent.play.view import View, show_roll
from agent.play.worth import worth_lines
from agent.players.network import Player
from monopoly_env.actions import IllegalActionError
from monopoly_env.decision.decision import Decision
from monopoly_env.events import Event
from monopoly_env.text import decisions as wording
from monopoly_env.text.events import listing, sentence

_STORY_EVENTS = 240  # as many of the last events as a screen can need


class Session:
    """One sitting at the table.

    Args:
        table: the game.
        terminal: where it is shown and asked.
        file: where it is kept.
        options: how it is shown.
        network: the coach; None where there is none.
        fresh: number of the first event that has not been shown yet.
    """

    def __init__(
        self,
        table: Table,
        terminal: Terminal,
        file: GameFile,
        options: Options,
        network: Player | None,
        fresh: int = 0,
    ) -> None:
        self.table = table
        self.terminal = terminal
        self.file = file
        self.options = options
        self.network = network
        self._fresh = fresh
        self._commands = Commands(table, terminal, file, options, network)
        terminal.skip(fresh)
        self._living = table.living_people
        self._notice = ""
        self._known: Decision | None = None  # the last thought before the person's last act

    def run(self) -> bool:
        """Play until the game is over (True) or the person leaves (False). The game is saved, whatever ends it.

        Raises:
            PlayError: the game cannot be saved.
            OSError: the terminal does not take what is written.
        """
        try:
            while True:
                self._play_on()
                if self.table.over:
                    self._end()
                    return True
                self._decide()
        except Leave:
            return False
        finally:
            self.file.save()

    def _play_on(self) -> None:
        """Let the others play up to the next decision of a person, and save."""
        while True:
            self._say_farewell()
            if not self._living and not self.table.over:
                record.add(self.table, self.file.path)
                self._watch_the_others()
            self._note()
            self.table.play_on(self._meanwhile)
            self._say_farewell()
            if self.table.over or (self.table.person >= 0 and not answer_by_limit(self.table)):
                break
        self.file.save()

    def _meanwhile(self) -> None:
        """Write down what another has decided, and say who is next."""
        self.file.save(lasting=False)
        self._note()

    def _note(self) -> None:
        if self.table.person < 0 and not self.table.over:
            self.terminal.note(f"{self.table.names[self.table.game.actor]} is thinking")

    def _say_farewell(self) -> None:
        """Stop for people that have just gone bankrupt, so that they see what happened before the others play on."""
        lost = [seat for seat in self._living if seat not in self.table.living_people]
        self._living = self.table.living_people
        if not lost or self.table.over:
            return
        names = listing([self.table.names[seat] for seat in lost])
        are = "are" if names == "You" or len(lost) > 1 else "is"
        next_ = "the game goes on" if self._living else "you watch the others"
        self._notice = f"{names} {are} bankrupt. Press Enter: {next_}."
        self._show(None)
        self._notice = ""
        self.file.save()
        self.terminal.ask()
        self._fresh = len(self.table.rows)

    def _watch_the_others(self) -> None:
        """Show the rest of the game to people that are out of it, a turn for each Enter, or more of them at once."""
        wanted = 1
        while wanted and not self.table.over:
            turns = int(self.table.game.turns) + wanted
            while self.table.game.turns < turns and not self.table.over:
                self.table.step()
            self.file.save()
            if not self.table.over:
                self._notice = "Enter: the next turn. 10: ten turns. end: the end of the game."
                self._show(None)
                self._fresh = len(self.table.rows)
                line = self.terminal.ask()
                wanted = 0 if line.lower() == "end" else whole_number(line) or 1
        self._notice = ""

    def _decide(self) -> None:
        """Ask the person whose decision it is until the game moves on."""
        seat = self.table.person
        menu: Menu | None = None
        asked = -1
        while self.table.person == seat:
            if self.table.game.phase != asked:  # a list or draft is open as long as the kind of question is the same
                menu, asked = None, int(self.table.game.phase)
            question = menu() if menu is not None else None
            if question is None or question.empty:
                menu, question = None, top_question(self.table)
            self._show(question)
            self._notice = ""
            before, known = self._mark(), self._last_thought()
            try:
                menu = self._answer(question, menu)
            except IllegalActionError as error:
                self._notice = wording.refusal(error, self.table.names)
            except (NotUnderstood, PlayError) as error:
                self._notice = str(error)
            if self._mark() != before:
                self._fresh, self._known = before[0], known
                self._notice = self._notice or self._outcome(seat, before[0])
                self.file.save()
                if menu is None or self.table.person != seat:
                    return

    def _outcome(self, seat: int, start: int) -> str:
        """Return what became of a deal that ``seat`` has proposed since event ``start``; sentences alone tell it themselves."""
        answers = [row for row in self.table.rows[start:] if row[0] in (Event.ACCEPT, Event.REFUSE) and row[2] == seat]
        return sentence(answers[-1], self.table.names) if answers and self.terminal.screen else ""

    def _last_thought(self) -> Decision | None:
        return self.table.thoughts[-1] if self.table.thoughts else None

    def _new_thoughts(self) -> list[Decision]:
        """Return what the others have thought since the person's last act, or on a screen of lines since they were told."""
        return list(takewhile(lambda thought: thought is not self._known, reversed(self.table.thoughts)))[::-1]

    def _mark(self) -> tuple[int, int]:
        """Return what changes with every act on the game."""
        return len(self.table.rows), len(self.table.records)

    def _show(self, question: Question | None) -> None:
        self.terminal.show(self.view(question))

    def view(self, question: Question | None) -> View:
        """Return everything that is shown with a question."""
        table = self.table
        if self.terminal.screen:
            seat = table.person if table.person >= 0 else table.setup.people[0]
            story = turn_story(table.rows, table.names, max(0, len(table.rows) - _STORY_EVENTS), seat)
            story += change_line(table.rows, self._fresh, seat)  # at the end, where nothing hides it
        else:
            story = full_story(table.rows, table.names, self.terminal.told)
        view = View(table.game, table.names, [seat.kind for seat in table.setup.seats], story, self._fresh, question)
        view.notice, view.status = self._notice, f"Seed {table.setup.seed}, saved in {self.file.path}"
        show_roll(view, table.rows)
        if self.options.open:
            view.thoughts = [coach.thought_line(t, table.names) for t in self._new_thoughts() if t.numbers is not None]
        if not self.terminal.screen:  # what is written stays there
            self._known = self._last_thought()
        if self.options.coach and question is not None:
            view.coach, view.advice = self._advice()
        return view

    def _advice(self) -> tuple[list[str], Decision | None]:
        if self.network is None:
            return ["Coach: there is no network to ask."], None
        advices = coach.advise(self.table, self.network)
        return coach.summary(self.table, advices), coach.first_shown(advices)

    def _answer(self, question: Question, menu: Menu | None) -> Menu | None:
        """Take one line from the person and act on it; return the menu to show next."""
        line = self.terminal.ask()
        if not line:
            self._notice = f"Type a number from 1 to {len(question.choices)} and press Enter; ? shows what else there is."
            return menu
        word, _, rest = line.partition(" ")
        if self._commands.know(word):
            self._notice = self._commands.carry_out(word, rest.strip())
            return menu
        if word.lower() in ORDERS:
            return ORDERS[word.lower()](self.table, word.lower(), rest.strip(), question, menu)
        if choices := picked(question, line):
            return [choice.act() for choice in choices][-1]
        if question.typed is not None:
            return question.typed(line)
        if word.lower() in ("b", "back"):
            return None
        raise NotUnderstood(f"Type a number from 1 to {len(question.choices)}, or ? for help. Received: {line[:40]}")

    def _end(self) -> None:
        """Show the end of the game and the review."""
        record.add(self.table, self.file.path)
        self._notice = "The game is over. Press Enter for the review." if self.terminal.screen else ""
        self._show(None)
        if self.terminal.screen:
            self.terminal.ask()
        self.terminal.note("Going through the game")
        for seat in self.table.setup.people:
            name = self.table.names[seat]
            lines = coach.review_lines(self.table.records, self.network, seat, self.table.names)
            lines += ["", *worth_lines(self.table), "", *record.record_lines(record.read())[:1]]
            self.terminal.page(f"{wording.possessive(name).capitalize()} game, reviewed", lines)
