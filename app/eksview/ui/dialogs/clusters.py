"""Lists the EKS clusters of the account and region, and follows another one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from eksview.domain.aws.cluster_health import status_health
from eksview.domain.base.problem import UserError
from eksview.domain.base.reading import last_of
from eksview.domain.base.text import clean, fit
from eksview.domain.rows.aws import ClusterEntry
from eksview.ui.dialogs.picker import SwitchScreen

NAME, REGION, STATUS = 27, 14, 9  # cells


class ClustersScreen(SwitchScreen[ClusterEntry]):
    """The clusters as EKS lists them."""

    HEADING = "EKS clusters"
    KEYS = "Enter follows, r asks again, Esc stays"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Again", tooltip="Ask EKS again", id="clusters.again"),
    ]

    def on_mount(self) -> None:
        """Ask."""
        self.action_again()

    def action_again(self) -> None:
        """Ask for the list anew."""
        self.run_worker(self._list(), exclusive=True)

    def start(self) -> int | None:
        """Return the one that is followed, else the first."""
        here = last_of(self.view.store.facts.cluster)
        names = [each.name for each in self.choices]
        return names.index(here.name) if here and here.name in names else super().start()

    def pick(self, choice: ClusterEntry) -> None:
        """Follow it, or say why it can't be followed."""
        if choice.why:
            self.say(clean(choice.why), failed=True)
        else:
            backend = self.view.backend
            self.switch(choice.name, lambda: backend.switch_cluster(choice.name, choice.region))

    async def _list(self) -> None:
        self.say(f"Asking EKS{self.view.glyphs.more}")
        try:
            self.offer(await self.view.backend.clusters())
        except UserError as problem:
            self.say(clean(str(problem)), failed=True)
        else:
            self.say(_count(self.choices))

    def option(self, choice: ClusterEntry) -> Option:
        """Return its state, its name, and where and what it is."""
        glyphs = self.view.glyphs
        here = last_of(self.view.store.facts.cluster)
        current = here is not None and here.endpoint == choice.endpoint and here.name == choice.name
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
        return "There is no EKS cluster in this account and region."
    return f"{len(clusters)} cluster{'s' * (len(clusters) != 1)} in this account and region"
