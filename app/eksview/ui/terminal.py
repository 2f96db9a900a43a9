"""How far the terminal lags behind; the one place that looks into Textual's driver."""

from typing import Any

from textual.app import App


def backlog(app: App[Any]) -> bool:
    """Whether painted frames still wait to be written.

    Textual's writer thread takes 30 of them before the next one blocks the event loop, keys and
    all. Who waits here instead draws less and stays awake. False where there is no such thread.
    """
    writer = getattr(app._driver, "_writer_thread", None)
    queue = getattr(writer, "_queue", None)
    return queue is not None and not queue.empty()
