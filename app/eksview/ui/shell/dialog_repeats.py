"""Repeats of a key that has closed a dialog: they are meant for the dialog, not for what is below.

A key is pressed twice by a quick hand, and repeated by the terminal while it is held down.
"""

from typing import Any

from textual.app import App
from textual.events import Key
from textual.screen import Screen

REPEAT = 0.5
"""Seconds between two presses of a key at most, of which the second is a repeat."""


class DialogRepeats:
    """Tells which keys repeat the one that closed a dialog.

    Only characters mean something else below a dialog; Esc goes back and Enter opens everywhere.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._dialog: Screen[Any] | None = None  # to which the last key went
        self._key = ""
        self._at = 0.0

    def takes(self, key: Key) -> bool:
        """Return whether a key that is about to be handled is meant for a dialog that is closed."""
        repeated = (
            key.is_printable
            and key.key == self._key
            and key.time - self._at < REPEAT
            and self._dialog is not None
            and self._dialog not in self._app.screen_stack
        )
        if not repeated:
            self._dialog = self._app.screen if self._app.screen.is_modal else None
        self._key, self._at = key.key, key.time
        return repeated
