"""NodeClaims of Karpenter, which tie an instance to its node before the node registers.

Sources: Karpenter documentation, "NodeClaims" (API karpenter.sh/v1; EKS Auto Mode uses the same),
the v1beta1 API of 0.32 to 0.37, and the Machine of karpenter.sh/v1alpha5 before 0.32, whose
conditions are named MachineLaunched and so on.
"""

from collections.abc import Iterable

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import clean, shared
from eksview.domain.kube.api_types import Cond, Meta, condition_row
from eksview.domain.kube.node_labels import capacity_type_of, instance_type_of, pool_of, zone_of
from eksview.domain.live import polled
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import ClaimRow, Condition, Kind


class _ClaimStatus(Struct, rename="camel"):
    provider_id: str | None = field(name="providerID", default=None)
    node_name: str | None = None
    conditions: tuple[Cond, ...] | None = None


class _Claim(Struct):
    metadata: Meta = field(default_factory=Meta)
    status: _ClaimStatus | None = None


_NO_STATUS = _ClaimStatus()


def claim_row(claim: _Claim) -> ClaimRow:
    meta, status = claim.metadata, claim.status or _NO_STATUS
    labels = {key: shared(value) for key, value in (meta.labels or {}).items()}
    return ClaimRow(
        name=clean(meta.name),
        uid=clean(meta.uid),
        created=parse_time(meta.creation_timestamp) or 0.0,
        deleted=parse_time(meta.deletion_timestamp),
        nodepool=pool_of(labels),
        provider_id=clean(status.provider_id or ""),
        node=clean(status.node_name or ""),
        type=instance_type_of(labels),
        zone=zone_of(labels),
        capacity=capacity_type_of(labels),
        conditions=tuple(_condition_rows(status.conditions or ())),
    )


def _condition_rows(conditions: Iterable[Cond]) -> Iterable[Condition]:
    for condition in conditions:
        condition.type = condition.type.removeprefix("Machine")
        yield condition_row(condition)


def _resource(
    api: str, kind: str = "NodeClaim", *, older: tuple[Resource[_Claim, ClaimRow], ...] = ()
) -> Resource[_Claim, ClaimRow]:
    return Resource(
        kind=Kind.NODECLAIM,
        object_kind=kind,
        shape=_Claim,
        row=claim_row,
        api=api,
        plural=f"{kind.lower()}s",
        namespaced=False,
        link=polled.NODECLAIMS,
        period=polled.PERIOD,
        optional=True,
        older=older,
    )


RESOURCE = _resource(
    "karpenter.sh/v1",
    older=(_resource("karpenter.sh/v1beta1"), _resource("karpenter.sh/v1alpha5", "Machine")),
)
