"""The dialog of a drain: each pod's state; Esc cancels it, then closes."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from eksview.domain.actions.drain_progress import drained
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.actions.drain_run import DrainRun
from eksview.ui.actions.drain_text import progress_lines
from eksview.ui.base.lines.footer import update_footer
from eksview.ui.base.lines_view import BAR, LinesView
from eksview.ui.base.view import View

FRAME, BORDER = 4, 2
EVERY = 1.0  # seconds between two updates of the durations, while the drain runs


class DrainProgress(ModalScreen[None]):
    """The progress of a drain, which runs as long as the dialog is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "Cancel", tooltip="Cancel the drain", id="drain.end"),
        Binding("escape,q", "dismiss(None)", "Close", tooltip="Close", id="drain.close"),
    ]

    def __init__(self, view: View, run: DrainRun, nodes: Sequence[str]) -> None:
        super().__init__()
        self._view = view
        self._drain = run
        self._names = nodes
        self._text = LinesView(view)
        self._box = Vertical(self._text, classes="box")

    def compose(self) -> ComposeResult:
        names = ", ".join(map(self._view.store.names.short, self._names))
        self._box.border_title = f"Drain {names}"
        yield self._box

    def on_mount(self) -> None:
        for node in self._names:
            self._view.backend.follow_pods(node)
        self._drain.changed = self.show_progress
        self._ticks = self.set_interval(EVERY, self.show_progress)
        self._worker = self.run_worker(self._drain.run(), exclusive=True)
        self.show_progress()

    def on_unmount(self) -> None:
        for node in self._names:
            self._view.backend.leave_pods(node)

    def on_resize(self) -> None:
        self.show_progress()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the same key cancel a drain that runs, and close one that has ended."""
        if action in ("cancel", "dismiss"):
            return self._drain.running == (action == "cancel")
        return super().check_action(action, parameters)

    def action_cancel(self) -> None:
        self._worker.cancel()

    def parting(self) -> Clean:
        """Return what was done and what not, if eksview ends while the drain runs."""
        names = ", ".join(self._names)
        outcome = drained(self._drain.pods, self._drain.cancelled)
        return clean(f"eksview: drain {names}: {outcome}") if self._drain.running else EMPTY

    def show_progress(self) -> None:
        """Draw the states as they are now."""
        if not self.is_mounted:
            return
        run, width = self._drain, max(8, self.app.size.width - FRAME - BAR)
        link = self._view.store.links.get(Kind.POD)
        stale = link is not None and link.phase is Phase.RETRYING
        lines = list(progress_lines(run.pods, run.stopped, self._view.clock(), width, stale=stale))
        self._text.styles.width = width + BAR
        self._text.styles.height = max(1, min(len(lines), self.app.size.height - BORDER))
        self._text.show(lines)
        keys = "{drain.end} cancel" if run.running else "{drain.close} close"
        self._box.border_subtitle = self._view.keyed(keys)
        if not run.running:
            self._ticks.stop()
            update_footer(self.app)
