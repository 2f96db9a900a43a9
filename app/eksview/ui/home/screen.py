"""Home: the cluster as its architecture, from the control plane over the link to the workers."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from eksview.store.rates import SAMPLE
from eksview.store.selectors.overview import Overview
from eksview.ui.base.bindings import session
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.messages import OpenNode
from eksview.ui.base.view import View
from eksview.ui.home.api_link import ApiLink
from eksview.ui.home.control_plane import ControlPlane
from eksview.ui.home.wires import heights
from eksview.ui.home.workers import Workers


class ArchitectureScreen(LiveScreen):
    """Three panels, one under another, in the order in which a request travels."""

    BINDING_GROUP_TITLE = "Architecture"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab",
            "app.focus_next",
            "Next panel",
            id="home.next",
            tooltip="From the control plane to the link to the workers",
        ),
        Binding("shift+tab", "app.focus_previous", "Previous panel", id="home.back", show=False),
        session("home"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._overview = Overview(view.store)
        self._moment: tuple[object, ...] = ()
        self.control = ControlPlane(view, self._overview)
        self.link = ApiLink(view, self._overview)
        self.fleet = Workers(view, self._overview)

    def compose(self) -> ComposeResult:
        """The chain, from top to bottom."""
        yield self.control
        yield self.link
        yield self.fleet

    def on_mount(self) -> None:
        """Keys go to the workers."""
        self._share_out()
        self.fleet.focus()

    def on_resize(self) -> None:
        """More or less room."""
        self._share_out()

    def subject(self) -> OpenNode | None:
        """The node under the cursor."""
        name = self.fleet.chosen
        return OpenNode(name) if name in self.view.store.nodes else None

    def frame(self, frame: Frame) -> None:
        """Ages and rates as often as a sample is taken; what changes its state at once."""
        self._overview.observe(frame.changes, full=frame.full)
        store = self.view.store
        phases = [link.phase for link in store.links.values()]
        verdicts = [probe.ok for probe in store.facts.probes().values()]
        moment = (frame.now // SAMPLE, phases, verdicts)
        if frame.full or moment != self._moment:
            self._moment = moment
            self._share_out()
            self.control.look(frame.now)
            self.link.look(frame.now)
        self.fleet.look(frame.now, frame.changes, full=frame.full)

    def _share_out(self) -> None:
        width, height = self.size
        wanted = self.control.height_for(width)
        control, link = heights(height, wanted)
        self._height(self.control, control)
        self._height(self.link, link)

    @staticmethod
    def _height(widget: ControlPlane | ApiLink, lines: int) -> None:
        current = widget.styles.height
        if current is None or current.value != lines:  # setting it is a layout
            widget.display = lines > 0
            widget.styles.height = max(1, lines)
