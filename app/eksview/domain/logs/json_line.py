"""Lines that are JSON objects: their time, level and message, and the rest as columns or lines."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

_TIMES = ("ts", "time", "timestamp", "@timestamp", "t", "date")
_LEVELS = ("level", "severity", "lvl", "log.level", "levelname", "loglevel")
_MESSAGES = ("msg", "message", "@message", "event", "text", "log")
DEEPEST = 40
"""Levels of nesting that are spread over lines."""


class JsonLine(Struct, frozen=True):
    """The parts of a line that is a JSON object; `rest` has the fields that aren't recognised."""

    level: str
    message: str
    rest: Mapping[str, Any]
    whole: Mapping[str, Any]


def json_line(text: str) -> JsonLine | None:
    """Return the parts of a line; None for a line that isn't a JSON object."""
    if not (text.startswith("{") and text.rstrip().endswith("}")):
        return None
    try:
        whole: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return None
    message_key = next((key for key in _MESSAGES if isinstance(whole.get(key), str)), "")
    level_key = next((key for key in _LEVELS if key in whole), "")
    time_key = next((key for key in _TIMES if key in whole), "")
    left_out = {message_key, level_key, time_key}
    rest = {key: value for key, value in whole.items() if key not in left_out}
    level = str(whole.get(level_key, "")).upper()
    return JsonLine(level, str(whole.get(message_key, "")), rest, whole)


def columns(line: JsonLine) -> str:
    """Return level, message and `key=value` of the rest in one line; the time is the line's own."""
    rest = "  ".join(f"{key}={_value(value)}" for key, value in line.rest.items())
    return "  ".join(filter(None, (f"{line.level:<5}" if line.level else "", line.message, rest)))


def pretty(line: JsonLine) -> list[str]:
    """Return the object over several lines."""
    return [*_pretty("", dict(line.whole), "", 0)]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value if value and " " not in value else msgspec.json.encode(value).decode()
    return msgspec.json.encode(value).decode()


def _pretty(name: str, value: Any, end: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    head = f"{indent}{msgspec.json.encode(name).decode()}: " if name else indent
    if isinstance(value, dict) and value and depth < DEEPEST:
        yield f"{head}{{"
        items = list(value.items())
        for number, (key, item) in enumerate(items):
            yield from _pretty(key, item, "," if number < len(items) - 1 else "", depth + 1)
        yield f"{indent}}}{end}"
    else:
        yield f"{head}{msgspec.json.encode(value).decode()}{end}"
