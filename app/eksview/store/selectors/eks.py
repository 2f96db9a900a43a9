"""The cluster on the AWS side, read from the store."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from eksview.domain.access.node_role import RoleVerdict, judge_role
from eksview.domain.aws.cluster_health import ClusterPart, EksState, eks_state
from eksview.domain.aws.parts import ADDON_VERSIONS, ENTRIES, SUPPORT
from eksview.domain.aws.poll_plan import EKS as EKS_LINK
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, Reading, last_of, value_of, why_unread
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.version_skew import Skew, skew
from eksview.domain.live.facts import Answered
from eksview.domain.rows.aws import (
    AddonRow,
    AwsIdentity,
    ClusterInfo,
    FargateRow,
    InsightRow,
    UpdateRow,
)
from eksview.domain.rows.link import Phase
from eksview.store.selectors.readings import (
    aws_identity,
    cluster_reading,
    mapping_sources,
    other_cluster,
    part_reading,
    rows_of,
    rows_reading,
)
from eksview.store.store import Store


class EksSummary(Struct, frozen=True):
    """The cluster on the AWS side, and how each part of it was read."""

    cluster: ClusterInfo | None
    identity: Reading[AwsIdentity]
    addons: Reading[tuple[AddonRow, ...]]
    newest: Reading[Answered]  # versions of add-ons
    support: Reading[Answered]  # the end of the version's support
    insights: Reading[tuple[InsightRow, ...]]
    updates: Reading[tuple[UpdateRow, ...]]
    fargate: Reading[tuple[FargateRow, ...]]
    entries: Reading[Answered]  # access entries, by which pod roles are judged
    pod_roles: Mapping[str, RoleVerdict]  # by Fargate profile; without what is still loading
    skew: Sequence[Skew]
    reason: str  # why the cluster is unread, one sentence
    now: float


EKS = "eks"
"""The name of the cluster as a whole among the control plane's components."""


def eks_summary(store: Store, now: float) -> EksSummary:
    version = value_of(store.facts.version)
    cluster = last_of(cluster_reading(store))
    addons = rows_reading(store, AddonRow)
    server = version.git if version else cluster.version if cluster else ""
    return EksSummary(
        cluster=cluster,
        identity=aws_identity(store),
        addons=addons,
        newest=part_reading(store, ADDON_VERSIONS),
        support=part_reading(store, SUPPORT),
        insights=rows_reading(store, InsightRow),
        updates=rows_reading(store, UpdateRow),
        fargate=rows_reading(store, FargateRow),
        entries=part_reading(store, ENTRIES),
        pod_roles=_pod_roles(store),
        skew=skew(server, (node.kubelet for node in store.nodes.values()), last_of(addons) or ()),
        reason=unread_reason(store),
        now=now,
    )


def _pod_roles(store: Store) -> dict[str, RoleVerdict]:
    sources = mapping_sources(store)
    if isinstance(sources.entries, NotAsked) or not sources.mode:
        return {}
    profiles = rows_of(store, FargateRow) or ()
    return {row.name: judge_role(row.role, "fargate", sources) for row in profiles if row.role}


def unread_reason(store: Store) -> str:
    """Return why EKS hasn't described the cluster; empty where it has or is still loading."""
    if reason := why_unread(store.facts.aws_identity) or other_cluster(store):
        return reason
    link = store.links.get(EKS_LINK)
    if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING, Phase.OFF):
        return link.reason or f"EKS is {link.phase.value}."
    return ""


def eks_state_of(store: Store, now: float) -> EksState:
    """Return one verdict; a mismatch of account or region comes first."""
    cluster, identity = last_of(cluster_reading(store)), last_of(aws_identity(store))
    reason = clean(unread_reason(store))
    warnings = identity.warnings if identity else ()
    parts = tuple(ClusterPart(Health.WARN, warning) for warning in warnings)
    if cluster is None:
        unread = ClusterPart(Health.UNKNOWN, reason or Clean("loading"))
        return EksState(Health.WARN if parts else Health.UNKNOWN, (*parts, unread))
    state = eks_state(
        cluster,
        rows_reading(store, AddonRow),
        rows_reading(store, InsightRow),
        rows_reading(store, UpdateRow),
        part_reading(store, SUPPORT),
        now,
        said=reason,
    )
    if reason:
        parts = (*parts, ClusterPart(Health.WARN, clean(f"last known, {reason}")))
    health = Health.WARN if parts and state.health is Health.OK else state.health
    return EksState(health, (*parts, *state.parts))
