"""The table of nodegroups and Auto Scaling groups, read from the store."""

from eksview.domain.join.nodegroups import GroupRow, group_rows
from eksview.domain.rows.aws import AutoScalingRow, NodegroupRow, UpdateRow
from eksview.store.store import Store


def nodegroup_rows(store: Store, now: float) -> tuple[GroupRow, ...]:
    """Return the rows of all groups. It walks every row, so it isn't for each event."""
    return group_rows(
        tuple(store.table(NodegroupRow).values()),
        store.table(AutoScalingRow),
        tuple(store.table(UpdateRow).values()),
        store.mapping.rows.values(),
        store.mapping.context(now),
    )
