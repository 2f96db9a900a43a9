"""The screen stack: home at the bottom, a table on it, opened objects on top."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.screen import Screen

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import Open, OpenGroup, OpenMapped, OpenNode
from eksview.ui.base.screen_registry import BY_NAME, HOME, INSTANCES, PODS, Opens
from eksview.ui.base.view import View
from eksview.ui.dialogs.commands import Command
from eksview.ui.shell import routes
from eksview.ui.text.palette import THEMES

if TYPE_CHECKING:
    from eksview.ui.pods.pods_screen import PodsScreen
    from eksview.ui.table.screen import TableScreen


class Navigation:
    """The screen stack; each table is made once and keeps its filter, order and cursor."""

    def __init__(self, app: App[Any], view: View) -> None:
        self._app = app
        self._view = view
        self._kept: dict[str, Screen[Any]] = {}

    @property
    def at_home(self) -> bool:
        """True if there is no screen to go back to; dialogs don't count."""
        return sum(isinstance(screen, LiveScreen) for screen in self._app.screen_stack) < 2

    def go(self, name: str, argument: str = "") -> None:
        """Open a screen of the registry."""
        spec = BY_NAME[name]
        if spec.opens is Opens.PLACE:
            self._go_to_place(name)
            return
        screen = spec.make(self._view, *([argument] if spec.argument else []))
        callback = self._switched if spec.opens is Opens.SWITCH else None
        self._app.push_screen(screen, callback)

    def back(self) -> None:
        """Go back one screen, except at home."""
        if not self.at_home:
            self._app.pop_screen()

    def type_command(self) -> None:
        """Ask for a command and run it."""
        self._app.push_screen(routes.command(self._view, self._choices()), self._run)

    def open(self, message: Open) -> None:
        """Show the object that a message names, if it still exists."""
        match message:
            case OpenMapped():
                self._open_mapped(message)
            case OpenGroup(tab=tab) if tab != "details":
                self._go_to_place(INSTANCES)
                cast("TableScreen", self._place(INSTANCES)).narrow(f"group={message.name}")
            case _:
                screen = routes.detail(self._view, message)
                if screen is not None:
                    self._app.push_screen(screen)

    def _open_mapped(self, message: OpenMapped) -> None:
        """Open the EC2 side of a node, or an instance that has no node."""
        target = message.target(self._view.store)
        if isinstance(target, OpenNode):
            target = target.at(target.tab or "ec2")
        if target is not None:
            self.open(target)

    def _run(self, command: Command | None) -> None:
        app = self._app
        match command:
            case None:
                return
            case Command("ns", namespace):
                cast("PodsScreen", self._place(PODS)).choose(namespace)
                self.go(PODS)
            case Command("theme", theme):
                app.theme = theme
            case Command("help"):
                app.call_later(app.run_action, "help")
            case Command("quit"):
                app.exit()
            case Command(name, argument):
                self.go(name, argument)

    def _choices(self) -> Mapping[str, Sequence[str]]:
        """Return the names that exist, by the kind of a command's argument."""
        names: dict[str, Sequence[str]] = {"theme": [theme.name for theme in THEMES]}
        with suppress(
            UserError
        ):  # then any name is accepted, and switching to it reports the problem
            names["context"] = [context.name for context in self._view.backend.contexts()]
        link = self._view.store.links.get(Kind.POD)
        if link is not None and link.phase is Phase.LIVE:
            pods = self._view.store.pods.values()
            names["namespace"] = sorted({pod.namespace for pod in pods})
        return names

    def _go_to_place(self, name: str) -> None:
        app, screen = self._app, None if name == HOME else self._place(name)
        if screen is not None and app.screen is screen:
            return
        while len(app.screen_stack) > 1:
            app.pop_screen()
        if screen is not None:
            app.push_screen(screen)

    def _place(self, name: str) -> Screen[Any]:
        if name not in self._kept:
            self._kept[name] = BY_NAME[name].make(self._view)
            self._app.install_screen(self._kept[name], name)
        return self._kept[name]

    def _switched(self, context: str | None) -> None:
        if context:
            self.go(HOME)
            self._app.notify(f"Switched to {clean(context)}.", markup=False)
