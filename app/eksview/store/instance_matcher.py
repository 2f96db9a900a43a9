"""Which instance each node leads to: by provider ID, else by private DNS name, else by tags.

Every method that hears of a change returns the subjects it touches: ids of instances, and
`node/NAME` for nodes that lead to none.
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
    """The indexes of the join. A weaker match counts only when it is the only one."""

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
        """Forget everything."""
        self._targets: dict[str, tuple[str, Match]] = {}
        self._claimants: dict[str, set[str]] = {}
        self._by_name: dict[Name, set[str]] = {}  # ids of instances
        self._claim_of: dict[str, str] = {}  # node's name or instance's id: NodeClaim
        self._hosts: dict[str, set[str]] = {}  # hostname label where it isn't the name: nodes

    def target(self, node: str) -> str:
        """The instance a node leads to, by id, whether or not it is there; empty for none."""
        return self._targets.get(node, ("", ""))[0]

    def match(self, node: str) -> Match:
        """What led there."""
        return self._targets.get(node, ("", ""))[1]

    def claimants(self, instance: str) -> list[str]:
        """The nodes that lead to an instance, by name."""
        return sorted(self._claimants.get(instance, ()))

    def claim(self, name: str) -> ClaimRow | None:
        """The NodeClaim of a node, by its name, or of an instance, by its id."""
        return self._claims.get(self._claim_of.get(name, ""))

    def node_changed(self, old: NodeRow | None, new: NodeRow | None) -> set[str]:
        """A node came, changed or left."""
        if old is not None and (host := _host(old)) in self._hosts:
            self._hosts[host].discard(old.name)
            if not self._hosts[host]:
                del self._hosts[host]
        if new is not None and (host := _host(new)) != new.name:
            self._hosts.setdefault(host, set()).add(new.name)
        return self._retarget(new.name if new else old.name if old else "", new)

    def instance_changed(self, old: InstanceRow | None, new: InstanceRow | None) -> set[str]:
        """An instance came, changed or left."""
        subjects = {each.id for each in (old, new) if each is not None}
        before, after = _names(old), _names(new)
        if before != after or _alive(old) != _alive(new):
            self._index(old, new)
            for name in {name for _, name in before | after} | subjects:
                subjects |= self._weak(name)
        return subjects

    def claim_changed(self, old: ClaimRow | None, new: ClaimRow | None) -> set[str]:
        """A NodeClaim came, changed or left."""
        for name in _subjects(old):
            self._claim_of.pop(name, None)
        for name in _subjects(new):
            self._claim_of[name] = new.name if new else ""
        touched: set[str] = set()
        for name in _subjects(old) | _subjects(new):
            touched |= self._weak(name)
            touched.add(self.target(name) or (f"node/{name}" if name in self._nodes else name))
        return touched

    def _weak(self, name: str) -> set[str]:
        """Look again at the nodes of this name that have no provider ID to go by."""
        touched: set[str] = set()
        claim = self._claims.get(name)
        found = {name, *self._hosts.get(name, ()), claim.node if claim else ""}
        for each in found:
            node = self._nodes.get(each)
            if node is not None and not instance_id(node.provider_id):
                touched |= self._retarget(each, node)
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
        if found := self._only(self._dns_ids(node)):
            return found, "private DNS"
        found = self._only(self._tag_ids(node))
        return (found, "tags") if found else ("", "")

    def _dns_ids(self, node: NodeRow) -> set[str]:
        names = {node.name, _host(node)}
        ids = {each for name in names for each in self._by_name.get(("dns", name), ())}
        # Auto Mode and resource-based naming: i-0abc, i-0abc.us-west-2.compute.internal
        return ids | {node.name.partition(".")[0]}

    def _tag_ids(self, node: NodeRow) -> set[str]:
        ids = set(self._by_name.get(("name", node.name), ()))
        claim = self.claim(node.name)
        if claim is not None:
            ids |= self._by_name.get(("claim", claim.name), set())
            ids |= {instance_id(claim.provider_id)}
        return ids

    def _only(self, ids: Iterable[str]) -> str:
        alive = [each for each in ids if _alive(self._instances.get(each))]
        return alive[0] if len(alive) == 1 else ""

    def _index(self, old: InstanceRow | None, new: InstanceRow | None) -> None:
        for name in _names(old):
            self._by_name[name].discard(old.id if old else "")
            if not self._by_name[name]:
                del self._by_name[name]
        for name in _names(new):
            self._by_name.setdefault(name, set()).add(new.id if new else "")


def _names(row: InstanceRow | None) -> set[Name]:
    """What an instance may be found under."""
    if row is None:
        return set()
    named: tuple[Name, ...] = (
        ("dns", row.private_dns),
        ("name", row.tags.get("Name", "")),
        ("claim", row.tags.get(CLAIM_TAG, "")),
    )
    return {each for each in named if each[1]}


def _host(node: NodeRow) -> str:
    return node.labels.get(HOSTNAME, node.name)


def _alive(row: InstanceRow | None) -> bool:
    return row is not None and row.state not in ("terminated", "shutting-down")


def _subjects(row: ClaimRow | None) -> set[str]:
    return {row.node, instance_id(row.provider_id)} - {""} if row else set()
