"""The outer join of nodes and EC2 instances, kept up to date per event in constant time.

Whatever changes only marks the instances (or nodes without one) that it touches; they are judged
again when the mapping settles: at once for a few, in slices for a whole list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from eksview.domain.join.node_instance import (
    MappingContext,
    MappingRow,
    Membership,
    RowKind,
    judge,
    judge_rivals,
    owns,
)
from eksview.domain.rows.aws import (
    AutoScalingRow,
    ImageRow,
    InstanceRow,
    SessionRow,
    StatusRow,
)
from eksview.domain.rows.kube import ClaimRow, Kind, NodeRow, Row
from eksview.domain.rows.link import Link
from eksview.store.instance_matcher import InstanceMatcher
from eksview.store.mapping_rows import MappingRows
from eksview.store.read_progress import ReadProgress
from eksview.store.session_index import SessionIndex

JOINED_KINDS = frozenset(
    {
        Kind.NODE,
        Kind.INSTANCE,
        Kind.STATUS,
        Kind.IMAGE,
        Kind.AUTOSCALING,
        Kind.NODECLAIM,
        Kind.SESSION,
    }
)
"""The tables whose rows the mapping must hear of."""
FEW = 64
"""Judged at once; more would keep a key waiting."""


class NodeMapping:
    """`rows` by key; whoever reads it must not change it."""

    def __init__(self, tables: Mapping[Kind, Mapping[str, Any]]) -> None:
        self._nodes: Mapping[str, NodeRow] = tables[Kind.NODE]
        self._instances: Mapping[str, InstanceRow] = tables[Kind.INSTANCE]
        self._statuses: Mapping[str, StatusRow] = tables[Kind.STATUS]
        self._images: Mapping[str, ImageRow] = tables[Kind.IMAGE]
        self._matching = InstanceMatcher(self._nodes, self._instances, tables[Kind.NODECLAIM])
        self.reset()

    def reset(self) -> None:
        """Forget everything: another cluster follows."""
        self._placed = MappingRows(self._nodes)
        self.rows, self.counts = self._placed.rows, self._placed.counts
        self._matching.reset()
        self._visits = SessionIndex()
        self._members: dict[str, Membership] = {}
        self._of_image: dict[str, set[str]] = {}
        self._had_node: set[str] = set()
        self._progress = ReadProgress()
        self._unread: set[str] = set()
        self._dirty: dict[str, None] = {}
        self._changed: set[str] = set()
        self._moved = True

    # reading

    def of_node(self, name: str) -> MappingRow | None:
        """The row a node is in."""
        return self._placed.of_node(name)

    def of_instance(self, instance: str) -> MappingRow | None:
        """The row an instance is in; the first of several, where nodes share its id."""
        return self._placed.first_of(instance)

    def membership(self, instance: str) -> Membership | None:
        """An instance's place in its Auto Scaling group."""
        return self._members.get(instance)

    def sessions(self, instance: str) -> tuple[SessionRow, ...] | None:
        """The sessions on an instance; None while they aren't known."""
        return self._visits.of(instance)

    def sessions_of(self, node: str) -> tuple[SessionRow, ...] | None:
        """Those on a node's instance."""
        row = self.of_node(node)
        return self._visits.of(row.instance if row else "")

    def claim(self, name: str) -> ClaimRow | None:
        """The NodeClaim of a node, by its name, or of an instance, by its id."""
        return self._matching.claim(name)

    def context(self, now: float) -> MappingContext:
        """What the columns need beside a row; `now` in seconds since the epoch."""
        return MappingContext(
            now=now,
            node=self._nodes.get,
            instance=self._instances.get,
            status=self._statuses.get,
            image=self._images.get,
            membership=self._members.get,
            claim=self._matching.claim,
            sessions=self._visits.of,
        )

    # hearing of changes

    def touched(self, old: Row | None, new: Row | None) -> None:
        """A row of one of `JOINED_KINDS` came, changed or left."""
        match old if new is None else new:
            case NodeRow():
                self._node(old, new)  # type: ignore[arg-type]  # both are of one table
            case InstanceRow():
                self._instance(old, new)  # type: ignore[arg-type]
            case StatusRow(id=instance):
                self._mark(instance)
            case ImageRow(id=image):
                for instance in self._of_image.get(image, ()):
                    self._mark(instance)
            case SessionRow(target=instance):
                self._visits.changed(old, new)  # type: ignore[arg-type]
                self._mark(instance)
            case AutoScalingRow():
                self._group(old, new)  # type: ignore[arg-type]
            case ClaimRow():
                for subject in self._matching.claim_changed(old, new):  # type: ignore[arg-type]
                    self._mark(subject)

    def heard(self, link: Link) -> None:
        """A link's state; only those of nodes, EC2 and the sessions say something here."""
        self._visits.heard(link)
        if self._progress.heard(link):
            self._dirty.update(dict.fromkeys(self._unread))

    def complete(self) -> None:
        """Nodes and EC2 have been read once, in this order: nothing is waited for any more."""
        self._progress.complete()
        self._dirty.update(dict.fromkeys(self._unread))
        for _ in self.settle():
            pass

    def settle_few(self) -> None:
        """Judge what was touched, unless it is a lot: that is left to `settle`."""
        if 0 < len(self._dirty) <= FEW:
            for _ in self.settle():
                pass

    def settle(self) -> Iterator[None]:
        """Judge what was touched, with a pause allowed at every yield."""
        dirty, self._dirty = self._dirty, {}
        for number, subject in enumerate(dirty, 1):
            self._judge(subject)
            if number % FEW == 0:
                yield

    def take_changed(self) -> tuple[set[str], bool]:
        """Keys of the rows to be drawn again, and whether there are more or fewer rows."""
        changed, self._changed = self._changed, set()
        moved, self._moved = self._moved, False
        return changed, moved

    # what a change touches

    def _mark(self, subject: str) -> None:
        self._dirty[subject] = None

    def _node(self, old: NodeRow | None, new: NodeRow | None) -> None:
        self._progress.note(new.name if new else old.name if old else "", new)
        for subject in self._matching.node_changed(old, new):
            self._mark(subject)

    def _instance(self, old: InstanceRow | None, new: InstanceRow | None) -> None:
        if old is not None:
            self._of_image.get(old.image, set()).discard(old.id)
        if new is not None:
            self._of_image.setdefault(new.image, set()).add(new.id)
        for subject in self._matching.instance_changed(old, new):
            self._mark(subject)

    def _group(self, old: AutoScalingRow | None, new: AutoScalingRow | None) -> None:
        """Members that changed are marked; the others only learn of their group's new row."""
        for member in old.members if old else ():
            held = self._members.get(member.instance)
            if held is not None and held.group is old:
                del self._members[member.instance]
                self._mark(member.instance)
        for member in new.members if new else ():
            self._members[member.instance] = Membership(new, member)  # type: ignore[arg-type]
            self._mark(member.instance)

    # judging

    def _judge(self, subject: str) -> None:
        rows = self._rows_for(subject)
        before, keys = self._placed.replace(subject, rows)
        self._moved = self._moved or keys != before
        self._changed.update(before, keys)
        self._note(subject, rows)

    def _note(self, subject: str, rows: list[MappingRow]) -> None:
        if any(row.kind is RowKind.UNREAD for row in rows):
            self._unread.add(subject)
        else:
            self._unread.discard(subject)
        if any(row.kind is RowKind.JOINED for row in rows):
            self._had_node.add(subject)
        elif subject not in self._instances:
            self._had_node.discard(subject)

    def _rows_for(self, subject: str) -> list[MappingRow]:
        if subject.startswith("node/"):
            node = self._nodes.get(subject.removeprefix("node/"))
            alone = node is not None and not self._matching.target(node.name)
            return [judge(node, None, self._progress.seen_for(node))] if node and alone else []
        nodes = [self._nodes[name] for name in self._matching.claimants(subject)]
        instance = self._instances.get(subject)
        if len(nodes) > 1:
            return self._rivals(nodes, instance, subject)
        return [self._pair(nodes[0] if nodes else None, instance)] if nodes or instance else []

    def _rivals(
        self, nodes: list[NodeRow], instance: InstanceRow | None, subject: str
    ) -> list[MappingRow]:
        owners = [node for node in nodes if instance is not None and owns(node, instance)]
        owner = owners[0] if len(owners) == 1 else None
        rows = [self._pair(owner, instance)] if owner else []
        return rows + judge_rivals(nodes, subject, owner.name if owner else "")

    def _pair(self, node: NodeRow | None, instance: InstanceRow | None) -> MappingRow:
        return judge(
            node,
            instance,
            self._progress.seen_for(node),
            status=self._statuses.get(instance.id) if instance else None,
            match=self._matching.match(node.name) if node else "",
            had_node=instance is not None and instance.id in self._had_node,
        )
