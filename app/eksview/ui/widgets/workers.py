"""The workers, by nodegroup and zone: cards, chips or a heat map, by number and by choice."""

from collections import Counter
from collections.abc import Iterable

from textual.binding import Binding

from eksview.domain.groups import Group, zone_of
from eksview.domain.links import Trust
from eksview.domain.node_status import status_text
from eksview.domain.rows import Kind
from eksview.domain.text import clean
from eksview.store.changes import Changes
from eksview.ui.intents import OpenNode
from eksview.ui.layout.workers import (
    EMPTY,
    FORMS,
    Block,
    Line,
    Plan,
    Zoom,
    arrange,
    blocks,
    richest,
    step,
)
from eksview.ui.overview import Overview
from eksview.ui.view import View
from eksview.ui.widgets.panel import Panel
from eksview.ui.widgets.spans import Spans
from eksview.ui.widgets.worker_text import Look, card, cell, chip, look_at, spelled
from eksview.ui.widgets.workers_state import notice

_KINDS = {"none": "no group", "fargate": "Fargate", "hybrid": "hybrid"}


class Workers(Panel):
    """Keeps a plan of who stands where; paints the part of it that is in the window."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("left,h", "step(-1, 0)", "left", id="workers.left", show=False),
        Binding("right,l", "step(1, 0)", "right", id="workers.right", show=False),
        Binding("up,k", "step(0, -1)", "up", id="workers.up", show=False),
        Binding("down,j", "step(0, 1)", "down", id="workers.down", show=False),
        Binding("g,home", "edge(0)", "first", id="workers.first", show=False),
        Binding("G,end", "edge(-1)", "last", id="workers.last", show=False),
        Binding("enter", "open", "open", id="workers.open", tooltip="Conditions, pods, YAML"),
        Binding(
            "plus,equals_sign",
            "zoom(1)",
            "closer",
            id="workers.closer",
            tooltip="Show more of each node",
        ),
        Binding("minus", "zoom(-1)", "further", id="workers.further", tooltip="Show more nodes"),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="workers")
        self._overview = overview
        self._blocks: tuple[Block, ...] = ()
        self._plan: Plan = EMPTY
        self._asked: Zoom | None = None
        self._chosen = ""
        self._top = 0
        self._now = 0.0
        self._zones = 0
        self._status: dict[str, str] = {}
        self._ready: Counter[str] = Counter()
        self._pictures: dict[str, tuple[Look, list[Spans]]] = {}

    # what changed

    def look(self, now: float, changes: Changes, *, full: bool = False) -> None:
        """Bring the plan and the picture up to date."""
        self._now = now
        if full or changes.reset or Kind.NODE in changes.members:
            self._regroup()
        else:
            self._restate(changes.nodes)
        self.paint()

    def on_resize(self) -> None:
        self._replan()
        super().on_resize()

    def _regroup(self) -> None:
        nodes = self.view.store.nodes
        self._blocks = blocks(nodes.values())
        self._zones = len({zone_of(node.labels) for node in nodes.values()} - {""})
        self._status, self._ready = {}, Counter()
        self._pictures = {k: v for k, v in self._pictures.items() if k in nodes}
        self._restate(nodes)
        self._replan()

    def _restate(self, names: Iterable[str]) -> None:
        for name in names:
            node = self.view.store.nodes.get(name)
            if node is None:
                continue
            text = status_text(node)
            before = self._status.get(name)
            if before != text:
                self._ready[text] += 1
                if before is not None:
                    self._ready[before] -= 1
                self._status[name] = text

    def _replan(self) -> None:
        width, height = self.size.width - 4, self.size.height - 2
        if width < 1 or height < 1:
            return
        before = self._plan.places.get(self._chosen)
        zoom = self._asked if self._asked is not None else richest(self._blocks, width, height)
        self._plan = arrange(self._blocks, width, zoom)
        if self._chosen not in self._plan.places:
            self._chosen = self._neighbour(before.line if before else 0)
        self._follow()

    def _neighbour(self, line: int) -> str:
        later = (each.names[0] for each in self._plan.lines[line:] if each.names)
        return next(later, next(iter(self._plan.places), ""))

    # painting

    def title(self) -> Spans:
        palette, dot = self.view.palette(), self.view.glyphs.dot
        count = len(self.view.store.nodes)
        spans: Spans = [("Workers", palette.strong)]
        if count:
            spans.append((f" {dot} {count:,} node{'s' * (count != 1)}: ", palette.dim))
            spans += self._counts()
            if self._zones:
                spans.append((f" {dot} {self._zones} zone{'s' * (self._zones != 1)}", palette.dim))
        if self._overview.trust(Kind.NODE) is Trust.STALE:
            spans.append((f" {dot} STALE", palette.warn))
        return spans

    def _counts(self) -> Spans:
        palette, spans = self.view.palette(), Spans()
        for text, number in sorted(self._ready.items(), key=lambda item: item[0] != "Ready"):
            if number:
                style = palette.dim if text == "Ready" else palette.warn
                if "NotReady" in text:
                    style = palette.bad
                spans.append((f"{', ' if spans else ''}{number:,} {clean(text)}", style))
        return spans

    def foot(self) -> Spans:
        name = self._chosen
        if self._plan.zoom is Zoom.CELLS and name in self.view.store.nodes:
            return spelled(self._look(name), self.view)
        hidden = len(self._plan.lines) - (self.size.height - 2)
        if hidden <= 0:
            return []
        below = max(0, hidden - self._top)
        palette, glyphs = self.view.palette(), self.view.glyphs
        return [(f"{glyphs.up}{self._top} {glyphs.down}{below} more lines", palette.dim)]

    def lines(self, width: int, height: int) -> list[Spans]:
        said = notice(self.view, self._overview, self._now)
        if not self.view.store.nodes:
            return said
        shown = self._plan.lines[self._top : self._top + height - len(said)]
        return [*said, *(self._line(line) for line in shown)]

    def _line(self, line: Line) -> Spans:
        if not line.names:
            return self._heading(self._blocks[line.block])
        spans, palette = Spans(), self.view.palette()
        gap = " " * FORMS[self._plan.zoom].gap
        for name in line.names:
            if name in self.view.store.nodes:
                spans += self._picture(name)[line.part]
                spans.append((gap, palette.text))
        return spans

    def _heading(self, block: Block) -> Spans:
        palette, ready = self.view.palette(), 0
        for name in block.names:
            ready += self._status.get(name, "").startswith("Ready")
        total = len(block.names)
        state = palette.dim if ready == total else palette.warn
        return [(_title(block.group), palette.accent), (f"  {ready:,}/{total:,} Ready", state)]

    def _picture(self, name: str) -> list[Spans]:
        look, kept = self._look(name), self._pictures.get(name)
        if kept is not None and kept[0] == look:
            return kept[1]
        zoom = self._plan.zoom
        if zoom is Zoom.CARDS:
            drawn = card(look, self.view)
        else:
            drawn = [chip(look, self.view) if zoom is Zoom.CHIPS else [cell(look, self.view)]]
        self._pictures[name] = (look, drawn)
        return drawn

    def _look(self, name: str) -> Look:
        version = self._overview.version
        return look_at(
            self.view,
            name,
            self._now,
            chosen=self.has_focus and name == self._chosen,
            stale=self._overview.trust(Kind.NODE) is Trust.STALE,
            server=version.git if version else "",
        )

    # moving

    def action_step(self, dx: int, dy: int) -> None:
        self._go(step(self._plan, self._chosen, dx, dy))

    def action_edge(self, end: int) -> None:
        names = list(self._plan.places)
        if names:
            self._go(names[end])

    def action_zoom(self, by: int) -> None:
        self._asked = Zoom(max(0, min(2, self._plan.zoom + by)))
        self._pictures.clear()
        self._replan()
        self.paint()

    def action_open(self) -> None:
        if self._chosen in self.view.store.nodes:
            self.post_message(OpenNode(self._chosen))

    def _go(self, name: str) -> None:
        self._chosen = name
        self._follow()
        self.paint()

    def _follow(self) -> None:
        """Scroll so that the node, and the heading above the first line, can be seen."""
        place, height = self._plan.places.get(self._chosen), self.size.height - 2
        if place is not None:
            tall = FORMS[self._plan.zoom].height
            first = place.line - 1 if self._plan.lines[place.line - 1].part < 0 else place.line
            self._top = min(self._top, first)
            self._top = max(self._top, place.line + tall - height)
        self._top = max(0, min(self._top, len(self._plan.lines) - height))


def _title(group: Group) -> str:
    return clean(_KINDS.get(group.kind) or group.name)
