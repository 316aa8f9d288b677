"""Reading, running and comparing a page of lessons, on a small page."""

import pytest

from agent.lessons.page import agrees, error_text, markdown, parts, read_page, run_code, run_lesson, script

TEXT = """# Title

- [one](#one): what it is about
- [two](#two): and the other

## one

Said.

```python
x = 2
print("hello")
x + 1
```

```text
hello
3
```

## two

```python
1 / 0
```

```text timing
?
```
"""


@pytest.fixture
def page(tmp_path):
    (tmp_path / "page.md").write_text(TEXT, encoding="utf-8")
    return read_page(tmp_path / "page.md")


def test_a_page_is_read_and_written_back_to_the_byte(page):
    assert list(page.lessons) == ["one", "two"]
    assert page.summaries == {"one": "what it is about", "two": "and the other"}
    assert markdown(page, ["one", "two"]) == TEXT
    assert [part.kind for part in page.lessons["one"]] == ["prose", "python", "prose", "text", "prose"]
    assert script(page.lessons["one"]).startswith("x = 2")


def test_a_lesson_runs_from_block_to_block_and_shows_what_it_shows():
    lesson = list(parts("\n```python\nx = 5\n```\n\n```text\nold\n```\n\n```python\nx * 2\n```\n\n```text\nold\n```\n"))
    names = {}
    shown = [part.text for part in run_lesson(lesson, names) if part.kind == "text"]
    assert shown == ["", "10"] and names["x"] == 5


def test_code_shows_prints_then_the_last_value_or_the_error():
    assert run_code('print("a")\n2 + 3', {}) == "a\n5"
    assert run_code("x = 1", {}) == ""
    assert run_code("None", {}) == ""
    assert run_code('print("a")\n[][0]', {}) == "a\nIndexError: list index out of range"


def test_errors_are_shown_without_paths_and_colours():
    error = ValueError('\x1b[1mbad\x1b[0m\n\nDetected at node x\n  File "/a/b.py", line 1\nmore\n\nArguments received by f: 1')
    assert error_text(error) == "ValueError: bad\nmore"


@pytest.mark.parametrize(
    ("wanted", "shown", "same"),
    [
        ("right in 74.5 %", "right in 74.9 %", True),
        ("right in 74.5 %", "right in 68.0 %", False),
        ("0.00 made zero", "0.01 made zero", True),
        ("0.00 made zero", "0.25 made zero", False),
        ("shape (5, 7)", "shape (5, 8)", False),
        ("ValueError: ...expected axis -1", "ValueError: Input 0 of 'dense_4': expected axis -1", True),
        ("ValueError: ...expected axis -1", "ValueError: expected axis -2", False),
        ("ValueError: ...", "TypeError: x", False),
        ("a   b\nc", "a b\nc", True),
        ("1.0 and 2.0", "1.0", False),
        ("", "something", False),
    ],
)
def test_what_agrees(wanted, shown, same):
    assert agrees(wanted, shown) is same
