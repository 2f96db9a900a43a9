"""What has been read of nodes and EC2, so that nothing is called missing too early."""

from msgspec.structs import replace

from eksview.domain.join.node_instance import Seen
from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.link import Link, Phase

ROUNDS = 2
"""Answers of EC2 that must come after a node appeared before it may be said to have no instance:
the first of them may have been asked before."""


class ReadProgress:
    """Counts the answers of EC2, and from which of them on each node was there."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._since: dict[str, tuple[str, int]] = {}  # node: provider ID, and EC2's round then
        self._rounds = 0
        self._heard: float | None = None

    def heard(self, link: Link) -> bool:
        """Note a link's state; return whether what was unread may be judged anew."""
        before = self.seen
        if link.name == "nodes" and link.phase is Phase.LIVE:
            self.seen = replace(before, nodes=True)
        elif link.name == "ec2":
            self.seen = replace(before, ec2_why=link.why)
            if link.heard != self._heard:
                self._heard = link.heard
                self._rounds += 1
                before = Seen()  # it may count for a node by now, whatever was seen before
        return before != self.seen

    def complete(self) -> None:
        """Note that nodes and EC2 have been read once, in this order."""
        self.seen = Seen(ec2=True, nodes=True)
        self._rounds += ROUNDS

    def note(self, name: str, node: NodeRow | None) -> None:
        """Note that a node came, or leads to another instance; None when it left."""
        if node is None:
            self._since.pop(name, None)
        elif name not in self._since or self._since[name][0] != node.provider_id:
            self._since[name] = (node.provider_id, self._rounds)

    def seen_for(self, node: NodeRow | None) -> Seen:
        """Return what has been read since a node came; of no node, what has been read."""
        if node is None:
            return self.seen
        read = self._rounds - self._since[node.name][1] >= ROUNDS and self.seen.nodes
        return replace(self.seen, ec2=read)
