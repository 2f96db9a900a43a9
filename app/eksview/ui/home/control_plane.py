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
from eksview.ui.base.messages import OpenComponent
from eksview.ui.base.view import View
from eksview.ui.home.api_link import WIRES, wire_columns
from eksview.ui.home.panel import Panel
from eksview.ui.text.bars import FAST, milliseconds, spark
from eksview.ui.text.control_metrics import pending_words
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Spans, joined, pad, width_of

WIDE = 110  # cells needed for cards side by side
HEAD = 24  # cells of the names, in one-line rows
SPARK = 8
GAP = "  "
"""Separator of the parts of a line of evidence."""
_REVERSE = Style(reverse=True)


class ControlPlane(Panel):
    """The panel of components: cards side by side where there is room, or a line each."""

    BINDING_GROUP_TITLE = "Control plane"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="component.open", tooltip="Checks, leases, latency"),
        Binding("left,h,up,k", "step(-1)", "Previous", id="component.previous", show=False),
        Binding("right,l,down,j", "step(1)", "Next", id="component.next", show=False),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="control-plane")
        self._overview = overview
        self._components: tuple[Component, ...] = ()
        self._eks: EksState | None = None
        self._at = 0

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
        """Return the lines needed with the frame: the same from the first frame on."""
        eks = self._overview.distribution.kind == "eks" or self._overview.version is None
        if width < WIDE:
            return 2 + eks + max(5, len(self._components))
        return 3 + eks + max(3, *(len(self._evidence(part)) for part in self._components), 0)

    def title(self) -> Spans:
        palette, dot = self.ink.palette, self.ink.glyphs.dot
        distribution, version = self._overview.distribution, self._overview.version
        spans: Spans = [("Control plane", self.heading)]
        if version is not None:
            by = f"managed by {distribution.label}" if distribution.managed else distribution.label
            spans.append((f" {dot} {by} {dot} {clean(version.git)}", palette.dim))
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
        top = [] if self._eks is None else [self._whole(self._eks)]
        if self.size.width >= WIDE:
            return [*top, *self._cards(width, height - len(top))]
        rows = [*top, *(self._row(len(top) + at, part) for at, part in enumerate(self._components))]
        first = max(0, min(self._at, len(rows) - height))
        return rows[first : first + height]

    @property
    def _names(self) -> list[str]:
        """The names of what can be opened, in their order on screen."""
        whole = [] if self._eks is None else [EKS]
        return [*whole, *(part.name for part in self._components)]

    def _whole(self, eks: EksState) -> Spans:
        """Return what EKS reports about the cluster."""
        palette, glyphs = self.ink.palette, self.ink.glyphs
        parts: list[Spans] = [
            [(part.text, palette.dim if part.health is Health.OK else palette.state(part.health))]
            for part in eks.parts
        ]
        head = self._titled(0, "EKS", eks.health)
        if self.size.width < WIDE:
            head = pad(head, HEAD, palette.text, glyphs.more)
        else:
            head = [*head, (GAP, palette.text)]
        return [*head, *joined(parts, (f" {glyphs.dot} ", palette.faint))]

    def _cards(self, width: int, height: int) -> list[Spans]:
        room = width // len(self._components)
        style, more = self.ink.palette.text, self.ink.glyphs.more
        before = len(self._names) - len(self._components)
        rows: list[Spans] = [[] for _ in range(height)]
        for number, component in enumerate(self._components):
            head = self._titled(before + number, component.title, component.health)
            card = [head, *self._flowed(component, room - 1)]
            for at, row in enumerate(rows):
                drawn = card[at] if at < len(card) else []
                row += [*pad(drawn, room - 1, style, more), (" ", style)]
        return rows

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

    def _row(self, number: int, component: Component) -> Spans:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        titled = self._titled(number, component.title, component.health)
        head = pad(titled, HEAD, palette.text, glyphs.more)
        evidence = [line[1:] for line in self._evidence(component)]
        return [*head, *joined(evidence, (f" {glyphs.dot} ", palette.faint))]

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
        if reason and reason not in component.lines:
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
        repeated: set[str] = {clean(version.git)} if version else set()
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

    def action_open(self) -> None:
        if self._names:
            self.post_message(OpenComponent(self._names[self._at]))

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
            lines += fold(part, width)
    return lines
