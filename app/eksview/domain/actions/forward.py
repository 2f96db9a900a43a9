"""A port-forward in the background: what kubectl writes about it, and the ports to propose.

Source of the lines: kubectl 1.32, client-go `tools/portforward/portforward.go`.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from eksview.domain.base.plural import plural
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.kube.object_ref import ObjectRef

PRIVILEGED = 1024  # ports below it only root may listen on
SHIFT = 8000  # by which 80 becomes 8080, and 443 8443


class ForwardState(StrEnum):
    STARTING = "starting"
    LISTENING = "listening"
    ENDED = "ended"


class PortForward(Struct, eq=False):
    """A forward of a local port to one of a pod, or of a pod of a service or workload.

    `failure` is why the last connection failed, `reason` why the forward ended.
    """

    ref: ObjectRef
    context: Clean
    local: int
    remote: int
    state: ForwardState = ForwardState.STARTING
    connections: int = 0
    failed: int = 0
    failure: Clean = EMPTY
    reason: Clean = EMPTY

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.local}"

    @property
    def name(self) -> Clean:
        """Its ports and object: `127.0.0.1:8080 -> pod shop/web-1:80`."""
        kind, name = self.ref.kind.lower(), self.ref.full_name
        return clean(f"{self.address} -> {kind} {name}:{self.remote}")

    @property
    def words(self) -> tuple[str, ...]:
        """The words of kubectl that run it."""
        target = f"{self.ref.kind.lower()}/{self.ref.name}"
        ports = f"{self.local}:{self.remote}"
        return ("port-forward", "--address=127.0.0.1", *self.ref.namespace_words, target, ports)


LOST = "lost connection to pod"
REASONS = (
    "Unable to listen", "error: ", "Error ", "The connection to the server ", "Unable to connect",
)  # fmt: skip
"""How the lines begin that say why kubectl ends."""
_FAILED = re.compile(r'an error occurred forwarding \d+ -> \d+: (.*?) ?"?$')


def hear(forward: PortForward, line: Clean) -> None:
    """Take in a line of kubectl."""
    if line.startswith("Forwarding from "):
        forward.state = ForwardState.LISTENING
    elif line.startswith("Handling connection for "):
        forward.connections += 1
    elif failed := _FAILED.search(line):
        forward.failed += 1
        forward.failure = clean(failed[1])
    elif line.startswith(REASONS) and not forward.reason:
        forward.reason = clean(line.removeprefix("error: "))


def end(forward: PortForward, reason: Clean) -> None:
    """Take in the end of kubectl; its own reason comes before the given one."""
    forward.state = ForwardState.ENDED
    forward.reason = forward.reason or reason


def state_words(forward: PortForward) -> Clean:
    """Return `listening, 3 connections, 1 failed` or `ended because ...`."""
    if forward.state is ForwardState.ENDED:
        # kubectl ends after a failed connection, and says then only that the pod was lost.
        cause = f": {forward.failure}" if forward.failure and forward.reason == LOST else ""
        return clean(f"ended because {forward.reason}{cause}")
    counts: list[str] = [forward.state]
    if forward.connections:
        counts.append(plural(forward.connections, "connection"))
    if forward.failed:
        counts.append(f"{forward.failed} failed")
    return clean(", ".join(counts))


class OfferedPort(Struct, frozen=True):
    """A port of an object, by its name if it has one."""

    number: int
    name: Clean = EMPTY

    def __str__(self) -> str:
        return f"{self.name} {self.number}".strip()


def ports_of(body: Mapping[str, Any]) -> tuple[OfferedPort, ...]:
    """Return the TCP ports of a service, else of the containers of a pod or of a pod template."""
    return tuple(dict.fromkeys(_ports(body)))


def _ports(body: Mapping[str, Any]) -> Iterator[OfferedPort]:
    spec = body.get("spec") or {}
    pods = (spec.get("template") or {}).get("spec") or spec
    listed = [(spec.get("ports") or (), "port")]
    listed += [(each.get("ports") or (), "containerPort") for each in pods.get("containers") or ()]
    for ports, number in listed:
        for port in ports:
            if port.get("protocol", "TCP") == "TCP" and isinstance(port.get(number), int):
                yield OfferedPort(port[number], clean(str(port.get("name") or "")))


def wished_port(remote: int) -> int:
    """Return the local port to try first for one of a pod."""
    return remote if remote >= PRIVILEGED else remote + SHIFT


def parsed_ports(text: str) -> tuple[int, int] | None:
    """Return the local and the remote port of `LOCAL:REMOTE` or `PORT`; None for anything else."""
    first, colon, second = text.partition(":")
    local, remote = whole_number_of(first), whole_number_of(second if colon else first)
    if local is None or remote is None or not (0 < local < 65536 and 0 < remote < 65536):
        return None
    return local, remote
