"""The link between the control plane and everything below: the streams, and how fresh they are."""

from rich.style import Style
from textual.binding import Binding

from eksview.domain.age import human_duration
from eksview.domain.health import Health
from eksview.domain.links import HEALTH, Trust, progress, trust
from eksview.domain.rows import Kind
from eksview.domain.text import clean
from eksview.domain.updates import Link, Phase
from eksview.ui.view import View
from eksview.ui.widgets.bars import rate, spark
from eksview.ui.widgets.panel import Painted
from eksview.ui.widgets.spans import Spans, pad

STREAMS = (Kind.NODE, Kind.POD, Kind.LEASE, Kind.EVENT)
WIDE = 120
TALL = 3
_STATES = {
    Trust.LIVE: Health.OK,
    Trust.LOADING: Health.UNKNOWN,
    Trust.STALE: Health.WARN,
    Trust.ABSENT: Health.BAD,
}


class ApiLink(Painted):
    """One line of streams on a connector; the sentence of the worst one when something is wrong."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("ctrl+r", "app.refresh", "read again", id="link.refresh", show=True),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view, id="api-link")
        self._now = 0.0

    def look(self, now: float) -> None:
        """Paint what differs."""
        self._now = now
        self.paint()

    def rows(self, width: int, height: int) -> list[Spans]:
        palette, glyphs = self.view.palette(), self.view.glyphs
        line = palette.focus if self.has_focus else palette.border
        wire = (f"   {glyphs.line[1]} ", line)
        streams: Spans = [wire, *self._round_trip(), *self._streams(width)]
        said = self._sentence()
        if height < TALL:
            return [[wire, *said] if said and not self._blink() else streams]
        return [[wire], streams, [wire, *said]]

    def _blink(self) -> bool:
        """On one line the sentence and the streams take turns, three seconds each."""
        return int(self._now / 3) % 2 == 0

    def _round_trip(self) -> Spans:
        palette = self.view.palette()
        history = self.view.store.latencies("readyz")
        took = f"{history[-1] * 1000:4.0f} ms" if history else "    ?"
        return [("HTTPS ", palette.strong), ("rtt", palette.dim), (f"{took}  ", palette.text)]

    def _streams(self, width: int) -> Spans:
        spans, room = Spans(), max(16, (width - 24) // len(STREAMS))
        for kind in STREAMS:
            spans += pad(self._stream(kind, room), room, self.view.palette().text)
        return spans

    def _stream(self, kind: Kind, room: int) -> Spans:
        palette, glyphs = self.view.palette(), self.view.glyphs
        link = self.view.store.links.get(kind.value)
        state = _STATES[trust(link, self.view.store.links.get(HEALTH))]
        spans: Spans = [
            (f"{glyphs.mark(state)} ", palette.state(state)),
            (f"{kind.value:<6} ", palette.text),
        ]
        if room >= 34:
            spans.append((spark(self.view.rates.history(kind.value), 8, glyphs), palette.accent))
        spans.append((f"{rate(self.view.rates.current(kind.value)):>4}/s", palette.text))
        if room >= 24:
            spans.append((f" {self._last(link):>4}", palette.dim))
        return spans

    def _last(self, link: Link | None) -> str:
        if link is None or link.last_event is None:
            return "-"
        return human_duration(self._now - link.last_event)

    def _sentence(self) -> Spans:
        links = [self.view.store.links.get(kind.value) for kind in STREAMS]
        health = self.view.store.links.get(HEALTH)
        for link in (health, *links):
            if link is not None and link.phase in (Phase.RETRYING, Phase.REFUSED):
                return self._trouble(link)
        for link in links:
            if link is not None and link.phase is Phase.LISTING:
                return self._reading(link)
        return []

    def _trouble(self, link: Link) -> Spans:
        palette, glyphs = self.view.palette(), self.view.glyphs
        state = Health.WARN if link.phase is Phase.RETRYING else Health.BAD
        style: Style = palette.state(state)
        when = ""
        if link.retry_at is not None and link.phase is Phase.RETRYING:
            when = f", next try in {max(0, round(link.retry_at - self._now))} s"
        head = f"{glyphs.mark(state)} {link.name} {link.phase.value}{when}: "
        return [(head, style), (clean(link.why), palette.text)]

    def _reading(self, link: Link) -> Spans:
        part = progress(link)
        of = f", {part:.0%}" if part is not None else ""
        return [(f"reading {link.name}: {link.loaded:,}{of}", self.view.palette().dim)]
