"""A line of a log: the number of its source, and its time and text as bytes.

Lines are plain tuples and stay bytes until they are shown: 50,000 of them may come in a second.
The time is that of the kubelet in UTC with nine digits after the point, so that comparing bytes
compares times.
"""

from datetime import UTC, datetime
from typing import TypeAlias

LogLine: TypeAlias = tuple[int, bytes]
"""The number of the source, and `2027-01-15T08:00:00.123456789Z text`.

A negative number `~source` marks a notice about a source, such as its end, which isn't of the log.
"""

STAMP = 30
"""Bytes of the time; a blank follows."""
NO_TIME = b"0001-01-01T00:00:00.000000000Z"


def stamp_of(line: LogLine) -> bytes:
    """Return the time of a line, by which lines are ordered."""
    return line[1][:STAMP]


def text_of(line: LogLine) -> bytes:
    """Return the text of a line."""
    return line[1][STAMP + 1 :]


def stamped(seconds: float, text: bytes) -> bytes:
    """Return a text with its time, in seconds since the epoch, in front."""
    at = datetime.fromtimestamp(seconds, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f").encode() + b"000Z " + text
