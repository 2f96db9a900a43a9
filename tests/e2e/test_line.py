"""A line that stands still, is slow, or is cut, between an OpenSSH client and its server."""

import itertools
import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from eksview.ui.terminal.driver import MOST
from tests.e2e.api import Api
from tests.e2e.conftest import EKSVIEW, Look, recording
from tests.e2e.openssh import HAS_SSHD, NO_SSHD, Sshd, marked
from tests.e2e.relay import Relay
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal, children, rests
from tests.patience import eventually

pytestmark = [
    pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX),
    pytest.mark.skipif(not HAS_SSHD, reason=NO_SSHD),
]

MARK = "EKSVIEW_TEST_MARK"
FRAME = 25_000  # bytes of a whole frame of 160x48 in 256 colours, and a little
SLOW = 24_000  # bytes a second

NODE = re.compile(r"(?m)^..[●▲✖] ip-10-")


@pytest.fixture
def relay(sshd: Sshd) -> Iterator[Relay]:
    with Relay(sshd.port) as line:
        yield line


@pytest.fixture
def env(api: Api, tmp_path: Path) -> dict[str, str]:
    """For an eksview that can be found again, with a log of its own."""
    return {**api.env, MARK: tmp_path.name, "XDG_STATE_HOME": str(tmp_path)}


def alive(tmp_path: Path) -> list[int]:
    return marked(f"{MARK}={tmp_path.name}")


def ended(tmp_path: Path) -> str:
    """Wait until no process is left of what was started; returns the log."""
    eventually(lambda: not alive(tmp_path), "end of every process")
    return (tmp_path / "eksview" / "eksview.log").read_text()


