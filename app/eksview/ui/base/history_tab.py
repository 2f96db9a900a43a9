"""The tab of an object's usage over time: from Prometheus while it is shown, else since start."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from eksview.domain.base.quantity import show_cpu, show_size
from eksview.domain.base.text import clean
from eksview.domain.history.prometheus import Series, UsageHistory
from eksview.domain.history.usage_ring import UsageRing
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.polled import USAGE
from eksview.domain.rows.link import Phase
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.text.chart import Level, chart_lines
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Words

HISTORY = Tab("history", "h", "History", "Hist.")
AGAIN = 60.0
"""Seconds between two readings while the tab is shown: six range queries each."""
DAY = 86_400.0


class HistoryTab:
    """A source of the tab; `levels` returns the lines of CPU and of memory, `seen` the ring."""

    tabs = (HISTORY,)

    def __init__(
        self,
        view: View,
        ref: ObjectRef,
        levels: Callable[[], tuple[Sequence[Level], Sequence[Level]]],
        seen: Callable[[], UsageRing | None],
        address: str = "",
    ) -> None:
        self._view = view
        self._ref = ref
        self._levels = levels
        self._seen = seen
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
        history, problem = self._fetch.result, self._fetch.problem
        if history is None and not problem:
            yield from self._loading()
            return
        if history is not None and history.empty and not problem:
            problem = f"Prometheus has no figures of this {self._ref.kind}: {history.source}"
        if problem:
            yield from (((line, "warn"),) for line in fold(clean(problem), width))
        for warning in history.warnings if history is not None else ():
            warned = clean(f"Prometheus warns: {warning}")
            yield from (((line, "warn"),) for line in fold(warned, width))
        if history is None or history.empty:
            yield from self._since_start(now, width)
            return
        for used, taken in zip(history.cpu, history.memory, strict=True):
            for chart in self._charts(used, taken, width):
                yield from chart
                yield ()
        yield ((clean(f"Prometheus: {history.source}"), "dim"),)

    def _loading(self) -> Iterator[Words]:
        yield ((f"Loading{self._view.glyphs.more}", "dim"),)

    def _since_start(self, now: float, width: int) -> Iterator[Words]:
        """Yield what was seen since start, or why nothing was."""
        ring = self._seen()
        if not ring:
            yield ((clean(f"No usage seen since start{self._why_none()}."), "dim"),)
            return
        since = datetime.fromtimestamp(ring.since, UTC)
        form = "%H:%M" if now - ring.since < DAY else "%a %H:%M"
        yield ((f"Seen since {since:{form}} UTC (eksview keeps nothing on disk)", "dim"),)
        for chart in self._charts(*ring.series(now), width):  # with the reason they fill 80x24
            yield from chart

    def _why_none(self) -> str:
        link = self._view.store.links.get(USAGE)
        if link is None or link.phase is Phase.LIVE:
            return ""
        absent = link.phase is Phase.OFF
        reason = "metrics.k8s.io isn't installed" if absent else link.reason.rstrip(".")
        return f": {reason}" if reason else ""

    def _charts(self, used: Series, taken: Series, width: int) -> Iterator[Iterator[Words]]:
        (cpu, memory), glyphs = self._levels(), self._view.glyphs
        yield chart_lines("CPU", used, cpu, _cores, width, glyphs)
        yield chart_lines("Memory", taken, memory, _bytes, width, glyphs)


def _cores(value: float) -> str:
    return show_cpu(round(value * 1000))


def _bytes(value: float) -> str:
    return show_size(round(value))
