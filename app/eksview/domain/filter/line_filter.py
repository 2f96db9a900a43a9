"""The filter of a log: a text or a regular expression, as in the search of other texts."""

from re import Pattern

from eksview.domain.filter.pattern import pattern_of
from eksview.domain.logs.decode import plain
from eksview.domain.logs.line import LogLine, text_of


class LineFilter:
    """A text or regular expression in any case; `!text` shows the lines without it."""

    def __init__(self, text: str) -> None:
        """Raise `FilterError` for a broken expression."""
        self.inverse = text.startswith("!") and len(text) > 1
        self.pattern: Pattern[str] = pattern_of(text[1:] if self.inverse else text)

    def matches(self, line: LogLine) -> bool:
        """Return whether a line is one of the log that matches."""
        return (self.pattern.search(plain(text_of(line))) is None) is self.inverse
