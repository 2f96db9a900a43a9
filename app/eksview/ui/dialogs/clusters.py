"""A picker of the EKS clusters of the account and region."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.aws.cluster_health import status_health
from eksview.domain.base.errors import UserError
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import last_of
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import ClusterEntry
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import SwitchScreen
from eksview.ui.text.words import TONE_OF


class ClustersScreen(SwitchScreen[ClusterEntry]):
    """A picker of the clusters that EKS lists."""

    HEADING = "EKS clusters"
    KEYS = "{choices.pick} switch · {clusters.refresh} refresh · {picker.back} cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "r", "refresh", "Refresh", tooltip="List the clusters again", id="clusters.refresh"
        ),
    ]

    def on_mount(self) -> None:
        self.action_refresh()

    def action_refresh(self) -> None:
        self.run_worker(self._load(), exclusive=True)

    def start(self) -> int | None:
        """Return the index of the current cluster, else of the first."""
        current = last_of(self.view.store.facts.cluster)
        names = [cluster.name for cluster in self.choices]
        return names.index(current.name) if current and current.name in names else super().start()

    def pick(self, choice: ClusterEntry) -> None:
        """Switch to a cluster, or show why that isn't possible."""
        if choice.reason:
            self.say(choice.reason, failed=True)
        else:
            backend = self.view.backend
            self.switch(choice.name, lambda: backend.switch_cluster(choice.name, choice.region))

    async def _load(self) -> None:
        self.say(f"Listing the clusters{self.view.glyphs.more}")
        try:
            self.offer(await self.view.backend.clusters())
        except UserError as problem:
            self.say(problem.sentence, failed=True)
        else:
            self.say(_count(self.choices))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the status, name, region and version of each, the current cluster marked."""
        return in_columns([self._row(choice) for choice in self.choices], room)

    def _row(self, choice: ClusterEntry) -> Row:
        glyphs, health = self.view.glyphs, status_health(choice.status)
        now = last_of(self.view.store.facts.cluster)
        current = now is not None and (now.endpoint, now.name) == (choice.endpoint, choice.name)
        return Row(
            (
                (f"{glyphs.right if current else ' '} ", "accent"),
                (f"{glyphs.mark(health)} ", TONE_OF[health]),
            ),
            (
                (choice.name, "text"),
                (choice.region, "dim"),
                (choice.status, TONE_OF[health]),
                (clean(" ".join(filter(None, (choice.version, choice.platform)))), "dim"),
            ),
        )


def _count(clusters: Sequence[ClusterEntry]) -> str:
    if not clusters:
        return "No EKS clusters in this account and region."
    return f"{plural(len(clusters), 'cluster')} in this account and region"
