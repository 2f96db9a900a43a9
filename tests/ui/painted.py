"""What every screen of the application paints, for rules that hold everywhere."""

from collections.abc import Callable, Iterable
from functools import partial

from rich.segment import Segment
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from eksview.store.selectors.eks import EKS
from eksview.store.selectors.nodegroups import nodegroup_rows
from eksview.store.store import Store
from eksview.ui.base.messages import (
    Open,
    OpenCall,
    OpenComponent,
    OpenGroup,
    OpenInstance,
    OpenNode,
    OpenPod,
)
from eksview.ui.base.movement import KEYS
from eksview.ui.base.screen_registry import HOME, SCREENS
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.shell.navigation import Navigation
from tests.patience import until
from tests.ui.harness import NOW, TestedApp

FRAMES = 2
LEAVING = {"q", "ctrl+c", "ctrl+q", "ctrl+z"}
SAME = ("sort", "app.go", "app.focus")
"""Actions that show the same screen again, or another one that is walked too."""

Look = Callable[[TestedApp, str], None]


async def settle(pilot: Pilot[None]) -> None:
    """Paint what has arrived.

    A pause ends when the process uses no CPU, which on a busy machine is too early: the first one
    may end before the data is there, and one after a frame that lays out before the next is drawn.
    A key that needs a row waits for the first rows of a table, and others behind it.
    """
    await until(lambda: pilot.app.arrived and not pilot.app._keys.waiting)
    for _ in range(FRAMES):
        await pilot.pause()
        pilot.app._frames.flush(full=True)
    await pilot.pause()


async def walk(pilot: Pilot[None], look: Look, *, keys: bool = True, most: int = 4) -> None:
    """Look at every screen and what its `keys` open, and at every kind of object with its tabs.

    At most `most` nodes are opened, and half as many pods, instances and calls.
    """
    navigation = pilot.app.navigation
    for spec in SCREENS:
        await _walk_screen(pilot, spec.name, partial(navigation.go, spec.name), look, keys=keys)
    for message in _objects(pilot.app.view.store, most):
        name = type(message).__name__
        show = partial(_open, navigation, message)
        await _walk_screen(pilot, name, show, look, keys=False)


def _open(navigation: Navigation, message: Open) -> None:
    navigation.go(HOME)
    navigation.open(message)


def _objects(store: Store, most: int) -> Iterable[Open]:
    half = (most + 1) // 2
    yield from map(OpenNode, [*store.nodes][:most])
    yield from map(OpenPod, [*store.pods][:half])
    yield from map(OpenInstance, [*store.instances][:half])
    yield from (OpenGroup(each.key, "details") for each in nodegroup_rows(store, NOW))
    yield from map(OpenCall, [*store.requests][:half])
    yield from map(OpenComponent, ("kube-apiserver", "etcd", EKS))


async def _walk_screen(
    pilot: Pilot[None], name: str, show: Callable[[], None], look: Look, *, keys: bool
) -> None:
    app = pilot.app
    show()
    await settle(pilot)
    look(app, name)
    screen = app.screen
    for tab in screen.TABS if isinstance(screen, TabbedScreen) else ():
        screen.look(tab.id)
        await settle(pilot)
        look(app, f"{name}, {tab.id}")
    for key in _keys(screen) if keys else ():
        typed = isinstance(app.focused, Input) and not screen.is_modal
        assert not typed, f"{name}: {key} would be typed into the filter"
        await pilot.press(key)
        await settle(pilot)
        look(app, f"{name}, {key}")
        screen = await restore(pilot, screen, show)


async def pages_of(
    pilot: Pilot[None], ways: Iterable[tuple[str, Callable[[], object], Iterable[str]]]
) -> dict[str, str]:
    """Return the text of screens and their tabs, each by its name and what shows it.

    An empty tab is the one that a screen begins with.
    """
    pages: dict[str, str] = {}
    for name, show, tabs in ways:
        show()
        await settle(pilot)
        for tab in tabs:
            if tab:
                pilot.app.screen.look(tab)
                await settle(pilot)
            pages[f"{name} {tab}".strip()] = pilot.app.text()
    return pages


async def restore(
    pilot: Pilot[None], screen: Screen[object], show: Callable[[], None]
) -> Screen[object]:
    """Close dialogs and toasts, leave a filter, and return the walked screen, shown again."""
    app = pilot.app
    app.clear_notifications()
    while app.screen.is_modal:
        app.pop_screen()
    if isinstance(app.focused, Input):  # which would take the next keys
        await pilot.press("escape")
    if app.screen is not screen:
        show()
        await settle(pilot)
    return app.screen


def _keys(screen: Screen[object]) -> Iterable[str]:
    """Return a key of every action that opens or changes something."""
    actions = {
        active.binding.action: key
        for key, active in screen.active_bindings.items()
        if (active.binding.id or "").rpartition(".")[2] not in KEYS  # movements
    }
    return [
        key for action, key in actions.items() if key not in LEAVING and not action.startswith(SAME)
    ]


def segments(app: TestedApp) -> Iterable[tuple[Widget, Segment]]:
    """Yield what the widgets of the topmost screen paint; what a dialog dims is left out."""
    for widget in app.screen.walk_children(Widget):
        if widget.is_container or not widget.display or not widget.size:
            continue
        for strip in widget.render_lines(Region(0, 0, *widget.size)):
            yield from ((widget, segment) for segment in strip)
