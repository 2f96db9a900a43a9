"""The control plane panel: a card per component, each judged by what is visible of it."""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType

from eksview.domain.aws.cluster_health import EksState
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import cells, clean
from eksview.domain.control_plane.components import APISERVER, Component
from eksview.store.selectors.eks import EKS, eks_state_of
from eksview.store.selectors.overview import Overview
from eksview.ui.base.lines.panel import SIDES, Panel
from eksview.ui.base.messages import OpenComponent
from eksview.ui.base.view import View
from eksview.ui.home.api_link import WIRES, wire_columns
from eksview.ui.home.evidence_lines import (
    ComponentLines,
    Part,
    beside,
    evidence_lines,
    shortened,
    top_lines,
)
from eksview.ui.home.reasons import shown_reasons
from eksview.ui.text.bars import FAST, milliseconds, spark
from eksview.ui.text.control_metrics import pending_words
from eksview.ui.text.layout import LEAST, fold
from eksview.ui.text.styled_text import Span, Spans, pad, width_of

WIDE = 110  # cells needed for cards side by side
HEAD = 24  # cells of the names, in rows
INDENT = 2  # cells before the evidence that has no room beside the names
CARD = 3  # lines of evidence of a card, at least
SPARK = 8
GAP = "  "
"""Separator of the parts of a line of evidence."""
_REVERSE = Style(reverse=True)
_URGENT = (Health.OK, Health.UNKNOWN, Health.WARN, Health.BAD)
"""The evidence of the first is shortened first."""


