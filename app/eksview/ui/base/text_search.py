"""A search in lines of words: its matches, and the current one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.filter.errors import FilterError
from eksview.domain.filter.pattern import Pattern, pattern_of, spans
from eksview.ui.text.styled_text import marked
from eksview.ui.text.words import Tone, Words


class Hit(NamedTuple):
    """A match: its line, its first character, and the one after its last."""

    line: int
    start: int
    end: int


class TextSearch:
    """The matches of a text or a regular expression, in any case; `problem` tells a broken one."""

    def __init__(self) -> None:
        self.problem: Clean = EMPTY
        self.hits: Sequence[Hit] = ()
        self.at = 0
        self._pattern: Pattern | None = None

    def find(self, text: str, lines: Sequence[Words], top: int) -> None:
        """Search for another text; go to its first match from a line on, or else to the first."""
        self.problem, self._pattern = EMPTY, None
        try:
            self._pattern = pattern_of(text) if text.strip() else None
        except FilterError as error:
            self.problem = clean(str(error))
        self.refresh(lines)
        self.at = next((at for at, hit in enumerate(self.hits) if hit.line >= top), 0)

    def refresh(self, lines: Sequence[Words]) -> None:
        """Search other lines for the same text."""
        self.hits = tuple(self._hits(lines))
        self.at = max(0, min(self.at, len(self.hits) - 1))

    def step(self, by: int) -> None:
        """Go to another match, after the last one to the first."""
        if self.hits:
            self.at = (self.at + by) % len(self.hits)

    @property
    def current(self) -> Hit | None:
        """The match that the search is at."""
        return self.hits[self.at] if self.hits else None

    def shown(self, number: int, words: Words) -> Words:
        """Return a line with its matches marked."""
        if self._pattern is None:
            return words
        current = self.current
        own = [hit for hit in self.hits if hit.line == number]
        others = [(hit.start, hit.end) for hit in own if hit != current]
        at = [(hit.start, hit.end) for hit in own if hit == current]
        return tuple(marked(marked(words, others, _match), at, _current))

    def _hits(self, lines: Sequence[Words]) -> Iterator[Hit]:
        if self._pattern is None:
            return
        for number, words in enumerate(lines):
            for start, end in spans(self._pattern, "".join(text for text, _ in words)):
                yield Hit(number, start, end)


def _match(_: Tone) -> Tone:
    return "match"


def _current(_: Tone) -> Tone:
    return "current"
