"""Certificate signing requests of kubelets, decoded to who waits for what.

Source: Kubernetes "Certificates and Certificate Signing Requests". A kubelet of EKS logs in with
its IAM role and asks for a serving certificate; elsewhere it asks for a client's first. Issued and
denied requests are deleted after an hour, pending ones after a day.
"""

import msgspec
from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.kube.api_types import ListMeta, Meta
from eksview.domain.rows.kube import SigningRow

SIGNERS = ("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet")


class _Spec(Struct, rename="camel"):
    signer_name: str = ""
    username: str | None = None


class _Cond(Struct):
    type: str = ""


class _Status(Struct):
    certificate: str | None = None
    conditions: tuple[_Cond, ...] | None = None


class _Request(Struct):
    metadata: Meta = field(default_factory=Meta)
    spec: _Spec = field(default_factory=_Spec)
    status: _Status | None = None


class _Requests(Struct):
    items: tuple[_Request, ...] | None = None
    metadata: ListMeta = field(default_factory=ListMeta)


_DECODER = msgspec.json.Decoder(_Requests)


def requests(body: bytes) -> tuple[list[SigningRow], str]:
    """The kubelets' among a page of requests, and where the next begins. msgspec.DecodeError."""
    page = _DECODER.decode(body)
    rows = [_row(each) for each in page.items or () if each.spec.signer_name in SIGNERS]
    return rows, page.metadata.continue_


def _row(request: _Request) -> SigningRow:
    meta = request.metadata
    return SigningRow(
        name=meta.name,
        uid=meta.uid,
        created=parse_time(meta.creation_timestamp) or 0.0,
        signer=request.spec.signer_name,
        user=request.spec.username or "",
        state=_state(request.status),
    )


def _state(status: _Status | None) -> str:
    """The last word on it: a denial or a failure stands, whatever was said before."""
    said = {each.type for each in (status.conditions if status else None) or ()}
    for final in ("Denied", "Failed"):
        if final in said:
            return final
    if status is not None and status.certificate:
        return "Issued"
    return "Approved" if "Approved" in said else "Pending"
