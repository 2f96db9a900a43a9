"""Reports of a link's state: at once when its phase changes, else a few times a second."""

import asyncio
from typing import Any, Unpack

from msgspec.structs import replace

from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Permission
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.live.messages import LinkState, Sink
from eksview.domain.rows.link import Link, LinkChange, Phase

PERIOD = 0.25  # seconds between two reports of counts


class LinkReporter:
    """The link of one source, sent when it changes."""

    def __init__(self, name: str, sink: Sink, clock: Clock, only: Clean = EMPTY) -> None:
        self._sink = sink
        self._clock = clock
        self.link = Link(name, Phase.CONNECTING, clock(), only=only)
        self._due: asyncio.TimerHandle | None = None
        self._send()

    def phase(self, phase: Phase, **fields: Unpack[LinkChange]) -> None:
        """Enter a phase; the error of the last one is cleared."""
        self.link = self.link.entered(phase, self._clock(), **fields)
        self._send()

    def listing(self) -> None:
        self.phase(Phase.LISTING, loaded=0, remaining=None)

    def expect(self, total: int) -> None:
        """Set how many objects there are in all."""
        self._set(remaining=max(0, total - self.link.loaded))

    def expect_more(self, remaining: int | None) -> None:
        """Set how many objects are still to come; None: some, uncounted by the server."""
        if self.link.every:
            return
        self._set(remaining=remaining, heard=self._clock())

    def loaded(self, count: int) -> None:
        """Count the objects of the list that were read."""
        if self.link.every:  # the table is that of the last list until this one is complete
            return
        remaining = self.link.remaining
        if remaining is not None:
            remaining = max(0, remaining - (count - self.link.loaded))
        self._set(loaded=count, remaining=remaining)

    def listed(self, count: int) -> None:
        """Note a complete list; whether it is followed by a watch this time isn't known yet."""
        every, reason = self.link.every, self.link.reason if self.link.every else EMPTY
        heard = self._clock()
        self.phase(Phase.LIVE, loaded=count, remaining=0, heard=heard, every=every, reason=reason)

    def unwatched(self, reason: Clean, every: float) -> None:
        """Note that the resource is listed after so many seconds each time, and why."""
        self.phase(Phase.LIVE, every=every, reason=reason)

    def event(self) -> None:
        self._set(events=self.link.events + 1, last_event=self._clock())

    def heard(self) -> None:
        """Note that something came, if only a bookmark."""
        self._set(heard=self._clock())

    def paged(self) -> None:
        """Note that the resource is listed in pages from now on."""
        self._set(paged=True)

    def bad_line(self) -> None:
        """Count a line that can't be decoded."""
        self._set(bad_lines=self.link.bad_lines + 1)

    def retrying(self, reason: Clean, wait: float) -> None:
        self.phase(Phase.RETRYING, reason=reason, retry_at=self._clock() + wait)

    def refused(self, reason: Clean, missing: Permission, wait: float) -> None:
        retry_at = self._clock() + wait
        self.phase(Phase.REFUSED, reason=reason, missing=missing, retry_at=retry_at)

    def stop(self) -> None:
        """Send nothing more: the next reporter of the link does."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _set(self, **fields: Any) -> None:
        self.link = replace(self.link, **fields)
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(PERIOD, self._send)

    def _send(self) -> None:
        self.stop()
        self._sink.send(LinkState(self.link))
