"""The cluster on the AWS side, read from the store."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

from eksview.domain.aws.cluster_health import ClusterPart, EksState, eks_state
from eksview.domain.aws.poll_plan import EKS as EKS_LINK
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Reading, last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.join.version_skew import Skew, skew
from eksview.domain.rows.aws import (
    AddonRow,
    AwsIdentity,
    ClusterInfo,
    FargateRow,
    InsightRow,
    UpdateRow,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.store import Store


class EksSummary(Struct, frozen=True):
    """All that is known of the cluster on the AWS side."""

    cluster: ClusterInfo | None
    identity: Reading[AwsIdentity]
    addons: Sequence[AddonRow]
    insights: Sequence[InsightRow]
    updates: Sequence[UpdateRow]
    fargate: Sequence[FargateRow]
    skew: Sequence[Skew]
    why: str  # why there is no cluster, one sentence
    now: float


T = TypeVar("T")

EKS = "eks"
"""What the cluster as a whole is called among the components of the control plane."""


def rows(store: Store, kind: Kind, row: type[T]) -> list[T]:
    """A table's rows of their type."""
    return [each for each in store.table(kind).values() if isinstance(each, row)]


def eks_of(store: Store, now: float) -> EksSummary:
    """All that there is to say of it."""
    version = value_of(store.facts.version)
    cluster = last_of(store.facts.cluster)
    addons = rows(store, Kind.ADDON, AddonRow)
    server = version.git if version else cluster.version if cluster else ""
    return EksSummary(
        cluster=cluster,
        identity=store.facts.aws_identity,
        addons=addons,
        insights=rows(store, Kind.INSIGHT, InsightRow),
        updates=rows(store, Kind.UPDATE, UpdateRow),
        fargate=rows(store, Kind.FARGATE, FargateRow),
        skew=skew(server, (node.kubelet for node in store.nodes.values()), addons),
        why=why_unseen(store),
        now=now,
    )


def why_unseen(store: Store) -> str:
    """Why EKS hasn't described the cluster; empty while it is being asked."""
    if why := why_unread(store.facts.aws_identity):
        return why
    link = store.links.get(EKS_LINK)
    if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING, Phase.OFF):
        return link.why or f"EKS is {link.phase.value}."
    return ""


def state_of(store: Store, now: float) -> EksState:
    """One verdict; a mismatch of account or region is said before anything else."""
    cluster, identity = last_of(store.facts.cluster), last_of(store.facts.aws_identity)
    said = (
        tuple(ClusterPart(Health.WARN, clean(each)) for each in identity.warnings)
        if identity
        else ()
    )
    if cluster is None:
        why = clean(why_unseen(store)) or "being asked"
        return EksState(
            Health.WARN if said else Health.UNKNOWN, (*said, ClusterPart(Health.UNKNOWN, why))
        )
    found = eks_state(
        cluster,
        rows(store, Kind.ADDON, AddonRow),
        rows(store, Kind.INSIGHT, InsightRow),
        rows(store, Kind.UPDATE, UpdateRow),
        now,
    )
    stale = why_unseen(store)
    if stale:
        said = (*said, ClusterPart(Health.WARN, f"last known, {clean(stale)}"))
    health = Health.WARN if said and found.health is Health.OK else found.health
    return EksState(health, (*said, *found.parts))
