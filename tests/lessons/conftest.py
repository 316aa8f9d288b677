"""Every lesson run once, in small: few games, one epoch on few rows, picture included."""

import pytest

from agent.lessons import LESSONS, run_lesson
from agent.lessons.page import Page

GAMES = 120


@pytest.fixture(scope="session")
def small_pages(tmp_path_factory):
    """The pages of all lessons by name."""
    folder = tmp_path_factory.mktemp("pictures")
    pages = {}
    for name in LESSONS:
        pages[name] = Page(name, games=GAMES, quick=True, picture=folder / f"{name}.png")
        run_lesson(pages[name])
    return pages


@pytest.fixture(params=list(LESSONS))
def page(request, small_pages):
    return small_pages[request.param]
