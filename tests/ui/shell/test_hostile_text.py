"""Every screen, tab, dialog and toast of a hostile cluster, by the bytes its driver writes."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import pytest
from textual.pilot import Pilot

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


async def _show(pilot: Pilot[None], opens: Callable[[], None]) -> None:
    """Close the dialogs that a key has opened, and show the walked screen again."""
    while pilot.app.screen.is_modal:
        pilot.app.pop_screen()
    opens()
    await _settle(pilot)


async def _press_every_key(pilot: Pilot[None], opens: Callable[[], None]) -> None:
    """Press what works here, which opens all dialogs and toasts."""
    keys = [key for key in pilot.app.screen.active_bindings if key not in LEAVING]
    for key in keys:
        await pilot.press(key)
        await _settle(pilot)
        if pilot.app.screen.is_modal:
            await pilot.press("down", "enter")
            await _settle(pilot)
        await _show(pilot, opens)


async def _walk(pilot: Pilot[None], opens: Callable[[], None], *, keys: bool = True) -> None:
    """Show all tabs of a screen, and press all its keys."""
    await _show(pilot, opens)
    screen = pilot.app.screen
    for tab in screen.TABS if isinstance(screen, TabbedScreen) else ():
        screen.look(tab.id)
        await _settle(pilot)
    if keys:
        await _press_every_key(pilot, opens)


WORDS = pytest.mark.parametrize("words", [False, True], ids=["names", "all"])
"""Whether states and kinds are hostile too; else a cluster is drawn that works."""


@WORDS
@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.name)
async def test_no_screen_writes_what_a_terminal_would_obey(spec: ScreenSpec, words: bool) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        await _settle(pilot)
        await _walk(pilot, lambda: app.navigation.go(spec.name))
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


def _reopen(app: HostileApp, message: Open) -> None:
    app.navigation.go(HOME)
    app.navigation.open(message)


@WORDS
@pytest.mark.parametrize("kind", OPENED, ids=lambda kind: kind.__name__)
async def test_no_opened_object_writes_what_a_terminal_would_obey(
    kind: type[Open], words: bool
) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        await _settle(pilot)
        for number, message in enumerate(OPENED[kind](app.view.store)):
            await _walk(pilot, partial(_reopen, app, message), keys=number == 0)
            assert len(app.screen_stack) > 1
    assert foreign(bytes(app.terminal.written)) == set()
