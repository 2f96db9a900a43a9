"""The instance of each node: by provider ID, else by private DNS name, else by tags.

Every `..._changed` method returns the subjects it touches: ids of instances, and `node/NAME` for
nodes without one.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from eksview.domain.join.node_instance import Match
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import ClaimRow, NodeRow

HOSTNAME = "kubernetes.io/hostname"
CLAIM_TAG = "karpenter.sh/nodeclaim"

Name: TypeAlias = tuple[str, str]
"""("dns", NAME), ("name", TAG) or ("claim", NODECLAIM)."""


class InstanceMatcher:
    """The indexes of the join. A match by name or tag counts only when it is unique."""

    def __init__(
        self,
        nodes: Mapping[str, NodeRow],
        instances: Mapping[str, InstanceRow],
        claims: Mapping[str, ClaimRow],
    ) -> None:
        self._nodes = nodes
        self._instances = instances
        self._claims = claims
        self.reset()

    def reset(self) -> None:
        """Clear everything: another cluster follows."""
        self._targets: dict[str, tuple[str, Match]] = {}
        self._claimants: dict[str, set[str]] = {}
        self._by_name: dict[Name, set[str]] = {}  # ids of instances
        self._claim_of: dict[str, str] = {}  # node's name or instance's id: NodeClaim
        self._hosts: dict[str, set[str]] = {}  # hostname label where it isn't the name: nodes

    def target(self, node: str) -> str:
        """Return the id of a node's instance, even of one that EC2 doesn't list; empty for none."""
        return self._targets.get(node, ("", ""))[0]

    def match(self, node: str) -> Match:
        """Return how a node's instance was matched."""
        return self._targets.get(node, ("", ""))[1]

    def claimants(self, instance: str) -> list[str]:
        """Return the names of the nodes that claim an instance."""
        return sorted(self._claimants.get(instance, ()))

    def claim(self, name: str) -> ClaimRow | None:
        """Return the NodeClaim of a node's name or an instance's id."""
        return self._claims.get(self._claim_of.get(name, ""))

    def node_changed(self, old: NodeRow | None, new: NodeRow | None) -> set[str]:
        """Replace a node's row; return the subjects it touches."""
        if old is not None and (host := _host(old)) in self._hosts:
            self._hosts[host].discard(old.name)
            if not self._hosts[host]:
                del self._hosts[host]
        if new is not None and (host := _host(new)) != new.name:
            self._hosts.setdefault(host, set()).add(new.name)
        return self._retarget(new.name if new else old.name if old else "", new)

    def instance_changed(self, old: InstanceRow | None, new: InstanceRow | None) -> set[str]:
        """Replace an instance's row; return the subjects it touches."""
        subjects: set[str] = {row.id for row in (old, new) if row is not None}
        before, after = _names(old), _names(new)
        if before != after or _alive(old) != _alive(new):
            self._index(old, new)
            for name in {name for _, name in before | after} | subjects:
                subjects |= self._retarget_by_name(name)
        return subjects

    def claim_changed(self, old: ClaimRow | None, new: ClaimRow | None) -> set[str]:
        """Replace a NodeClaim's row; return the subjects it touches."""
        for name in _subjects(old):
            self._claim_of.pop(name, None)
        for name in _subjects(new):
            self._claim_of[name] = new.name if new else ""
        touched: set[str] = set()
        for name in _subjects(old) | _subjects(new):
            touched |= self._retarget_by_name(name)
            touched.add(self.target(name) or (f"node/{name}" if name in self._nodes else name))
        return touched

    def _retarget_by_name(self, name: str) -> set[str]:
        # Nodes with a provider ID are matched by that alone.
        touched: set[str] = set()
        claim = self._claims.get(name)
        for candidate in {name, *self._hosts.get(name, ()), claim.node if claim else ""}:
            node = self._nodes.get(candidate)
            if node is not None and not instance_id(node.provider_id):
                touched |= self._retarget(candidate, node)
        return touched

    def _retarget(self, name: str, node: NodeRow | None) -> set[str]:
        before = self.target(name)
        target, match = self._find(node) if node is not None else ("", "")
        if before and before != target:
            self._claimants[before].discard(name)
            if not self._claimants[before]:
                del self._claimants[before]
        if target:
            self._targets[name] = (target, match)
            self._claimants.setdefault(target, set()).add(name)
        else:
            self._targets.pop(name, None)
        return {before or f"node/{name}", target or f"node/{name}"}

    def _find(self, node: NodeRow) -> tuple[str, Match]:
        provider = parse_provider_id(node.provider_id)
        if provider.where == "ec2":
            return provider.instance, "provider ID"
        if provider.where not in ("none", "malformed"):
            return "", ""
        if instance := self._unique(self._dns_ids(node)):
            return instance, "private DNS"
        instance = self._unique(self._tag_ids(node))
        return (instance, "tags") if instance else ("", "")

    def _dns_ids(self, node: NodeRow) -> set[str]:
        names = {node.name, _host(node)}
        ids = {instance for name in names for instance in self._by_name.get(("dns", name), ())}
        # Auto Mode and resource-based naming: i-0abc, i-0abc.us-west-2.compute.internal
        return ids | {node.name.partition(".")[0]}

    def _tag_ids(self, node: NodeRow) -> set[str]:
        ids = set(self._by_name.get(("name", node.name), ()))
        claim = self.claim(node.name)
        if claim is not None:
            ids |= self._by_name.get(("claim", claim.name), set())
            ids |= {instance_id(claim.provider_id)}
        return ids

    def _unique(self, ids: Iterable[str]) -> str:
        alive = [instance for instance in ids if _alive(self._instances.get(instance))]
        return alive[0] if len(alive) == 1 else ""

    def _index(self, old: InstanceRow | None, new: InstanceRow | None) -> None:
        for name in _names(old):
            self._by_name[name].discard(old.id if old else "")
            if not self._by_name[name]:
                del self._by_name[name]
        for name in _names(new):
            self._by_name.setdefault(name, set()).add(new.id if new else "")


def _names(row: InstanceRow | None) -> set[Name]:
    if row is None:
        return set()
    names: tuple[Name, ...] = (
        ("dns", row.private_dns),
        ("name", row.tags.get("Name", "")),
        ("claim", row.tags.get(CLAIM_TAG, "")),
    )
    return {name for name in names if name[1]}


def _host(node: NodeRow) -> str:
    return node.labels.get(HOSTNAME, node.name)


def _alive(row: InstanceRow | None) -> bool:
    return row is not None and row.state not in ("terminated", "shutting-down")


def _subjects(row: ClaimRow | None) -> set[str]:
    return {row.node, instance_id(row.provider_id)} - {""} if row else set()
