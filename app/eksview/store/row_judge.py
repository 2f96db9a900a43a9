"""The rows of one subject of the join, judged by what has been read."""

from collections.abc import Container, Mapping
from typing import Any

from msgspec.structs import replace

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2
from eksview.domain.join.checks.claims import claim_key, judge_claim, subject_of, with_claim
from eksview.domain.join.machine_names import owns
from eksview.domain.join.mapping_row import NO_EVIDENCE, LoneEvidence, MappingRow, Seen
from eksview.domain.join.node_instance import judge, judge_rivals
from eksview.domain.rows.aws import InstanceRow, StatusRow
from eksview.domain.rows.kube import ClaimRow, Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.instance_matcher import InstanceMatcher
from eksview.store.lone_evidence import LoneEvidenceIndex
from eksview.store.node_account import NodeAccount

ROUNDS = 2
"""Answers of EC2 after a node appeared until it may count as a node without an instance: the
request for the first of them may be older than the node."""


class ReadProgress:
    """The answers of EC2 counted, so that no node is called missing there too early."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._since: dict[str, tuple[str, int]] = {}  # provider ID, and EC2's round then
        self._rounds = 0
        self._heard: float | None = None

    def heard(self, link: Link) -> bool:
        """Note a link's state; return whether what lacks its other side is judged again."""
        before = self.seen
        if link.name == Kind.NODE.link and link.phase is Phase.LIVE and not before.nodes:
            self.seen = replace(before, nodes_since=link.since)
        elif link.name == AUTOSCALING:
            read = link.heard is not None and link.phase is not Phase.REFUSED
            self.seen = replace(before, groups=read, groups_why=link.reason)
        elif link.name == EC2:
            self.seen = replace(before, ec2_why=link.reason)
            if link.heard != self._heard:
                self._heard = link.heard
                self._rounds += 1
                before = Seen()  # this answer may be the one that a node waits for
        return before != self.seen

    def complete(self) -> None:
        """Note that nodes and EC2 have been read once, in this order."""
        since = self.seen.nodes_since
        self.seen = replace(self.seen, ec2=True, nodes_since=since if since is not None else 0.0)
        self._rounds += ROUNDS

    def changed(self, old: NodeRow | ClaimRow | None, new: NodeRow | ClaimRow | None) -> None:
        """Note that a node or NodeClaim was added, changed its instance, or was removed."""
        if new is None:
            self._since.pop(_progress_key(old) if old else "", None)
            return
        key = _progress_key(new)
        if key not in self._since or self._since[key][0] != new.provider_id:
            self._since[key] = (new.provider_id, self._rounds)

    @property
    def listed(self) -> bool:
        """True once EC2 has answered since the first nodes were read."""
        return self._rounds >= ROUNDS and self.seen.nodes

    def seen_for(self, row: NodeRow | ClaimRow | None) -> Seen:
        """Return what has been read since a row was added; without one, what has been read."""
        if row is None:
            return self.seen
        read = self._rounds - self._since[_progress_key(row)][1] >= ROUNDS and self.seen.nodes
        return replace(self.seen, ec2=read)


def _progress_key(row: NodeRow | ClaimRow) -> str:
    return claim_key(row.name) if isinstance(row, ClaimRow) else row.name


class RowJudge:
    """Judges a subject by the tables, which it only reads."""

    def __init__(
        self,
        tables: Mapping[Kind, Mapping[str, Any]],
        matcher: InstanceMatcher,
        progress: ReadProgress,
        account: NodeAccount,
        had_node: Container[str],
        evidence: LoneEvidenceIndex,
    ) -> None:
        self._nodes: Mapping[str, NodeRow] = tables[Kind.NODE]
        self._instances: Mapping[str, InstanceRow] = tables[Kind.INSTANCE]
        self._statuses: Mapping[str, StatusRow] = tables[Kind.STATUS]
        self._matcher = matcher
        self._progress = progress
        self._account = account
        self._had_node = had_node
        self._evidence = evidence

    def rows_for(self, subject: str) -> list[MappingRow]:
        """Return the rows of a subject; none for one that has gone."""
        if subject.startswith("node/"):
            node = self._nodes.get(subject.removeprefix("node/"))
            alone = node is not None and not self._matcher.target(node.name)
            return [judge(node, None, self._seen(node))] if node and alone else []
        nodes = [self._nodes[name] for name in self._matcher.claimants(subject)]
        instance = self._instances.get(subject)
        if len(nodes) > 1:
            return self._rivals(nodes, instance, subject)
        if nodes or instance:
            return self._pairs(nodes[0] if nodes else None, instance)
        claim = self._matcher.claim(subject)
        alone = claim is not None and subject_of(claim) == subject and claim.node not in self._nodes
        return [judge_claim(claim, self._progress.seen_for(claim))] if claim and alone else []

    def _pairs(self, node: NodeRow | None, instance: InstanceRow | None) -> list[MappingRow]:
        guessed = node is not None and self._matcher.match(node.name) != "provider ID"
        if guessed and instance is not None and self._account.mismatch is not None:
            return [self._pair(node, None), self._pair(None, instance)]  # of two accounts
        return [self._pair(node, instance)]

    def _pair(self, node: NodeRow | None, instance: InstanceRow | None) -> MappingRow:
        row = judge(
            node,
            instance,
            self._seen(node),
            status=self._statuses.get(instance.id) if instance else None,
            match=self._matcher.match(node.name) if node else "",
            evidence=self._evidence_of(instance) if instance else NO_EVIDENCE,
        )
        return with_claim(row, self._matcher.claim(row.instance))

    def _evidence_of(self, instance: InstanceRow) -> LoneEvidence:
        claim, had_node = self._matcher.claim(instance.id), instance.id in self._had_node
        return self._evidence.of(instance, claim, had_node=had_node)

    def _seen(self, node: NodeRow | None) -> Seen:
        mismatch = self._account.of_node(node) if node else self._account.mismatch
        return replace(self._progress.seen_for(node), mismatch=mismatch)

    def _rivals(
        self, nodes: list[NodeRow], instance: InstanceRow | None, subject: str
    ) -> list[MappingRow]:
        owners = [node for node in nodes if instance is not None and owns(node, instance)]
        owner = owners[0] if len(owners) == 1 else None
        rows = [self._pair(owner, instance)] if owner else []
        return rows + judge_rivals(nodes, subject, owner.name if owner else "")
