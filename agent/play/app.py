"""The table on the whole screen, a Textual program: the board, and in its middle the players, the story, what happens now.

It draws what the session posts (``agent.play.full_screen``) and hands back what the person answers. A key counts only once the
question it answers has been painted.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from agent.play.board import Square, on_the_way, squares_on_the_way
from agent.play.coach import state_lines
from agent.play.menu import Choice
from agent.play.panels import choice_text, player_rows, question_lines, roll_lines, story_text, wrapped
from agent.play.view import View, state_line
from agent.play.widgets import Column, Line, Page
from monopoly_env.board import TITLE_NAMES
from monopoly_env.render.ring import RING

GO_ON = Choice("Go on", lambda: None)
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_STEPS, _STEP = 5, 0.03  # of tokens that walk and dice that roll: pictures, and seconds for each
_PATIENCE = 0.3  # seconds without a question before the spinner says that others think
_GLANCE = 0.05  # seconds in which a question is laid out and painted before a key can answer it
_TALL, _ROOMY = 26, 96  # lines and columns of the middle from which there is room for drawn dice, for the 23 floats
_FLOATS = 29  # columns of the 23 floats
_LEAST_CHOICES, _LEAST_STORY = 3, 1  # lines that are kept for them


class TableApp(App[None]):
    """The whole screen.

    Args:
        begin: called once the screen is there.
        answer: takes what is answered, and the keys while a game is watched.
        watching: keys and not answers are wanted.
        moving: tokens walk to where they are, and dice roll. Nothing waits for them.
    """

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-small"), (78, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar = [(0, "-small-too"), (24, "-high")]
    CSS = """
    #board { layout: grid; grid-size: 11 11; grid-gutter: 0 1; height: 1fr; }
    #middle { row-span: 9; column-span: 9; padding: 0 1; }
    #told { height: 1fr; scrollbar-size-vertical: 1; align: left bottom; }
    #asked { height: auto; scrollbar-size-vertical: 1; }
    #status { height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    #floats { dock: right; width: 29; }
    OptionList {
        width: 1fr; height: 1fr; border: none; padding: 0; scrollbar-size-vertical: 1;
        background: ansi_default; background-tint: ansi_default 0%;
    }
    OptionList > .option-list--option-highlighted {
        background: ansi_blue; color: ansi_bright_white; text-style: bold;
    }
    OptionList > .option-list--option-hover { background: ansi_default; text-style: underline; }
    App:nocolor .option-list--option-highlighted, App:nocolor .input--cursor { text-style: bold underline; }
    #line { height: 1; }
    #prompt { width: 2; text-style: bold; }
    Input { width: 1fr; }
    #page { height: 1fr; border: none; border-top: solid ansi_default; padding: 0 1; scrollbar-size-vertical: 1; }
    .-small #board, .-small-too #board { grid-size: 1 1; }
    .-small #middle, .-small-too #middle { row-span: 1; column-span: 1; }
    .-small Square, .-small-too Square { display: none; }
    """
    BINDINGS: ClassVar = [
        Binding("f1", "say('?')", "Help"),
        Binding("f2", "say('titles')", "Titles"),
        Binding("f3", "say('log')", "Log"),
        Binding("f4", "say('coach')", "Coach"),
        Binding("escape", "back", "Back"),
        Binding("ctrl+q", "leave", "Leave", priority=True),
        Binding("ctrl+d", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False),
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self, begin: Callable[[], None], answer: Callable[[str], None], watching: bool = False, moving: bool = False
    ) -> None:
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"  # the terminal's own colours, on whatever background it has
        self._begin, self._hand_over = begin, answer
        self._watching, self._moving = watching, moving
        self._view: View | None = None
        self.asking = False  # the question has been painted, and waits
        self._painted = 0.0  # when it was
        self._silent: float | None = time.monotonic()  # since when there has been nothing to see or to answer
        self._note = "One moment"
        self._shown = 0.0  # when the last view came
        self._walk: Timer | None = None  # draws the next picture of tokens that walk
        self._roll: Callable[[Sequence[int]], Text] = lambda dice: Text()  # draws the roll, with these faces of the dice
        self._answers: list[list[str]] = [[], []]  # of the choices, by column
        self._heading = ""  # of the question whose choices are listed
        self._column = 0  # the one in which a choice is highlighted

    def compose(self) -> ComposeResult:
        """Lay out the ring row by row, its middle in the second row, the line for commands below."""
        with Container(id="board"):
            for place in sorted(RING):
                yield Square(RING[place])
                if place == (1, 0):
                    yield from self._middle()
        with Horizontal(id="line"):
            yield Static(">", id="prompt")
            yield Line(placeholder="a number, or a command such as deal, max 200, deed boardwalk", compact=True)
        yield Footer(show_command_palette=False)

    def _middle(self) -> ComposeResult:
        with Vertical(id="middle"):
            yield Static(id="floats")
            yield Static(id="status")
            yield Static(id="players")
            yield Static(id="roll")
            with VerticalScroll(id="told", can_focus=False):
                yield Static(id="story")
            yield Static(id="notice")
            with VerticalScroll(id="asked", can_focus=False):
                yield Static(id="question")
            with Horizontal(id="choices"):
                yield Column(id="left")
                yield Column(id="right")

    def on_ready(self) -> None:
        """Begin; let signals end the program through the front door."""
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
                number = getattr(signal, name)
                loop.add_signal_handler(number, lambda number=number: self.exit(return_code=128 + number))
        self.query_one("#line").display = not self._watching
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())  # Textual draws what has changed only
        self.set_interval(0.1, self._spin)
        self._begin()

    def show_view(self, view: View) -> None:
        before, self._view, self._silent = self._view, view, None
        if self._walk is not None:
            self._walk.stop()
        now = time.monotonic()
        moving = self._moving and before is not None and now - self._shown > _STEPS * _STEP  # slower than they come
        self._shown = now
        for square in self.query(Square):
            square.shown = view
            square.refresh()
        self._fill()
        if before is not None and moving and squares_on_the_way(before.game, view.game):
            self._move(before, view, 1)

    def _move(self, before: View, view: View, step: int) -> None:
        """Draw the tokens that much of their way from where they stood before, and the dice as they roll."""
        arrived = step == _STEPS
        shown = view if arrived else replace(view, game=on_the_way(before.game, view.game, step / _STEPS))
        touched = squares_on_the_way(before.game, view.game)
        for square in self.query(Square):
            if square.number in touched:
                square.shown = shown
                square.refresh()
        if before.roll != view.roll or before.dice != view.dice:
            dice = view.dice if arrived else tuple((die + 2 * step) % 6 + 1 for die in view.dice)
            self.query_one("#roll", Static).update(self._roll(dice))
        if not arrived:
            self._walk = self.set_timer(_STEP, lambda: self._move(before, view, step + 1))

    def on_resize(self) -> None:
        """Fill the window as it is now."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        """Write everything in the middle, for the room that there is: the question first, then the players, then the story."""
        view, (width, height) = self._view, self.query_one("#middle").content_size
        if view is None or not width:
            return
        floats = self.query_one("#floats", Static)
        floats.display = view.advice is not None and width >= _ROOMY
        if view.advice is not None and floats.display:
            floats.update(Text("\n".join(["The coach's 23 floats", *state_lines(view.advice.state)])))
            width -= _FLOATS
        tall = height >= _TALL
        parts = {
            "players": player_rows(view.game, view.full_names if width >= _ROOMY else view.names, width),
            "roll": roll_lines(view.dice, [view.roll, view.card], width, tall),
            "notice": wrapped(Text(view.notice, "bold"), width) if view.notice else [],
            "question": question_lines(view.question, view.coach, width) if view.question else wrapped(view.keys, width),
        }
        for name in ("players", "roll"):
            parts[name] += [Text()] * tall
        self._roll = lambda dice: Text("\n").join(roll_lines(dice, [view.roll, view.card], width, tall) + [Text()] * tall)
        choices = self._list_choices(width)
        free = height - 1 - len(parts["notice"]) - _LEAST_STORY
        asked = min(len(parts["question"]), free - min(choices, _LEAST_CHOICES))
        listed = min(choices, free - asked)
        free -= asked + listed
        self.query_one("#asked").styles.height = asked
        self.query_one("#choices").styles.height = listed
        for column in self.query(Column):
            column.styles.overflow_y = "auto" if listed < choices else "hidden"
        for name, lines in parts.items():
            part = self.query_one(f"#{name}", Static)
            part.update(Text("\n").join(lines))
            if name in ("players", "roll"):
                part.display = 0 < len(lines) <= free - (2 if name == "roll" else 0)  # rather more of the story than the roll
                free -= len(lines) * part.display
        self.query_one("#notice").display = bool(parts["notice"])
        self.query_one("#status", Static).update(Text(f"{state_line(view)} {view.status}"))
        story = story_text(view.story, view.names, view.fresh, width - 1)
        for thought in view.thoughts:
            story.append("\n").append(thought, "italic")
        self.query_one("#story", Static).update(story)
        self.query_one("#told").anchor()  # at its end, until somebody scrolls

    def _list_choices(self, width: int) -> int:
        """List the choices in one column or two; return how many lines they take."""
        question = self._view.question if self._view else None
        choices = list(enumerate(question.choices, start=1)) if question else [] if self._watching else [(0, GO_ON)]
        two = any(choice.side >= 0 for _, choice in choices)
        most = 0
        again = question is not None and self._heading == question.heading
        if not again:  # an answer with a key of its own is not one that Enter gives by itself
            self._column, row = int(two and choices[0][1].side == 1), None if any(choice.key for _, choice in choices) else 0
        for side, column in enumerate(self.query(OptionList)):
            mine = [(number, choice) for number, choice in choices if max(0, choice.side) == side]
            texts = [choice_text(number, choice, width // (1 + two)) for number, choice in mine]
            self._answers[side] = [choice.key or str(number or "") for number, choice in mine]
            where = column.highlighted if again else row
            column.clear_options().add_options(Option(text) for text in texts)
            column.highlighted = where if side == self._column else None
            column.display = bool(mine) or (two and side == 0)
            most = max(most, sum(len(wrapped(text, width // (1 + two))) for text in texts))
        self._heading = question.heading if question else ""
        return most

    def listen(self) -> None:
        """Take the answer to the question that is shown, once it has been painted."""
        self.query_one(Line).value = ""
        self.set_timer(_GLANCE, lambda: self.call_after_refresh(self._painted_now))

    def _painted_now(self) -> None:
        self.asking, self._painted = True, time.monotonic()

    def show_page(self, title: str, lines: Sequence[str], at_end: bool) -> None:
        """Show a text; closing it is an empty answer."""
        self.push_screen(Page(title, lines, at_end), lambda _: self._hand_over(""))

    def note(self, text: str) -> None:
        self._note = text

    def _spin(self) -> None:
        """Say that others think, while they do."""
        now = time.monotonic()
        if self._silent is None or now - self._silent < _PATIENCE or self._watching or isinstance(self.screen, Page):
            return
        frame = _SPINNER[int(10 * now) % len(_SPINNER)]
        for question in self.query("#question").results(Static):  # none, when the screen is about to go
            question.update(Text(f"{frame} {self._note} ...", "bold"))
        self.query("#asked").set_styles("height: 1;")
        self.query("#choices").set_styles("height: 0;")

    def answer(self, text: str) -> None:
        """Hand over an answer, if the question that waits for it has been seen."""
        if self.asking:
            self.asking, self._silent, self._note = False, time.monotonic(), "The others are thinking"
            self._hand_over(text)

    def take_key(self, event: events.Key) -> bool:
        """Take Enter or the first key of a line away from it: what is an answer by itself, and what came too early for one."""
        if not self.asking or event.time < self._painted:
            return True
        key, answers = event.character or "", [*self._answers[0], *self._answers[1]]
        numbered = self._view is not None and self._view.question is not None and len(answers) < 10
        if event.key == "enter" or not (key == "?" or (numbered and (key in answers or key.isdecimal()))):
            return False
        self.answer(key)
        return True

    def on_key(self, event: events.Key) -> None:
        """Hand over the keys that steer a game that is watched."""
        if self._watching and (event.is_printable or event.key == "right"):
            self._hand_over("n" if event.key == "right" else (event.character or "").lower())

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        line, event.input.value = event.value.strip(" :"), ""
        if line:
            self.answer(line)
        else:
            self.query(OptionList)[self._column].action_select()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.answer(self._answers[event.option_list.id == "right"][event.option_index])

    @on(Square.Picked)
    def _deed(self, event: Square.Picked) -> None:
        self.answer(f"deed {TITLE_NAMES[event.title]}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action makes sense: while a game is watched there is nothing to answer."""
        return not (self._watching and action in ("say", "back"))

    def action_say(self, command: str) -> None:
        self.answer(command)

    def action_back(self) -> None:
        """Empty the line for commands, or leave the list of choices."""
        line = self.query_one(Line)
        if line.value:
            line.value = ""
        else:
            self.answer("b")

    def action_move(self, step: int) -> None:
        column = self.query(OptionList)[self._column]
        column.action_cursor_down() if step > 0 else column.action_cursor_up()

    def action_leave(self) -> None:
        self.exit()

    def action_scroll(self, pages: int) -> None:
        told = self.query_one("#told")
        told.scroll_relative(y=pages * max(1, told.size.height - 1), animate=False)

    def action_column(self, side: int) -> None:
        columns = self.query(OptionList)
        if side != self._column and columns[side].option_count:
            columns[self._column].highlighted = None
            self._column = side
            columns[side].action_first()
