"""Leases: the heartbeats of nodes, the claims of leaders and the identities of API servers."""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import shared
from eksview.domain.kube.api_types import Meta
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, LeaseRow


class LeaseSpec(Struct, rename="camel", gc=False):
    holder_identity: str | None = None
    renew_time: str | None = None
    acquire_time: str | None = None
    lease_duration_seconds: int | None = None
    lease_transitions: int | None = None


class Lease(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    spec: LeaseSpec | None = None


_NO_SPEC = LeaseSpec()
_IDENTITY = "apiserver.kubernetes.io/identity"


def lease_row(lease: Lease) -> LeaseRow:
    meta, spec = lease.metadata, lease.spec or _NO_SPEC
    return LeaseRow(
        namespace=shared(meta.namespace),
        name=shared(meta.name),  # a node's lease has the node's name
        uid=shared(meta.uid),  # the same for every heartbeat
        holder=shared(spec.holder_identity or ""),
        renewed=parse_time(spec.renew_time),
        acquired=parse_time(spec.acquire_time),
        duration=spec.lease_duration_seconds or 0,
        transitions=spec.lease_transitions or 0,
        identity=shared((meta.labels or {}).get(_IDENTITY, "")),
    )


RESOURCE = Resource(
    kind=Kind.LEASE,
    object_kind="Lease",
    shape=Lease,
    row=lease_row,
    api="coordination.k8s.io/v1",
    namespaces=(("leases", "kube-node-lease"), ("system-leases", "kube-system")),
)
