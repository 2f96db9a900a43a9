"""The navigation between screens: home first, then tables and opened objects in their order."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.app import App

from eksview.domain.base.language import Language
from eksview.domain.base.text import clean
from eksview.domain.explain.chapters import CHAPTER_NAMES
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.logs.control_plane import LOG_TYPES
from eksview.domain.rows.ecs import EcsClusterRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.store import Store
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import (
    Open,
    OpenByKey,
    OpenFilter,
    OpenGroup,
    OpenInstance,
    OpenMapped,
    OpenNode,
    OpenPodsOf,
    OpenResource,
    Resumed,
)
from eksview.ui.base.screen_registry import (
    BY_NAME,
    ECS,
    HOME,
    INSTANCES,
    NODES,
    PODS,
    Opens,
    first_screen,
)
from eksview.ui.base.view import View
from eksview.ui.dialogs.command_history import CommandHistory
from eksview.ui.dialogs.commands import ALL, NO_RESOURCES, Command, CommandError, parse, with_alias
from eksview.ui.shell import routes
from eksview.ui.text.terminal_colors import show_theme
from eksview.ui.text.textual_themes import THEME_NAMES

if TYPE_CHECKING:
    from eksview.ui.pods.pods_screen import PodsScreen
    from eksview.ui.resources.screen import ResourceScreen
    from eksview.ui.table.screen import TableScreen


STEPS = 12
"""Steps that Esc can go back; each opened object of them stays in memory."""


class Navigation:
    """The trail of visited screens, and Textual's screen stack, which shows the end of it.

    Each table is made once and keeps its filter, order and cursor. Opened objects stay as they
    are until Esc has gone back over them; only the last ones are in Textual's stack.
    """

    def __init__(self, app: App[Any], view: View) -> None:
        self._app = app
        self._view = view
        self._kept: dict[str, LiveScreen] = {}
        self._trail: list[LiveScreen] = []
        """The screens after home, the current one last."""
        self._left: list[LiveScreen] = []  # opened objects to end once they are out of the stack
        self._opened = 0
        self.history = CommandHistory()
        self._previous: str | Open | None = None
        self.switched: Callable[[str], None] = lambda _: None
        """What is told the name of another context or cluster once it is shown."""
        self.show_logs: Callable[[str, str], None] = lambda _type, _pattern: None
        """What shows a type of the control plane's logs by a pattern, or offers them for none."""

    @property
    def at_home(self) -> bool:
        """True if there is no screen to go back to; dialogs don't count."""
        return not self._trail

    def go(self, name: str, argument: str = "") -> None:
        """Open a screen of the registry."""
        spec = BY_NAME[name]
        if name == ECS and argument:
            self._view.ecs_cluster = argument
        if spec.opens is Opens.PLACE:
            self._go_to_place(name)
            if argument:
                self._place(name).look(argument)
            return
        screen = spec.make(self._view, *([argument] if spec.argument else []))
        if isinstance(screen, LiveScreen):
            self._visit(screen, name)
        else:
            self._app.push_screen(screen, self._switched)

    def back(self) -> None:
        """Go back one step of the trail, except at home."""
        if not self._trail:
            return
        self._previous = self._opener
        ended = self._trail.pop()
        if not self._trail:
            self._go_home()
        elif self._app.screen_stack[-2] is self._trail[-1]:
            self._app.pop_screen()
        else:
            self._show_alone(self._trail[-1])
        self._forget(ended)

    def previous(self) -> None:
        """Switch to the screen that was shown before this one."""
        match self._previous:
            case str(name):
                self.go(name)
            case Open() as message:
                self.open(message)

    def why_not_previous(self) -> str:
        """Return why there is no previous screen; empty if there is one."""
        return "" if self._previous else "No screen was shown before this one."

    def type_command(self) -> None:
        """Ask for a command and run it."""
        self._app.push_screen(routes.command(self._view, self._choices(), self.history), self._run)

    def run_line(self, line: str, resources: ApiResources = NO_RESOURCES) -> CommandError | None:
        """Run a command; return why the line isn't one."""
        text = with_alias(line, self._view.settings.aliases)
        command = parse(text, self._choices(), resources)
        if isinstance(command, CommandError):
            return command
        self._run(command)
        return None

    @property
    def last_view(self) -> str:
        """The command of the screen that is shown, or of the one that it was opened from."""
        return next(
            filter(None, map(_command_of, reversed(self._trail))),
            first_screen(self._view.settings.ecs_cluster),
        )

    def choose_namespace(self, namespace: str) -> None:
        """Show the pods of a namespace, or of all for an empty name, where pods are shown."""
        if PODS in self._kept:
            cast("PodsScreen", self._kept[PODS]).choose(namespace)

    def open(self, message: Open) -> None:
        """Show the object that a message names, if it still exists."""
        match message:
            case OpenMapped():
                if (target := _mapped(message, self._view.store)) is not None:
                    self.open(target)
            case OpenResource():
                self._show_resource(message)
            case OpenPodsOf(within=namespace):
                self._show_table(Command(PODS, namespace))
            case OpenFilter():
                self._go_to_place(NODES)
                cast("TableScreen", self._place(NODES)).filter_at_once()
            case OpenGroup(tab=tab) if tab != "details":
                self._go_to_place(INSTANCES)
                cast("TableScreen", self._place(INSTANCES)).narrow(f"group={message.name}")
            case _:
                screen = routes.detail(self._view, message)
                if screen is not None:
                    self._visit(screen, message)

    def _run(self, command: Command | None) -> None:
        app = self._app
        match command:
            case None:
                return
            case Command(name, namespace, text, ApiResource() as resource):
                namespace = "" if namespace == ALL else namespace
                self._show_resource(OpenResource(resource, namespace, text, name))
            case Command("ns", namespace):
                self._show_table(Command(PODS, namespace or ALL))
            case Command("theme" | "lang" as looks, name):
                _change_looks(app, self._view, looks, name)
            case Command("logs", log_type, pattern):
                self.show_logs(log_type, pattern)
            case Command("help"):
                app.call_later(app.run_action, "help")
            case Command("quit"):
                app.exit()
            case Command(name) if BY_NAME[name].narrowed_by:
                self._show_table(command)
            case Command(name, argument):
                self.go(name, argument)

    def _show_table(self, command: Command) -> None:
        """Show a table, of a namespace and with a filter if the command has them."""
        if command.argument:
            pods = cast("PodsScreen", self._place(command.name))
            pods.choose("" if command.argument == ALL else command.argument)
        self._go_to_place(command.name)
        table = cast("TableScreen", self._place(command.name))
        if command.filter:
            table.narrow(command.filter)
        if command.order:
            table.order(command.order)

    def _show_resource(self, message: OpenResource) -> None:
        """Show the table of a resource: the one that a step back leads to, else a new one."""
        steps = (screen for screen in self._trail if _shows(screen, message.resource))
        screen = next(steps, None) or routes.resource(self._view, message)
        table = cast("ResourceScreen", screen)
        table.choose(message.within)
        if screen is not (self._trail[-1] if self._trail else None):
            self._previous = self._opener
            screen.opened_by = message
            if screen not in self._trail:
                self._opened += 1
                self._app.install_screen(screen, f"opened-{self._opened}")
            self._trail.append(screen)
            self._shorten()
            self._show_alone(screen)
        if message.filter_text:
            table.narrow(message.filter_text)

    def _choices(self) -> Mapping[str, Sequence[str]]:
        """Return the names that exist, by the kind of a command's argument."""
        names: dict[str, Sequence[str]] = {
            "theme": THEME_NAMES,
            "language": tuple(Language),
            "log type": tuple(LOG_TYPES),
            "chapter": CHAPTER_NAMES,
        }
        clusters = self._view.store.table(EcsClusterRow)
        if clusters and self._view.ecs_followed is not None:  # else not all are known
            names["ECS cluster"] = sorted(row.name for row in clusters.values())
        link = self._view.store.links.get(Kind.POD)
        if link is not None and link.phase is Phase.LIVE:
            pods = self._view.store.pods.values()
            names["namespace"] = sorted({pod.namespace for pod in pods})
        return names

    def _go_to_place(self, name: str) -> None:
        screen = (
            None if name == first_screen(self._view.settings.ecs_cluster) else self._place(name)
        )
        if screen is (self._trail[-1] if self._trail else None):
            return
        self._previous = self._opener
        if screen is None:
            self._go_home()
            return
        self._trail.append(screen)
        self._shorten()
        self._show_alone(screen)

    def _go_home(self) -> None:
        """Clear the trail, which begins at home."""
        trail, self._trail = self._trail, []
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        for screen in trail:
            self._forget(screen)

    def _visit(self, screen: LiveScreen, opened_by: str | Open) -> None:
        """Show an opened object on top of what is shown."""
        current = self._trail[-1] if self._trail else self._home
        screen.origin = () if isinstance(opened_by, str) else (*current.origin, current)
        screen.opened_by = opened_by
        self._previous = self._opener
        self._opened += 1
        self._app.install_screen(screen, f"opened-{self._opened}")  # popping doesn't end it
        self._trail.append(screen)
        self._shorten()
        self._app.push_screen(screen)

    def _show_alone(self, screen: LiveScreen) -> None:
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        self._app.push_screen(screen)

    def _shorten(self) -> None:
        """Forget the first steps of a long trail; they are out of the stack or below the top."""
        while len(self._trail) > STEPS:
            self._forget(self._trail.pop(0))

    def _forget(self, screen: LiveScreen) -> None:
        """End what can't be gone back to: an opened object, or a resource; a table is kept."""
        if not screen.place and screen not in self._trail:
            self._left.append(screen)
        for ended in [each for each in self._left if each not in self._app.screen_stack]:
            self._left.remove(ended)
            self._app.uninstall_screen(ended)
            ended.remove()

    @property
    def _home(self) -> LiveScreen:
        return cast(LiveScreen, self._app.screen_stack[0])

    @property
    def _opener(self) -> str | Open:
        """The name or the message that opens the current screen again, at its tab."""
        if not self._trail:
            return first_screen(self._view.settings.ecs_cluster)
        screen = self._trail[-1]
        opened_by = screen.place or screen.opened_by
        if isinstance(opened_by, OpenByKey) and screen.tab:
            return opened_by.at(screen.tab)
        return opened_by

    def _place(self, name: str) -> LiveScreen:
        if name not in self._kept:
            screen = cast(LiveScreen, BY_NAME[name].make(self._view))
            screen.place = name
            self._kept[name] = screen
            self._app.install_screen(screen, name)
        return self._kept[name]

    def _switched(self, context: str | None) -> None:
        if context:
            self.go(HOME)
            self.switched(context)
            self._previous = None  # it was of the cluster before
            self._app.notify(f"Switched to {clean(context)}.", markup=False)


def _shows(screen: LiveScreen, resource: ApiResource) -> bool:
    """Check whether a screen is the table of a resource."""
    opened_by = screen.opened_by
    return isinstance(opened_by, OpenResource) and opened_by.resource == resource


def _change_looks(app: App[Any], view: View, looks: str, name: str) -> None:
    """Change the theme or the language by its name."""
    if looks == "theme":
        show_theme(app, name)
        return
    view.language = Language(name)
    app.post_message(Resumed())  # draws all that is shown


def _mapped(message: OpenMapped, store: Store) -> OpenNode | OpenInstance | None:
    """Return the request for the EC2 side of a node, or for an instance that has no node."""
    target = message.target(store)
    return target.at(target.tab or "ec2") if isinstance(target, OpenNode) else target


def _command_of(screen: LiveScreen) -> str:
    """Return the command that opens a screen; empty for that of an object, which may be gone."""
    match screen.opened_by:
        case OpenResource(resource=resource, within=namespace) if not screen.place:
            return f"{resource.qualified} {namespace}".strip()
    return screen.place
