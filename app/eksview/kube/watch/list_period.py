"""The lists of a source that can't be watched: how often they are read, and why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean
from eksview.domain.live.polled import PERIOD, after_answer, no_watch
from eksview.kube.watch.watched_resource import WatchedResource

POLLED = 15.0  # seconds between lists of what has no watch; the resolution of metrics-server


class ListPeriod:
    """The period of a source's lists: never shorter than ten times what one takes."""

    def __init__(
        self, source: WatchedResource, elapsed: Clock, chance: Callable[[], float]
    ) -> None:
        self._source = source
        self._elapsed = elapsed
        self._chance = chance
        self._least = PERIOD if source.resource.watched else POLLED
        self.every = self._least
        self.fresh = False  # nothing was requested since a list

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Measure a list."""
        began = self._elapsed()
        yield
        self.every = after_answer(self._elapsed() - began, self._least).wait
        self.fresh = True

    def wait(self) -> float:
        """Return the seconds until the next list, spread by chance."""
        return self.every * (1.0 + 0.1 * self._chance())

    def reason(self, *, denied: bool = False) -> Clean:
        """Return how often it is listed and why: the right to watch is denied, or no watch is."""
        right = self._source.request("watch") if denied else None
        return no_watch(self._source.resource.name, self.every, right)
