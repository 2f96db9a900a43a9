"""Tells the store how a link is: at once when its phase changes, else a few times a second."""

import asyncio
from typing import Any

from msgspec.structs import replace

from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Permission
from eksview.domain.live.messages import LinkState, Sink
from eksview.domain.rows.link import Link, Phase

PERIOD = 0.25  # seconds between two tellings of mere counts


class LinkReporter:
    """Holds the link of one source and publishes it."""

    def __init__(self, name: str, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self.link = Link(name, Phase.CONNECTING, clock())
        self._due: asyncio.TimerHandle | None = None
        self._tell()

    def phase(self, phase: Phase, **fields: Any) -> None:
        """Enter a phase; what was wrong before is forgotten."""
        now = self._clock()
        since = self.link.since if phase is self.link.phase else now
        cleared = {"why": "", "retry_at": None, "missing": None}
        self.link = replace(self.link, phase=phase, since=since, **{**cleared, **fields})
        self._tell()

    def listing(self) -> None:
        """A list begins."""
        self.phase(Phase.LISTING, loaded=0, remaining=None)

    def expect(self, total: int) -> None:
        """So many objects are there in all."""
        self._set(remaining=max(0, total - self.link.loaded))

    def expect_more(self, remaining: int | None) -> None:
        """So many objects are still to come; None: some, and nobody says how many."""
        self._set(remaining=remaining, heard=self._clock())

    def loaded(self, count: int) -> None:
        """So many objects of the list have been read."""
        remaining = self.link.remaining
        if remaining is not None:
            remaining = max(0, remaining - (count - self.link.loaded))
        self._set(loaded=count, remaining=remaining)

    def listed(self, count: int) -> None:
        """The list is whole."""
        self.phase(Phase.LIVE, loaded=count, remaining=0, heard=self._clock())

    def event(self) -> None:
        """An object changed."""
        self._set(events=self.link.events + 1, last_event=self._clock())

    def heard(self) -> None:
        """Something came, if only a bookmark."""
        self._set(heard=self._clock())

    def bad_line(self) -> None:
        """Something came that couldn't be understood."""
        self._set(bad_lines=self.link.bad_lines + 1)

    def retrying(self, why: str, wait: float) -> None:
        """Something is wrong, and will be tried again."""
        self.phase(Phase.RETRYING, why=why, retry_at=self._clock() + wait)

    def refused(self, why: str, missing: Permission, wait: float) -> None:
        """We may not."""
        retry_at = self._clock() + wait
        self.phase(Phase.REFUSED, why=why, missing=missing, retry_at=retry_at)

    def hush(self) -> None:
        """Say nothing more: whoever follows next speaks for the link."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _set(self, **fields: Any) -> None:
        self.link = replace(self.link, **fields)
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(PERIOD, self._tell)

    def _tell(self) -> None:
        self.hush()
        self._sink.send(LinkState(self.link))
