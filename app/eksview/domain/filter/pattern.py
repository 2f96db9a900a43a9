"""The text that is searched for: plain, a regular expression, or characters in their order.

As in k9s, text with a metacharacter is a regular expression; case is ignored.
"""

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from eksview.domain.filter.errors import FilterError

Pattern: TypeAlias = re.Pattern[str]
Span: TypeAlias = tuple[int, int]
"""The first character of a match, and the one after its last."""

_META = frozenset(r"\^$*+?()[]{}|")
_FLAGS = re.IGNORECASE | re.MULTILINE
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,\}|\{\d+(?:,\d+)?\}|.", re.S)
_MOST_REPETITIONS = 5


def is_regex(text: str) -> bool:
    """Check whether a text has a metacharacter; a dot alone is one of a name or an address."""
    return not _META.isdisjoint(text)


@lru_cache(maxsize=64)
def pattern_of(text: str) -> Pattern:
    """Return a pattern for plain text or a regular expression; raise FilterError for a broken one.

    Nested repetitions are refused: they can take hours on a text of 30 characters.
    """
    if not is_regex(text):
        return re.compile(re.escape(text), _FLAGS)
    try:
        pattern = _compiled(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"{text} isn't a regular expression: {error}") from error
    _check_repetitions(text)
    return pattern


@lru_cache(maxsize=64)
def fuzzy(text: str) -> Pattern:
    """Return a pattern for the characters of a text in their order within a line."""
    gaps = (f"[^\n{re.escape(after)}]*{re.escape(after)}" for _, after in pairwise(text))
    return re.compile(re.escape(text[:1]) + "".join(gaps), _FLAGS)


def spans(pattern: Pattern, text: str) -> Iterator[Span]:
    """Yield the matches that aren't empty."""
    return (match.span() for match in pattern.finditer(text) if match.end() > match.start())


def merged(parts: Iterator[Span]) -> tuple[Span, ...]:
    """Return matches in order, those that overlap or touch as one."""
    out: list[Span] = []
    for start, end in sorted(parts):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return tuple(out)


def _compiled(text: str) -> Pattern:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `[[` warns on standard error, which is the screen
        return re.compile(text, _FLAGS)


def _check_repetitions(text: str) -> None:
    """Refuse what backtracks without bounds: a repeated group with a repetition or `|` in it."""
    groups, closed, repetitions, before = [False], False, 0, ""
    for piece in _PIECE.findall(text):
        repeated = piece in ("*", "+") or (piece.startswith("{") and len(piece) > 1)
        optional = piece == "?" and before != "("
        repetitions += repeated or optional
        if (repeated and closed) or repetitions > _MOST_REPETITIONS:
            raise FilterError(f"{text} has too many repetitions")
        closed = piece == ")" and groups[-1]
        if piece == "(":
            groups.append(False)
        elif (piece == ")" and groups.pop()) or repeated or optional or piece == "|":
            groups[-1] = True
        before = piece
