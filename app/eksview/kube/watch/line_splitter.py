"""The lines of a watch, cut out of the chunks of a stream."""

from collections.abc import Iterator


class LineSplitter:
    """Whole lines of any length, without their newline.

    A rest without a newline at the end of the stream was cut off and must not be parsed.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the lines that a chunk completes."""
        head, newline, rest = chunk.partition(b"\n")
        if not newline:
            self._parts.append(chunk)
            return
        self._parts.append(head)
        first = b"".join(self._parts)
        lines = rest.split(b"\n")
        self._parts = [lines.pop()]
        for line in (first, *lines):
            if line:
                yield line

    @property
    def cut(self) -> bool:
        """Return whether there is a rest without a newline."""
        return any(self._parts)
