"""Karpenter's node pools, each with the number of its nodes."""

from collections import Counter
from collections.abc import Callable, Iterable

from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects import custom_types
from eksview_demo.storage.resources import NODE_POOLS
from eksview_demo.storage.storage import Draft, Storage


class NodePools:
    """The node pools of a cluster."""

    def __init__(self, storage: Storage, new_uid: Callable[..., str], created: float) -> None:
        self._storage = storage
        self._new_uid = new_uid
        self._created = created
        self._nodes: Counter[str] = Counter()

    def load(self, names: Iterable[str], nodes: Iterable[NodeState]) -> None:
        """Store the pools of a new cluster at once."""
        self._nodes.update(node.group.name for node in nodes if node.group.kind == "nodepool")
        self._storage.load(NODE_POOLS, [self._draft(name) for name in names])

    def change(self, node: NodeState, by: int) -> None:
        """Store the pool of a node that came or went; nodes of other groups have none."""
        if node.group.kind == "nodepool":
            self._nodes[node.group.name] += by
            self._storage.put(NODE_POOLS, self._draft(node.group.name))

    def _draft(self, name: str) -> Draft:
        pool = custom_types.node_pool(name, self._nodes[name], self._created)
        return pool.draft(self._new_uid("NodePool", name), self._created)
