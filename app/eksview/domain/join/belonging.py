"""What machines of an account have in common with a cluster's workers.

A tag alone tells little: `kubernetes.io/cluster/NAME=shared` is on bastions and NAT instances too,
and an instance that failed to join may lack it or have another cluster's.
"""

from collections.abc import Container, Iterable

from msgspec import Struct

from eksview.domain.aws.tags import CLUSTER_TAG
from eksview.domain.rows.aws import InstanceRow

_MANAGER_TAGS = ("eks:", "karpenter.sh/", "aws:autoscaling:")


class WorkerTraits(Struct, frozen=True):
    """The machines that are nodes: what a machine of the same kind would have."""

    cluster_group: str  # the cluster security group; empty: not read
    profiles: frozenset[str]
    images: frozenset[str]
    subnets: frozenset[str]


def workers_of(
    rows: Iterable[InstanceRow], nodes: Container[str], cluster_group: str
) -> WorkerTraits:
    """Return what the instances of these rows have that are nodes."""
    own = [row for row in rows if row.id in nodes]
    return WorkerTraits(
        cluster_group,
        frozenset(row.profile for row in own if row.profile),
        frozenset(row.image for row in own if row.image),
        frozenset(row.subnet for row in own if row.subnet),
    )


def common(row: InstanceRow, workers: WorkerTraits) -> str:
    """Return what an instance has in common with the workers; empty for nothing."""
    if workers.cluster_group and workers.cluster_group in row.security_groups:
        return f"the cluster security group {workers.cluster_group}"
    if row.profile in workers.profiles:
        return f"the instance profile {row.profile.rpartition('/')[2]} of its nodes"
    if row.image in workers.images and row.subnet in workers.subnets:
        return f"the image {row.image} and the subnet {row.subnet} of its nodes"
    return ""


def candidate(row: InstanceRow, workers: WorkerTraits) -> str:
    """Return what makes an instance without the cluster's tag a candidate; empty for nothing.

    Clusters of one VPC often share node roles, images and subnets, so an instance tagged for
    another cluster is one by the cluster security group alone, which is the cluster's own.
    """
    shared = common(row, workers)
    other = any(tag.startswith(CLUSTER_TAG) for tag in row.tags)
    return "" if other and workers.cluster_group not in row.security_groups else shared


def is_stranger(row: InstanceRow, cluster: str, workers: WorkerTraits) -> bool:
    """Return whether a machine is only tagged as sharing something with the cluster.

    Without a node to compare it with, nobody can know.
    """
    only_shared = row.tags.get(f"{CLUSTER_TAG}{cluster}") == "shared"
    managed = any(tag.startswith(_MANAGER_TAGS) for tag in row.tags)
    known = bool(workers.profiles and workers.images)
    return only_shared and not managed and known and not common(row, workers)
