"""The account and region of the nodes, compared with those in which EC2 is asked."""

from collections import Counter

from eksview.domain.join.account_mismatch import (
    Mismatch,
    NodePlaces,
    mismatch_of,
    node_region,
    region_mismatch,
)
from eksview.domain.kube.node_status import is_ready
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo
from eksview.domain.rows.kube import NodeRow


class NodeAccount:
    """The account and region in which EC2 is asked, and whether the nodes are there.

    `mismatch` is the contradiction that makes every instance unknown.
    """

    def __init__(self) -> None:
        self.mismatch: Mismatch | None = None
        self._identity: AwsIdentity | None = None
        self._cluster: ClusterInfo | None = None
        self._nodes: dict[str, tuple[str, bool]] = {}  # on EC2: region, and whether it is Ready
        self._regions: Counter[str] = Counter()
        self._ready = 0
        self._found: set[str] = set()  # instances that a node names

    def fact(self, value: AwsIdentity | ClusterInfo) -> bool:
        """Note a fact of the account or of the cluster; return whether EC2's region changed."""
        before = self._identity
        match value:
            case AwsIdentity():
                self._identity = value
                return before is None or before.region != value.region
            case ClusterInfo():
                self._cluster = value
        return False

    def node(self, name: str, node: NodeRow | None) -> None:
        """Note that a node was added, changed or (None) removed."""
        region, ready = self._nodes.pop(name, ("", None))
        if ready is not None:
            self._regions[region] -= 1
            self._ready -= ready
        if node is not None and parse_provider_id(node.provider_id).where == "ec2":
            region, ready = self._nodes[name] = node_region(node), is_ready(node)
            self._regions[region] += 1
            self._ready += ready

    def found(self, instance: str, *, named: bool) -> None:
        """Note whether EC2 has an instance that a node names."""
        (self._found.add if named else self._found.discard)(instance)

    def of_node(self, node: NodeRow) -> Mismatch | None:
        """Return why EC2's answers aren't about a node."""
        region, _ = self._nodes.get(node.name, ("", None))
        return self.mismatch or region_mismatch(self._identity, {region: 1})

    def judge(self, *, none_listed: bool) -> bool:
        """Judge again; return whether that changed."""
        before = self.mismatch
        regions = {region: count for region, count in self._regions.items() if count}
        places = NodePlaces(regions, self._ready, bool(self._found), none_listed)
        self.mismatch = mismatch_of(self._identity, self._cluster, places)
        return self.mismatch != before
