"""One component of the control plane, on a screen of its own."""

from typing import Literal

from textual.app import ComposeResult

from eksview.domain.control_evidence import NAMESPACE
from eksview.domain.control_plane import Component
from eksview.domain.health import Health
from eksview.domain.text import clean
from eksview.domain.updates import EksMetrics, Probe
from eksview.ui.frame import Frame, LiveScreen
from eksview.ui.lines.component import Known, component_lines
from eksview.ui.overview import Overview
from eksview.ui.slots import Slot, choose, join
from eksview.ui.standing import fact
from eksview.ui.view import View
from eksview.ui.widgets.lines_view import LinesView
from eksview.ui.widgets.table_kind import TONE_OF
from eksview.ui.widgets.text_line import TextLine

PROBES = ("readyz", "livez", "version")
_WORDS: dict[Health, Literal["healthy", "degraded", "failing", "not visible to you"]] = {
    Health.OK: "healthy",
    Health.WARN: "degraded",
    Health.BAD: "failing",
    Health.UNKNOWN: "not visible to you",
}


class ComponentScreen(LiveScreen):
    """Its checks, latencies, leases, instances and static pods; live, like everything."""

    def __init__(self, view: View, name: str) -> None:
        super().__init__(view)
        self._component = name
        self._overview = Overview(view.store)
        self._now = view.clock()
        self._second = -1
        self._head = TextLine(view, id="subject")
        self._body = LinesView(view, id="component")
        self._body.border_title = "Component"
        self._body.add_class("tab")

    def compose(self) -> ComposeResult:
        """A line that names it, and all there is to say."""
        yield self._head
        yield self._body

    def on_mount(self) -> None:
        """Keys scroll."""
        self._body.focus()

    def on_resize(self) -> None:
        """Fold anew."""
        self.call_after_refresh(self._fill)

    def frame(self, frame: Frame) -> None:
        """Once a second, and when something has changed."""
        self._overview.observe(frame.changes, full=frame.full)
        self._now, second = frame.now, int(frame.now)
        if frame.full or frame.changes.facts or second != self._second:
            self._second = second
            self._fill()

    def copied(self) -> str:
        """Its name."""
        return clean(self._component)

    def _fill(self) -> None:
        found = self._found()
        if found is None:
            self._head.show(((f" {clean(self._component)}", "strong"),))
            self._body.show([(("It is no longer there: its lease is gone.", "dim"),)])
            return
        slots = choose(self._slots(found), self._head.size.width)
        self._head.show(join(slots, "left"), join(slots, "right"))
        self._body.show(
            list(component_lines(self._known(found), self._body.room, self.view.glyphs))
        )

    def _found(self) -> Component | None:
        every = self._overview.components(self._now)
        return next((each for each in every if each.name == self._component), None)

    def _slots(self, component: Component) -> list[Slot]:
        tone = TONE_OF[component.health]
        mark = self.view.glyphs.mark(component.health)
        by = self._overview.flavour
        return [
            Slot(((f" {mark} ", tone), (component.name, "strong"))),
            Slot(((_WORDS[component.health], tone),)),
            *(Slot(((line, "dim"),), rank=2) for line in component.lines),
            Slot(((f"managed by {by.label}" if by.managed else by.label, "dim"),), 3, "right"),
        ]

    def _known(self, component: Component) -> Known:
        store, identity = self.view.store, self._overview.identity
        return Known(
            component=component,
            probes={name: fact for name, fact in store.facts.items() if isinstance(fact, Probe)},
            latencies={name: store.latencies(name) for name in PROBES},
            lease=store.leases.get(f"{NAMESPACE}/{component.name}"),
            flavour=self._overview.flavour,
            user=identity.user if identity else "",
            now=self._now,
            metrics=fact(store, "eks-metrics", EksMetrics),
        )
