"""The log view and its keys, which are those of k9s where it has them."""

from collections.abc import Iterator
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.filter.errors import FilterError
from eksview.domain.filter.line_filter import LineFilter
from eksview.domain.logs.decode import decoded
from eksview.domain.logs.line import STAMP, LogLine, text_of
from eksview.ui.base.bindings import hidden_bindings
from eksview.ui.base.lines.input_bar import InputBar
from eksview.ui.base.live_screen import SavedLines
from eksview.ui.logs.log_text import JsonMode
from eksview.ui.logs.log_view import LogView
from eksview.ui.logs.pickers import SINCE, Chosen, LogChoice, LogChoicePicker

MODES = list(JsonMode)
PIECE = 200
"""Lines that are saved between two keys: a few milliseconds."""


class LogScreen(LogView):
    """The lines of a feed, followed until they are paused or scrolled back."""

    TITLE = "Logs"
    BINDING_GROUP_TITLE = "Logs"
    AUTO_FOCUS: ClassVar[str | None] = "#log"
    LINKS = ("logs",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", tooltip="Only lines that match", id="logs.filter"),
        Binding("escape", "clear_filter", "Clear filter", tooltip="Clear", id="logs.clear-filter"),
        Binding("s", "pause", "Pause", tooltip="Pause / resume and follow", id="logs.pause"),
        Binding("w", "wrap", "Wrap", tooltip="Wrap long lines", id="logs.wrap"),
        Binding("t", "timestamps", "Times", tooltip="Timestamps (UTC)", id="logs.timestamps"),
        Binding("J", "json", "JSON", tooltip="JSON as columns, pretty, raw", id="logs.json"),
        Binding("p", "previous_run", "Previous", tooltip="Previous run", id="logs.previous"),
        Binding("S", "since", "Since", tooltip="Choose since when", id="logs.since"),
        Binding(
            "a", "containers", "Containers", tooltip="One container or all", id="logs.containers"
        ),
        *hidden_bindings(
            "logs",
            ("mark", "m", "mark", "Mark this moment"),
            ("empty", "C", "empty", "Clear the lines"),
            ("context", "f", "context", "Only matching lines, or all"),
            ("next-match", "n", "match(1)", "Next match"),
            ("previous-match", "N", "match(-1)", "Previous match"),
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Esc to go back without a filter, and all keys to the filter while it is typed."""
        if action == "clear_filter":
            return self._filter.display
        if action in ("match", "context"):
            return self.lines.filter is not None
        return super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why an action would do nothing now."""
        match action:
            case "previous_run" if not self.feed.has_previous:
                return "These lines have no run before the present one."
            case "containers" if len(self._sources) < 2:
                return "These are the lines of one container."
        return ""

    def copied(self) -> str:
        """Return the lines in the window, whole."""
        ring = self.lines.ring
        return "\n".join(self._plain(ring[number]) for number in self._pane.visible_lines())

    def on_log_pane_scrolled(self) -> None:
        self._restyle()
        self._show()

    # the filter

    def on_input_bar_changed(self, event: InputBar.Changed) -> None:
        text = event.text.strip()
        self._broken = EMPTY
        try:
            line_filter = LineFilter(text) if text else None
        except FilterError as error:
            self._broken, line_filter = clean(str(error)), None
        self._select(line_filter)

    def action_filter(self) -> None:
        self._filter.open()

    def action_clear_filter(self) -> None:
        self._filter.clear()

    def action_context(self) -> None:
        """Show only the lines that match, or all lines with the matches marked."""
        self._narrowed = not self._narrowed
        self._select(self._line_filter)

    def action_match(self, by: int) -> None:
        """Show another line that matches."""
        start = self._pane.current if self._pane.current is not None else self._pane.at
        number = self.lines.next_match(start, by)
        if number is None:
            self.notify("No more matches in this direction.", timeout=2)
        else:
            self._pane.go_to(number)

    # what is shown, and how

    def action_pause(self) -> None:
        """Let new lines wait, or take them and follow."""
        self._state.paused = not self._state.paused
        if not self._state.paused:
            self._pane.follow()
        self._show()

    def action_wrap(self) -> None:
        self._pane.look = replace(self._pane.look, wrap=not self._pane.look.wrap)
        self.on_log_pane_scrolled()

    def action_timestamps(self) -> None:
        self._pane.look = replace(self._pane.look, timestamps=not self._pane.look.timestamps)
        self.on_log_pane_scrolled()

    def action_json(self) -> None:
        """Show JSON objects as columns, then over several lines, then as they are."""
        mode = MODES[(MODES.index(self._pane.look.json) + 1) % len(MODES)]
        self._pane.look = replace(self._pane.look, json=mode)
        self.on_log_pane_scrolled()

    def action_mark(self) -> None:
        """Draw a line across the log at this moment."""
        self._pane.changed_from(self.lines.mark(self.view.clock()))
        self._show()

    def action_empty(self) -> None:
        """Forget the lines so far; new ones come."""
        self._empty()
        self._show()

    # what is read

    def action_previous_run(self) -> None:
        self._state.previous = not self._state.previous
        self._open()

    def action_since(self) -> None:
        dialog = LogChoicePicker(self.view, "Since", SINCE, self._since.value)
        self.app.push_screen(dialog, self._since_chosen)

    def _since_chosen(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self._since = next(each for each in SINCE if each.value == chosen.value)
            self._state.previous = False
            self._open()

    def action_containers(self) -> None:
        """Offer the containers, of which one or all are shown."""
        choices = [LogChoice(Clean("all containers"), None)]
        for source in self._sources.values():
            label = f"{source.name}/{source.container}  {source.phase}"
            choices.append(LogChoice(clean(label), source.number))
        dialog = LogChoicePicker(self.view, "Containers", choices, self._source)
        self.app.push_screen(dialog, self._container_chosen)

    def _container_chosen(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self._source = chosen.value
            self._select(self._line_filter)

    def saved_lines(self) -> SavedLines | None:
        """Return the lines that are shown, to save them; the filter looks at the rest first."""
        count = len(self.lines.shown)
        return SavedLines(count, self._pieces) if count or self.lines.unfinished else None

    def _pieces(self) -> Iterator[str]:
        while self.lines.unfinished:
            self.lines.work()
            yield ""
        lines = [self.lines.ring[number] for number in self.lines.shown]
        for start in range(0, len(lines), PIECE):
            yield "".join(f"{self._plain(line)}\n" for line in lines[start : start + PIECE])

    def _plain(self, line: LogLine) -> str:
        """Return a line without colors and secrets, behind its time if that is shown."""
        text = decoded(text_of(line)).text
        return f"{line[1][:STAMP].decode()} {text}" if self._pane.look.timestamps else text
