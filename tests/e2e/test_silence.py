"""An API server that falls silent without closing a connection, as behind a VPN that went down."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)

SCREENS = {
    "1": "last known state of the nodes",
    "2": r"(?s)6 nodes.*doesn't answer.*Last\s+update\s+[\dmhs]+\s+ago",
    "3": r"(?s)60 pods.*doesn't answer.*Last\s+update\s+[\dmhs]+\s+ago",
}


@pytest.fixture
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


def live(screen: str) -> bool:
    return "● live" in screen.split("\n", maxsplit=1)[0]


def stale(terminal: Terminal, *parts: str, green: str = "● live") -> None:
    """All parts are there, and nothing that is green by hearsay."""
    terminal.wait_until(
        lambda screen: (
            all(re.search(part, screen) for part in parts) and not re.search(green, screen)
        ),
        f"{parts} without {green}",
    )


def test_every_screen_says_it_is_stale_and_live_again(api: Api, open_terminal: Open) -> None:
    terminals = {
        first: open_terminal(env=api.env, columns=columns, rows=40)
        for first, columns in (("1", 160), ("2", 80), ("3", 120))
    }
    for first, terminal in terminals.items():
        terminal.wait_for("Workers", "ip-10-", "● live")
        terminal.press(first)
        terminal.wait_until(live, "a live header")
    api.freeze()
    for first, terminal in terminals.items():
        terminal.wait_for(SCREENS[first], "STALE")
    for terminal in terminals.values():
        for key, said in SCREENS.items():
            terminal.press(key)
            stale(terminal, said, "STALE", "retrying")
        terminal.press("1")
        stale(terminal, "kube-apiserver", "Workers", green="● (live|kube-|etcd|controller)")
    api.thaw()
    for terminal in terminals.values():
        terminal.wait_until(live, "a live header again")
        terminal.wait_until(lambda screen: "as last seen" not in screen, "live workers")
