"""The cache of drawn lines of the workers; a line is redrawn when one of its nodes differs."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence

from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import short_zone
from eksview.ui.text.styled_text import Ink, Span, Spans, joined, merged, pad
from eksview.ui.workers.layout import EMPTY, MAPS, Block, LayoutLine, WorkersPlan, Zoom
from eksview.ui.workers.worker import Scene, Worker, WorkerSource
from eksview.ui.workers.worker_text import card, cell, chip, cursor_cell

_KEPT = 2000
"""Cached lines and pictures: more than any terminal shows at once."""


class WorkerLines:
    """Lines of a plan, with the pictures of its workers."""

    def __init__(self, source: WorkerSource) -> None:
        self._source = source
        self.blocks: Sequence[Block] = ()
        self.plan: WorkersPlan = EMPTY
        self._headings: tuple[int, ...] = ()  # their line numbers
        self._lines: dict[int, Spans] = {}
        self._pictures: dict[str, tuple[Worker, list[Spans]]] = {}
        self._cells: dict[str, Span] = {}

    def replan(self, blocks: Sequence[Block], plan: WorkersPlan) -> None:
        """Take a new plan; pictures are kept if they have the same size."""
        if plan.zoom is not self.plan.zoom or plan.width != self.plan.width:
            self.forget()
        self.blocks, self.plan = blocks, plan
        self._headings = tuple(at for at, line in enumerate(plan.lines) if line.headings)
        self._lines.clear()

    def forget(self) -> None:
        """Drop everything drawn, as when colors change or nodes are stale."""
        self._lines.clear()
        self._pictures.clear()
        self._cells.clear()

    def redraw_headings(self, names: Iterable[str]) -> None:
        """Redraw the headings above these nodes."""
        for name in names:
            if place := self.plan.places.get(name):
                self._lines.pop(self._headings[bisect(self._headings, place.line) - 1], None)

    def refresh(self, names: Iterable[str], scene: Scene, ink: Ink) -> None:
        """Redraw the lines of those nodes that differ."""
        differs = self._cell_differs if self.plan.zoom in MAPS else self._picture_differs
        for name in names:
            if name in self._source.workers and differs(name, scene, ink):
                self.touch(name)

    def touch(self, name: str) -> None:
        """Redraw the lines of this node."""
        if place := self.plan.places.get(name):
            for at in range(place.line, place.line + self.plan.form.height):
                self._lines.pop(at, None)

    def visible(self, top: int, height: int) -> Iterable[str]:
        """Return the nodes in this window."""
        lines = self.plan.lines[top : top + height]
        return dict.fromkeys(name for line in lines for name in line.names)

    def line(self, at: int, scene: Scene, ink: Ink) -> Spans:
        """Return one line, the same object until it differs."""
        kept = self._lines.get(at)
        if kept is None:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            kept = self._lines[at] = self._draw(self.plan.lines[at], scene, ink)
        return kept

    def _draw(self, line: LayoutLine, scene: Scene, ink: Ink) -> Spans:
        if line.names:
            return self._nodes(line, scene, ink)
        spans: Spans = []
        pitch = self.plan.width + self.plan.form.gap
        for heading in line.headings:
            text = self._heading(self.blocks[heading.block], scene, ink)
            last = heading is line.headings[-1]
            spans += text if last else pad(text, heading.span * pitch, ink.palette.text)
        return spans

    def _nodes(self, line: LayoutLine, scene: Scene, ink: Ink) -> Spans:
        if self.plan.zoom in MAPS:
            return self._map(line, scene, ink)
        gap = (" " * self.plan.form.gap, ink.palette.text)
        spans: Spans = []
        for name in line.names:
            spans += [*self._picture(name, scene, ink)[line.part], gap]
        return spans[:-1]

    def _map(self, line: LayoutLine, scene: Scene, ink: Ink) -> Spans:
        """Return a zone and its cells; neighbors of the same style are one span."""
        text, gap = ink.palette.text, " " * self.plan.form.gap
        spans = pad([(clean(line.label), ink.palette.dim)], self.plan.gutter, text)
        for name in line.names:
            drawn, style = self._cell(name, scene, ink)
            if name == scene.chosen:
                health = self._source.workers[name].health
                spans += [cursor_cell(health, self.plan.width, ink), (gap, text)]
            else:
                spans.append((drawn + gap, style))
        drawn, style = spans[-1]
        spans[-1] = drawn.removesuffix(gap), style  # there is no room for the last gap
        return merged(spans)

    def _picture(self, name: str, scene: Scene, ink: Ink) -> list[Spans]:
        if name not in self._pictures:
            self._picture_differs(name, scene, ink)
        return self._pictures[name][1]

    def _picture_differs(self, name: str, scene: Scene, ink: Ink) -> bool:
        worker = self._source.worker_at(name, scene)
        kept = self._pictures.get(name)
        if kept is not None and kept[0] == worker:
            return False
        if len(self._pictures) >= _KEPT:
            self._pictures.clear()
        draw = card if self.plan.zoom is Zoom.CARDS else chip
        self._pictures[name] = (worker, draw(worker, self.plan.width, ink))
        return True

    def _cell(self, name: str, scene: Scene, ink: Ink) -> Span:
        if name not in self._cells:
            self._cell_differs(name, scene, ink)
        return self._cells[name]

    def _cell_differs(self, name: str, scene: Scene, ink: Ink) -> bool:
        share = self._source.load_at(name, scene)
        health, width = self._source.workers[name].health, self.plan.width
        drawn = cell(health, share, width, stale=scene.stale, ink=ink)
        if self._cells.get(name) == drawn:
            return False
        self._cells[name] = drawn
        return True

    def _heading(self, block: Block, scene: Scene, ink: Ink) -> Spans:
        palette, workers = ink.palette, self._source.workers
        word = self._source.good_word(block.group)
        ready = sum(word in workers[name].words for name in block.names)
        count = f"{ready:,}/{block.size:,} {word}"
        zones = [f"{clean(short_zone(zone))} {len(names):,}" for zone, names in block.zones if zone]
        machines, between = self._machines(block), f" {ink.glyphs.dot} "
        parts: list[Spans] = [
            [(self._source.group_name(block.group, alone=len(self.blocks) == 1), palette.accent)],
            [(count, palette.dim if scene.stale or ready == block.size else palette.warn)],
            [(between.join(zones), palette.dim)] if zones else [],
            [(between.join(machines), palette.dim)] if machines else [],
        ]
        return joined(parts, ("   ", palette.text))

    def _machines(self, block: Block) -> list[str]:
        """Return the most common instance types of a group, and whether all are spot."""
        workers = [self._source.workers[name] for name in block.names]
        types = Counter(worker.kind for worker in workers)
        kinds = [kind for kind, _ in types.most_common(3) if kind]
        return [*kinds, "spot"] if all(worker.spot for worker in workers) else kinds
