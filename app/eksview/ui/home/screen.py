"""Home: the cluster as its architecture, from the control plane over the link to the workers."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from eksview.domain.rows.kube import Kind
from eksview.store.rates import SAMPLE
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.messages import OpenFilter, OpenInstance, OpenNode, OpenRule
from eksview.ui.base.screen_registry import HOME
from eksview.ui.base.view import View
from eksview.ui.home.api_link import ApiLink
from eksview.ui.home.attention import LEAST, Attention
from eksview.ui.home.control_plane import ControlPlane
from eksview.ui.home.legend import legend
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.offer import ExplainOffer
from eksview.ui.home.workers import Workers, subject_at

_FRAME = 3  # lines of header, path and footer
_WORKERS = 7  # the fewest useful lines of the workers, frame included


def heights(height: int, control_height: int, folded: int = 0) -> tuple[int, int]:
    """Return the lines of control plane and API link; the workers have the rest.

    On a terminal too low for all three the workers stay, then the control plane. The link has
    `folded` lines more, for a sentence.
    """
    room = height - _FRAME - folded
    link = 3 if height >= 30 else 2 if height >= 22 else 1
    if room - link - control_height >= _WORKERS:
        return control_height, link + folded
    control = min(control_height, max(0, room - link - _WORKERS))
    if control >= 3:
        return control, link + folded
    return 0, folded + (room > _WORKERS or folded > 0)


def lines_of(widget: Widget) -> int:
    """Return the height that was set."""
    height = widget.styles.height
    return 0 if height is None else int(height.value)


class ArchitectureScreen(LiveScreen):
    """Three panels, control plane, API link, workers; below them what needs attention, if room."""

    TITLE = "Home"
    BINDING_GROUP_TITLE = "Architecture"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab",
            "app.focus_next",
            "Next panel",
            id="home.next",
            tooltip="Move between control plane, API link and workers",
        ),
        Binding("slash", "filter", "Find", id="home.filter", tooltip="Filter the table of nodes"),
        Binding(
            "escape",
            "decline",
            "Hide",
            id="home.decline",
            show=False,
            tooltip="Hide the offer of Explain",
        ),
        Binding("shift+tab", "app.focus_previous", "Previous panel", id="home.back", show=False),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._drawn: tuple[object, ...] = ()
        self.place = HOME
        self.offer = ExplainOffer(view)
        self.control = ControlPlane(view, self.overview)
        self.link = ApiLink(view, self.overview)
        states = NodeStates(view.store)
        self.workers_panel = Workers(view, self.overview, states)
        self.attention = Attention(view, self.overview, states)

    def compose(self) -> ComposeResult:
        yield self.offer
        yield self.control
        yield self.link
        yield self.workers_panel
        yield self.attention

    def on_mount(self) -> None:
        self._set_heights()
        self.workers_panel.focus()

    def on_resize(self) -> None:
        self._set_heights()

    def subject(self) -> OpenNode | OpenInstance | OpenRule | None:
        panel = self.workers_panel
        return subject_at(self.view, self.overview, panel.chosen) if panel.has_focus else None

    def component(self) -> str:
        return self.control.chosen if self.control.has_focus else ""

    def legend(self) -> Iterable[tuple[str, str]]:
        return legend(self.view.glyphs)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Esc to the application unless there is an offer to hide."""
        if action == "decline":
            return self.view.newcomer
        return super().check_action(action, parameters)

    def action_decline(self) -> None:
        """Hide the offer of Explain."""
        self.view.newcomer = False
        self.offer.sync()
        self._set_heights()

    def action_filter(self) -> None:
        self.post_message(OpenFilter())

    def frame(self, frame: Frame) -> None:
        """Update ages and rates once per sample, and changes of state at once."""
        store = self.view.store
        phases = [link.phase for link in store.links.values()]
        verdicts = [probe.ok for probe in store.facts.probes().values()]
        self.offer.sync()
        drawn = (frame.now // SAMPLE, phases, verdicts, self.link.folded_lines, self.offer.height)
        if frame.full or drawn != self._drawn:
            self._drawn = drawn
            self.control.sync(frame.now)
            self._set_heights()  # of what they show now
            self.link.sync(frame.now)
        self.workers_panel.sync(frame.now, frame.changes, full=frame.full)
        was_shown = self.attention.display
        self._set_spare_height()
        if self.attention.display:
            nodes_differ = Kind.NODE in frame.changes.members
            self.attention.sync(frame.now, full=frame.full or nodes_differ or not was_shown)

    def _set_spare_height(self) -> None:
        """Give the room that the workers leave to the problems and warnings."""
        panels = (self.control, self.link)
        taken = sum(lines_of(panel) for panel in panels if panel.display)
        width, height = self.size
        room = height - self.offer.height - _FRAME - taken
        spare = room - max(_WORKERS, self.workers_panel.height_for(width, room))
        shown = spare >= LEAST and self.attention.useful
        self._height(self.attention, spare if shown else 0)

    def _set_heights(self) -> None:
        width, height = self.size
        control_height = self.control.height_for(width)
        height -= self.offer.height
        control, link = heights(height, control_height, self.link.folded_lines)
        self._height(self.control, control)
        self._height(self.link, link)

    @staticmethod
    def _height(widget: Widget, lines: int) -> None:
        current = widget.styles.height
        if current is None or current.value != lines:  # setting it is a layout
            widget.display = lines > 0
            widget.styles.height = max(1, lines)
