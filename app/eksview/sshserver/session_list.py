"""The open sessions: their limit, their list and their log."""

import logging
from collections import deque
from collections.abc import Callable
from itertools import count

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.domain.live.viewers import Viewer, Viewers

LOG = logging.getLogger("eksview.sshserver")
MAX_ENDED = 20  # ended sessions that are still listed


class ViewerSession:
    """One viewer's session; `sent` counts the bytes sent to its terminal."""

    def __init__(self, user: str, key: str, address: str) -> None:
        self.number = 0  # until it is opened
        self.user, self.key, self.address = clean(user), clean(key), clean(address)
        self.size = 0, 0
        self.since = 0.0
        self.sent = 0

    def snapshot(self, ended: float | None = None) -> Viewer:
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
    """The open sessions and the newest ended ones; `publish` gets every change."""

    def __init__(self, limit: int, publish: Callable[[Viewers], None], clock: Clock) -> None:
        self._limit = limit
        self._publish = publish
        self._clock = clock
        self._numbers = count(1)
        self._open: dict[int, ViewerSession] = {}
        self._ended: deque[Viewer] = deque(maxlen=MAX_ENDED)

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, viewer: ViewerSession, size: tuple[int, int]) -> bool:
        """Open a session; return False if the limit is reached."""
        if len(self._open) >= self._limit:
            LOG.info("refused %s (%s) from %s: full", viewer.user, viewer.key, viewer.address)
            return False
        viewer.number = next(self._numbers)
        viewer.since, viewer.size = self._clock(), size
        self._open[viewer.number] = viewer
        LOG.info(
            "session %d opened: %s (%s) from %s, %dx%d",
            viewer.number, viewer.user, viewer.key, viewer.address, *size,
        )  # fmt: skip
        self.report()
        return True

    def resized(self, viewer: ViewerSession, size: tuple[int, int]) -> None:
        viewer.size = size
        if viewer.number in self._open:
            self.report()

    def leave(self, viewer: ViewerSession) -> None:
        if self._open.pop(viewer.number, None) is None:
            return
        now = self._clock()
        self._ended.appendleft(viewer.snapshot(now))
        LOG.info(
            "session %d ended: %s from %s, %d bytes in %.0f s",
            viewer.number, viewer.user, viewer.address, viewer.sent, now - viewer.since,
        )  # fmt: skip
        self.report()

    def report(self) -> None:
        """Publish the open sessions, the newest first, then the ended ones."""
        active = [viewer.snapshot() for viewer in reversed(self._open.values())]
        self._publish(Viewers(self._limit, (*active, *self._ended)))
