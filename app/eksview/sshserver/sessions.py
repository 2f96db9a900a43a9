"""The sessions there are: how many may be, who they are, and what is logged of them."""

import logging
from collections import deque
from collections.abc import Callable
from itertools import count

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.domain.live.viewers import Viewer, Viewers

LOG = logging.getLogger("eksview.sshserver")
REMEMBERED = 20
"""Ended sessions that are still shown."""


class ViewerSession:
    """Who has been let in; `sent` counts the bytes of its terminal."""

    def __init__(self, user: str, key: str, address: str) -> None:
        self.number = 0  # until it is let in
        self.user, self.key, self.address = clean(user), clean(key), address
        self.size = 0, 0
        self.since = 0.0
        self.sent = 0

    def seen(self, ended: float | None = None) -> Viewer:
        """As it is shown."""
        return Viewer(
            number=self.number,
            user=self.user,
            key=self.key,
            address=self.address,
            columns=self.size[0],
            rows=self.size[1],
            since=self.since,
            sent=self.sent,
            ended=ended,
        )


class Sessions:
    """Who looks now. `tell` hears of every change."""

    def __init__(self, most: int, tell: Callable[[Viewers], None], clock: Clock) -> None:
        self._most = most
        self._tell = tell
        self._clock = clock
        self._numbers = count(1)
        self._here: dict[int, ViewerSession] = {}
        self._gone: deque[Viewer] = deque(maxlen=REMEMBERED)

    def __len__(self) -> int:
        return len(self._here)

    def enter(self, guest: ViewerSession, size: tuple[int, int]) -> bool:
        """Let it look; False when as many do as may."""
        if len(self._here) >= self._most:
            LOG.info("refused %s (%s) from %s: full", guest.user, guest.key, guest.address)
            return False
        guest.number = next(self._numbers)
        guest.since, guest.size = self._clock(), size
        self._here[guest.number] = guest
        LOG.info(
            "session %d opened: %s (%s) from %s, %dx%d",
            guest.number, guest.user, guest.key, guest.address, *size,
        )  # fmt: skip
        self.report()
        return True

    def resized(self, guest: ViewerSession, size: tuple[int, int]) -> None:
        """Its terminal has another size."""
        guest.size = size
        if guest.number in self._here:
            self.report()

    def leave(self, guest: ViewerSession) -> None:
        """It looks no more."""
        if self._here.pop(guest.number, None) is None:
            return
        now = self._clock()
        self._gone.appendleft(guest.seen(now))
        LOG.info(
            "session %d ended: %s from %s, %d bytes in %.0f s",
            guest.number, guest.user, guest.address, guest.sent, now - guest.since,
        )  # fmt: skip
        self.report()

    def report(self) -> None:
        """Tell who looks, the newest first."""
        here = [guest.seen() for guest in reversed(self._here.values())]
        self._tell(Viewers(self._most, (*here, *self._gone)))
