"""Ways between the screens: home at the bottom, a table on it, what was opened on top."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from eksview.domain.ports import Problem
from eksview.domain.rows import Kind
from eksview.domain.text import clean
from eksview.domain.updates import Phase
from eksview.ui import routes
from eksview.ui.commands import Command
from eksview.ui.estate import EKS
from eksview.ui.frame import LiveScreen
from eksview.ui.palette import THEMES
from eksview.ui.view import View

if TYPE_CHECKING:
    from eksview.ui.screens.pods import PodsScreen
    from eksview.ui.screens.table_screen import TableScreen


class Navigation:
    """Tables are made once and kept: their filter, order and cursor are there when one is back."""

    def __init__(self, app: App[Any], view: View) -> None:
        self._app = app
        self._view = view
        self._kept: dict[str, LiveScreen] = {}

    @property
    def at_home(self) -> bool:
        """Whether there is no way back; a dialog over home is still home."""
        return sum(isinstance(each, LiveScreen) for each in self._app.screen_stack) < 2

    def go(self, place: str) -> None:
        """To home or to a table, from anywhere."""
        app, screen = self._app, self._kept_at(place)
        if screen is not None and app.screen is screen:
            return
        while len(app.screen_stack) > 1:
            app.pop_screen()
        if screen is not None:
            app.push_screen(screen)

    def only(self, place: str, text: str) -> None:
        """To a table that shows only what matches."""
        self.go(place)
        cast("TableScreen", self._kept_at(place)).narrow(text)

    def back(self) -> None:
        """One step; none at home."""
        if not self.at_home:
            self._app.pop_screen()

    def run(self, command: Command | None) -> None:
        """Do what was typed."""
        app, view = self._app, self._view
        match command:
            case None:
                return
            case Command(place) if place in routes.PLACES:
                self.go(place)
            case Command("ns", namespace):
                cast("PodsScreen", self._kept_at(routes.PODS)).choose(namespace)
                self.go(routes.PODS)
            case Command("ctx", name):
                self.contexts(name)
            case Command("clusters"):
                app.push_screen(routes.clusters(view), self._switched)
            case Command("theme", name):
                app.theme = name
            case Command("quit"):
                app.exit()
            case Command(name):
                self._open(name)

    def _open(self, name: str) -> None:
        """What is shown over where one is."""
        app, view = self._app, self._view
        match name:
            case "eks":
                app.push_screen(routes.component(view, EKS))
            case "sessions":
                app.push_screen(routes.sessions(view))
            case "help":
                app.call_later(app.run_action, "help")

    def contexts(self, ask: str = "") -> None:
        """Pick another context; `ask` is picked already and is asked at once."""
        self._app.push_screen(routes.contexts(self._view, ask), self._switched)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """The names there are, by what a command may be about."""
        names: dict[str, Sequence[str]] = {"theme": [theme.name for theme in THEMES]}
        with suppress(Problem):  # any name will do then; asking for it says what is wrong
            names["context"] = [each.name for each in self._view.backend.contexts()]
        link = self._view.store.links.get(Kind.POD)
        if link is not None and link.phase is Phase.LIVE:
            pods = self._view.store.pods.values()
            names["namespace"] = sorted({pod.namespace for pod in pods})
        return names

    def _kept_at(self, place: str) -> LiveScreen | None:
        if place not in self._kept:
            screen = routes.kept(self._view, place)
            if screen is None:
                return None
            self._kept[place] = screen
            self._app.install_screen(screen, place)
        return self._kept[place]

    def _switched(self, context: str | None) -> None:
        if context:
            self.go(routes.HOME)
            self._app.notify(f"Following {clean(context)}.", markup=False)
