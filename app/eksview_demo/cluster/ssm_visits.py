"""Who is on the demo's nodes by Session Manager, and who comes and goes."""

import random
from collections.abc import Iterable
from itertools import cycle

from msgspec import Struct

from eksview_demo.cluster.node_state import NodeState

SHELL = "SSM-SessionManagerRunShell"
PORT = "AWS-StartPortForwardingSession"
_PEOPLE = ("ada", "grace", "edsger", "barbara")
_BEFORE = ((6.0, 41.0, SHELL), (95.0, 12.0, SHELL), (340.0, 3.0, PORT))
"""Minutes since they ended, minutes they took, and what they were."""
_KEPT = 20


class Visit(Struct):
    """A session; `ended` None while it is open."""

    id: str
    who: str
    instance: str
    started: float
    document: str
    ended: float | None = None


class Visits:
    """The open sessions and the last that ended; its dice are its own, so that nothing else of the
    demo depends on them."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"{seed} visits")  # noqa: S311 - a demo's dice
        self._people = cycle(_PEOPLE)
        self.all: list[Visit] = []

    def begin(self, nodes: Iterable[NodeState], now: float) -> None:
        """Somebody has been on a node for a while, others were there before."""
        machines = reachable(nodes)
        for node, (ago, minutes, document) in zip(machines, _BEFORE, strict=False):
            visit = self.open(node, now - 60.0 * (ago + minutes), document)
            visit.ended = now - 60.0 * ago
        if machines:
            self.open(machines[len(machines) // 2], now - 720.0)

    def open(self, node: NodeState, now: float, document: str = SHELL) -> Visit:
        """A session on a node; of those that are over only the last are kept."""
        over = [visit for visit in self.all if visit.ended is not None]
        for visit in over[:-_KEPT]:
            self.all.remove(visit)
        who = next(self._people)
        name = f"{who}-{self._chance.getrandbits(68):017x}"
        visit = Visit(name, who, node.instance, now, document)
        self.all.append(visit)
        return visit

    def come(self, nodes: Iterable[NodeState], now: float) -> Visit | None:
        """A session on any node; None where there is none to go to."""
        machines = reachable(nodes)
        return self.open(self._chance.choice(machines), now) if machines else None

    def close(self, instance: str, now: float) -> None:
        """The instance goes, and whoever is on it."""
        for visit in self.all:
            if visit.instance == instance and visit.ended is None:
                visit.ended = now


def reachable(nodes: Iterable[NodeState]) -> list[NodeState]:
    """Nodes with an agent that answers; Fargate has none."""
    return [node for node in nodes if node.group.kind != "fargate" and not node.silent]
