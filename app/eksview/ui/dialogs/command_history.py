"""The commands of this session and earlier ones, which Up and Down bring back."""

from collections.abc import Iterable

MOST = 100


class CommandHistory:
    """The last commands, each once, and the place in them while a line is edited."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._at = 0
        self._draft = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The commands, the oldest first."""
        return tuple(self._lines)

    def load(self, lines: Iterable[str]) -> None:
        """Put the commands of earlier sessions before those of this one."""
        for line in (*lines, *self._lines):
            self.add(line)

    def add(self, line: str) -> None:
        """Keep a command that was run, as the newest one."""
        line = line.strip()
        self._lines = [*(each for each in self._lines if each != line), line][-MOST:]

    def begin(self) -> None:
        """Start after the newest command, with an empty line."""
        self._at, self._draft = len(self._lines), ""

    def move(self, by: int, typed: str) -> str | None:
        """Return the older (-1) or newer (1) line, at last the typed one; None after the ends."""
        to = self._at + by
        if not 0 <= to <= len(self._lines):
            return None
        if self._at == len(self._lines):
            self._draft = typed
        self._at = to
        return self._draft if to == len(self._lines) else self._lines[to]
