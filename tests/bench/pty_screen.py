"""What a terminal shows of a program's output, and when it came to show it."""

import time
from collections.abc import Callable

import pyte

from eksview.ui.text.glyphs import UNICODE
from tests.bench.pty_app import COLUMNS, ROWS, PtyApp

Lines = list[str]
LIVE = f"{UNICODE.ok} live"  # in the header once every stream is


class PtyScreen:
    """The screen of an app, made from all its output, a piece at a time.

    A frame writes only the cells that differ, so its bytes needn't hold a text that it completes.
    """

    def __init__(self, app: PtyApp) -> None:
        self._app = app
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0  # pieces

    def lines(self) -> Lines:
        """Return what is shown now, from top to bottom."""
        for _, piece in self._app.pieces(self._fed):
            self._feed(piece)
        return self._screen.display

    def until(self, wanted: Callable[[Lines], bool], seconds: float = 30) -> float:
        """Wait for a screen in what isn't fed yet; returns when its last bytes had arrived."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for when, piece in self._app.pieces(self._fed, left):
                self._feed(piece)
                if wanted(self._screen.display):
                    return when
        shown = "\n".join(self._screen.display)
        raise AssertionError(f"not shown within {seconds} s; the screen was:\n{shown}")

    def shows(self, text: str, seconds: float = 30) -> float:
        """Wait for a text, as `until` does."""
        return self.until(lambda lines: text in "\n".join(lines), seconds)

    def _feed(self, piece: bytes) -> None:
        self._stream.feed(piece)
        self._fed += 1


def selected(lines: Lines) -> int:
    """Return the place of the line under a table's cursor; -1 unless there is one such line."""
    places = [place for place, line in enumerate(lines) if line.startswith(UNICODE.cursor)]
    return places[0] if len(places) == 1 else -1
