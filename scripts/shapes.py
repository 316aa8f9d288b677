"""The shapes, answered: lessons on networks that Keras newcomers ask about, trained on real games.

python scripts/shapes.py            answers by question and error text, and lists the lessons
python scripts/shapes.py lstm       runs one
python scripts/shapes.py all        runs all of them
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from agent.files.errors import user_errors
from agent.lessons import LESSONS, check_name
from agent.lessons.blocks import for_terminal
from agent.lessons.index import index_table

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_WIDTH = 130  # wider tables are hard to read
_MIN_GAMES = 100


@app.command(help="Lessons on the shapes of networks, on data from real Monopoly games. Without a name: answers, and the list.")
@user_errors()
def main(
    lesson: Annotated[str | None, typer.Argument(help="A lesson's name, or all.", show_default=False)] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Write the picture that explains it, shapes-<lesson>.png.")] = False,
    folder: Annotated[Path, typer.Option(help="Where --plot writes.")] = Path(),
    markdown: Annotated[
        Path | None, typer.Option(help="Write what is shown as Markdown, too.", show_default=False, dir_okay=False)
    ] = None,
    games: Annotated[int, typer.Option(min=_MIN_GAMES, max=100_000, help="Games to make the data from.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of games and networks.")] = 0,
) -> None:
    """Parse, run, print."""
    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH)
    if lesson is None:
        list_lessons(console)
    else:
        names = list(LESSONS) if lesson == "all" else [check_name(lesson)]
        run(console, names, folder if plot else None, markdown, games, seed)


def list_lessons(console: Console) -> None:
    """Print answers by question and error text, the lessons, and how to run one."""
    console.print(for_terminal(index_table()))
    table = Table(title="Lessons on shapes", title_justify="left", header_style="bold")
    table.add_column("lesson", style="cyan", no_wrap=True)
    table.add_column("the network asked about")
    for name, (_, summary) in LESSONS.items():
        table.add_row(name, summary)
    console.print(table)
    console.print(
        "Run one: python scripts/shapes.py lstm. All of them: python scripts/shapes.py all. With --plot: the picture."
    )


def run(console: Console, names: list[str], folder: Path | None, markdown: Path | None, games: int, seed: int) -> None:
    """Run lessons one after the other and print them as they go."""
    for place in (folder, markdown.parent if markdown is not None else None):
        if place is not None:
            place.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    with Progress(SpinnerColumn(), TextColumn("starting TensorFlow"), console=console, transient=True) as progress:
        progress.add_task("")
        from agent.lessons import run_lesson
        from agent.lessons.document import write_document
        from agent.lessons.page import Page
        from monopoly_env.compiled.jit import is_compiled

    if not is_compiled("batch"):
        console.print("The engine is compiled before its first game; this takes a minute or so, once.")
    pages = []
    for name in names:
        started = time.monotonic()
        picture = folder / f"shapes-{name}.png" if folder is not None else None
        page = Page(
            name, lambda block: console.print(for_terminal(block)), bar_on(console), games=games, seed=seed, picture=picture
        )
        run_lesson(page)
        pages.append(page)
        for score in page.scores:
            if not score.beats:
                console.print(f"[red]This time the network did not beat: {score.baseline_name}.")
        console.print(f"[dim]{name} took {time.monotonic() - started:.0f} s\n")
    if markdown is not None:
        write_document(markdown, pages)
        console.print(f"Written: {markdown}")


def bar_on(console: Console) -> Callable:
    """Return the progress display of a page: a bar that goes away when it is full."""

    @contextmanager
    def bar(description: str, steps: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(description, total=steps)
            yield lambda: progress.advance(task)

    return bar


if __name__ == "__main__":
    with user_errors():
        app()
