"""A locale of English, and waiting for Textual without looking at how busy the machine is."""

import pytest
import textual.app
import textual.pilot

from tests.loop_clock import idle, skip

REFRESH = 1 / 60  # seconds; Textual's screens refresh by timers of half of it


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw English texts on the machine of any developer."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def _rest_instead_of_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace what the pilot waits for after each key.

    Textual's own compares this process's time with the machine's in steps of 20 ms: it waits for
    nothing on a free machine, and gives up on a busy one.
    """
    monkeypatch.setattr(textual.app, "wait_for_idle", _rest)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", _rest)


async def _rest(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Return when every message is handled and what was to be drawn by then is drawn."""
    await idle()
    skip(REFRESH)
    await idle()
