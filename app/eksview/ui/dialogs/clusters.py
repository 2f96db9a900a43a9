"""A picker of the EKS clusters of the account and region."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from eksview.domain.aws.cluster_health import status_health
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import last_of
from eksview.domain.base.text import clean, fit
from eksview.domain.rows.aws import ClusterEntry
from eksview.ui.dialogs.picker import SwitchScreen

NAME, REGION, STATUS = 27, 14, 9  # cells


class ClustersScreen(SwitchScreen[ClusterEntry]):
    """A picker of the clusters that EKS lists."""

    HEADING = "EKS clusters"
    KEYS = "Enter switch · r refresh · Esc cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "r", "refresh", "Refresh", tooltip="List the clusters again", id="clusters.refresh"
        ),
    ]

    def on_mount(self) -> None:
        self.action_refresh()

    def action_refresh(self) -> None:
        self.run_worker(self._list(), exclusive=True)

    def start(self) -> int | None:
        """Return the index of the current cluster, else of the first."""
        current = last_of(self.view.store.facts.cluster)
        names = [cluster.name for cluster in self.choices]
        return names.index(current.name) if current and current.name in names else super().start()

    def pick(self, choice: ClusterEntry) -> None:
        """Switch to a cluster, or show why that isn't possible."""
        if choice.reason:
            self.say(clean(choice.reason), failed=True)
        else:
            backend = self.view.backend
            self.switch(choice.name, lambda: backend.switch_cluster(choice.name, choice.region))

    async def _list(self) -> None:
        self.say(f"Listing the clusters{self.view.glyphs.more}")
        try:
            self.offer(await self.view.backend.clusters())
        except UserError as problem:
            self.say(clean(str(problem)), failed=True)
        else:
            self.say(_count(self.choices))

    def option(self, choice: ClusterEntry) -> Option:
        """Return its status, name, region and version."""
        glyphs = self.view.glyphs
        now = last_of(self.view.store.facts.cluster)
        current = now is not None and (now.endpoint, now.name) == (choice.endpoint, choice.name)
        mark = glyphs.cursor if current else " "
        columns = (
            fit(clean(choice.name), NAME, more=glyphs.more),
            fit(clean(choice.region), REGION, more=glyphs.more),
            fit(clean(choice.status), STATUS, more=glyphs.more),
            clean(" ".join(filter(None, (choice.version, choice.platform)))),
        )
        return Option(f"{mark} {glyphs.mark(status_health(choice.status))} {' '.join(columns)}")


def _count(clusters: Sequence[ClusterEntry]) -> str:
    if not clusters:
        return "No EKS clusters in this account and region."
    return f"{len(clusters)} cluster{'s' * (len(clusters) != 1)} in this account and region"
