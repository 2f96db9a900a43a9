"""An API server that falls silent without closing a connection, as behind a VPN that went down."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)

SCREENS = {
    "1": "as last seen, not as they are",
    "2": r"(?s)6 nodes.*doesn't answer.*as of \d+s ago",
    "3": r"(?s)60 pods.*doesn't answer.*as of \d+s ago",
}


@pytest.fixture
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.mark.parametrize(("first", "columns"), [("1", 160), ("2", 80), ("3", 120)])
def test_every_screen_says_it_is_stale_within_seconds_and_live_again(
    api: Api, open_terminal: Open, first: str, columns: int
) -> None:
    terminal = open_terminal(env=api.env, columns=columns, rows=40)
    terminal.wait_for("Workers", "ip-10-", "● live")
    terminal.press(first)
    terminal.wait_until(lambda screen: "● live" in screen.split("\n")[0], "a live header")
    api.freeze()
    terminal.wait_for(SCREENS[first], "STALE")
    for key, said in SCREENS.items():
        terminal.press(key)
        screen = terminal.wait_for(said, "STALE", "retrying")
        assert "● live" not in screen
    terminal.press("1")
    screen = terminal.wait_for("kube-apiserver", "Workers")
    assert not re.search("● (kube-|etcd|controller)", screen), "nothing may be green by hearsay"
    api.thaw()
    terminal.wait_until(lambda screen: "● live" in screen.split("\n")[0], "a live header again")
    terminal.wait_until(lambda screen: "as last seen" not in screen, "live workers")
