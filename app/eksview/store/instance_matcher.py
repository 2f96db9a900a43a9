"""The instance of each node: by provider ID, else by its names and addresses, else by tags.

Every `..._changed` method returns the subjects it touches: ids of instances, and `node/NAME` for
nodes without one. Both sides are indexed by the same names, so the order in which nodes, instances,
NodeClaims and the cluster arrive doesn't matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from eksview.domain.join.checks.claims import claim_key, subject_of
from eksview.domain.join.machine_names import (
    Name,
    NameKind,
    has_address,
    more_addresses,
    names_of_instance,
    names_of_node,
)
from eksview.domain.join.mapping_row import Match
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import ClaimRow, NodeRow

_EVIDENCE: tuple[tuple[NameKind, Match], ...] = (
    ("id", "private DNS"),
    ("dns", "private DNS"),
    ("address", "address"),
    ("named", "address"),
    ("tag", "tags"),
)
"""The first kind of name that leads to an instance decides."""
_UNIQUE = ("id", "tag")
"""The kinds that join only if they lead to one instance alone."""
_GLOBAL = ("id", "claim")
"""The kinds of names that hold in every VPC."""

_NO_TARGET: tuple[str, Match] = ("", "")

_Index: TypeAlias = dict[Name, set[str]]
_Key = TypeVar("_Key", str, Name)


class InstanceMatcher:
    """The indexes of the join.

    Tags count only when they are unique. Of several instances with a node's address, the newest
    running one has it now, because a VPC gives an address to one instance at a time. An instance of
    another VPC may have the same address and is never matched by it.
    """

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
        self._instances_by_name: _Index = {}
        self._nodes_by_name: _Index = {}  # those without a provider ID of EC2
        self._claims_of: dict[str, set[str]] = {}  # node, instance or subject: NodeClaims
        self._vpc = ""  # the cluster's; empty while unknown

    def target(self, node: str) -> str:
        """Return the id of a node's instance, even of one that EC2 doesn't list; empty for none."""
        return self._targets.get(node, _NO_TARGET)[0]

    def match(self, node: str) -> Match:
        """Return how a node's instance was matched."""
        return self._targets.get(node, _NO_TARGET)[1]

    def claimants(self, instance: str) -> list[str]:
        """Return the names of the nodes that claim an instance."""
        return sorted(self._claimants.get(instance, ()))

    def claim(self, name: str) -> ClaimRow | None:
        """Return the newest NodeClaim of a node's name, an instance's id or its own subject."""
        rows = [self._claims[claim] for claim in self._claims_of.get(name, ())]
        return max(rows, key=lambda row: (row.created, row.name), default=None)

    def node_changed(self, old: NodeRow | None, new: NodeRow | None) -> set[str]:
        """Replace a node's row; return the subjects it touches."""
        name = new.name if new else old.name if old else ""
        _reindex(self._nodes_by_name, name, _sought(old), _sought(new))
        before = self._targets.get(name, _NO_TARGET)
        touched = self._retarget(name, new) | self._claim_subjects(name)
        after = self._targets.get(name, _NO_TARGET)
        if before != after:  # it takes an instance from others, or leaves it to them
            for instance in {before[0], after[0]}:
                touched |= self._retarget_named(_all_names(self._instances.get(instance)))
        return touched

    def instance_changed(self, old: InstanceRow | None, new: InstanceRow | None) -> set[str]:
        """Replace an instance's row; return the subjects it touches."""
        subjects: set[str] = {row.id for row in (old, new) if row is not None}
        before, after = _names(old), _names(new)
        if _all_names(old) != _all_names(new) or _standing(old) != _standing(new):
            _reindex(self._instances_by_name, next(iter(subjects)), before, after)
            subjects |= self._retarget_named(_all_names(old) | _all_names(new))
        return subjects

    def claim_changed(self, old: ClaimRow | None, new: ClaimRow | None) -> set[str]:
        """Replace a NodeClaim's row; return the subjects it touches."""
        for name in _subjects(old) if old else ():
            _discard(self._claims_of, name, old.name if old else "")
        for name in _subjects(new) if new else ():
            self._claims_of.setdefault(name, set()).add(new.name if new else "")
        touched: set[str] = set()
        for name in _subjects(old) | _subjects(new):
            touched |= self._retarget_bare(name)
            touched.add(self.target(name) or (f"node/{name}" if name in self._nodes else name))
        return touched

    def _claim_subjects(self, node: str) -> set[str]:
        """Return the subjects of the NodeClaims of a node, which have rows without it."""
        return {subject_of(self._claims[name]) for name in self._claims_of.get(node, ())}

    def vpc_changed(self, vpc: str) -> set[str]:
        """Note the cluster's VPC; return the subjects it touches."""
        if vpc == self._vpc:
            return set()
        self._vpc = vpc
        nodes = {node for names in self._nodes_by_name.values() for node in names}
        return {subject for node in nodes for subject in self._retarget_bare(node)}

    def _retarget_named(self, names: Iterable[Name]) -> set[str]:
        """Match the nodes again that look for one of these names."""
        touched: set[str] = set()
        for kind, text in names:
            seekers = set(self._nodes_by_name.get((kind, text), ()))
            claim = self._claims.get(text) if kind == "claim" else None
            claim = self.claim(text) if kind == "id" else claim
            for node in seekers | ({claim.node} if claim else set()):
                touched |= self._retarget_bare(node)
        return touched

    def _retarget_bare(self, name: str) -> set[str]:
        # A node with a provider ID is matched by that alone.
        node = self._nodes.get(name)
        bare = node is not None and not instance_id(node.provider_id)
        return self._retarget(name, node) if bare else set()

    def _retarget(self, name: str, node: NodeRow | None) -> set[str]:
        before = self.target(name)
        target, match = self._find(node) if node is not None else ("", "")
        if before and before != target:
            _discard(self._claimants, before, name)
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
        hints = [*names_of_node(node), *self._claim_names(node)]
        for kind, match in _EVIDENCE:
            names = {name for hinted, name in hints if hinted == kind}
            rows = [row for row in map(self._instances.get, self._ids(names)) if row]
            if instance := _single(rows) if kind in _UNIQUE else _newest(rows):
                return instance, match
        return "", ""

    def _claim_names(self, node: NodeRow) -> Iterator[tuple[NameKind, Name]]:
        if claim := self.claim(node.name):
            yield "tag", ("claim", claim.name)
            yield "tag", ("id", instance_id(claim.provider_id))

    def _ids(self, names: Iterable[Name]) -> set[str]:
        """Return the instances of these names that a node without a provider ID may have."""
        return {
            instance
            for name in names
            for instance in self._ids_of(name)
            if self._free(instance, everywhere=name[0] in _GLOBAL)
        }

    def _ids_of(self, name: Name) -> set[str]:
        kind, text = name
        ids = self._instances_by_name.get(name, set())
        if ids or kind != "address":
            return ids
        # Other addresses aren't indexed: there are dozens an instance, nearly all of them pods'.
        return {row.id for row in self._instances.values() if has_address(row, text)}

    def _free(self, instance: str, *, everywhere: bool) -> bool:
        row = self._instances.get(instance)
        if row is None or row.ended:
            return False
        if any(self.match(node) == "provider ID" for node in self._claimants.get(instance, ())):
            return False
        return everywhere or not (self._vpc and row.vpc) or row.vpc == self._vpc


