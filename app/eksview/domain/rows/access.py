"""What was read about each link between a kubeconfig and an answer. Nothing here is a secret.

Every fact has a `why`: one sentence that says what is wrong and what to do, empty when all is well.
Times are seconds since the epoch, durations seconds.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.access.rbac import Ask, Binding, Role

CredentialKind: TypeAlias = Literal[
    "client certificate", "token", "token file", "exec plugin", "EKS token", "password", "none"
]
HopKind: TypeAlias = Literal["dns", "tcp", "tls", "http"]


class KubeconfigFact(Struct, frozen=True):
    """Which kubeconfig leads where; no files: `cluster` is EKS's, and it didn't say where it is."""

    files: tuple[str, ...] = ()
    context: str = ""
    cluster: str = ""
    server: str = ""
    user: str = ""
    namespace: str = ""
    why: str = ""


class CertificateFact(Struct, frozen=True):
    """A certificate's public words."""

    subject: str  # "CN=ada,O=ops"
    issuer: str
    starts: float
    ends: float
    names: tuple[str, ...] = ()  # DNS names and addresses it is for
    serial: str = ""


class CredentialFact(Struct, frozen=True):
    """What is shown to the API server, described and never shown."""

    kind: CredentialKind
    certificate: CertificateFact | None = None
    issuer: str = ""  # of a JWT
    subject: str = ""
    audience: tuple[str, ...] = ()
    expires: float | None = None
    command: str = ""  # of an exec plugin, without its variables
    took: float | None = None  # what the plugin, or minting, took
    why: str = ""


class Hop(Struct, frozen=True):
    """One step of the way to the endpoint. `ok` None: it wasn't tried, or nothing can be said."""

    kind: HopKind
    ok: bool | None
    target: str  # the host name, or an address and port
    took: float | None = None
    evidence: tuple[tuple[str, str], ...] = ()  # what was seen, by name
    why: str = ""


class EndpointFact(Struct, frozen=True):
    """The way to the API endpoint, walked once."""

    at: float
    host: str
    port: int
    hops: tuple[Hop, ...]
    certificate: CertificateFact | None = None
    proxy: str = ""
    why: str = ""  # there is no way to walk

    @property
    def total(self) -> float:
        """Seconds for the whole way over the first address that answered."""
        ways = {
            kind: [h.took for h in self.hops if h.kind == kind and h.ok and h.took]
            for kind in ("dns", "tcp", "tls", "http")
        }
        return sum(min(took) for took in ways.values() if took)


class WhoFact(Struct, frozen=True):
    """SelfSubjectReview: who the API server says we are."""

    at: float
    user: str = ""
    groups: tuple[str, ...] = ()
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
    status: int | None = None  # of HTTP; None when nothing answered
    took: float | None = None
    why: str = ""


class Right(Struct, frozen=True):
    """SelfSubjectAccessReview of one verb on one resource; `allowed` None: it couldn't be asked."""

    ask: Ask
    allowed: bool | None
    reason: str = ""  # the server's own
    why: str = ""


class RightsFact(Struct, frozen=True):
    """All rights that eksview uses."""

    at: float
    rights: tuple[Right, ...]


class RbacFact(Struct, frozen=True):
    """Roles and bindings, where they may be read. `why` names what may not."""

    at: float
    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()
    complete: bool = False
    why: str = ""


AccessFact: TypeAlias = (
    KubeconfigFact | CredentialFact | EndpointFact | WhoFact | RightsFact | RbacFact
)

USED = (
    Ask("list", "nodes"),
    Ask("watch", "nodes"),
    Ask("list", "pods"),
    Ask("watch", "pods"),
    Ask("list", "events"),
    Ask("watch", "events"),
    Ask("list", "leases", "coordination.k8s.io", "kube-node-lease"),
    Ask("watch", "leases", "coordination.k8s.io", "kube-node-lease"),
    Ask("list", "leases", "coordination.k8s.io", "kube-system"),
    Ask("watch", "leases", "coordination.k8s.io", "kube-system"),
    Ask("get", "configmaps", "", "kube-system", "aws-auth"),
    Ask("list", "certificatesigningrequests", "certificates.k8s.io"),
    Ask("list", "nodes", "metrics.k8s.io"),
    Ask("list", "clusterroles", "rbac.authorization.k8s.io"),
    Ask("list", "clusterrolebindings", "rbac.authorization.k8s.io"),
    Ask("list", "roles", "rbac.authorization.k8s.io"),
    Ask("list", "rolebindings", "rbac.authorization.k8s.io"),
    Ask("get", "nodes/proxy"),
    Ask("get", path="/livez"),
    Ask("get", path="/readyz"),
    Ask("get", path="/metrics"),
)
"""What eksview asks the API server for; the first four are what it cannot do without."""
