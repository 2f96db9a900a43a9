"""The table of nodegroups and Auto Scaling groups, read from the store."""

from eksview.domain.aws.parts import ACTIVITIES, WARM_POOLS
from eksview.domain.join.nodegroups import GroupRow, GroupSources, group_rows
from eksview.domain.rows.aws import AutoScalingRow, NodegroupRow, UpdateRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import part_reading, rows_reading, table_reading
from eksview.store.store import Store

PARTS = (Kind.NODEGROUP.part, Kind.AUTOSCALING.part, ACTIVITIES, WARM_POOLS, Kind.UPDATE.part)
"""The parts of the AWS account that the groups are made of."""
ROWS = PARTS[:2]
"""Those that decide which groups there are."""


def nodegroup_rows(store: Store, now: float) -> tuple[GroupRow, ...]:
    """Return the rows of all groups. It walks every row, so it isn't for each event."""
    sources = GroupSources(
        rows_reading(store, NodegroupRow),
        table_reading(store, AutoScalingRow),
        part_reading(store, ACTIVITIES),
        rows_reading(store, UpdateRow),
    )
    return group_rows(sources, store.mapping.rows.values(), store.mapping.context(now))
