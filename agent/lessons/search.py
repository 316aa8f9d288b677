"""The table of answers that a page of lessons opens with, and the search in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROW = re.compile(r"^\| (.+) \| (.+) \| \[(.+)\]\(#.+\) \|$", re.MULTILINE)
_WORD = re.compile(r"[a-z_]\w+")  # numbers differ from reader to reader
_COMMON = {"all", "an", "and", "are", "as", "at", "but", "do", "does", "for", "from", "has", "have", "how", "in", "is", "it"}
_COMMON |= {"me", "my", "not", "of", "on", "or", "the", "to", "was", "what", "when", "why", "with", "you", "your"}
_COMMON |= {"attribute", "must", "no", "object", "typeerror", "valueerror"}  # in many errors, whatever they are about
_ENOUGH = 0.6  # share of the words of an error text, or of the question
_MOST = 4  # answers


@dataclass(frozen=True)
class Answer:
    """A row of the table: what is asked (error texts between backticks), the answer, and the lesson that shows it."""

    asked: str
    answer: str
    lesson: str

    @property
    def errors(self) -> list[str]:
        """Return what stands between backticks in the question."""
        return re.findall(r"`([^`]+)`", self.asked)


def answers(opening: str) -> list[Answer]:
    """Return the table in the opening of a page."""
    return [Answer(*row) for row in _ROW.findall(opening)]


def search(text: str, entries: list[Answer]) -> list[Answer]:
    """Return the answers to an error text or a question, best first; none where nothing fits.

    An entry fits if the text holds most words of one of its error texts, or the entry most words of the text, or the text as it
    stands. Of several, those whose error text stands in it letter by letter come first, the longest of these before the others,
    then those with more words and numbers in common.
    """
    found = []
    for entry in entries:
        fit = _fit(text, entry)
        numbers = set(re.findall(r"\d+", text)) & set(re.findall(r"\d+", entry.asked))
        if fit[0] >= _ENOUGH:
            letters = max((len(error) for error in entry.errors if len(_words(error)) > 1 and error in text), default=0)
            found.append((letters, *fit, len(numbers), entry))
    found.sort(key=lambda each: each[:4], reverse=True)
    return [each[4] for each in found[:_MOST]]


def _fit(text: str, entry: Answer) -> tuple[float, int]:
    """Return the share of words that fit, and how many they are."""
    asked, known = _words(text), _words(entry.asked)
    fits = [(_share(asked, known | _words(entry.answer)), len(asked & known))]
    for error in entry.errors:
        common = len(_words(error) & asked)
        if common > 1:  # one word of an error says too little
            fits.append((_share(_words(error), asked), common))
    if any(character.isdigit() for character in text) and text.strip().lower() in entry.asked.lower():
        fits.append((1.0, len(asked)))  # a shape, (1, 23), has no words
    return max(fits)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - _COMMON


def _share(words: set[str], others: set[str]) -> float:
    """Return the share of ``words`` that are among the others."""
    return len(words & others) / len(words) if words else 0.0
