"""What decides about an instance without a node: its group, the warm pool, what blocks it."""

from collections.abc import Mapping, Set
from typing import Any

from eksview.domain.aws.tags import GROUP_TAG, NODEGROUP_TAG
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.join.mapping_row import LoneEvidence, Membership
from eksview.domain.rows.aws import AutoScalingRow, InstanceRow, Member, NodegroupRow
from eksview.domain.rows.kube import ClaimRow, Kind


class LoneEvidenceIndex:
    """The memberships of instances in Auto Scaling groups, and the instances that can't join."""

    def __init__(self, tables: Mapping[Kind, Mapping[str, Any]]) -> None:
        self._groups: Mapping[str, AutoScalingRow] = tables[Kind.AUTOSCALING]
        self._nodegroups: Mapping[str, NodegroupRow] = tables[Kind.NODEGROUP]
        self.reset()

    def reset(self) -> None:
        """Clear everything: another cluster follows."""
        self.members: dict[str, Membership] = {}
        self._blocked: Set[str] = frozenset()

    def of(self, instance: InstanceRow, claim: ClaimRow | None, *, had_node: bool) -> LoneEvidence:
        """Return the evidence about an instance."""
        group = self._groups.get(instance.tags.get(GROUP_TAG, ""))
        nodegroup = self._nodegroups.get(instance.tags.get(NODEGROUP_TAG, ""))
        issues = nodegroup.issues if nodegroup else ()
        reported = any(instance.id in issue.resources for issue in issues)
        return LoneEvidence(
            had_node=had_node,
            membership=self.members.get(instance.id),
            claim=claim,
            unread=_pool_unread(group) if group else "",
            blocked=reported or instance.id in self._blocked,
        )

    def group_changed(self, old: AutoScalingRow | None, new: AutoScalingRow | None) -> set[str]:
        """Replace a group's row; return the instances that it touches."""
        touched: set[str] = set()
        for member in _members(old):
            held = self.members.get(member.instance)
            if held is not None and held.group is old:  # no other group has it by now
                del self.members[member.instance]
                touched.add(member.instance)
        if new is not None:
            rows = _members(new)
            self.members |= {member.instance: Membership(new, member) for member in rows}
            touched |= {member.instance for member in rows}
        return touched

    def block(self, instances: Set[str]) -> Set[str]:
        """Note the instances that fail a join check; return those of which that is news."""
        before, self._blocked = self._blocked, instances
        return before ^ instances


def _members(group: AutoScalingRow | None) -> tuple[Member, ...]:
    """Return the instances of a group and of its warm pool, as far as they were read."""
    if group is None:
        return ()
    pool = value_of(group.warm.members) if group.warm else None
    return group.members + (pool or ())


def _pool_unread(group: AutoScalingRow) -> str:
    """Return why a group's warm pool is unknown; empty if it was read or there is none."""
    if group.warm is None or value_of(group.warm.members) is not None:
        return ""
    return why_unread(group.warm.members) or f"The warm pool of {group.name} hasn't been read yet."
