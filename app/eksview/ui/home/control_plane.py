"""The control plane: a card per component, each judged only by what can be seen of it."""

from textwrap import wrap
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType

from eksview.domain.aws.cluster_health import EksState
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import cells, clean
from eksview.domain.control_plane.components import APISERVER, Component
from eksview.store.selectors.eks import EKS, state_of
from eksview.store.selectors.overview import Overview
from eksview.ui.base.messages import OpenComponent
from eksview.ui.base.view import View
from eksview.ui.home.api_link import WIRES
from eksview.ui.home.panel import Panel
from eksview.ui.home.wires import wires
from eksview.ui.text.bars import FAST, milliseconds, spark
from eksview.ui.text.control_metrics import pending_words
from eksview.ui.text.styled_text import Spans, joined, pad, width_of

WIDE = 110  # cells from which the components stand side by side
HEAD = 24  # cells of the names, when they stand one under another
SPARK = 8
GAP = "  "
"""Between the parts of a line of evidence."""
_REVERSE = Style(reverse=True)


class ControlPlane(Panel):
    """Cards side by side where there is room, else one line each."""

    BINDING_GROUP_TITLE = "Control plane"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="component.open", tooltip="Checks, leases, latency"),
        Binding("left,h,up,k", "step(-1)", "Previous", id="component.previous", show=False),
        Binding("right,l,down,j", "step(1)", "Next", id="component.next", show=False),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="control-plane")
        self._overview = overview
        self._found: tuple[Component, ...] = ()
        self._eks: EksState | None = None
        self._at = 0

    def look(self, now: float) -> None:
        """Judge anew and paint what differs."""
        self._found = self._overview.components(now)
        self._eks = state_of(self.view.store, now) if self._overview.flavour.kind == "eks" else None
        self._at = min(self._at, max(0, len(self._names) - 1))
        broken = any(each.health is Health.BAD for each in (*self._found, self._eks) if each)
        self.alarm = self.ink.palette.bad if broken else None
        self.paint()

    def height_for(self, width: int) -> int:
        """Lines that it wants, its frame included: the same from the first frame on."""
        eks = self._overview.flavour.kind == "eks" or self._overview.version is None
        if width < WIDE:
            return 2 + eks + max(5, len(self._found))
        return 3 + eks + max(3, *(len(self._evidence(each)) for each in self._found), 0)

    def title(self) -> Spans:
        palette, dot = self.ink.palette, self.ink.glyphs.dot
        flavour, version = self._overview.flavour, self._overview.version
        spans: Spans = [("Control plane", self.heading)]
        if version is not None:
            by = f"managed by {flavour.label}" if flavour.managed else flavour.label
            spans.append((f" {dot} {by} {dot} {clean(version.git)}", palette.dim))
        return spans

    def aside(self) -> Spans:
        target = self._overview.target
        return [(clean(target.server), self.ink.palette.dim)] if target else []

    def ports(self) -> tuple[int, ...]:
        return wires(self.size.width, WIRES)

    def lines(self) -> list[Spans]:
        width, height = self.inner
        if not self._found:
            return [[("asking the API server how it is", self.ink.palette.dim)]]
        top = [] if self._eks is None else [self._whole(self._eks)]
        if self.size.width >= WIDE:
            return [*top, *self._cards(width, height - len(top))]
        rows = [*top, *(self._row(len(top) + at, each) for at, each in enumerate(self._found))]
        first = max(0, min(self._at, len(rows) - height))
        return rows[first : first + height]

    @property
    def _names(self) -> list[str]:
        """What can be opened, in the order in which it stands there."""
        whole = [] if self._eks is None else [EKS]
        return [*whole, *(each.name for each in self._found)]

    def _whole(self, eks: EksState) -> Spans:
        """What EKS says of the cluster; what isn't well, in its colour."""
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
        each = width // len(self._found)
        style, more = self.ink.palette.text, self.ink.glyphs.more
        before = len(self._names) - len(self._found)
        rows: list[Spans] = [[] for _ in range(height)]
        for number, component in enumerate(self._found):
            head = self._titled(before + number, component.title, component.health)
            card = [head, *self._flowed(component, each - 1)]
            for at, row in enumerate(rows):
                drawn = card[at] if at < len(card) else []
                row += [*pad(drawn, each - 1, style, more), (" ", style)]
        return rows

    def _flowed(self, component: Component, width: int) -> list[Spans]:
        """The evidence, its lines broken where their parts don't fit."""
        rows: list[Spans] = []
        for line in self._evidence(component):
            if width_of(line) <= width:
                rows.append(line)
                continue
            indent, (text, style) = line[0], line[1]
            rows += [[indent, (each, style)] for each in _broken(text, width - len(GAP))]
        return rows

    def _row(self, number: int, component: Component) -> Spans:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        titled = self._titled(number, component.title, component.health)
        head = pad(titled, HEAD, palette.text, glyphs.more)
        said = [line[1:] for line in self._evidence(component)]
        return [*head, *joined(said, (f" {glyphs.dot} ", palette.faint))]

    def _titled(self, number: int, title: str, health: Health) -> Spans:
        palette, glyphs = self.ink.palette, self.ink.glyphs
        state = palette.state(health)
        name = state + _REVERSE if health is Health.BAD else palette.strong
        if self.has_focus and number == self._at:
            name = palette.accent + palette.cursor
        shown = f" {title} " if health is Health.BAD else title
        return [(f"{glyphs.mark(health)} ", state), (shown, name)]

    def _evidence(self, component: Component) -> list[Spans]:
        """What is seen of it, the latency of the API server among it."""
        palette = self.ink.palette
        style = palette.dim
        if component.health in (Health.BAD, Health.WARN):
            style = palette.state(component.health)
        lines: list[Spans] = [
            [(GAP, style), (said, style)]
            for line in component.lines
            if (said := self._unsaid(component, line))
        ]
        if component.health is Health.UNKNOWN and component.why_unseen:
            lines.append([(GAP, style), (component.why_unseen, palette.faint)])
        store = self.view.store
        if said := pending_words(value_of(store.facts.eks_metrics), component.name):
            lines.append([(GAP, style), (said, palette.dim)])
        history = store.latencies("readyz")
        if component.name == APISERVER and history:
            lines.insert(2, [(GAP, style), *self._latency(history)])
        return lines

    def _unsaid(self, component: Component, line: str) -> str:
        """A line without the version, which the title has, and the latency, which has its own."""
        version, took = self._overview.version, component.latency
        said = {clean(version.git)} if version else set()
        if took is not None:
            said.add(f"{took * 1000:.0f} ms")
        return GAP.join(part for part in line.split(GAP) if part not in said)

    def _latency(self, history: tuple[float, ...]) -> Spans:
        middle = sorted(history)[len(history) // 2]
        heights = self.ink.glyphs.spark
        drawn = "" if self.view.pace.lean else spark(history, SPARK, heights, least=FAST)
        dim = self.ink.palette.dim
        return [(f"p50 {milliseconds(middle)} ", dim), (drawn, self.ink.palette.used)]

    def action_step(self, by: int) -> None:
        """To the component beside."""
        if self._names:
            self._at = max(0, min(len(self._names) - 1, self._at + by))
            self.paint()

    def action_open(self) -> None:
        """Into the component under the cursor."""
        if self._names:
            self.post_message(OpenComponent(self._names[self._at]))

    def on_click(self, event: events.Click) -> None:
        """Choose what is there; what is chosen already, open."""
        if not self._found:
            return
        at, before = event.y - 1, len(self._names) - len(self._found)
        if self.size.width >= WIDE and at >= before:
            width = self.inner[0] // len(self._found)
            at = before + (event.x - 2) // max(1, width)
        if at == self._at:
            self.action_open()
        else:
            self.action_step(at - self._at)


def _broken(text: str, width: int) -> list[str]:
    """A line broken between its parts, and a part between its words."""
    lines: list[str] = []
    for part in text.split(GAP):
        if lines and cells(lines[-1] + GAP + part) <= width:
            lines[-1] += GAP + part
        else:
            lines += wrap(part, max(1, width)) or [""]
    return lines
