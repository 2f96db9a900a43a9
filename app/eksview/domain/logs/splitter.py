"""The lines of a log, cut out of the chunks of a stream with `timestamps=true`."""

from collections.abc import Iterator
from datetime import UTC, datetime

from eksview.domain.logs.line import NO_TIME, STAMP

LONGEST = 64 * 1024
"""Bytes of a line that are kept on a screen; a program may print a line of megabytes."""


class StampedLines:
    """Whole lines, each with its time in the form of `line.LogLine`.

    A line longer than `longest` is cut, and says how many bytes are left out. A line without a
    time, which the kubelet itself wrote into the stream, gets the time of the line before it.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest = b""
        self._dropped = 0  # bytes of the present line beyond the longest
        self._last = NO_TIME

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that a chunk completes."""
        *whole, rest = chunk.split(b"\n")
        if whole:
            whole[0] = self._joined(whole[0])
            self._rest = b""
        self._keep(rest)
        lines = [self._stamped(line) for line in whole]
        if lines:
            self._last = lines[-1][:STAMP]
        return lines

    def end(self) -> Iterator[bytes]:
        """Yield the last line of a stream that ended without a newline."""
        if self._rest or self._dropped:
            yield self._stamped(self._joined(b""))
        self._rest = b""

    def _keep(self, rest: bytes) -> None:
        room = self._longest - len(self._rest)
        self._rest += rest[:room]
        self._dropped += max(0, len(rest) - room)

    def _joined(self, end: bytes) -> bytes:
        self._keep(end)
        line, dropped = self._rest, self._dropped
        self._dropped = 0
        return line + _note(dropped) if dropped else line

    def _stamped(self, line: bytes) -> bytes:
        if len(line) > self._longest + STAMP * 2:
            line = line[: self._longest] + _note(len(line) - self._longest)
        if line[STAMP - 1 : STAMP + 1] == b"Z " and line[10:11] == b"T":
            return line
        stamp, blank, text = line.partition(b" ")
        if blank and (utc := _in_utc(stamp)):
            return utc + b" " + text
        return self._last + b" " + line


def _note(dropped: int) -> bytes:
    return f" … ({dropped:,} bytes of this line are left out)".encode()


def _in_utc(stamp: bytes) -> bytes:
    """Return a time of another form or zone as UTC with nine digits; empty for no time.

    Source: the kubelet's RFC3339NanoFixed, in the time zone of its node.
    """
    if not 20 <= len(stamp) <= 40 or stamp[10:11] != b"T":
        return b""
    try:
        at = datetime.fromisoformat(stamp.decode("ascii"))
    except ValueError:
        return b""
    if at.tzinfo is None:
        return b""
    fraction = stamp[19:].lstrip(b".")
    digits = fraction[: len(fraction) - len(fraction.lstrip(b"0123456789"))]
    digits = digits if stamp[19:20] == b"." else b""
    head = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
    return head + b"." + digits[:9].ljust(9, b"0") + b"Z"
