"""Which kind of cluster this is, and why a chapter doesn't apply to it."""

from eksview.domain.base.reading import NotAsked, Read, last_of, why_unread
from eksview.domain.explain.value import Absent
from eksview.domain.live.trust import why_unopened
from eksview.domain.rows.kube import NodeRow
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import cluster_reading, rows_reading
from eksview.store.store import Store

NO_KUBERNETES, NOT_EKS, NO_AWS, NO_NODES = "no-kubernetes", "not-eks", "no-aws", "no-nodes"


def is_eks(source: ExplainSource) -> bool:
    """Check for a cluster of EKS: by what the API server proves, or as EKS describes it."""
    described = last_of(cluster_reading(source.store)) is not None
    return described or source.overview.distribution.kind == "eks"


def without_kubernetes(store: Store) -> Absent | None:
    """Return that no Kubernetes cluster is read, but ECS is."""
    return Absent(NO_KUBERNETES) if why_unopened(store.links) else None


def not_eks(source: ExplainSource) -> Absent | None:
    """Return that the cluster isn't of EKS; None while that is unknown."""
    if is_eks(source) or isinstance(source.store.facts.version, NotAsked):
        return None
    return Absent(NOT_EKS)


def without_nodes(store: Store) -> Absent | None:
    """Return that the cluster has no nodes, where a list said so."""
    reading = rows_reading(store, NodeRow)
    return Absent(NO_NODES) if isinstance(reading, Read) and not reading.value else None


def without_aws(store: Store) -> Absent | None:
    """Return that AWS can't be asked, as for want of credentials."""
    reading = store.facts.aws_identity
    reason = why_unread(reading)
    return Absent(NO_AWS, reason) if reason and last_of(reading) is None else None
