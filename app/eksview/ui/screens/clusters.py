"""Lists the EKS clusters of the account and region, and follows another one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from eksview.domain.aws_rows import ClusterEntry, ClusterInfo
from eksview.domain.eks_state import status_health
from eksview.domain.ports import Problem
from eksview.domain.text import clean, fit
from eksview.ui.standing import fact
from eksview.ui.view import View

NAME, REGION, STATUS = 27, 14, 9  # cells


class ClustersScreen(ModalScreen[str | None]):
    """Gives the cluster that is followed now, or None when all stayed as it was.

    It stays until the other cluster has answered, so that nothing is lost to one that doesn't.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", tooltip="Stay", id="clusters.back"),
        Binding("j", "move(1)", "Next", show=False, tooltip="Next", id="clusters.down"),
        Binding("k", "move(-1)", "Previous", show=False, tooltip="Previous", id="clusters.up"),
        Binding("r", "again", "Again", tooltip="Ask EKS again", id="clusters.again"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._clusters: tuple[ClusterEntry, ...] = ()

    def compose(self) -> ComposeResult:
        """The clusters, and how asking goes."""
        with Vertical(classes="box") as box:
            box.border_title = "EKS clusters"
            box.border_subtitle = "Enter follows, r asks again, Esc stays"
            yield OptionList(markup=False, compact=True)
            yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Ask."""
        self.query_one(OptionList).focus()
        self.action_again()

    def action_again(self) -> None:
        """Ask for the list anew."""
        self.run_worker(self._list(), exclusive=True)

    def action_move(self, by: int) -> None:
        """As in every list."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask it."""
        entry = self._clusters[event.option_index]
        if entry.why:
            self._say(clean(entry.why), "-failed")
            return
        # One at a time: picking another one gives up on the first.
        self.run_worker(self._switch(entry), exclusive=True)

    async def _list(self) -> None:
        self._say(f"Asking EKS{self._view.glyphs.more}")
        try:
            self._clusters = await self._view.backend.clusters()
        except Problem as problem:
            self._say(clean(str(problem)), "-failed")
            return
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([self._option(each) for each in self._clusters])
        here = fact(self._view.store, "cluster", ClusterInfo)
        names = [each.name for each in self._clusters]
        if names:
            options.highlighted = names.index(here.name) if here and here.name in names else 0
        self._say(_count(self._clusters))

    async def _switch(self, entry: ClusterEntry) -> None:
        self._say(f"Asking {clean(entry.name)}{self._view.glyphs.more}")
        try:
            await self._view.backend.switch_cluster(entry.name, entry.region)
        except Problem as problem:
            self._say(f"Nothing has changed. {clean(str(problem))}", "-failed")
        else:
            self.dismiss(entry.name)

    def _say(self, text: str, state: str = "") -> None:
        progress = self.query_one("#progress", Static)
        progress.set_class(bool(state), "-failed")
        progress.update(text)

    def _option(self, entry: ClusterEntry) -> Option:
        glyphs = self._view.glyphs
        here = fact(self._view.store, "cluster", ClusterInfo)
        current = here is not None and here.endpoint == entry.endpoint and here.name == entry.name
        mark = glyphs.cursor if current else " "
        said = (
            fit(clean(entry.name), NAME, more=glyphs.more),
            fit(clean(entry.region), REGION, more=glyphs.more),
            fit(clean(entry.status), STATUS, more=glyphs.more),
            clean(" ".join(filter(None, (entry.version, entry.platform)))),
        )
        return Option(f"{mark} {glyphs.mark(status_health(entry.status))} {' '.join(said)}")


def _count(clusters: tuple[ClusterEntry, ...]) -> str:
    if not clusters:
        return "There is no EKS cluster in this account and region."
    return f"{len(clusters)} cluster{'s' * (len(clusters) != 1)} in this account and region"
