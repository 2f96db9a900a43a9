"""The screen of one component of the control plane."""

from collections.abc import Iterable, Sequence

from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import clean
from eksview.domain.control_plane.components import Component
from eksview.domain.control_plane.evidence import NAMESPACE
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenRule
from eksview.ui.base.tabbed_screen import PagesScreen
from eksview.ui.base.view import View
from eksview.ui.cluster.component_text import ComponentFacts, component_lines, missing_rule
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

PROBES = ("readyz", "livez", "version")
_WORDS = {Health.OK: "healthy", Health.WARN: "degraded", Health.BAD: "failing"}


class ComponentScreen(PagesScreen):
    """A component's checks, latencies, leases, instances and static pods."""

    TABS = (Tab("component", "", "Component"),)

    def __init__(self, view: View, name: str) -> None:
        super().__init__(view)
        self._component = name
        self._assessed: Component | None = None

    @property
    def crumb(self) -> str:
        return clean(self._component)

    def subject(self) -> OpenRule | None:
        """Return the rule that would show the component."""
        rule = missing_rule(self._facts(self._assessed)) if self._assessed else ""
        return OpenRule(rule) if rule else None

    def component(self) -> str:
        return self._component

    def copied(self) -> str:
        return super().copied() or clean(self._component)

    def fill(self) -> None:
        """Assess the component once for both the head and the text."""
        components = self.overview.components(self.now)
        self._assessed = next((row for row in components if row.name == self._component), None)
        super().fill()

    def head(self) -> Sequence[Slot]:
        component, distribution = self._assessed, self.overview.distribution
        if component is None:
            return (Slot(((clean(self._component), "strong"),)),)
        managed = f"{'managed by ' * distribution.managed}{distribution.label}"
        tone = TONE_OF[component.health]
        mark = self.view.glyphs.mark(component.health)
        return (
            Slot(((f" {mark} ", tone), (component.name, "strong"))),
            Slot(((_WORDS.get(component.health, component.unseen), tone),)),
            *(Slot(((line, "dim"),), rank=2) for line in component.lines),
            Slot(((managed, "dim"),), 3, "right"),
        )

    def lines(self, tab: str, width: int) -> Iterable[Words]:  # noqa: ARG002 - it has one tab
        if self._assessed is None:
            return [(("This component is no longer reported: its lease is gone.", "dim"),)]
        key = self.view.keyed("{app.copy}")
        return component_lines(self._facts(self._assessed), width, self.view.glyphs, key)

    def _facts(self, component: Component) -> ComponentFacts:
        store, identity = self.view.store, self.overview.identity
        return ComponentFacts(
            component=component,
            probes=store.facts.probes(),
            latencies={name: store.latencies(name) for name in PROBES},
            lease=store.dated_leases.get(f"{NAMESPACE}/{component.name}"),
            distribution=self.overview.distribution,
            user=identity.user if identity else "",
            now=self.now,
            metrics=value_of(store.facts.eks_metrics),
        )
