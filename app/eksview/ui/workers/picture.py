"""The picture of workers: by group and zone, as cards, chips or a heat map."""

from abc import abstractmethod

from eksview.ui.base.lines.panel import FRAME_LINES, SIDES, Panel
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import Spans
from eksview.ui.workers.border import hidden_words
from eksview.ui.workers.layout import (
    MAPS,
    Zoom,
    arrange,
    blocks,
    richest,
)
from eksview.ui.workers.worker import Scene, WorkerSource
from eksview.ui.workers.worker_lines import WorkerLines
from eksview.ui.workers.worker_text import worker_line

_NO_SCENE = Scene(now=0.0, stale=False, counted=True, fine=True, server="", chosen="")


class WorkersPicture(Panel):
    """A panel with a plan of all workers of a source, and the part in the window painted.

    A concrete panel judges the workers and calls `regroup` and `show`.
    """

    def __init__(self, view: View, source: WorkerSource) -> None:
        super().__init__(view, id="workers")
        self.source = source
        self._lines = WorkerLines(source)
        self._scene = _NO_SCENE
        self._chosen_zoom: Zoom | None = None
        self._needed: tuple[object, int] = (None, 0)
        self._notice: list[Spans] = []
        self._dirty: set[str] = set()
        self._second = -1
        self._top = 0
        self.chosen = ""

    # what a concrete panel tells

    @abstractmethod
    def scene_at(self, now: float) -> Scene:
        """Return what all workers share at a moment."""

    @abstractmethod
    def notice_at(self, now: float) -> list[Spans]:
        """Return lines above the workers, or instead of them."""

    @abstractmethod
    def meaning(self) -> Spans:
        """Return the meaning of bars and figures."""

    # what changed

    def regroup(self) -> None:
        """Arrange the workers again: some have come, gone or moved to another group."""
        self._lines.blocks = blocks(self.source.workers)
        self._replan(self._lines.plan.zoom if self._lines.plan.lines else None)

    def _replan(self, current: Zoom | None = None) -> None:
        (width, height), groups, before = self.inner, self._lines.blocks, self._lines.plan
        if width < 1 or height < 1:
            return
        height = self._height
        auto = richest(groups, width, height, current)
        plan = arrange(
            groups, width, auto if self._chosen_zoom is None else self._chosen_zoom, height
        )
        if self.chosen not in plan.places:
            place = before.places.get(self.chosen)
            lines = plan.lines[place.line if place else 0 :]
            later = (line.names[0] for line in lines if line.names)
            self.chosen = next(later, next(reversed(list(plan.places)), ""))
        self._lines.replan(groups, plan)
        self._follow()

    def show(self, now: float) -> None:
        """Paint changes; once a second also what time alone changes, and the heat map."""
        second, scene = int(now), self.scene_at(now)
        fresh, self._second = second != self._second, second
        if scene.common != self._scene.common:
            self._lines.forget()
        self._scene = scene
        before, self._notice = len(self._notice), self.notice_at(now)
        if len(self._notice) != before:
            self._replan(self._lines.plan.zoom if self._lines.plan.lines else None)
        if self._lines.plan.zoom not in MAPS:
            seen = self._lines.visible(self._top, self.inner[1])
            self._lines.refresh(seen if fresh else self._dirty & set(seen), scene, self.ink)
        elif fresh:
            self._lines.refresh(self._dirty, scene, self.ink)
        else:
            self.paint()
            return
        self._dirty.clear()
        self.paint()

    def on_resize(self) -> None:
        self._replan()

    def watch_has_focus(self, has_focus: bool) -> None:
        self._choose(self.chosen)
        super().watch_has_focus(has_focus)

    def recolored(self) -> None:
        super().recolored()
        self._lines.forget()

    # painting

    def foot(self) -> Spans:
        if self.chosen in self.source.workers and self._lines.plan.zoom in MAPS:
            scene = self.scene_at(self._scene.now)
            return worker_line(self.source.worker_at(self.chosen, scene), self.ink)
        rest = len(self._notice) - self.inner[1] - self._top
        if not self.source.workers and rest > 0:
            return [(f"{self.ink.glyphs.down} {rest} more lines", self.ink.palette.dim)]
        return self._hidden()

    def legend(self) -> Spans:
        if not self.source.workers:
            return []
        if self._lines.plan.zoom in MAPS and (hidden := self._hidden()):
            return hidden
        return self.meaning()

    def _hidden(self) -> Spans:
        return hidden_words(self._lines.plan, self.source, self._top, self._height, self.ink)

    @property
    def _height(self) -> int:  # of the nodes, below a notice
        return max(1, self.inner[1] - len(self._notice))

    def lines(self) -> list[Spans]:
        if not self._lines.plan.lines:
            return self._notice[self._top :]
        shown = range(self._top, min(len(self._lines.plan.lines), self._top + self._height))
        return [*self._notice, *(self._lines.line(at, self._scene, self.ink) for at in shown)]

    def height_for(self, width: int, height: int) -> int:
        """Return how many of at most `height` lines the nodes and a notice need, frame included."""
        groups, room = self._lines.blocks, max(1, height - FRAME_LINES - len(self._notice))
        basis = groups, width, room, self._chosen_zoom
        if basis != self._needed[0]:  # only then, as it goes over all nodes
            auto = richest(groups, width - SIDES, room, self._lines.plan.zoom)
            zoom = auto if self._chosen_zoom is None else self._chosen_zoom
            self._needed = basis, len(arrange(groups, width - SIDES, zoom, room).lines)
        return min(height, FRAME_LINES + len(self._notice) + self._needed[1])

    def _choose(self, name: str) -> None:
        before, self.chosen = self._scene.chosen, name
        self._scene = self.scene_at(self._scene.now)
        for changed in {before, name} & self._lines.plan.places.keys():
            self._lines.touch(changed)
        self._lines.refresh({before, name}, self._scene, self.ink)
        self._follow()
        self.paint()

    def _follow(self) -> None:
        """Scroll to the chosen worker and the heading above its first line."""
        plan, height = self._lines.plan, self._height
        if place := plan.places.get(self.chosen):
            first = place.line - bool(plan.lines[place.line - 1].headings)
            self._top = min(self._top, first)
            self._top = max(self._top, place.line + plan.form.height - height)
        self._top = max(0, min(self._top, len(plan.lines) - height))
