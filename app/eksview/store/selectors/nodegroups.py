"""The table of nodegroups and Auto Scaling groups, read from the store."""

from typing import cast

from eksview.domain.join.nodegroups import GroupRow, group_rows
from eksview.domain.rows.aws import AutoScalingRow, NodegroupRow, UpdateRow
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store


def nodegroup_rows(store: Store, now: float) -> tuple[GroupRow, ...]:
    """Return the rows of all groups. It walks every row, so it isn't for each event."""
    return group_rows(
        cast(list[NodegroupRow], list(store.table(Kind.NODEGROUP).values())),
        cast(dict[str, AutoScalingRow], store.table(Kind.AUTOSCALING)),
        cast(list[UpdateRow], list(store.table(Kind.UPDATE).values())),
        store.mapping.rows.values(),
        store.mapping.context(now),
    )
