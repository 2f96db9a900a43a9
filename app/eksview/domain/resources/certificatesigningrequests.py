"""Certificate signing requests of kubelets.

Source: Kubernetes "Certificates and Certificate Signing Requests". A kubelet of EKS logs in with
its IAM role and asks for a serving certificate; elsewhere it asks for a client's first. Issued and
denied requests are deleted after an hour, pending ones after a day.
"""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import clean, shared
from eksview.domain.kube.api_types import Cond, Meta
from eksview.domain.live import polled
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, SigningRow

SIGNERS = ("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet")


class _Spec(Struct, rename="camel"):
    signer_name: str = ""
    username: str | None = None


class _RequestStatus(Struct):
    certificate: str | None = None
    conditions: tuple[Cond, ...] | None = None


class _Request(Struct):
    metadata: Meta = field(default_factory=Meta)
    spec: _Spec = field(default_factory=_Spec)
    status: _RequestStatus | None = None


def signing_row(request: _Request) -> SigningRow | None:
    """Return a kubelet's request; None for a request of anything else."""
    if request.spec.signer_name not in SIGNERS:
        return None
    meta = request.metadata
    return SigningRow(
        name=clean(meta.name),
        uid=clean(meta.uid),
        created=parse_time(meta.creation_timestamp) or 0.0,
        signer=shared(request.spec.signer_name),
        user=clean(request.spec.username or ""),
        state=shared(_state(request.status)),
    )


def _state(status: _RequestStatus | None) -> str:
    """Return the state of a request; a denial or a failure overrides every other condition."""
    conditions = {cond.type for cond in (status.conditions if status else None) or ()}
    for final in ("Denied", "Failed"):
        if final in conditions:
            return final
    if status is not None and status.certificate:
        return "Issued"
    return "Approved" if "Approved" in conditions else "Pending"


RESOURCE = Resource(
    kind=Kind.SIGNING,
    object_kind="CertificateSigningRequest",
    shape=_Request,
    row=signing_row,
    api="certificates.k8s.io/v1",
    namespaced=False,
    link=polled.SIGNING,
    period=polled.PERIOD,
)
