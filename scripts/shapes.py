"""The shapes, answered: lessons on networks that Keras newcomers ask about, trained on real games (docs/SHAPES.md).

python scripts/shapes.py                      answers by question and error text, and lists the lessons
python scripts/shapes.py "the error text"     searches the answers
python scripts/shapes.py lstm                 runs a lesson
python scripts/shapes.py all                  runs all of them
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from agent.files.command import command
from agent.files.errors import UserError, user_errors
from agent.files.output import output_file
from agent.lessons.page import Page, Part, agrees, markdown, read_page, run_lesson, script
from agent.lessons.search import Answer, answers, search

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
PAGE = Path(__file__).parents[1] / "docs" / "SHAPES.md"
_WIDTH = 130  # wider tables are hard to read


@app.command(help="Lessons on the shapes of networks, on data from real Monopoly games. Without a name: answers, and the list.")
@user_errors()
def main(
    lesson: Annotated[
        str | None, typer.Argument(help="A lesson's name, all, or an error text to look up.", show_default=False)
    ] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Write the picture that explains it, shapes-<lesson>.png.")] = False,
    folder: Annotated[Path, typer.Option(help="Where --plot writes.")] = Path(),
    only_script: Annotated[
        bool, typer.Option("--script", help="Print the lesson's program, to copy, and run nothing.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            "--markdown", help="Write the lessons with what they show now, as Markdown.", show_default=False, dir_okay=False
        ),
    ] = None,
) -> None:
    """Parse, run, print."""
    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH)
    page = read_page(PAGE)
    if lesson is None:
        console.print(answer_table(answers(page.opening)))
        console.print(lesson_table(page))
    elif lesson != "all" and lesson not in page.lessons:
        look_up(console, page, lesson)
    else:
        names = list(page.lessons) if lesson == "all" else [lesson]
        if only_script:
            print("\n\n\n".join(script(page.lessons[name]) for name in names))
        else:
            run(console, page, names, folder if plot else None, write)


def look_up(console: Console, page: Page, text: str) -> None:
    """Print the answers to a text, best first."""
    found = search(text, answers(page.opening))
    if not found:
        raise UserError(
            f"No lesson has this name, and no answer is known to this text. Expected one of {', '.join(page.lessons)}, or all; "
            f"without a name all answers are listed. Received: {text!r}"
        )
    console.print(answer_table(found))
    console.print(f"Shown and run: {command('shapes')} {found[0].lesson}")


def answer_table(rows: list[Answer]) -> Table:
    """Return answers as a table."""
    table = Table(header_style="bold", show_lines=True)
    for column in ("question or error", "answer"):
        table.add_column(column, overflow="fold", ratio=1)
    table.add_column("lesson", style="cyan", no_wrap=True)
    for row in rows:
        table.add_row(_without_marks(row.asked), _without_marks(row.answer), row.lesson)
    return table


def lesson_table(page: Page) -> Group:
    """Return the list of the lessons, and how to run one."""
    table = Table(title="Lessons on shapes", title_justify="left", header_style="bold")
    table.add_column("lesson", style="cyan", no_wrap=True)
    table.add_column("the network asked about")
    for name, summary in page.summaries.items():
        table.add_row(name, summary)
    call = command("shapes")
    how = f"Run one: {call} lstm. All of them: all. With --plot: the picture. With --script: its program."
    return Group(table, how, f'Search the answers: {call} "the error text"')


def run(console: Console, page: Page, names: list[str], folder: Path | None, write: Path | None) -> None:
    """Run lessons one after the other and print them as they go."""
    for place in (folder, write.parent if write is not None else None):
        if place is not None:
            place.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    for name in names:
        started, defined = time.monotonic(), {}
        console.rule(f"[bold]{name}", align="left")
        page.lessons[name] = show(console, page.lessons[name], defined)
        if folder is not None:
            from agent.lessons.pictures import write_picture

            file = folder / f"shapes-{name}.png"
            write_picture(file, name, defined)
            console.print(f"Picture: {file}")
        console.print(f"[dim]{name} took {time.monotonic() - started:.0f} s\n")
    if write is not None:
        with output_file(write) as temporary:
            temporary.write_text(markdown(page, names), encoding="utf-8")
        console.print(f"Written: {write}")


def show(console: Console, lesson: list[Part], defined: dict[str, Any]) -> list[Part]:
    """Run a lesson and print its parts as they come; return them, with what the page says where the code shows the same."""
    done = []
    running = run_lesson(lesson, defined)
    for old in lesson:
        with console.status("running"):
            part = next(running)
        console.print(rendered(part))
        done.append(replace(part, text=old.text) if part.kind == "text" and agrees(old.text, part.text) else part)
    return done


def rendered(part: Part) -> Any:
    """Return a part for the terminal."""
    from rich.markdown import Markdown
    from rich.padding import Padding
    from rich.syntax import Syntax

    if part.kind == "prose":
        lines = [line for line in part.text.splitlines() if not line.startswith("![")]
        return Markdown("\n".join(lines), hyperlinks=False)
    code = Syntax(part.text, "python", theme="ansi_dark", background_color="default", word_wrap=True)
    return Padding(code if part.kind == "python" else Text(part.text, "yellow"), (0, 0, 1, 4))


def _without_marks(text: str) -> Text:
    """Return a cell of the page's table with what stands between backticks in colour."""
    styled = Text()
    for number, piece in enumerate(text.split("`")):
        styled.append(piece, "cyan" if number % 2 else "")
    return styled


def program() -> None:
    """Run as a command."""
    with user_errors():
        app()


if __name__ == "__main__":
    program()
