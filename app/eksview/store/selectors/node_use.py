"""What the pods of each node request, for a drain plan."""

from collections.abc import Mapping

from eksview.domain.drain.placement import NodeUse
from eksview.store.store import Store


def used_on_nodes(store: Store) -> Mapping[str, NodeUse] | None:
    """Return the use of every node; None where pods aren't all read."""
    used = {}
    for name in store.nodes:
        totals = store.pod_totals_of(name)
        if totals.pods < 0:
            return None
        used[name] = NodeUse(totals.pods, totals.cpu, totals.memory)
    return used
