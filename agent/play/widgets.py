"""Parts of the whole screen: the page that a text is read on, the choices, the line for commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, OptionList, Static


class Page(ModalScreen[None]):
    """A text to scroll through."""

    BINDINGS: ClassVar = [Binding("escape,enter,q,space", "dismiss", "Back to the game", key_display="Esc")]

    def __init__(self, title: str, lines: Sequence[str], at_end: bool) -> None:
        super().__init__()
        self._title, self._lines, self._at_end = title, lines, at_end

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page") as frame:
            frame.border_title = self._title
            yield Static("\n".join(self._lines), markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        frame = self.query_one("#page")
        frame.focus()
        if self._at_end:
            self.call_after_refresh(frame.scroll_end, animate=False)


class Column(OptionList, can_focus=False):
    """Choices, one below the other."""


class Line(Input):
    """The line for commands. It gets all keys, so that they count in the order in which they come."""

    BINDINGS: ClassVar = [
        Binding("up", "app.move(-1)", show=False),
        Binding("down", "app.move(1)", show=False),
        Binding("pageup", "app.scroll(-1)", show=False),
        Binding("pagedown", "app.scroll(1)", show=False),
    ]

    def on_mount(self) -> None:
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """Ask the app, which knows the keys of the choices, about Enter and the first key of a line."""
        if (event.key == "enter" or (event.is_printable and not self.value)) and self.app.take_key(event):
            event.prevent_default()
            event.stop()

    def action_cursor_left(self, select: bool = False) -> None:
        super().action_cursor_left(select) if self.value else self.app.action_column(0)

    def action_cursor_right(self, select: bool = False) -> None:
        super().action_cursor_right(select) if self.value else self.app.action_column(1)
