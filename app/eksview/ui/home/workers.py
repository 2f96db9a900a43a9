"""The workers panel: nodes by nodegroup and zone as cards, chips or a heat map."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from eksview.domain.base.health import Health
from eksview.domain.live.polled import USAGE
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.changes import Changes
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.unjoined import first_unjoined
from eksview.ui.base.command_context import command_context
from eksview.ui.base.messages import OpenInstance, OpenNode, OpenRule
from eksview.ui.base.movement import KEYS, Move, movement_bindings
from eksview.ui.base.view import View
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.notice import missing_rule, notice
from eksview.ui.home.panel import FRAME_LINES, SIDES, Panel
from eksview.ui.home.worker_lines import WorkerLines
from eksview.ui.home.worker_state import FINE, Scene
from eksview.ui.home.worker_text import worker_line
from eksview.ui.home.workers_border import (
    StateCounts,
    hidden_words,
    legend_words,
    title_words,
    unjoined,
    usage_words,
)
from eksview.ui.home.workers_layout import (
    MAPS,
    WorkersPlan,
    Zoom,
    arrange,
    at_cell,
    blocks,
    richest,
    step,
)
from eksview.ui.text.styled_text import Spans

_TITLE = "Workers"
_TITLE_FRAME = 5  # cells of corners, lines and blanks around a title
_NO_SCENE = Scene(now=0.0, stale=False, counted=True, fine=True, server="", chosen="")


class Workers(Panel):
    """The panel of workers, with a plan of all and the part in the window painted."""

    BINDING_GROUP_TITLE = "Workers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="workers.open", tooltip="Open conditions and pods"),
        *movement_bindings(
            "workers",
            Move("left", "step(-1, 0)", "Left"),
            Move("right", "step(1, 0)", "Right"),
            Move("up", "step(0, -1)", "Up"),
            Move("down", "step(0, 1)", "Down"),
            Move("top", "edge(0)", "First node"),
            Move("bottom", "edge(-1)", "Last node"),
            Move("page-up", "page(-1)", "Page up", KEYS["half-up"]),
            Move("page-down", "page(1)", "Page down"),
        ),
        Binding(
            "plus,equals_sign",
            "zoom(1)",
            "Zoom in",
            id="workers.zoom_in",
            key_display="+",
            tooltip="Zoom in: more of each node",
        ),
        Binding(
            "minus",
            "zoom(-1)",
            "Zoom out",
            id="workers.zoom_out",
            key_display="-",
            tooltip="Zoom out: more nodes",
        ),
        Binding(
            "t",
            "problem",
            "Next problem",
            id="workers.problem",
            tooltip="Go to the next node with a problem",
        ),
    ]

    def __init__(self, view: View, overview: Overview, states: NodeStates) -> None:
        super().__init__(view, id="workers")
        self._overview = overview
        self._states = states
        self._lines = WorkerLines(view.store, self._states)
        self._scene = _NO_SCENE
        self._chosen_zoom: Zoom | None = None
        self._needed: tuple[object, int] = (None, 0)
        self._notice: list[Spans] = []
        self._unjoined: StateCounts = ()
        self._dirty: set[str] = set()
        self._second = -1
        self._top = 0
        self.chosen = ""

    # what changed

    def sync(self, now: float, changes: Changes, *, full: bool = False) -> None:
        """Bring the plan and the picture up to date."""
        every = self._states.check_heartbeats(now) or full or changes.reset
        names = self.view.store.nodes.keys() if every else changes.nodes | _tied(self.view, changes)
        changed = self._states.update(names, now)
        if int(now) != self._second:  # once a second, as it goes over all nodes
            changed |= self._states.update(self._states.overdue(now), now)
        gone = (every or Kind.NODE in changes.members) and self._states.drop_gone()
        if self._states.regrouped() or gone:
            self._lines.blocks = blocks(self._states.workers)
            self._replan(self._lines.plan.zoom if self._lines.plan.lines else None)
        self._lines.redraw_headings(changed)
        self._dirty.update(names, changed)
        if every or changes.mapping or int(now) != self._second:
            self._unjoined = unjoined(self.view, now)
        self._show(now)

    def _replan(self, current: Zoom | None = None) -> None:
        (width, height), groups, before = self.inner, self._lines.blocks, self._lines.plan
        if width < 1 or height < 1:
            return
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

    def _show(self, now: float) -> None:
        """Paint changes; once a second also what time alone changes, and the heat map."""
        second, scene = int(now), self._scene_at(now)
        fresh, self._second = second != self._second, second
        if _common(scene) != _common(self._scene):
            self._lines.forget()
        self._scene = scene
        self._notice = notice(self.view, self._overview, now, self.inner[0], self.ink)
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

    def _scene_at(self, now: float) -> Scene:
        version, plan = self._overview.version, self._lines.plan
        measured, usage = usage_words(self.view.store.links.get(USAGE), now)
        many = plan.zoom in MAPS or len(plan.places) > FINE
        return Scene(
            now=now,
            stale=self._overview.trust(Kind.NODE) is Trust.STALE,
            counted=self._overview.trust(Kind.POD) is not Trust.ABSENT,
            unwatched=self._overview.phase(Kind.POD) is Phase.OFF,
            fine=not many,
            server=version.git if version else "",
            chosen=self.chosen if self.has_focus else "",
            measured=measured,
            usage=usage,
        )

    def on_resize(self) -> None:
        self._replan()

    def watch_has_focus(self, has_focus: bool) -> None:
        self._choose(self.chosen)
        super().watch_has_focus(has_focus)

    def recolored(self) -> None:
        super().recolored()
        self._lines.forget()

    # painting

    def title(self) -> Spans:
        words = title_words(
            self._overview,
            self._states,
            self._unjoined,
            self._scene.now,
            self.size.width - _TITLE_FRAME - len(_TITLE),
            self.ink,
        )
        return [(_TITLE, self.heading), *words]

    def foot(self) -> Spans:
        if self.chosen in self._states.workers and self._lines.plan.zoom in MAPS:
            scene = self._scene_at(self._scene.now)
            return worker_line(self._states.worker_at(self.chosen, scene), self.ink)
        rest = len(self._notice) - self.inner[1] - self._top
        if not self._states.workers and rest > 0:
            return [(f"{self.ink.glyphs.down} {rest} more lines", self.ink.palette.dim)]
        return self._hidden()

    def legend(self) -> Spans:
        if not self._states.workers:
            return []
        if self._lines.plan.zoom in MAPS and (hidden := self._hidden()):
            return hidden
        return legend_words(self._lines.plan, self._scene, self.ink)

    def _hidden(self) -> Spans:
        return hidden_words(self._lines.plan, self._states, self._top, self._height, self.ink)

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
        groups, room = self._lines.blocks, height - FRAME_LINES
        basis = groups, width, room, self._chosen_zoom
        if basis != self._needed[0]:  # only then, as it goes over all nodes
            auto = richest(groups, width - SIDES, room, self._lines.plan.zoom)
            zoom = auto if self._chosen_zoom is None else self._chosen_zoom
            self._needed = basis, len(arrange(groups, width - SIDES, zoom, room).lines)
        return min(height, FRAME_LINES + len(self._notice) + self._needed[1])

    # moving

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing with these nodes."""
        match action, parameters:
            case "open", _ if subject_at(self.view, self._overview, self.chosen) is None:
                return "There is no node or instance to open."
            case "zoom", (1,) if self._lines.plan.zoom == max(Zoom):
                return "The nodes are shown in full."
            case "zoom", (-1,) if self._lines.plan.zoom == min(Zoom):
                return "The nodes are shown as small as possible."
            case "problem", _:
                following = next_problem(self._lines.plan, self._states, self.chosen)
                if not following:
                    return "No node has a problem."
                only = "This is the only node with such a problem."
                return only if following == self.chosen else ""
        return ""

    def action_step(self, dx: int, dy: int) -> None:
        """Move to a neighbor; without nodes, scroll the notice."""
        if self._lines.plan.places:
            self._choose(step(self._lines.plan, self.chosen, dx, dy))
        else:
            self._top = max(0, min(self._top + dy, len(self._notice) - self.inner[1]))
            self.paint()

    def action_edge(self, end: int) -> None:
        """Move to the first or the last node."""
        names = list(self._lines.plan.places)
        if names:
            self._choose(names[end])

    def action_page(self, by: int) -> None:
        """Move by a window."""
        for _ in range(max(1, self._height // self._lines.plan.form.height)):
            self.chosen = step(self._lines.plan, self.chosen, 0, by)
        self._choose(self.chosen)

    def action_problem(self) -> None:
        """Move to the next unhealthy node."""
        following = next_problem(self._lines.plan, self._states, self.chosen)
        self._choose(following or self.chosen)

    def action_zoom(self, by: int) -> None:
        """Show each node with more or less detail."""
        self._chosen_zoom = Zoom(max(0, min(max(Zoom), self._lines.plan.zoom + by)))
        self._replan()
        self._show(self._scene.now)

    def action_open(self) -> None:
        """Open the node under the cursor."""
        if (subject := subject_at(self.view, self._overview, self.chosen)) is not None:
            self.post_message(subject)

    def on_click(self, event: events.Click) -> None:
        """Choose the node at the pointer; open it if it is chosen already."""
        line = event.y - 1 - len(self._notice) + self._top
        name = at_cell(self._lines.plan, line, event.x - 2)
        if name and name == self.chosen:
            self.action_open()
        elif name:
            self._choose(name)

    def _choose(self, name: str) -> None:
        before, self.chosen = self._scene.chosen, name
        self._scene = self._scene_at(self._scene.now)
        for changed in {before, name} & self._lines.plan.places.keys():
            self._lines.touch(changed)
        self._lines.refresh({before, name}, self._scene, self.ink)
        self._follow()
        self.paint()

    def _follow(self) -> None:
        """Scroll to the chosen node and the heading above its first line."""
        plan, height = self._lines.plan, self._height
        if place := plan.places.get(self.chosen):
            first = place.line - bool(plan.lines[place.line - 1].headings)
            self._top = min(self._top, first)
            self._top = max(self._top, place.line + plan.form.height - height)
        self._top = max(0, min(self._top, len(plan.lines) - height))


def subject_at(
    view: View, overview: Overview, chosen: str
) -> OpenNode | OpenInstance | OpenRule | None:
    """Return the chosen node; without nodes the instance or the rule that the notice is about."""
    if chosen in view.store.nodes:
        return OpenNode(chosen)
    if rule := missing_rule(view, overview):
        return OpenRule(rule)
    if view.store.nodes or not overview.trust(Kind.NODE).whole:
        return None
    unjoined = first_unjoined(view.store, view.clock(), command_context(view))
    return OpenInstance(unjoined.key) if unjoined else None


def _common(scene: Scene) -> tuple[object, ...]:
    return scene.stale, scene.counted, scene.fine, scene.server, scene.measured


def _tied(view: View, changes: Changes) -> set[str]:
    """Return the nodes whose instances have changed."""
    rows = view.store.mapping.rows
    return {row.node for key in changes.mapping if (row := rows.get(key)) and row.node}


def next_problem(plan: WorkersPlan, states: NodeStates, chosen: str) -> str:
    """Return the next unhealthy node, those with bad health first; empty for none."""
    here = _position(plan, chosen) if chosen in plan.places else (-1, -1)

    def order(name: str) -> tuple[object, ...]:
        position = _position(plan, name)
        return states.workers[name].health is not Health.BAD, position <= here, position

    unhealthy = (name for name in states.unhealthy if name in plan.places)
    return min(unhealthy, key=order, default="")


def _position(plan: WorkersPlan, name: str) -> tuple[int, int]:
    place = plan.places[name]
    return place.line, place.column
