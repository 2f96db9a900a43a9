"""Every screen, tab, dialog and toast of a hostile cluster, by the bytes its driver writes."""

from collections.abc import Callable, Iterable, Mapping

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

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
from eksview.ui.base.screen_registry import HOME, SCREENS, ScreenSpec
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.shell import routes
from tests.ui.harness import NOW
from tests.ui.hostile_app import HostileApp, foreign, shown

LEAVING = {"q", "ctrl+c", "ctrl+q", "ctrl+z"}


async def _settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    pilot.app._frames.flush(full=True)
    await pilot.pause()


async def _back(pilot: Pilot[None], screen: Screen[object]) -> None:
    """Close what a key has opened."""
    app = pilot.app
    while app.screen is not screen and screen in app.screen_stack:
        app.pop_screen()
    if app.screen is not screen:
        app.push_screen(screen)
    await _settle(pilot)


async def _press_every_key(pilot: Pilot[None]) -> None:
    """Press what works here, which opens all dialogs and toasts."""
    screen = pilot.app.screen
    keys = [key for key in screen.active_bindings if key not in LEAVING]
    for key in keys:
        await pilot.press(key)
        await _settle(pilot)
        if pilot.app.screen.is_modal:
            await pilot.press("down", "enter")
            await _settle(pilot)
        await _back(pilot, screen)


async def _walk(pilot: Pilot[None], *, keys: bool = True) -> None:
    """Show all tabs of a screen, and press all its keys."""
    screen = pilot.app.screen
    for tab in screen.TABS if isinstance(screen, TabbedScreen) else ():
        screen.look(tab.id)
        await _settle(pilot)
    if keys:
        await _press_every_key(pilot)


WORDS = pytest.mark.parametrize("words", [False, True], ids=["names", "all"])
"""Whether states and kinds are hostile too; else a cluster is drawn that works."""


@WORDS
@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.name)
async def test_no_screen_writes_what_a_terminal_would_obey(spec: ScreenSpec, words: bool) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        app.navigation.go(spec.name)
        await _settle(pilot)
        await _walk(pilot)
        assert app.is_running
    assert foreign(bytes(app.terminal.written)) == set()


COMPONENTS = "kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager", EKS
OPENED: Mapping[type[Open], Callable[[Store], Iterable[Open]]] = {
    OpenNode: lambda store: map(OpenNode, [*store.nodes][:4]),
    OpenPod: lambda store: map(OpenPod, [*store.pods][:2]),
    OpenInstance: lambda store: map(OpenInstance, [*store.instances][:2]),
    OpenGroup: lambda store: [
        OpenGroup(each.key, "details") for each in nodegroup_rows(store, NOW)
    ],
    OpenCall: lambda store: map(OpenCall, [*store.requests][:2]),
    OpenComponent: lambda _: map(OpenComponent, COMPONENTS),
}


def test_every_object_that_opens_is_walked() -> None:
    assert OPENED.keys() == routes._DETAILS.keys()


@WORDS
@pytest.mark.parametrize("kind", OPENED, ids=lambda kind: kind.__name__)
async def test_no_opened_object_writes_what_a_terminal_would_obey(
    kind: type[Open], words: bool
) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        await _settle(pilot)
        for number, message in enumerate(OPENED[kind](app.view.store)):
            app.navigation.open(message)
            await _settle(pilot)
            assert len(app.screen_stack) > 1
            await _walk(pilot, keys=number == 0)
            app.navigation.go(HOME)
    assert foreign(bytes(app.terminal.written)) == set()