def _single(rows: list[InstanceRow]) -> str:
    return rows[0].id if len(rows) == 1 else ""


def _newest(rows: list[InstanceRow]) -> str:
    """Return the running instance that was launched last; empty if that is none or several."""
    newest = max(map(_age, rows), default=None)
    return _single([row for row in rows if _age(row) == newest])


def _age(row: InstanceRow) -> tuple[bool, float]:
    return row.state == "running", row.launched or 0.0


def _sought(node: NodeRow | None) -> set[Name]:
    if node is None or parse_provider_id(node.provider_id).where not in ("none", "malformed"):
        return set()
    return {name for _, name in names_of_node(node)}


def _names(row: InstanceRow | None) -> set[Name]:
    return names_of_instance(row) if row else set()


def _all_names(row: InstanceRow | None) -> set[Name]:
    more = more_addresses(row) if row else ()
    return _names(row) | {("address", address) for address in more}


def _standing(row: InstanceRow | None) -> tuple[str, float | None, str] | None:
    return (row.state, row.launched, row.vpc) if row else None


def _subjects(row: ClaimRow | None) -> set[str]:
    names = (row.node, instance_id(row.provider_id), claim_key(row.name)) if row else ()
    return {name for name in names if name}


def _reindex(index: _Index, key: str, before: Iterable[Name], after: Iterable[Name]) -> None:
    for name in before:
        _discard(index, name, key)
    for name in after:
        index.setdefault(name, set()).add(key)


def _discard(index: dict[_Key, set[str]], key: _Key, member: str) -> None:
    index[key].discard(member)
    if not index[key]:
        del index[key]
