"""A walk through screens of a hostile cluster, with every key that works there."""

from collections.abc import Callable, Iterable

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from eksview.ui.base.tabbed_screen import TabbedScreen
from tests.ui.painted import LEAVING, restore, settle

WORDS = pytest.mark.parametrize("words", [False, True], ids=["names", "all"])
"""Whether states and kinds are hostile too; else a cluster is drawn that works."""


async def walk(pilot: Pilot[None], opens: Callable[[], None], *, keys: bool = True) -> None:
    """Show all tabs of a screen, and press all its keys."""
    opens()
    await settle(pilot)
    screen = pilot.app.screen
    for tab in screen.TABS if isinstance(screen, TabbedScreen) else ():
        screen.look(tab.id)
        await settle(pilot)
    for key in _keys(screen) if keys else ():
        await _press(pilot, key)
        screen = await restore(pilot, screen, opens)


def _keys(screen: Screen[object]) -> Iterable[str]:
    """Return a key of every action."""
    actions = {active.binding.action: key for key, active in screen.active_bindings.items()}
    return [key for key in actions.values() if key not in LEAVING]


async def _press(pilot: Pilot[None], key: str) -> None:
    """Press a key, and choose something in the dialog that it opens."""
    await pilot.press(key)
    await settle(pilot)
    if pilot.app.screen.is_modal:
        await pilot.press("down", "enter")
        await settle(pilot)