def memory(pid: int) -> float:
    """MiB that a process has in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_a_line_that_stood_still_brings_one_frame_of_now_and_no_backlog(
    api: Api, env: dict[str, str], look: Look, relay: Relay, tmp_path: Path
) -> None:
    terminal = look(env, port=relay.port)
    terminal.wait_for("Workers", "6 nodes", "● live")
    for key, shown in (("2", "6 nodes:"), ("3", r"\d\d pods"), ("2", "6 nodes:")):
        terminal.press(key)
        terminal.wait_for(shown)
    (pid,) = alive(tmp_path)
    watching, before = api.ask("watching"), memory(pid)
    relay.stall()
    for _ in range(50):
        terminal.press("3", "2")
    node = api.ask("cordon")
    for _ in range(5):
        eventually(lambda: rests(pid), "rest after the keys and the event")
    assert api.ask("watching") == watching
    assert memory(pid) < before + 10
    written = recording(terminal, tmp_path).stat().st_size
    relay.flow()
    terminal.wait_for(f"▲ {node.partition('.')[0]}", "1 cordoned")
    assert recording(terminal, tmp_path).stat().st_size - written < MOST + 2 * FRAME


def test_a_slow_line_is_found_out_and_said(
    env: dict[str, str], look: Look, relay: Relay, tmp_path: Path
) -> None:
    terminal = look(env, port=relay.port)
    terminal.wait_for("Workers", "6 nodes", "● live")
    relay.slow(SLOW)
    keys = itertools.cycle("23")
    terminal.wait_until(
        lambda screen: "Slow connection" in screen or terminal.press(next(keys)), "word of it"
    )
    relay.slow(0)
    terminal.wait_for(r"6 nodes:|\d\d pods")
    terminal.press("C-c")  # from any screen: q would go back along the whole way
    terminal.wait_exit(0)


def test_no_answer_of_the_terminal_is_left_for_the_shell(
    env: dict[str, str], look: Look, relay: Relay
) -> None:
    script = f"{' '.join(EKSVIEW)}; stty -icanon -echo min 0 time 10; echo left[$(cat -v)]"
    terminal = look(env, "sh", "-c", script, port=relay.port)
    terminal.wait_for("Workers", "6 nodes", "● live")
    terminal.press("3")
    terminal.wait_for(r"\d\d pods")
    relay.slow(SLOW)
    terminal.press("2", "q", "q", "q")  # to the pods, home and out
    terminal.wait_for(r"left\[\]")


@pytest.mark.parametrize("calls_hang", [False, True])
@pytest.mark.parametrize("stalled", [False, True])
def test_a_line_that_is_cut_ends_it_and_leaves_nothing(
    api: Api,
    env: dict[str, str],
    look: Look,
    relay: Relay,
    tmp_path: Path,
    calls_hang: bool,
    stalled: bool,
) -> None:
    terminal = look(env, port=relay.port)
    terminal.wait_for("Workers", "6 nodes", "● live")
    assert alive(tmp_path)
    if calls_hang:
        api.freeze()
    if stalled:
        relay.stall()
        terminal.press("2", "3", "1")
    relay.cut()
    log = ended(tmp_path)
    api.thaw()
    assert "the terminal hung up" in log
    assert "Traceback" not in log


def test_a_client_that_is_killed_ends_it_and_leaves_nothing(
    env: dict[str, str], look: Look, tmp_path: Path
) -> None:
    terminal = look(env)
    terminal.wait_for("Workers", "6 nodes", "● live")
    (ssh,) = children(int(terminal.asks("pane_pid")))
    os.kill(ssh, signal.SIGKILL)
    assert "the terminal hung up" in ended(tmp_path)


def test_a_terminal_that_is_closed_ends_it_and_the_demo_with_it(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), MARK: tmp_path.name}
    with Terminal(100, 30, home) as terminal:
        terminal.run(*EKSVIEW, "demo", "--nodes", "4")
        terminal.wait_for("Workers", "4 nodes")
        assert len(alive(tmp_path)) > 2, "a shell, a dashboard and a demo cluster"
    assert "the terminal hung up" in ended(tmp_path)


@pytest.fixture
def tmux_there(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """The command of a tmux at the other end; whatever is left of it is ended after the test."""
    yield ("tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null", "-u")
    # The server has the mark too: it needn't be asked, by a line that may be cut, to end itself.
    for pid in alive(tmp_path):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    eventually(lambda: not alive(tmp_path), "end of the tmux there")


def test_in_a_tmux_of_the_server_it_outlives_the_line_and_is_found_again(
    api: Api, env: dict[str, str], look: Look, relay: Relay, tmux_there: tuple[str, ...]
) -> None:
    first = look(env, *tmux_there, "new-session", " ".join(EKSVIEW), port=relay.port)
    first.wait_for("Workers", "6 nodes", "● live")
    first.press("3")
    first.wait_for("60 pods")
    relay.cut()
    first.wait_exit(255)
    api.ask("replace_pods")
    again = look(env, *tmux_there, "attach")
    again.wait_for("58 pods", "NAMESPACE", "● live")
    again.press("1")
    again.wait_for("Control plane", "Workers", "● live")
    again.press("q")
    again.wait_exit(0)


def test_a_storm_of_sizes_ends_with_the_right_screen(
    env: dict[str, str], look: Look, tmp_path: Path
) -> None:
    terminal = look(env, columns=120, rows=40)
    terminal.wait_for("Workers", "6 nodes", "● live")
    for step in range(60):
        terminal.resize(20 + step * 97 % 181, 5 + step * 31 % 56)
        if step % 5 == 0:
            terminal.press("123"[step % 3])
    terminal.resize(120, 40)
    terminal.press("1")
    terminal.wait_until(lambda screen: fits(screen, 40) and "Control plane" in screen, "home")
    terminal.press("2")
    terminal.wait_until(lambda screen: fits(screen, 40) and len(NODE.findall(screen)) == 6, "nodes")
    assert "Traceback" not in (tmp_path / "eksview" / "eksview.log").read_text()


def fits(screen: str, rows: int) -> bool:
    """Whether the header is at the top and the footer at the bottom, and both once."""
    lines = screen.rstrip().split("\n")
    headers = [place for place, line in enumerate(lines, 1) if line.startswith(" eksview ")]
    footers = [place for place, line in enumerate(lines, 1) if "? Help" in line]
    return (headers, footers) == ([1], [rows])
