"""The tab of an object's usage over time, read from Prometheus only while it is shown."""

from collections.abc import Callable, Iterator, Sequence

from eksview.domain.base.quantity import show_cpu, show_size
from eksview.domain.base.text import clean
from eksview.domain.history.prometheus import UsageHistory
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.text.chart import Level, chart_lines
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Words

HISTORY = Tab("history", "h", "History", "Hist.")
AGAIN = 60.0
"""Seconds between two readings while the tab is shown: six range queries each."""


class HistoryTab:
    """A source of the tab; `levels` returns the lines of CPU and of memory."""

    tabs = (HISTORY,)

    def __init__(
        self,
        view: View,
        ref: ObjectRef,
        levels: Callable[[], tuple[Sequence[Level], Sequence[Level]]],
        address: str = "",
    ) -> None:
        self._view = view
        self._ref = ref
        self._levels = levels
        self._address = address
        self._fetch: Fetch[UsageHistory] = Fetch(self._ask, view.clock, period=AGAIN)

    def look(self, tab: str) -> bool:
        """Return whether to read the figures now."""
        return tab == HISTORY.id and self._fetch.due(self._ref.name)

    async def ask(self) -> None:
        await self._fetch.ask(self._ref.name)

    async def _ask(self) -> UsageHistory:
        return await self._view.backend.history(self._ref, self._address)

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:  # noqa: ARG002
        history, glyphs = self._fetch.result, self._view.glyphs
        if self._fetch.problem:
            yield from (((line, "warn"),) for line in fold(clean(self._fetch.problem), width))
        if history is None:
            if not self._fetch.problem:
                yield ((f"Loading{glyphs.more}", "dim"),)
            return
        cpu, memory = self._levels()
        for used, taken in zip(history.cpu, history.memory, strict=True):
            yield from chart_lines("CPU", used, cpu, _cores, width, glyphs)
            yield ()
            yield from chart_lines("Memory", taken, memory, _bytes, width, glyphs)
            yield ()
        yield ((clean(f"Prometheus: {history.source}"), "dim"),)


def _cores(value: float) -> str:
    return show_cpu(round(value * 1000))


def _bytes(value: float) -> str:
    return show_size(round(value))
