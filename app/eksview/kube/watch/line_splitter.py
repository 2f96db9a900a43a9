"""Lines out of chunks, however they were cut."""

from collections.abc import Iterator


class LineSplitter:
    """Feed it chunks; it gives whole lines without their newline, of any length.

    What is left when a stream ends had no newline: the connection was cut in the middle of it, and
    it must not be parsed.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The lines that this chunk completes."""
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
        """Whether something is left that no newline ended."""
        return any(self._parts)
