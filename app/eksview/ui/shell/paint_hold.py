"""Fewer frames while typed keys wait, because most of them would show screens left at once."""

from contextlib import ExitStack

from textual.app import App


class PaintHold:
    """Holds back layouts and frames while keys wait, and lets one through after each `tick`."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._batch: ExitStack | None = None
        self._due = True

    @property
    def holds(self) -> bool:
        """Whether a frame would be dropped."""
        return self._batch is not None

    def keys_wait(self, waiting: bool) -> bool:
        """Start or stop holding; return True if a frame is due that was held back."""
        if not waiting or self._due:
            return self._release()
        if self._batch is None:
            self._batch = ExitStack()
            self._batch.enter_context(self._app.batch_update())
        return False

    def tick(self) -> bool:
        """Hold nothing until the next frame is painted; return True if one was held back."""
        self._due = True
        return self._release()

    def painted(self) -> None:
        """Note that a frame was painted."""
        self._due = False

    def _release(self) -> bool:
        batch, self._batch = self._batch, None
        if batch is not None:
            batch.close()
        return batch is not None
