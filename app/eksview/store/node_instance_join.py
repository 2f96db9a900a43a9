"""The outer join of nodes and EC2 instances, updated per event in constant time.

A change marks the subjects it touches: ids of instances, and `node/NAME` for nodes without one.
They are judged again when the mapping settles: at once for a few, in slices for a whole list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import partial
from typing import Any, TypeAlias

from eksview.domain.join.account_mismatch import Mismatch
from eksview.domain.join.mapping_row import MappingContext, MappingRow, Membership, RowKind
from eksview.domain.kube.node_labels import machine_of_target, session_machine
from eksview.domain.rows.aws import (
    AwsIdentity,
    ClusterInfo,
    ImageRow,
    InstanceRow,
    SessionRow,
    StatusRow,
)
from eksview.domain.rows.kube import ClaimRow, Kind, NodeRow
from eksview.domain.rows.link import Link
from eksview.store.instance_matcher import InstanceMatcher
from eksview.store.lone_evidence import LoneEvidenceIndex
from eksview.store.mapping_rows import MappingRows
from eksview.store.node_account import NodeAccount
from eksview.store.row_judge import ReadProgress, RowJudge
from eksview.store.session_index import SessionIndex

Indexer: TypeAlias = Callable[[Any, Any], None]
"""A function that is given the old and the new row of its table, None for none."""
FEW = 64
"""Subjects judged at once; more would delay a key."""


class NodeMapping:
    """The join: `rows` by key and `counts` of each kind, neither of which a reader may change.

    `indexers` are called when a row of the tables that it joins was added, changed or removed.
    """

    def __init__(self, tables: Mapping[Kind, Mapping[str, Any]]) -> None:
        self._tables = tables
        self._nodes: Mapping[str, NodeRow] = tables[Kind.NODE]
        self._instances: Mapping[str, InstanceRow] = tables[Kind.INSTANCE]
        self._statuses: Mapping[str, StatusRow] = tables[Kind.STATUS]
        self._images: Mapping[str, ImageRow] = tables[Kind.IMAGE]
        self._claims: Mapping[str, ClaimRow] = tables[Kind.NODECLAIM]
        self._matcher = InstanceMatcher(self._nodes, self._instances, self._claims)
        self._evidence = LoneEvidenceIndex(tables)
        self.indexers: dict[Kind, Indexer] = {
            Kind.NODE: self._node,
            Kind.INSTANCE: self._instance,
            Kind.STATUS: lambda old, new: self._mark([(new or old).id]),
            Kind.IMAGE: lambda old, new: self._mark(self._of_image.get((new or old).id, ())),
            Kind.SESSION: self._session,
            # One that isn't a member may have been in a warm pool that is read now.
            Kind.AUTOSCALING: lambda old, new: self._mark(
                self._evidence.group_changed(old, new) | self._alone
            ),
            Kind.NODEGROUP: lambda *_: self._mark(self._alone),
            Kind.NODECLAIM: partial(self._keyed, self._matcher.claim_changed),
        }
        self.reset()

    def reset(self) -> None:
        """Clear everything: another cluster follows."""
        self._placed_rows = MappingRows(self._nodes)
        self.rows, self.counts = self._placed_rows.rows, self._placed_rows.counts
        self._matcher.reset()
        self.session_index = SessionIndex()
        self._evidence.reset()
        self._of_image: dict[str, set[str]] = {}
        self._had_node: set[str] = set()
        self._progress = ReadProgress()
        self._account = NodeAccount()
        self._judges = RowJudge(
            self._tables,
            self._matcher,
            self._progress,
            self._account,
            self._had_node,
            self._evidence,
        )
        self._alone: set[str] = set()  # subjects of rows without a node or an instance
        self._dirty: dict[str, None] = {}
        self._changed: set[str] = set()
        self._moved = True

    # reading

    def of_node(self, name: str) -> MappingRow | None:
        """Return the row of a node."""
        return self._placed_rows.of_node(name)

    def of_instance(self, instance: str) -> MappingRow | None:
        """Return the row of an instance; the first one where several nodes claim its id."""
        return self._placed_rows.first_of(instance)

    def membership(self, instance: str) -> Membership | None:
        """Return an instance's entry in its Auto Scaling group."""
        return self._evidence.members.get(instance)

    def sessions(self, instance: str) -> tuple[SessionRow, ...] | None:
        """Return the sessions on an instance; None while they are unread."""
        return self.session_index.of(instance)

    def sessions_of(self, node: str) -> tuple[SessionRow, ...] | None:
        """Return the sessions on a node's machine; None while they are unread."""
        row, held = self.of_node(node), self._nodes.get(node)
        machine = session_machine(held.provider_id) if held else ""
        return self.session_index.of((row.instance if row else "") or machine)

    def claim(self, name: str) -> ClaimRow | None:
        """Return the NodeClaim of a node's name or an instance's id."""
        return self._matcher.claim(name)

    def context(self, now: float) -> MappingContext:
        """Return the look-ups that a row's cells need; `now` in seconds since the epoch."""
        return MappingContext(
            now=now,
            node=self._nodes.get,
            instance=self._instances.get,
            status=self._statuses.get,
            image=self._images.get,
            membership=self._evidence.members.get,
            claim=self._matcher.claim,
            sessions=self.session_index.of,
        )

    # changes

    def heard(self, link: Link) -> None:
        """Note a link's state; those of nodes, EC2 and sessions count here."""
        self.session_index.heard(link)
        if self._progress.heard(link):
            self._mark(self._alone)

    @property
    def mismatch(self) -> Mismatch | None:
        """The contradiction that makes every instance unknown."""
        return self._account.mismatch

    def fact(self, value: object) -> None:
        """Note a fact of the account or the cluster; those of the VPC and the account count."""
        if isinstance(value, ClusterInfo):  # instances of another VPC have the same addresses
            self._mark(self._matcher.vpc_changed(value.vpc))
        if isinstance(value, AwsIdentity | ClusterInfo):
            self._judge_account(moved=self._account.fact(value))

    def block(self, instances: Set[str]) -> None:
        """Note which instances fail a join check."""
        self._mark(self._evidence.block(instances))

    def complete(self) -> None:
        """Note that nodes and then EC2 have been read once: nothing is left to wait for."""
        self._progress.complete()
        self._mark(self._alone)
        for _ in self.settle():
            pass

    def settle_few(self) -> None:
        """Judge what was touched if it is little; `settle` does the rest."""
        if 0 < len(self._dirty) <= FEW:
            for _ in self.settle():
                pass

    def settle(self) -> Iterator[None]:
        """Judge what was touched, with a pause allowed at every yield."""
        while self._dirty:
            dirty, self._dirty = self._dirty, {}
            for number, subject in enumerate(dirty, 1):
                self._judge(subject)
                if number % FEW == 0:
                    yield
            self._judge_account()

    def take_changed(self) -> tuple[set[str], bool]:
        """Return the keys of changed rows, and whether rows were added or removed."""
        changed, self._changed = self._changed, set()
        moved, self._moved = self._moved, False
        return changed, moved

    # what a change touches

    def _mark(self, subjects: Iterable[str]) -> None:
        self._dirty.update(dict.fromkeys(subjects))

    def _judge_account(self, *, moved: bool = False) -> None:
        """Judge whether EC2's answers are of the nodes' account, and mark all rows if not."""
        none_listed = self._progress.listed and not self._instances
        if self._account.judge(none_listed=none_listed) or moved:
            self._mark(f"node/{name}" for name in self._nodes)
            self._mark(filter(None, map(self._matcher.target, self._nodes)))
            self._mark(self._instances)

    def _node(self, old: NodeRow | None, new: NodeRow | None) -> None:
        self.session_index.node_changed(old, new)
        self._account.node(new.name if new else old.name if old else "", new)
        self._keyed(self._matcher.node_changed, old, new)

    def _keyed(self, matched: Callable[[Any, Any], set[str]], old: Any, new: Any) -> None:
        """Note a node or NodeClaim whose instance is matched."""
        self._progress.changed(old, new)
        self._mark(matched(old, new))

    def _instance(self, old: InstanceRow | None, new: InstanceRow | None) -> None:
        if old is not None:
            self._of_image.get(old.image, set()).discard(old.id)
        if new is not None:
            self._of_image.setdefault(new.image, set()).add(new.id)
        self._mark(self._matcher.instance_changed(old, new))

    def _session(self, old: SessionRow | None, new: SessionRow | None) -> None:
        self.session_index.changed(old, new)
        for row in (new or old,):
            if row is not None:
                machine = machine_of_target(row.target)
                node = self.session_index.node_of(machine)
                self._mark((machine, f"node/{node}") if node else (machine,))

    # judging

    def _judge(self, subject: str) -> None:
        rows = self._judges.rows_for(subject)
        before, keys = self._placed_rows.replace(subject, rows)
        self._moved = self._moved or keys != before
        self._changed.update(before, keys)
        self._note(subject, rows)

    def _note(self, subject: str, rows: list[MappingRow]) -> None:
        if any(not row.node or row.kind is RowKind.UNKNOWN for row in rows):
            self._alone.add(subject)
        else:
            self._alone.discard(subject)
        named = any(row.match == "provider ID" for row in rows) and subject in self._instances
        self._account.found(subject, named=named)
        if any(row.kind is RowKind.JOINED for row in rows):
            self._had_node.add(subject)
        elif subject not in self._instances:
            self._had_node.discard(subject)


def node_of_target(mapping: NodeMapping, target: str) -> str:
    """Return the node of a session's target; empty for none."""
    machine = machine_of_target(target)
    row = mapping.of_instance(machine)
    return (row.node if row else "") or mapping.session_index.node_of(machine)
