"""The API link panel: a wire per stream between control plane and workers."""

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct
from rich.style import Style
from textual.binding import Binding, BindingType

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.live.trust import HEALTH, Trust, progress, trust
from eksview.domain.live.watch_scope import only_text
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.overview import Overview
from eksview.ui.base.lines.painted_lines import SpanLines
from eksview.ui.base.view import View
from eksview.ui.home.reasons import STREAMS, explained_stream, impaired
from eksview.ui.text.bars import FAST, milliseconds, rate, spark_spans
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Span, Spans, pad, width_of

WIRES = len(STREAMS)
TALL = 3
AGE = 5  # cells
_STATES = {
    Trust.LIVE: Health.OK,
    Trust.LISTED: Health.WARN,
    Trust.LOADING: Health.UNKNOWN,
    Trust.STALE: Health.WARN,
    Trust.ABSENT: Health.BAD,
}
_FIGURES = {
    Phase.OFF: ("not watched", "off", "-"),
    Phase.REFUSED: ("denied", ""),
    Phase.CONNECTING: ("connecting", "..."),
    Phase.RETRYING: ("retrying", "retry", "..."),
}


def wire_columns(width: int, count: int, indent: int = 3) -> tuple[int, ...]:
    """Return the columns of `count` wires, spread evenly over `width` cells."""
    step = max(1, (width - indent) // max(1, count))
    return tuple(indent + number * step for number in range(count))


class Wire(Struct, frozen=True):
    """State of one stream as drawn."""

    name: str
    health: Health
    figures: tuple[str, ...]  # the longest that fits is shown
    history: tuple[float, ...]
    least: float  # the lowest value of a full bar
    last: str  # age of the last event

    def left(self, room: int) -> int:
        """Return the cells for a figure, of `room` for all."""
        return room - 2 - len(self.name)

    def form(self, room: int) -> int:
        """Return which figure is the first that fits, else the last."""
        fitting = (at for at, text in enumerate(self.figures) if len(text) < self.left(room))
        return next(fitting, len(self.figures) - 1)


def _figure(wire: Wire, drawn: Iterable[Wire], room: int) -> str:
    """Return the form of a figure that fits, the same for all wires of as many forms.

    Wires in the same state would have different words otherwise, as names differ in length.
    """
    alike = (each for each in drawn if len(each.figures) == len(wire.figures))
    return wire.figures[max(each.form(room) for each in alike)]


class ApiLink(SpanLines):
    """The panel with a mark, a rate and a sparkline per stream, and a sentence about one of them.

    The sentence is about the first broken stream; with the focus, about the chosen one.
    """

    BINDING_GROUP_TITLE = "API link"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,up,k", "step(-1)", "Previous", id="link.previous", show=False),
        Binding("right,l,down,j", "step(1)", "Next", id="link.next", show=False),
        Binding(
            "enter", "app.refresh", "Refresh", id="link.refresh", tooltip="List everything again"
        ),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="api-link")
        self._overview = overview
        self._now = 0.0
        self._at = 0

    def sync(self, now: float) -> None:
        self._now = now
        self.paint()

    def window(self, width: int, height: int) -> list[Spans]:
        """Return marks and figures, histories, and the sentence, as far as `height` allows."""
        drawn, columns = [self._wire(name) for name in STREAMS], wire_columns(width, WIRES)
        sentence = self._folded(drawn, width, columns[0])
        heads = [
            self._head(number, wire, _figure(wire, drawn, self._room))
            for number, wire in enumerate(drawn)
        ]
        tails = [self._tail(wire) for wire in drawn]
        ends = [[(self._end(wire), self._line(wire))] for wire in drawn]
        lines = [self._row(heads, columns, width), self._row(tails, columns, width)]
        if height >= TALL:
            lines.append(self._row(ends, columns, width))
        if sentence:
            lines = [*lines[: max(0, height - len(sentence))], *sentence]
        return lines[:height]

    @property
    def folded_lines(self) -> int:
        """The lines of the sentence beyond the first."""
        columns = wire_columns(self.app.size.width, WIRES)
        lines = self._folded(
            [self._wire(name) for name in STREAMS], self.app.size.width, columns[0]
        )
        return max(0, len(lines) - 1)

    def _folded(self, drawn: list[Wire], width: int, indent: int) -> list[Spans]:
        """Return the sentence in as many lines as it needs."""
        sentence = self._sentence(drawn)
        if not sentence:
            return []
        *head, (text, style) = [(" " * indent, self.ink.palette.text), *sentence]
        blank: Span = (" " * width_of(head), style)
        first, *rest = fold(clean(text), width - width_of(head) - 1)
        return [[*head, (first, style)], *([blank, (line, style)] for line in rest)]

    @property
    def _more(self) -> str:
        return self.ink.glyphs.more

    def _row(self, parts: Iterable[Spans], columns: tuple[int, ...], width: int) -> Spans:
        text, row = self.ink.palette.text, list[Span]()
        row.append((" " * columns[0], text))
        for part, x, end in zip(parts, columns, (*columns[1:], width), strict=True):
            row += [*pad(part, end - x - 1, text, self._more), (" ", text)]
        return row

    def _head(self, number: int, wire: Wire, shown: str) -> Spans:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        chosen = self.has_focus and number == self._at
        name = palette.accent + palette.cursor if chosen else palette.text
        state = palette.state(wire.health)
        figure = palette.text if wire.health is Health.OK else state
        mark = f"{glyphs.mark(wire.health)} "
        return [(mark, state), (wire.name, name), (shown.rjust(wire.left(self._room)), figure)]

    def _tail(self, wire: Wire) -> Spans:
        palette, room = self.ink.palette, self._room - 2
        style = palette.used if wire.health is Health.OK else palette.faint
        last = wire.last if len(wire.last) <= room else ""
        return [
            (f"{self._stroke(wire)} ", self._line(wire)),
            *self._drawn(wire, max(0, room - AGE), style),
            (last.rjust(min(AGE, room)), palette.dim),
        ]

    def _drawn(self, wire: Wire, room: int, style: Style) -> Spans:
        """Return the sparkline, or blanks over a slow line, since it changes all the time."""
        if self.view.pace.lean:
            return [(" " * room, style)]
        return spark_spans(wire.history, room, style, self.ink, least=wire.least)

    @property
    def _room(self) -> int:
        """The cells of a wire's text with its mark."""
        columns = wire_columns(self.size.width, WIRES)
        step = columns[1] - columns[0]
        return min(28, step - (4 if step >= 20 else 1))

    def _stroke(self, wire: Wire) -> str:
        glyphs = self.ink.glyphs
        if wire.health is Health.BAD:
            return " "
        return glyphs.line[1] if wire.health is Health.OK else glyphs.cut

    def _end(self, wire: Wire) -> str:
        return self.ink.glyphs.down if wire.health is Health.OK else self._stroke(wire)

    def _line(self, wire: Wire) -> Style:
        palette = self.ink.palette
        return palette.faint if wire.health is Health.OK else palette.state(wire.health)

    def _wire(self, name: str) -> Wire:
        links = self.view.store.links
        link, health = links.get(name), links.get(HEALTH)
        off = link is None or link.phase is Phase.OFF  # by choice
        state = Health.UNKNOWN if off else _STATES[trust(link, health)]
        return Wire(
            name="HTTPS" if name == HEALTH else name,
            health=state,
            figures=self._figures(name, link),
            history=self._history(name),
            least=FAST if name == HEALTH else 2.0,
            last=self._last(name, link),
        )

    def _history(self, name: str) -> tuple[float, ...]:
        if name == HEALTH:
            return self.view.store.latencies("readyz")
        return self.view.rates.history(name)

    def _figures(self, name: str, link: Link | None) -> tuple[str, ...]:
        if link is None:
            return ("-",)
        if link.phase is Phase.RETRYING and link.retry_at is not None:
            wait = max(0, round(link.retry_at - self._now))
            return (f"retry in {wait}s", f"retry {wait}s", f"{wait}s")
        if link.every:
            period = human_duration(link.every)
            return (f"every {period}", period)
        if link.phase is Phase.LIVE:
            return (self._speed(name),)
        if link.phase is Phase.LISTING:
            part = progress(link)
            return (f"{link.loaded:,}" if part is None else f"{part:.0%}", "")
        return _FIGURES.get(link.phase, ("",))

    def _speed(self, name: str) -> str:
        if name != HEALTH:
            return f"{rate(self.view.rates.current(name))}/s"
        took = self.view.store.latencies("readyz")
        return milliseconds(took[-1]) if took else "-"

    def _last(self, name: str, link: Link | None) -> str:
        answers = link is not None and (name == HEALTH or bool(link.every))
        at = None if link is None else link.heard if answers else link.last_event
        return "-" if at is None else human_duration(max(0.0, self._now - at))

    def _sentence(self, drawn: list[Wire]) -> Spans:
        if self.has_focus:
            return self._about(STREAMS[self._at], drawn[self._at])
        name = explained_stream(self.view.store)
        return self._about(name, drawn[STREAMS.index(name)]) if name else []

    def _about(self, name: str, wire: Wire) -> Spans:
        """Return a line with everything about a stream."""
        palette, link = self.ink.palette, self.view.store.links.get(name)
        mark: Span = (f"{self.ink.glyphs.mark(wire.health)} ", palette.state(wire.health))
        if link is None:
            return [mark, (f"{wire.name} not started", palette.dim)]
        if link.phase is Phase.OFF:
            return [mark, (link.reason or f"{wire.name} isn't watched.", palette.dim)]
        state = f"{wire.name} {link.phase.value} for {human_duration(self._now - link.since)}"
        if impaired(link):
            reason = link.reason or f"{link.phase.value}, no reason reported."
            return [mark, (f"{wire.name}: ", palette.state(wire.health)), (reason, palette.text)]
        return [mark, (state, palette.text), (self._facts(name, link), palette.dim)]

    def _facts(self, name: str, link: Link) -> str:
        between = f" {self.ink.glyphs.dot} "
        if name == HEALTH:
            target = self._overview.target
            tls = "TLS not verified" if target and target.insecure else "TLS verified"
            return between + between.join((clean(target.server), tls)) if target else ""
        facts = [f"{link.events:,} events", f"last {self._last(name, link)} ago"]
        if link.paged:
            facts.append("listed in pages")
        if link.only:
            facts.insert(0, clean(only_text(link)))
        if link.bad_lines:
            facts.append(f"{link.bad_lines:,} malformed lines skipped")
        return between + between.join(facts)

    def action_step(self, by: int) -> None:
        self._at = max(0, min(WIRES - 1, self._at + by))
        self.paint()
