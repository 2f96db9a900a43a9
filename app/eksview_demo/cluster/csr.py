"""The serving certificate a kubelet asks for when its node joins, and what becomes of it."""

import base64
import ipaddress
from collections.abc import Generator
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from msgspec import Struct
from msgspec.structs import replace

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.storage import template
from eksview_demo.storage.resources import SIGNING_REQUESTS
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339

SIGNER = "kubernetes.io/kubelet-serving"
KEPT = 3600.0  # seconds until the controller manager deletes an issued request
_GROUPS = ["system:nodes", "system:authenticated"]
_YEAR = 365 * 86_400


class Signing(Struct, frozen=True):
    """A request and how far it is. `pem` is the request's, base64 as the API has it."""

    name: str
    uid: str
    user: str
    created: float
    pem: str
    issued: float | None = None
    certificate: str = ""


def join(cluster: DemoCluster, node: NodeState) -> Generator[float, None, None]:
    """Request a certificate; EKS signs within two seconds and deletes the request in an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = _request(node, key)
    signing = Signing(
        name=f"csr-{cluster.names.suffix()}",
        uid=cluster.names.uid(),
        user=f"system:node:{node.name}",
        created=cluster.clock(),
        pem=_text(request.public_bytes(Encoding.PEM)),
    )
    cluster.storage.put(SIGNING_REQUESTS, draft(signing))
    yield 1.5
    now = cluster.clock()
    certificate = _text(_issued(request, key, now).public_bytes(Encoding.PEM))
    cluster.storage.put(
        SIGNING_REQUESTS, draft(replace(signing, issued=now, certificate=certificate))
    )
    yield KEPT
    cluster.storage.delete(SIGNING_REQUESTS, signing.name)


def draft(signing: Signing) -> Draft:
    created = rfc3339(signing.created)
    spec = {
        "request": signing.pem,
        "signerName": SIGNER,
        "usages": ["digital signature", "server auth"],
        "username": signing.user,
        "groups": _GROUPS,
    }
    status: dict[str, object] = {}
    if signing.issued is not None:
        at = rfc3339(signing.issued)
        status["conditions"] = [
            {
                "type": "Approved",
                "status": "True",
                "reason": "AutoApproved",
                "message": "Auto approving kubelet serving certificate after SubjectAccessReview.",
                "lastUpdateTime": at,
                "lastTransitionTime": at,
            }
        ]
        status["certificate"] = signing.certificate
    metadata = {
        "name": signing.name,
        "uid": signing.uid,
        "creationTimestamp": created,
        "generateName": "csr-",
        "managedFields": [
            managed("kubelet", SIGNING_REQUESTS.api_version, created, {"spec": spec})
        ],
    }
    tail = template.tail({"metadata": metadata, "spec": spec, "status": status})
    return Draft("", signing.name, tail, {}, (SIGNER,))


def _request(node: NodeState, key: ec.EllipticCurvePrivateKey) -> x509.CertificateSigningRequest:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{node.name}"),
        ]
    )
    names = x509.SubjectAlternativeName(
        [x509.DNSName(node.name), x509.IPAddress(ipaddress.ip_address(node.ip))]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.add_extension(names, critical=False).sign(key, hashes.SHA256())


def _issued(
    request: x509.CertificateSigningRequest, key: ec.EllipticCurvePrivateKey, now: float
) -> x509.Certificate:
    """Return a certificate to be shown; no kubelet serves with it."""
    begin = datetime.fromtimestamp(now, UTC)
    end = datetime.fromtimestamp(now + _YEAR, UTC)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    return (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer)
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )


def _text(pem: bytes) -> str:
    return base64.b64encode(pem).decode()
