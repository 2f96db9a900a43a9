"""The Session Manager sessions on the demo's nodes, and how they come and go."""

import random
from collections.abc import Iterable
from itertools import cycle

from msgspec import Struct

from eksview_demo.cluster.nodes.node_state import NodeState

SHELL = "SSM-SessionManagerRunShell"
PORT = "AWS-StartPortForwardingSession"
_PEOPLE = ("ada", "grace", "edsger", "barbara")
_BEFORE = ((6.0, 41.0, SHELL), (95.0, 12.0, SHELL), (340.0, 3.0, PORT))
"""Minutes since they ended, minutes they took, and what they were."""
_KEPT = 20
LONGEST = 3600.0  # seconds: MaxSessionDuration


class SsmSession(Struct):
    """A session; `ended` None while it is open."""

    id: str
    user: str
    instance: str
    started: float
    document: str
    ended: float | None = None


class SsmSessions:
    """The open sessions and the last that ended.

    They have a random generator of their own, so that they change nothing else in the demo.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"{seed} visits")  # noqa: S311 - not for secrets
        self._people = cycle(_PEOPLE)
        self.all: list[SsmSession] = []

    def begin(self, nodes: Iterable[NodeState], now: float) -> None:
        """Add one open session and some that ended."""
        machines = reachable(nodes)
        for node, (ago, minutes, document) in zip(machines, _BEFORE, strict=False):
            session = self.open(node, now - 60.0 * (ago + minutes), document)
            session.ended = now - 60.0 * ago
        if machines:
            self.open(machines[len(machines) // 2], now - 720.0)

    def open(self, node: NodeState, now: float, document: str = SHELL) -> SsmSession:
        """Open a session on a node; of those that ended only the last are kept."""
        over = [session for session in self.all if session.ended is not None]
        for session in over[:-_KEPT]:
            self.all.remove(session)
        person = next(self._people)
        name = f"{person}-{self._chance.getrandbits(68):017x}"
        session = SsmSession(name, person, node.instance, now, document)
        self.all.append(session)
        return session

    def come(self, nodes: Iterable[NodeState], now: float) -> SsmSession | None:
        """Open a session on any node; None without a reachable node."""
        machines = reachable(nodes)
        return self.open(self._chance.choice(machines), now) if machines else None

    def expire(self, now: float) -> None:
        """End the sessions that have reached their longest duration."""
        for session in self.all:
            if session.ended is None and now - session.started >= LONGEST:
                session.ended = session.started + LONGEST

    def close(self, instance: str, now: float) -> None:
        """End the sessions on an instance that terminates."""
        for session in self.all:
            if session.instance == instance and session.ended is None:
                session.ended = now


def reachable(nodes: Iterable[NodeState]) -> list[NodeState]:
    """Return the nodes with an agent that answers; Fargate has none."""
    return [node for node in nodes if node.group.kind != "fargate" and not node.silent]
