"""The values of the chapter that compares ECS with EKS."""

from eksview.domain.explain.value import Values
from eksview.domain.rows.ecs import EcsClusterRow, EcsInstanceRow, EcsServiceRow, EcsTaskRow
from eksview.domain.rows.kube import NodeRow, PodRow
from eksview.store.selectors.explain.live import count_now, row_count
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import rows_reading


def ecs(source: ExplainSource) -> Values:
    """Return the counts of both sides, as far as each is followed."""
    store = source.store
    return {
        "ecs_clusters": row_count(rows_reading(store, EcsClusterRow)),
        "services": row_count(rows_reading(store, EcsServiceRow)),
        "instances": row_count(rows_reading(store, EcsInstanceRow)),
        "tasks": row_count(rows_reading(store, EcsTaskRow)),
        "nodes": count_now(store, NodeRow),
        "pods": count_now(store, PodRow),
    }
