"""Sessions on nodes in a real terminal: the command has it, the dashboard comes back whole."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal, below
from tests.patience import eventually

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)

TALK = 'echo "$(basename "$0") was given: $*"; read -r line; echo "$line" >> {said}; exit 0'
FAIL = "echo 'Connection timed out' >&2; stty raw -echo; exit 255"
HOLD = "echo holding; exec sleep 600"
Start = Callable[..., Terminal]


@pytest.fixture
def start(api: Api, open_terminal: Open, tmp_path: Path) -> Start:
    """A dashboard with programs of ours in front on PATH, on its nodes."""

    def begin(*flags: str, over_ssh: bool = False, **scripts: str) -> Terminal:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, script in scripts.items():
            path = folder / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{script.format(said=tmp_path / 'said')}\n")
            path.chmod(0o755)
        env = {**api.env, "PATH": f"{folder}:{os.environ['PATH']}"}
        if over_ssh:
            env["SSH_CONNECTION"] = "192.0.2.7 50000 192.0.2.8 22"
        terminal = open_terminal(*flags, env=env, columns=140, rows=40)
        terminal.wait_for("Control plane", "Workers", "6 nodes")
        terminal.press("2")
        terminal.wait_for("6 nodes:", "VERSION", "ip-10-")
        return terminal

    return begin


def choose(terminal: Terminal, name: str) -> None:
    """Open the dialog and choose the command of a name."""
    terminal.press("s")
    screen = terminal.wait_for("Session on ip-10-", name)
    marks = re.findall(r"([●○]) (Session Manager|EC2 Instance Connect|SSH|Debug pod)", screen)
    names = [way for _, way in marks]
    first = next((at for at, (mark, _) in enumerate(marks) if mark == "●"), 0)
    for _ in range(names.index(name) - first):
        terminal.press("j")
    terminal.press("Enter")


def whole(terminal: Terminal) -> None:
    """The dashboard stands there as if nothing had been."""
    parts = ("6 nodes:", "VERSION", "Quit|Back", r"● live", "eksview-demo")
    terminal.wait_until(
        lambda screen: (
            all(re.search(part, screen) for part in parts)
            and len(set(re.findall(r"ip-10-\d+-\d+-\d+", screen))) == 6
        ),
        f"{parts} and six nodes",
    )
    assert terminal.asks("alternate_on") == "1"


def leaves_nothing(terminal: Terminal) -> None:
    terminal.press("q", "q")
    terminal.wait_exit(0)
    assert terminal.children() == []
    terminal.type("stty -a | grep -o ' echo '; echo done")
    terminal.press("Enter")
    terminal.wait_for(r"\n echo")


def test_a_session_gets_the_terminal_and_gives_it_back(api: Api, start, tmp_path: Path) -> None:
    terminal = start("--region", "us-west-2", aws=TALK, session_manager_plugin="exit 1")
    choose(terminal, "Session Manager")
    terminal.wait_for(r"aws was given: ssm start-session --target i-[0-9a-f]+ --region us-west-2")
    assert terminal.asks("alternate_on") == "0"
    node = api.ask("cordon").partition(".")[0]
    terminal.type("2 q uname -a")
    terminal.press("Enter")
    whole(terminal)
    # What happened meanwhile is there, and nothing that was typed there was a key here.
    terminal.wait_for(rf"{re.escape(node)}\S*\s+Ready,Sched")
    assert (tmp_path / "said").read_text() == "2 q uname -a\n"
    leaves_nothing(terminal)


def test_a_failure_stays_until_enter_and_the_terminal_is_sane(start) -> None:
    terminal = start("--jump", "ops@bastion", "--ssh-user", "ec2-user", ssh=FAIL)
    choose(terminal, "SSH")
    terminal.wait_for(
        "Connection timed out",
        r"eksview: `ssh -J ops@bastion ec2-user@10\.\d+\.\d+\.\d+` ended with exit code 255; press",
    )
    terminal.press("Enter")
    whole(terminal)
    leaves_nothing(terminal)


def test_ctrl_c_ends_the_command_alone(start) -> None:
    terminal = start(ssh=HOLD)
    choose(terminal, "SSH")
    terminal.wait_for(r"eksview: ssh 10\.\d+\.\d+\.\d+\n", "holding")
    terminal.press("C-c")
    terminal.wait_for("was ended by SIGINT; press Enter to return")
    terminal.press("C-c", "Enter")
    whole(terminal)
    leaves_nothing(terminal)


def test_over_ssh_what_the_terminal_answers_reaches_neither_command_nor_shell(
    start, tmp_path: Path
) -> None:
    terminal = start(over_ssh=True, ssh=TALK)
    for said in ("first", "second"):
        choose(terminal, "SSH")
        terminal.wait_for("ssh was given: 10")
        terminal.type(said)
        terminal.press("Enter")
        whole(terminal)
    assert (tmp_path / "said").read_text() == "first\nsecond\n"
    terminal.press("C-z")
    assert "[6n" not in terminal.wait_stopped()
    terminal.type("fg")
    terminal.press("Enter")
    whole(terminal)
    terminal.press("3")
    terminal.wait_for("NAMESPACE", r"\d+ pods")


def test_a_size_that_changed_meanwhile_is_taken_up(start) -> None:
    terminal = start(ssh=TALK)
    choose(terminal, "SSH")
    terminal.wait_for("ssh was given: 10")
    terminal.resize(100, 30)
    terminal.press("Enter")
    terminal.wait_until(lambda screen: _fits(screen, 30), "a dashboard of 30 lines")
    assert max(map(len, terminal.lines())) <= 100
    leaves_nothing(terminal)


def test_a_debug_pod_needs_allow_writes(start) -> None:
    terminal = start(kubectl=TALK)
    choose(terminal, "Debug pod")
    terminal.wait_for("○ Debug pod", "node/ip-10-", "eksview can't run this command")
    terminal.press("Escape")
    whole(terminal)
    assert "was given" not in terminal.text()


def test_a_debug_pod_is_led_to_the_cluster_that_is_followed(start) -> None:
    terminal = start("--allow-writes", "--debug-image", "tools:1", kubectl=TALK)
    choose(terminal, "Debug pod")
    terminal.wait_for(
        r"kubectl was given: --kubeconfig \S+ --context eksview-demo debug node/ip-10-",
        "-it --image=tools:1",
    )
    terminal.press("Enter")
    whole(terminal)


def test_stopping_meanwhile_stops_both_and_fg_goes_on_with_both(start, tmp_path: Path) -> None:
    terminal = start(ssh=TALK)
    choose(terminal, "SSH")
    terminal.wait_for("ssh was given: 10")
    terminal.press("C-z")
    terminal.wait_stopped()
    terminal.type("fg")
    terminal.press("Enter")
    terminal.type("hello")
    terminal.press("Enter")
    whole(terminal)
    assert (tmp_path / "said").read_text() == "hello\n"


def test_ctrl_z_and_fg_bring_a_whole_frame(api: Api, start) -> None:
    terminal = start()
    terminal.press("C-z")
    terminal.wait_stopped()
    assert terminal.asks("alternate_on") == "0"
    born = api.ask("replace_pods")["born"]
    terminal.type("fg")
    terminal.press("Enter")
    whole(terminal)
    terminal.press("3", "/")
    terminal.type(born[0])
    terminal.wait_for("1 of 5", re.escape(born[0]))
    terminal.press("Escape", "2", "C-z")
    terminal.wait_stopped()
    terminal.resize(100, 30)
    terminal.type("fg")
    terminal.press("Enter")
    terminal.wait_until(lambda screen: _fits(screen, 30), "a dashboard of 30 lines")
    terminal.press("C-c")
    terminal.wait_until(lambda screen: screen.rstrip().endswith("ready>"), "a prompt")
    assert terminal.children() == []


def test_a_terminal_that_goes_away_meanwhile_ends_both(start) -> None:
    terminal = start(ssh=HOLD)
    choose(terminal, "SSH")
    terminal.wait_for("holding")
    shell = int(terminal.asks("pane_pid"))
    pids = below(shell)
    assert len(pids) == 2
    terminal.close()
    _gone(pids)


def test_an_end_from_outside_ends_both(start) -> None:
    terminal = start(ssh=HOLD)
    choose(terminal, "SSH")
    terminal.wait_for("holding")
    pids = below(int(terminal.asks("pane_pid")))
    os.kill(pids[0], signal.SIGTERM)
    terminal.wait_exit(128 + signal.SIGTERM)
    _gone(pids)
    assert terminal.children() == []
    assert terminal.asks("alternate_on") == "0"


def _fits(screen: str, lines: int) -> bool:
    said = screen.rstrip().split("\n")
    return len(said) == lines and "6 nodes:" in screen and "Help" in said[-1]


def _gone(pids: list[int]) -> None:
    eventually(lambda: not any(map(_alive, pids)), f"end of {pids}")


def _alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
