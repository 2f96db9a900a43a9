"""The values of a TOML text with their lines, which `tomllib` doesn't report.

The text is cut into statements, each parsed by `tomllib` itself, so that one statement that isn't
TOML hides no fault of another.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CLOSES = re.compile(r"[\]}]|\"\"\"|'''")
"""What a value over several lines ends with."""
_OPENS = re.compile(r"[\[{]|\"\"\"|'''")
_STATEMENT = re.compile(r"\s*([\w.\"'-]+\s*=|\[+[\w.\"'*-]+\]+\s*(#.*)?$)")
_LONGEST = 200
"""Lines of a value at most: where one doesn't end, the rest of the file isn't searched."""


class Fault(Struct, frozen=True, order=True):
    """A mistake in the file: its line, 0 for the whole file, and a sentence."""

    line: int
    sentence: str


class TomlEntry(Struct, frozen=True):
    """A value with the keys that lead to it; an empty table is a value too."""

    path: tuple[str, ...]
    value: Any
    line: int


def entries(text: str) -> tuple[list[TomlEntry], list[Fault]]:
    """Return the values of a text in their order, and what isn't TOML in it."""
    values: list[TomlEntry] = []
    faults: list[Fault] = []
    table: tuple[str, ...] | None = ()  # None below a header that can't be read
    for line, statement in _statements(text):
        try:
            document = tomllib.loads(statement)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            faults.append(_fault(error, line - 1))
            table = None if statement.lstrip().startswith("[") else table
            continue
        if statement.lstrip().startswith("["):
            ((table, value),) = _flat(document)
            values.append(TomlEntry(table, value, line))
        elif table is not None:
            values += [TomlEntry((*table, *path), value, line) for path, value in _flat(document)]
    if not faults:
        faults = list(_as_a_whole(text))
    return values, faults


def _as_a_whole(text: str) -> Iterator[Fault]:
    """Yield what is wrong with valid statements together, such as a key that is set twice."""
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        yield _fault(error, 0)


def _fault(error: Exception, before: int) -> Fault:
    text = str(error)
    place = _AT.search(text)
    line = int(place[1] or 1) if place else 1
    reason = _AT.sub("", text) if isinstance(error, ValueError) else "it is nested too deeply"
    return Fault(before + line, f"it isn't valid TOML: {reason}")


def _flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not (isinstance(value, dict) and value):
        yield path, value
        return
    for key, part in value.items():
        yield from _flat(part, (*path, key))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the number of its first line."""
    lines = text.split("\n")  # not `splitlines`: TOML has no other ends of lines
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        statement = "\n".join(lines[at:end])
        if statement.strip() and not statement.lstrip().startswith("#"):
            yield at + 1, f"{statement}\n"
        at = end


def _end(lines: list[str], at: int) -> int:
    """Return the end of the statement that begins at a line: tomllib says when it is complete.

    One that isn't TOML ends before the next line that looks like a statement.
    """
    if _OPENS.search(lines[at]) is None or not _unfinished(lines[at]):
        return at + 1
    for end in range(at + 1, min(len(lines), at + _LONGEST)):
        if _CLOSES.search(lines[end]):
            unfinished = _unfinished("\n".join(lines[at : end + 1]))
            if unfinished is None:
                break
            if not unfinished:
                return end + 1
    following = range(at + 1, len(lines))
    return next((end for end in following if _STATEMENT.match(lines[end])), len(lines))


def _unfinished(statement: str) -> bool | None:
    """Return whether a statement needs more lines; None if it is wrong with any."""
    try:
        tomllib.loads(f"{statement}\n")
    except tomllib.TOMLDecodeError as error:
        place = _AT.search(str(error))
        last = statement.count("\n") + 1
        return True if place is None or place[1] is None or int(place[1]) > last else None
    except RecursionError:
        return None
    return False
