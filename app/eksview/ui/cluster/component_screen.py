"""One component of the control plane, on a screen of its own."""

from collections.abc import Iterable, Sequence
from typing import Literal

from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import clean
from eksview.domain.control_plane.components import Component
from eksview.domain.control_plane.evidence import NAMESPACE
from eksview.store.selectors.overview import Overview
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.cluster.component_text import ComponentFacts, component_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

PROBES = ("readyz", "livez", "version")
_WORDS: dict[Health, Literal["healthy", "degraded", "failing", "not visible to you"]] = {
    Health.OK: "healthy",
    Health.WARN: "degraded",
    Health.BAD: "failing",
    Health.UNKNOWN: "not visible to you",
}


class ComponentScreen(PagesScreen):
    """Its checks, latencies, leases, instances and static pods; live, like everything."""

    TABS = (Tab("component", "", "Component"),)

    def __init__(self, view: View, name: str) -> None:
        super().__init__(view)
        self._component = name
        self._overview = Overview(view.store)
        self._judged: Component | None = None

    def frame(self, frame: Frame) -> None:
        """Once a second, and when something has changed."""
        self._overview.observe(frame.changes, full=frame.full)
        super().frame(frame)

    def copied(self) -> str:
        """Its name."""
        return clean(self._component)

    def fill(self) -> None:
        """Judge it once for head and text."""
        components = self._overview.components(self.now)
        self._judged = next((each for each in components if each.name == self._component), None)
        super().fill()

    def head(self) -> Sequence[Slot]:
        """Its state, its name and what is seen of it."""
        component, by = self._judged, self._overview.flavour
        if component is None:
            return (Slot(((clean(self._component), "strong"),)),)
        tone = TONE_OF[component.health]
        mark = self.view.glyphs.mark(component.health)
        return (
            Slot(((f" {mark} ", tone), (component.name, "strong"))),
            Slot(((_WORDS[component.health], tone),)),
            *(Slot(((line, "dim"),), rank=2) for line in component.lines),
            Slot(((f"managed by {by.label}" if by.managed else by.label, "dim"),), 3, "right"),
        )

    def lines(self, tab: str, width: int) -> Iterable[Words]:  # noqa: ARG002 - there is one
        """All there is to say."""
        if self._judged is None:
            return [(("It is no longer there: its lease is gone.", "dim"),)]
        return component_lines(self._known(self._judged), width, self.view.glyphs)

    def _known(self, component: Component) -> ComponentFacts:
        store, identity = self.view.store, self._overview.identity
        return ComponentFacts(
            component=component,
            probes=store.facts.probes(),
            latencies={name: store.latencies(name) for name in PROBES},
            lease=store.leases.get(f"{NAMESPACE}/{component.name}"),
            flavour=self._overview.flavour,
            user=identity.user if identity else "",
            now=self.now,
            metrics=value_of(store.facts.eks_metrics),
        )
