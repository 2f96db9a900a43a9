"""NodeClaims of Karpenter, which tie an instance to its node before the node registers.

Source: Karpenter documentation, "NodeClaims" (API karpenter.sh/v1; EKS Auto Mode uses the same).
"""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import clean, shared
from eksview.domain.kube.api_types import Cond, Meta, condition_row
from eksview.domain.live import polled
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import ClaimRow, Kind

NODEPOOL = "karpenter.sh/nodepool"
INSTANCE_TYPE = "node.kubernetes.io/instance-type"


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
    labels = meta.labels or {}
    return ClaimRow(
        name=clean(meta.name),
        uid=clean(meta.uid),
        created=parse_time(meta.creation_timestamp) or 0.0,
        nodepool=shared(labels.get(NODEPOOL, "")),
        provider_id=clean(status.provider_id or ""),
        node=clean(status.node_name or ""),
        type=shared(labels.get(INSTANCE_TYPE, "")),
        conditions=tuple(map(condition_row, status.conditions or ())),
    )


RESOURCE = Resource(
    kind=Kind.NODECLAIM,
    object_kind="NodeClaim",
    shape=_Claim,
    row=claim_row,
    api="karpenter.sh/v1",
    namespaced=False,
    link=polled.NODECLAIMS,
    period=polled.PERIOD,
    optional=True,
)
