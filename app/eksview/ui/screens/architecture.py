"""Home: the cluster as its architecture, from the control plane over the link to the workers."""

from textual.app import ComposeResult
from textual.binding import Binding

from eksview.ui.frame import Frame, LiveScreen
from eksview.ui.overview import Overview
from eksview.ui.view import View
from eksview.ui.widgets.api_link import TALL, ApiLink
from eksview.ui.widgets.control_plane import ControlPlane
from eksview.ui.widgets.workers import Workers

ROOMY = 30
"""Lines from which the link gets room above and below."""


class ArchitectureScreen(LiveScreen):
    """Three panels, one under another, in the order in which a request travels."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("tab", "app.focus_next", "next panel", id="home.next", show=False),
        Binding("shift+tab", "app.focus_previous", "previous panel", id="home.back", show=False),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._overview = Overview(view.store)
        self._second = -1
        self.control = ControlPlane(view, self._overview)
        self.link = ApiLink(view)
        self.nodes_panel = Workers(view, self._overview)

    def compose(self) -> ComposeResult:
        yield self.control
        yield self.link
        yield self.nodes_panel

    def on_mount(self) -> None:
        self._share_out()
        self.nodes_panel.focus()

    def on_resize(self) -> None:
        self._share_out()

    def frame(self, frame: Frame) -> None:
        self._overview.observe(frame.changes)
        second = int(frame.now)
        if frame.full or second != self._second or frame.changes.links:
            # Ages and rates are read once a second; faster would only be bytes.
            self._second = second
            self._share_out()
            self.control.look(frame.now)
            self.link.look(frame.now)
        self.nodes_panel.look(frame.now, frame.changes, full=frame.full)

    def _share_out(self) -> None:
        width, height = self.size
        self._height(self.control, min(self.control.height_for(width), max(3, height // 2)))
        self._height(self.link, TALL if height >= ROOMY else 1)

    @staticmethod
    def _height(widget: ControlPlane | ApiLink, lines: int) -> None:
        current = widget.styles.height
        if current is None or current.value != lines:  # setting it is a layout
            widget.styles.height = lines
