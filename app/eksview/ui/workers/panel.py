"""The keys of a panel of workers: moving, zooming, opening."""

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from eksview.domain.base.health import Health
from eksview.ui.base.messages import Open
from eksview.ui.base.movement import KEYS, Move, movement_bindings
from eksview.ui.workers.layout import WorkersPlan, Zoom, at_cell, step
from eksview.ui.workers.picture import WorkersPicture
from eksview.ui.workers.worker import WorkerSource


def worker_bindings(noun: str, opens: str) -> list[BindingType]:
    """Return the keys of a panel of workers called `noun`; Enter `opens` what its tooltip says."""
    return [
        Binding("enter", "open", "Open", id="workers.open", tooltip=opens),
        *movement_bindings(
            "workers",
            Move("left", "step(-1, 0)", "Left"),
            Move("right", "step(1, 0)", "Right"),
            Move("up", "step(0, -1)", "Up"),
            Move("down", "step(0, 1)", "Down"),
            Move("top", "edge(0)", f"First {noun}"),
            Move("bottom", "edge(-1)", f"Last {noun}"),
            Move("page-up", "page(-1)", "Page up", KEYS["half-up"]),
            Move("page-down", "page(1)", "Page down"),
        ),
        Binding(
            "plus,equals_sign",
            "zoom(1)",
            "Zoom in",
            id="workers.zoom_in",
            key_display="+",
            tooltip=f"Zoom in: more of each {noun}",
        ),
        Binding(
            "minus",
            "zoom(-1)",
            "Zoom out",
            id="workers.zoom_out",
            key_display="-",
            tooltip=f"Zoom out: more {noun}s",
        ),
        Binding(
            "t",
            "problem",
            "Next problem",
            id="workers.problem",
            tooltip=f"Go to the next {noun} with a problem",
        ),
    ]


class WorkersPanel(WorkersPicture):
    """The picture of workers with a cursor that keys move."""

    NOUN: ClassVar[str]
    NOTHING_TO_OPEN: ClassVar[str]

    @abstractmethod
    def opened(self) -> Open | None:
        """Return what Enter opens."""

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing with these workers."""
        match action, parameters:
            case "open", _ if self.opened() is None:
                return self.NOTHING_TO_OPEN
            case "zoom", (1,) if self._lines.plan.zoom == max(Zoom):
                return f"The {self.NOUN}s are shown in full."
            case "zoom", (-1,) if self._lines.plan.zoom == min(Zoom):
                return f"The {self.NOUN}s are shown as small as possible."
            case "problem", _:
                following = next_problem(self._lines.plan, self.source, self.chosen)
                if not following:
                    return f"No {self.NOUN} has a problem."
                only = f"This is the only {self.NOUN} with such a problem."
                return only if following == self.chosen else ""
        return ""

    def action_step(self, dx: int, dy: int) -> None:
        """Move to a neighbor; without any, scroll the notice."""
        if self._lines.plan.places:
            self._choose(step(self._lines.plan, self.chosen, dx, dy))
        else:
            self._top = max(0, min(self._top + dy, len(self._notice) - self.inner[1]))
            self.paint()

    def action_edge(self, end: int) -> None:
        """Move to the first or the last worker."""
        names = list(self._lines.plan.places)
        if names:
            self._choose(names[end])

    def action_page(self, by: int) -> None:
        """Move by a window."""
        for _ in range(max(1, self._height // self._lines.plan.form.height)):
            self.chosen = step(self._lines.plan, self.chosen, 0, by)
        self._choose(self.chosen)

    def action_problem(self) -> None:
        """Move to the next unhealthy worker."""
        following = next_problem(self._lines.plan, self.source, self.chosen)
        self._choose(following or self.chosen)

    def action_zoom(self, by: int) -> None:
        """Show each worker with more or less detail."""
        self._chosen_zoom = Zoom(max(0, min(max(Zoom), self._lines.plan.zoom + by)))
        self._replan()
        self.show(self._scene.now)

    def action_open(self) -> None:
        """Open the worker under the cursor."""
        if (subject := self.opened()) is not None:
            self.post_message(subject)

    def on_click(self, event: events.Click) -> None:
        """Choose the worker at the pointer; open it if it is chosen already."""
        line = event.y - 1 - len(self._notice) + self._top
        name = at_cell(self._lines.plan, line, event.x - 2)
        if name and name == self.chosen:
            self.action_open()
        elif name:
            self._choose(name)


def next_problem(plan: WorkersPlan, source: WorkerSource, chosen: str) -> str:
    """Return the next unhealthy worker, those with bad health first; empty for none."""
    here = _position(plan, chosen) if chosen in plan.places else (-1, -1)

    def order(name: str) -> tuple[object, ...]:
        position = _position(plan, name)
        return source.workers[name].health is not Health.BAD, position <= here, position

    unhealthy = (name for name in source.unhealthy if name in plan.places)
    return min(unhealthy, key=order, default="")


def _position(plan: WorkersPlan, name: str) -> tuple[int, int]:
    place = plan.places[name]
    return place.line, place.column
