"""The sessions of Session Manager by machine, and the nodes of the machines."""

from eksview.domain.aws.poll_plan import SSM
from eksview.domain.kube.node_labels import machine_of_target, session_machine
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.link import Link, Phase


class SessionIndex:
    """The sessions by machine; unread until Session Manager answers, and while it refuses."""

    def __init__(self) -> None:
        self._read = False
        self._on: dict[str, dict[str, SessionRow]] = {}
        self._nodes: dict[str, str] = {}  # by machine

    def of(self, instance: str) -> tuple[SessionRow, ...] | None:
        """Return the sessions on a machine, in no order; None while they are unread."""
        return tuple(self._on.get(instance, {}).values()) if self._read else None

    def node_of(self, machine: str) -> str:
        """Return the node of a machine; empty for none."""
        return self._nodes.get(machine, "")

    def node_changed(self, old: NodeRow | None, new: NodeRow | None) -> None:
        """Note the machine of a node."""
        if old is not None:
            self._nodes.pop(session_machine(old.provider_id), None)
        if new is not None and (machine := session_machine(new.provider_id)):
            self._nodes[machine] = new.name

    def changed(self, old: SessionRow | None, new: SessionRow | None) -> None:
        """Replace a session's row."""
        if old is not None:
            machine = machine_of_target(old.target)
            sessions = self._on[machine]
            del sessions[old.id]
            if not sessions:
                del self._on[machine]
        if new is not None:
            self._on.setdefault(machine_of_target(new.target), {})[new.id] = new

    def heard(self, link: Link) -> None:
        """Note a link's state."""
        if link.name == SSM:  # sessions that were read before a refusal may have ended since
            self._read = link.heard is not None and link.phase is not Phase.REFUSED