class ControlPlane(Panel):
    """The panel of components: cards side by side where there is room, or a line each."""

    BINDING_GROUP_TITLE = "Control plane"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="component.open", tooltip="Open its checks and leases"),
        Binding("left,h,up,k", "step(-1)", "Previous", id="component.previous", show=False),
        Binding("right,l,down,j", "step(1)", "Next", id="component.next", show=False),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="control-plane")
        self._overview = overview
        self._components: tuple[Component, ...] = ()
        self._eks: EksState | None = None
        self._at = 0
        self._needed: tuple[object, int] = None, 0
        """Lines with the frame, at most since the width or a component's health has changed."""

    def sync(self, now: float) -> None:
        """Judge the components again and paint what differs."""
        self._components = self._overview.components(now)
        self._eks = (
            eks_state_of(self.view.store, now)
            if self._overview.distribution.kind == "eks"
            else None
        )
        self._at = min(self._at, max(0, len(self._names) - 1))
        broken = any(part.health is Health.BAD for part in (*self._components, self._eks) if part)
        self.alarm = self.ink.palette.bad if broken else None
        self.paint()

    def height_for(self, width: int) -> int:
        """Return the lines needed with the frame; seconds that pass take none of them back."""
        eks = self._overview.distribution.kind == "eks" or self._overview.version is None
        least = 3 + eks + CARD if width >= WIDE else 2 + eks + max(5, len(self._components))
        state = width, [part.health for part in (self._eks, *self._components) if part]
        before = self._needed[1] if self._needed[0] == state else least
        self._needed = state, max(before, 2 + self._tallest(width - SIDES))
        return self._needed[1]

    def _tallest(self, width: int) -> int:
        top = self._top(width)
        if width + SIDES < WIDE:
            return sum(len(block.lines) for block in (*top, *self._rows(width)))
        cards = [len(self._card(at, width)) for at in range(len(self._components))]
        return sum(len(block.lines) for block in top) + max(cards, default=0)

    def title(self) -> Spans:
        palette, dot = self.ink.palette, self.ink.glyphs.dot
        distribution, version = self._overview.distribution, self._overview.version
        spans: Spans = [("Control plane", self.heading)]
        if version is not None:
            by = f"managed by {distribution.label}" if distribution.managed else distribution.label
            room = self.inner[0] - 1
            for part in (by, version.git):
                spans.append((f" {dot} {part}", palette.dim))
                if width_of(spans) > room:
                    spans.pop()
        return spans

    def top_right(self) -> Spans:
        target = self._overview.target
        return [(clean(target.server), self.ink.palette.dim)] if target else []

    def ports(self) -> tuple[int, ...]:
        return wire_columns(self.size.width, WIRES)

    def lines(self) -> list[Spans]:
        width, height = self.inner
        if not self._components:
            return [[(f"checking the API server{self.ink.glyphs.more}", self.ink.palette.dim)]]
        top = self._top(width)
        if self.size.width >= WIDE:
            eks = [row for block in top for row in block.lines][: max(1, height - CARD)]
            return [*eks, *self._cards(width, height - len(eks))]
        blocks = shortened([*top, *self._rows(width)], height, width, self.ink.glyphs.more)
        rows = [row for block in blocks for row in block]
        first = max(0, min(self._at, len(rows) - height))
        return rows[first : first + height]

    @property
    def _names(self) -> list[str]:
        """The names of what can be opened, in their order on screen."""
        whole = [] if self._eks is None else [EKS]
        return [*whole, *(part.name for part in self._components)]

    def _top(self, width: int) -> list[ComponentLines]:
        """Return what EKS reports about the cluster; nothing elsewhere."""
        if self._eks is None:
            return []
        palette = self.ink.palette
        parts = [
            Part([(part.text, palette.dim)])
            if part.health is Health.OK
            else Part([(part.text, palette.state(part.health))], needed=True)
            for part in self._eks.parts
        ]
        return [self._block(0, "EKS", self._eks.health, parts, width)]

    def _rows(self, width: int) -> list[ComponentLines]:
        """Return the components one below the other."""
        before = len(self._names) - len(self._components)
        return [
            self._block(before + at, part.title, part.health, self._parts(part), width)
            for at, part in enumerate(self._components)
        ]

    def _block(
        self, number: int, title: str, health: Health, parts: list[Part], width: int
    ) -> ComponentLines:
        """Return a name with the evidence beside it, or below it on a very narrow screen."""
        palette, glyphs = self.ink.palette, self.ink.glyphs
        head = self._titled(number, title, health)
        below: Span | None = None
        room = width - HEAD
        if width + SIDES >= WIDE:
            head = [*head, (GAP, palette.text)]
            room = width - width_of(head)
        elif room >= LEAST:
            head = pad(head, HEAD, palette.text, glyphs.more)
        else:
            below, room = (" " * INDENT, palette.text), width - INDENT
        indent: Span = (" " * width_of(head), palette.text)
        lines = evidence_lines(parts, room, (f" {glyphs.dot} ", palette.faint))
        chosen = self.has_focus and number == self._at
        rank = len(_URGENT) if chosen else _URGENT.index(health)
        return ComponentLines(beside(head, lines, indent, below), rank)

    def _parts(self, component: Component) -> list[Part]:
        """Return the evidence in parts; that of trouble is needed, or why it isn't visible."""
        needed = component.health in (Health.BAD, Health.WARN)
        unseen = component.health is Health.UNKNOWN and {component.why_unseen, component.unseen}
        parts: list[Part] = []
        for _, (text, style), *drawn in self._evidence(component):
            if drawn:
                parts.append(Part([(text, style), *drawn]))
            else:
                whole = needed or (unseen and text in unseen)
                parts += [Part([(piece, style)], bool(whole)) for piece in text.split(GAP)]
        return parts

    def _cards(self, width: int, height: int) -> list[Spans]:
        room = width // len(self._components)
        style, more = self.ink.palette.text, self.ink.glyphs.more
        rows: list[Spans] = [[] for _ in range(height)]
        for number in range(len(self._components)):
            card = top_lines(self._card(number, width), height, room - 1, more)
            for at, row in enumerate(rows):
                drawn = card[at] if at < len(card) else []
                row += [*pad(drawn, room - 1, style, more), (" ", style)]
        return rows

    def _card(self, number: int, width: int) -> list[Spans]:
        """Return a component's name and evidence, as one of cards side by side."""
        component, before = self._components[number], len(self._names) - len(self._components)
        head = self._titled(before + number, component.title, component.health)
        return [head, *self._flowed(component, width // len(self._components) - 1)]

    def _flowed(self, component: Component, width: int) -> list[Spans]:
        """Return the evidence, wrapped to `width`."""
        rows: list[Spans] = []
        for line in self._evidence(component):
            if width_of(line) <= width:
                rows.append(line)
                continue
            indent, (text, style) = line[0], line[1]
            rows += [[indent, (piece, style)] for piece in _broken(text, width - len(GAP))]
        return rows

    def _titled(self, number: int, title: str, health: Health) -> Spans:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        state = palette.state(health)
        name = state + _REVERSE if health is Health.BAD else palette.strong
        if self.has_focus and number == self._at:
            name = palette.accent + palette.cursor
        shown = f" {title} " if health is Health.BAD else title
        return [(f"{glyphs.mark(health)} ", state), (shown, name)]

    def _evidence(self, component: Component) -> list[Spans]:
        """Return what is visible of a component, with the latency of the API server."""
        palette = self.ink.palette
        style = palette.dim
        if component.health in (Health.BAD, Health.WARN):
            style = palette.state(component.health)
        lines: list[Spans] = [
            [(GAP, style), (text, style)]
            for line in component.lines
            if (text := self._without_repeats(component, line))
        ]
        reason = component.why_unseen if component.health is Health.UNKNOWN else ""
        if reason and reason not in {*component.lines, *shown_reasons(self.view.store)}:
            lines.append([(GAP, style), (reason, palette.faint)])
        store = self.view.store
        if pending := pending_words(value_of(store.facts.eks_metrics), component.name):
            lines.append([(GAP, style), (pending, palette.dim)])
        history = store.latencies("readyz")
        if component.name == APISERVER and history:
            lines.insert(2, [(GAP, style), *self._latency(history)])
        return lines

    def _without_repeats(self, component: Component, line: str) -> str:
        """Return a line without the version and the latency, which are shown elsewhere."""
        version, latency = self._overview.version, component.latency
        repeated: set[str] = {version.git} if version else set()
        if latency is not None:
            repeated.add(f"{latency * 1000:.0f} ms")
        return GAP.join(part for part in line.split(GAP) if part not in repeated)

    def _latency(self, history: tuple[float, ...]) -> Spans:
        middle = sorted(history)[len(history) // 2]
        heights = self.ink.glyphs.spark
        drawn = "" if self.view.pace.lean else spark(history, SPARK, heights, least=FAST)
        dim = self.ink.palette.dim
        return [(f"p50 {milliseconds(middle)} ", dim), (drawn, self.ink.palette.used)]

    def action_step(self, by: int) -> None:
        if self._names:
            self._at = max(0, min(len(self._names) - 1, self._at + by))
            self.paint()

    @property
    def chosen(self) -> str:
        """The component under the cursor; empty while none is shown."""
        return self._names[self._at] if self._names else ""

    def action_open(self) -> None:
        if self.chosen:
            self.post_message(OpenComponent(self.chosen))

    def on_click(self, event: events.Click) -> None:
        """Choose the component at the pointer; open it if it is chosen already."""
        if not self._components:
            return
        at, before = event.y - 1, len(self._names) - len(self._components)
        if self.size.width >= WIDE and at >= before:
            width = self.inner[0] // len(self._components)
            at = before + (event.x - 2) // max(1, width)
        if at == self._at:
            self.action_open()
        else:
            self.action_step(at - self._at)


def _broken(text: str, width: int) -> list[str]:
    """Wrap a line between its parts, and a part between its words."""
    lines: list[str] = []
    for part in text.split(GAP):
        if lines and cells(lines[-1] + GAP + part) <= width:
            lines[-1] += GAP + part
        else:
            lines += fold(clean(part), width)
    return lines
