"""A screen whose texts are searched."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from eksview.ui.base.lines.input_bar import InputBar
from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.view import View


class SearchedScreen(LiveScreen):
    """The base of screens of texts, above which a search is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", tooltip="Search this text", id="tabs.search"),
        Binding("escape", "clear", "Clear search", tooltip="Clear the search", id="tabs.clear"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._search = InputBar(view, lambda: self.body, "text or regular expression")

    @property
    @abstractmethod
    def body(self) -> Widget:
        """The widget that is shown."""

    @property
    @abstractmethod
    def bodies(self) -> Iterable[Widget]:
        """The widgets that may be shown."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable `clear` without a search, so that Esc goes back, and `search` while typing."""
        if action == "search":
            return not self._search.typing
        if action == "clear":
            return self._search.display
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        self._search.open()

    def action_clear(self) -> None:
        self._search.clear()

    def on_input_bar_changed(self, event: InputBar.Changed) -> None:
        """Search all texts, so that the search goes on in the next one."""
        for body in self.bodies:
            self.find_in(body, event.text)
        self.count_matches()

    def on_lines_view_searched(self) -> None:
        self.count_matches()

    def find_in(self, body: Widget, text: str) -> None:
        """Search a text."""
        if isinstance(body, LinesView):
            body.find(text)

    def count_matches(self) -> None:
        """Show at which of how many matches the search is."""
        if isinstance(self.body, LinesView):
            search = self.body.search
            self._search.count(search.at + bool(search.hits), len(search.hits), search.problem)
