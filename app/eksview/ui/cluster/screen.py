"""The screen of the EKS cluster: status, access, add-ons, upgrades and AWS calls."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.poll_plan import EKS, STS
from eksview.domain.base.health import Health
from eksview.domain.base.reading import last_of
from eksview.domain.fields.field import FieldValue
from eksview.store.selectors.eks import eks_state_of, eks_summary
from eksview.store.selectors.fields import cluster_fields
from eksview.store.selectors.readings import cluster_reading
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.tabbed_screen import PagesScreen, tab_bindings
from eksview.ui.cluster.cluster_text import cluster_lines
from eksview.ui.cluster.upgrades import addon_lines, upgrade_lines
from eksview.ui.text.aws_links import link_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

CLUSTER, ADDONS = Tab("cluster", "o", "Cluster"), Tab("addons", "a", "Add-ons")
UPGRADES, AWS_CALLS = Tab("upgrades", "u", "Upgrades"), Tab("links", "w", "AWS calls")


class ClusterScreen(PagesScreen):
    """Tabs that are read from the store alone."""

    TITLE = "Amazon EKS"
    BINDING_GROUP_TITLE = "Amazon EKS"
    LINKS = (EKS, STS)
    TABS = (CLUSTER, ADDONS, UPGRADES, AWS_CALLS)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = dict.fromkeys(
        (CLUSTER.id, ADDONS.id, UPGRADES.id), (EKS,)
    )
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "cluster",
        (CLUSTER, "Status, endpoint, authentication, logging, encryption"),
        (ADDONS, "Add-ons with their versions and health"),
        (UPGRADES, "Support, version skew, updates and insights"),
        (AWS_CALLS, "The calls to AWS, their interval and their cost"),
    )

    def head(self) -> Sequence[Slot]:
        state, glyphs = eks_state_of(self.view.store, self.now), self.view.glyphs
        cluster = last_of(cluster_reading(self.view.store))
        name = cluster.name if cluster else "Amazon EKS"
        well = [part.text for part in state.parts if part.health is Health.OK]
        wrong = f" {glyphs.dot} ".join(part.text for part in state.parts if part.text not in well)
        return (
            Slot(((f" {glyphs.mark(state.health)} ", TONE_OF[state.health]), (name, "strong"))),
            Slot(((wrong, TONE_OF[state.health]),), folds=True),
            *(Slot(((text, "text"),), rank=number) for number, text in enumerate(well, 1)),
        )

    def component(self) -> str:
        return EKS

    def copied(self) -> str:
        cluster = last_of(cluster_reading(self.view.store))
        return cluster.arn if cluster else ""

    def fields(self) -> tuple[FieldValue, ...]:
        return tuple(cluster_fields(self.view.store))

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        store, glyphs = self.view.store, self.view.glyphs
        if tab == AWS_CALLS.id:
            return link_lines(store.links, store.facts.calls(), self.now, width, glyphs)
        draw = {ADDONS.id: addon_lines, UPGRADES.id: upgrade_lines}.get(tab, cluster_lines)
        return draw(eks_summary(store, self.now), width, glyphs)
