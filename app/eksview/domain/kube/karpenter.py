"""Karpenter's NodeClaims, decoded to what stands between an instance and its node.

Source: Karpenter documentation, "NodeClaims" (API karpenter.sh/v1; EKS Auto Mode uses the same).
"""

import msgspec
from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.kube.api_types import Cond, ListMeta, Meta
from eksview.domain.kube.to_rows import condition_row
from eksview.domain.rows.kube import ClaimRow

NODEPOOL = "karpenter.sh/nodepool"
INSTANCE_TYPE = "node.kubernetes.io/instance-type"


class _Status(Struct, rename="camel"):
    provider_id: str | None = field(name="providerID", default=None)
    node_name: str | None = None
    conditions: tuple[Cond, ...] | None = None


class _Claim(Struct):
    metadata: Meta = field(default_factory=Meta)
    status: _Status | None = None


class _Claims(Struct):
    items: tuple[_Claim, ...] | None = None
    metadata: ListMeta = field(default_factory=ListMeta)


_DECODER = msgspec.json.Decoder(_Claims)
_NO_STATUS = _Status()


def claims(body: bytes) -> tuple[list[ClaimRow], str]:
    """A page of NodeClaims, and where the next begins. Raises msgspec.DecodeError."""
    page = _DECODER.decode(body)
    return [_row(each) for each in page.items or ()], page.metadata.continue_


def _row(claim: _Claim) -> ClaimRow:
    meta, status = claim.metadata, claim.status or _NO_STATUS
    labels = meta.labels or {}
    return ClaimRow(
        name=meta.name,
        uid=meta.uid,
        created=parse_time(meta.creation_timestamp) or 0.0,
        nodepool=labels.get(NODEPOOL, ""),
        provider_id=status.provider_id or "",
        node=status.node_name or "",
        type=labels.get(INSTANCE_TYPE, ""),
        conditions=tuple(map(condition_row, status.conditions or ())),
    )
