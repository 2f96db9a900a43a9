"""The clock of an API server or of AWS, measured by the Date headers of its answers."""

from collections.abc import Callable

from eksview.domain.base.clock import Clock
from eksview.domain.live.clock_skew import date_of, measured


class ServerClock:
    """A clock of a server's time; this machine's until an answer has shown the difference.

    `changed` is called with the seconds by which this machine is ahead whenever they differ.
    """

    def __init__(self, local: Clock) -> None:
        self.local = local
        self.changed: Callable[[float], None] = lambda _: None
        self._ahead: float | None = None

    def __call__(self) -> float:
        return self.local() - self.ahead

    @property
    def ahead(self) -> float:
        """The seconds by which this machine's clock is ahead of the server's."""
        return self._ahead or 0.0

    def observe(self, header: str | None, sent: float) -> None:
        """Take the Date header of an answer that has just come to a request of the time `sent`."""
        date = date_of(header)
        if date is None:
            return
        before, self._ahead = self._ahead, measured(self._ahead, date, sent, self.local())
        if self._ahead != (before or 0.0):
            self.changed(self._ahead)
