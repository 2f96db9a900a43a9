"""The commands that follow a journal on a node, as a shell would take them."""

import json
import shlex

from msgspec.structs import replace

from eksview.domain.join.node_journal import WINDOWS, session_line, ways_to_journal
from eksview.domain.join.node_shell import CONNECT, DEBUG, DIRECT, SSM, Reach, ShellAccess
from eksview.domain.live.command_context import CommandContext

NODE = "ip-10-0-1-17.us-west-2.compute.internal"
TARGET = ShellAccess(NODE, "i-0abc0000000000017", "running", private="10.0.1.17", kind="nodegroup")
REACH = Reach(
    commands=CommandContext("prod", "us-west-2"), jump="ops@bastion", user="ec2-user", writes=True
)


def named(target: ShellAccess, reach: Reach = REACH) -> dict[str, tuple[str, ...]]:
    return {way.name: way.command for way in ways_to_journal(target, reach, "kubelet")}


def test_session_manager_runs_journalctl_by_its_interactive_document() -> None:
    command = named(TARGET)[SSM]
    at = command.index("--parameters")
    assert command[:3] == ("aws", "ssm", "start-session")
    assert command[command.index("--target") + 1] == "i-0abc0000000000017"
    assert command[at - 2 : at] == ("--document-name", "AWS-StartInteractiveCommand")
    (run,) = json.loads(command[at + 1])["command"]
    assert run == "sudo journalctl -u kubelet -f -n 200"
    assert shlex.split(session_line(ways_to_journal(TARGET, REACH, "kubelet"))) == list(command)


def test_ssh_gets_a_terminal_and_the_command() -> None:
    assert named(TARGET)[DIRECT] == (
        *("ssh", "-t", "-J", "ops@bastion", "ec2-user@10.0.1.17"),
        "sudo journalctl -u kubelet -f -n 200",
    )


def test_a_debug_pod_reads_the_nodes_journal() -> None:
    command = named(TARGET)[DEBUG]
    tail = ("chroot", "/host", "journalctl", "-u", "kubelet", "-f", "-n", "200")
    assert command[-len(tail) - 1 :] == ("--", *tail)
    auto = named(replace(TARGET, kind="auto"))
    assert auto[SSM] == ()
    assert auto[DEBUG][-10:-5] == ("nsenter", "-t", "1", "-m", "journalctl")


def test_what_takes_no_command_says_what_to_type() -> None:
    ways = {way.name: way for way in ways_to_journal(TARGET, REACH, "containerd")}
    assert "sudo journalctl -u containerd" in ways[CONNECT].note
    rocket = replace(TARGET, os="bottlerocket")
    ways = {way.name: way for way in ways_to_journal(rocket, REACH, "kubelet")}
    assert "sheltie" in ways[SSM].note
    assert "--document-name" not in ways[SSM].command


def test_windows_and_stopped_machines_have_a_reason_and_no_command() -> None:
    windows = {way.name: way for way in ways_to_journal(replace(TARGET, os="windows"), REACH, "k")}
    assert (windows[SSM].command, windows[SSM].reason) == ((), WINDOWS)
    stopped = ways_to_journal(replace(TARGET, state="stopped"), REACH, "kubelet")
    assert not any("journalctl" in word for way in stopped for word in way.command)
