"""The commands that follow a service's journal on a node by a session of its own.

Sources: AWS Systems Manager User Guide, "Start a session" (AWS-StartInteractiveCommand); Amazon EKS
User Guide, "EKS Auto Mode" (`nsenter … journalctl` in a debug pod); Kubernetes documentation,
"Debugging Kubernetes nodes with kubectl" (the node's root is at /host); Bottlerocket's README
("Admin container").
"""

import json
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from eksview.domain.join.node_shell import (
    CONNECT,
    DEBUG,
    DIRECT,
    SSM,
    Reach,
    ShellAccess,
    ShellCommand,
    ways_into,
)

TAIL = 200  # lines to begin with
WINDOWS = "Windows nodes have no journal: read C:\\ProgramData\\kubernetes\\logs in a session."
BOTTLEROCKET = "Run in it: enter-admin-container, then sudo sheltie, then {command}."
BY_HAND = "Run in it: {command}."


def ways_to_journal(target: ShellAccess, reach: Reach, service: str) -> tuple[ShellCommand, ...]:
    """Return the ways into a node, each with the command that follows a journal there."""
    journal = ("journalctl", "-u", service, "-f", "-n", str(TAIL))
    return tuple(_following(way, target, journal) for way in ways_into(target, reach))


def session_line(ways: Sequence[ShellCommand]) -> str:
    """Return the first command that can be run; empty for none."""
    return next(_lines(ways), "")


def _lines(ways: Sequence[ShellCommand]) -> Iterator[str]:
    yield from (way.line for way in ways if way.command and not way.reason)
    yield from (way.line for way in ways if way.command)


def _following(way: ShellCommand, target: ShellAccess, journal: tuple[str, ...]) -> ShellCommand:
    """Return a way with the command at its end, or with the note what to run there."""
    direct = way.name.startswith(DIRECT)
    if not way.command or not (direct or way.name in (SSM, CONNECT, DEBUG)):
        return way  # the reason why there is none, or the command that starts the instance
    if target.os == "windows":
        return ShellCommand(way.name, reason=WINDOWS)
    if way.name == DEBUG:
        return replace(way, command=(*way.command, "--", *_in_pod(target), *journal))
    if target.os == "bottlerocket":
        return replace(way, note=BOTTLEROCKET.format(command=" ".join(journal)))
    return _as_root(way, " ".join(("sudo", *journal)))


def _as_root(way: ShellCommand, command: str) -> ShellCommand:
    """Return a session that runs a command, or in which it has to be typed."""
    if way.name == CONNECT:  # it takes no command of its own
        return replace(way, note=BY_HAND.format(command=command))
    if way.name == SSM:
        parameters = json.dumps({"command": [command]})
        document = ("--document-name", "AWS-StartInteractiveCommand", "--parameters", parameters)
        return replace(way, command=(*way.command, *document))
    program, *rest = way.command
    # With a terminal, Ctrl-C ends the command on the node too.
    return replace(way, command=(program, "-t", *rest, command))


def _in_pod(target: ShellAccess) -> tuple[str, ...]:
    """Return how a debug pod reaches the node's programs."""
    return ("nsenter", "-t", "1", "-m") if target.kind == "auto" else ("chroot", "/host")
