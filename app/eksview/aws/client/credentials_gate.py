"""The gate at which the links wait while there are no credentials."""

import asyncio
from collections.abc import Callable

from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.base.text import Clean


class CredentialsGate:
    """The gate: closed until the identity is read, and again when the credentials end.

    Without it every link would look for credentials, and report the same failure.
    """

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._watchers: list[Callable[[], None]] = []
        self._waiting: list[Callable[[Clean], None]] = []

    def on_shut(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when the credentials turn out to be missing or expired."""
        self._watchers.append(watcher)

    async def passed(self, report: Callable[[Clean], None]) -> None:
        """Return when the gate is open; `report` gets the reason while it is closed."""
        if self._open.is_set():
            return
        self._waiting.append(report)
        try:
            await self._open.wait()
        finally:
            self._waiting.remove(report)

    def open(self) -> None:
        """Let the links pass: there are credentials, or something else is missing."""
        self._open.set()

    def shut(self, refusal: AwsRefusal) -> None:
        """Close the gate, and report the reason to the waiting links."""
        was_open = self._open.is_set()
        self._open.clear()
        for report in list(self._waiting):
            report(refusal.sentence)
        if was_open:
            for watcher in self._watchers:
                watcher()
