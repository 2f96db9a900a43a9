"""The description of an object, with the keys of its fields set apart from their values."""

import re
from collections.abc import Iterator, Sequence

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.ui.text.words import Words

_FIELD = re.compile(r"(?P<indent> *)(?P<key>[^\s:](?:[^:]|:(?! |$))*:)(?P<gap> *)(?P<value>.*)")
MOST_LINES = 5_000
LONGEST = 4_000
_WARNING = re.compile(r" {2}Warning +\S")


def bounded(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are shown, long ones in part: an object may have 1.5 MB."""
    for line in lines[:MOST_LINES]:
        yield line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
    if more := len(lines[MOST_LINES:]):
        yield f"... {more:,} more lines. The YAML has all of them."


def describe_lines(lines: Sequence[str]) -> Iterator[Words]:
    """Yield the lines; a title without a value is strong, and the text of a warning is marked."""
    for line in mask("\n".join(lines)).split("\n"):  # a name may be on the line before its value
        if _WARNING.match(line):
            yield ((clean(line), "warn"),)
            continue
        match = _FIELD.fullmatch(line)
        if match is None or (match["value"] and len(match["gap"]) < 1):
            yield ((_kept(line), "text"),)
        elif match["value"]:
            key = match["indent"] + match["key"] + match["gap"]
            shown = _kept(line)
            yield (shown[: len(key)], "dim"), (shown[len(key) :], "text")
        else:
            yield ((_kept(line), "dim" if match["indent"] else "strong"),)


def _kept(line: str) -> str:
    """Return clean text with the spaces before it."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + clean(text)
