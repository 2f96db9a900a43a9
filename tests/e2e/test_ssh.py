"""The dashboard in a real terminal, through a real OpenSSH server: colours, marks and bytes."""

import re
import time
from pathlib import Path

import pytest

from tests.bench.demo_api import DemoApi
from tests.e2e.api import Api
from tests.e2e.conftest import Look, recording
from tests.e2e.openssh import HAS_SSHD, NO_SSHD
from tests.e2e.terminal import HAS_TMUX, NO_TMUX
from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX),
    pytest.mark.skipif(not HAS_SSHD, reason=NO_SSHD),
]

IDLE, BUSY = 1_000, 10_000  # bytes a second to a terminal of 160x48
WINDOW = 5.0  # seconds over which bytes are averaged
SGR = re.compile(rb"\x1b\[([\d;]*)m")


def color_kinds(written: bytes) -> set[str]:
    """How colours were given: "true", "256", "16", or not at all. `written` is a terminal's."""
    found = set()
    for match in SGR.finditer(written):
        words = match[1].split(b";")
        while words:
            word = words.pop(0)
            if word in (b"38", b"48"):
                found.add({b"2": "true", b"5": "256"}[words.pop(0)])
                words = []
            elif re.fullmatch(rb"(3|4|9|10)[0-7]", word):
                found.add("16")
    return found


def test_the_dashboard_over_ssh_obeys_keys_in_256_colors_without_the_mouse(
    api: Api, look: Look, tmp_path: Path
) -> None:
    terminal = look(api.env)
    terminal.wait_for("Workers", "6 nodes", "● live")
    assert terminal.asks("mouse_any_flag") == "0"
    terminal.press("2")
    terminal.wait_for("6 nodes:", "VERSION", "ip-10-")
    terminal.press("j", "Enter")
    terminal.wait_for("Conditions", "MemoryPressure")
    terminal.press("Escape")
    terminal.wait_for("6 nodes:")
    terminal.press("/")
    terminal.type("nothing-like-it")
    terminal.wait_for("0 of 6")
    terminal.press("Escape")
    terminal.wait_until(lambda screen: "nothing-like-it" not in screen, "a filter that is gone")
    terminal.press("q", "q")
    terminal.wait_exit(0)
    written = recording(terminal, tmp_path).read_bytes()
    assert color_kinds(written) == {"256"}
    assert b"\x1b[?1003h" not in written
    assert "Traceback" not in terminal.text()


@pytest.mark.parametrize(
    ("term", "env", "kinds"),
    [
        ("xterm", {}, {"16"}),
        ("screen", {}, {"16"}),
        ("tmux-256color", {}, {"256"}),
        ("xterm-256color", {"NO_COLOR": "1"}, set()),
    ],
)
def test_only_colors_are_written_that_the_terminal_has(
    api: Api, look: Look, tmp_path: Path, term: str, env: dict[str, str], kinds: set[str]
) -> None:
    terminal = look(api.env, term=term, env=env, columns=100, rows=30)
    terminal.wait_for("Workers", "6 nodes", "● live")
    terminal.press("2")
    terminal.wait_for("6 nodes:", "(?m)^▌ ")
    assert color_kinds(recording(terminal, tmp_path).read_bytes()) == kinds


def test_where_the_locale_is_not_utf8_no_byte_is_beyond_ascii(
    api: Api, look: Look, tmp_path: Path
) -> None:
    terminal = look(api.env, env={"LC_ALL": "C"}, columns=80, rows=24)
    terminal.wait_for("Workers", "6 Ready", "o live")
    terminal.press("2")
    terminal.wait_for("6 nodes:", "ip-10-")
    terminal.press("Enter")
    terminal.wait_for("MemoryPressure")
    terminal.press("?")
    terminal.wait_for("- Keys -", "Line down")
    terminal.press("Escape")
    terminal.wait_until(lambda screen: "- Keys -" not in screen, "closed help")
    terminal.press("3", ":")
    terminal.wait_for("60 pods")
    assert recording(terminal, tmp_path).read_bytes().isascii()


@pytest.mark.parametrize("term", ["dumb", "unknown-thing", "vt100"])
def test_a_terminal_nobody_knows_gets_the_dashboard_or_a_sentence(
    api: Api, look: Look, term: str
) -> None:
    terminal = look(api.env, term=term, columns=100, rows=30)
    screen = terminal.wait_for("Workers|eksview: ")
    assert "Traceback" not in screen


@pytest.mark.parametrize(("churn", "budget"), [(0.0, IDLE), (100.0, BUSY)])
def test_home_nodes_and_pods_keep_the_budget_of_bytes(
    look: Look, tmp_path: Path, churn: float, budget: int
) -> None:
    with DemoApi(100, 3000, churn) as api:
        shown = {"1": "Workers", "2": "100 nodes", "3": r"3,\d\d\d pods|29\d\d pods"}
        terminals = {look(api.env): key for key in shown}
        for terminal, key in terminals.items():
            terminal.wait_for("Workers", "100 nodes", "● live")
            terminal.press(key)
            terminal.wait_for(shown[key])
        paths = [recording(terminal, tmp_path) for terminal in terminals]
        assert_within(paths, budget)


def assert_within(paths: list[Path], budget: int) -> None:
    """In one window of `WINDOW` seconds, every file grew, by at most `budget` bytes a second.

    The first window has a whole frame in it.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        before = sizes(paths)
        time.sleep(WINDOW)
        rates = [(now - size) / WINDOW for now, size in zip(sizes(paths), before, strict=True)]
        if max(rates) < budget and min(rates) > 0:
            return
        assert time.monotonic() < deadline, f"{rates} bytes a second; up to {budget} are allowed"


def sizes(paths: list[Path]) -> list[int]:
    return [path.stat().st_size for path in paths]
