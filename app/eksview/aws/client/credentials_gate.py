"""Where the links wait while there are no credentials to ask with."""

import asyncio
from collections.abc import Callable

from eksview.domain.aws.errors import AwsRefusal


class CredentialsGate:
    """Closed until the identity is known; shut again when the credentials end.

    Without it every link would look for credentials by itself, and say the same eight times.
    """

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._watchers: list[Callable[[], None]] = []
        self._waiting: list[Callable[[str], None]] = []

    def on_shut(self, watcher: Callable[[], None]) -> None:
        """Call this when the credentials were found wanting."""
        self._watchers.append(watcher)

    async def passed(self, tell: Callable[[str], None]) -> None:
        """Return when it is open; `tell` hears why it isn't, as soon as that is known."""
        if self._open.is_set():
            return
        self._waiting.append(tell)
        try:
            await self._open.wait()
        finally:
            self._waiting.remove(tell)

    def open(self) -> None:
        """There are credentials, or it isn't they that are missing."""
        self._open.set()

    def shut(self, refusal: AwsRefusal) -> None:
        """There are none: whoever waits is told."""
        was_open = self._open.is_set()
        self._open.clear()
        for tell in list(self._waiting):
            tell(refusal.sentence)
        if was_open:
            for watcher in self._watchers:
                watcher()
