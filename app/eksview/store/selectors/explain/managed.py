"""The values of the chapter about what EKS manages."""

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Reading
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.rows.aws import AddonRow, ClusterInfo, FargateRow, NodegroupRow
from eksview.domain.rows.kube import NodeRow
from eksview.store.selectors.explain.live import (
    cluster_now,
    count_now,
    live,
    read_text,
    row_count,
    yes_or_no,
)
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import aws_identity, rows_reading


def managed(source: ExplainSource) -> Values:
    """Return what DescribeCluster answered, and the counts of what is the account's own."""
    store = source.store
    identity = aws_identity(store)
    return {
        **_described(cluster_now(store)),
        "account": live(identity, lambda identity: identity.account),
        "region": live(identity, lambda identity: identity.region),
        "nodegroups": row_count(rows_reading(store, NodegroupRow)),
        "addons": row_count(rows_reading(store, AddonRow)),
        "fargate": row_count(rows_reading(store, FargateRow)),
        "nodes": count_now(store, NodeRow),
    }


def _described(reading: Reading[ClusterInfo]) -> Values:
    return {
        "cluster": live(reading, lambda cluster: cluster.name),
        "status": live(reading, _status),
        "kubernetes": live(reading, lambda cluster: cluster.version),
        "platform": live(reading, lambda cluster: cluster.platform),
        "vpc": live(reading, lambda cluster: cluster.vpc),
        "role": live(reading, lambda cluster: cluster.role.rpartition("/")[2]),
        "logs": live(reading, _logs),
        "auto_mode": live(reading, lambda cluster: yes_or_no(cluster.auto_mode)),
    }


def _status(cluster: ClusterInfo) -> LiveValue:
    health = Health.OK if cluster.status == "ACTIVE" else Health.WARN
    return read_text(cluster.status, None, health)


def _logs(cluster: ClusterInfo) -> str:
    return ", ".join(name for name, enabled in cluster.logging if enabled)
