"""Facts about each link between a kubeconfig and an answer; none of them holds a secret.

Every fact has a `reason`: one sentence with what is wrong and what to do, empty when nothing is.
Times are seconds since the epoch, durations seconds.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean


class PolicyRule(Struct, frozen=True, gc=False):
    """One rule of a role; empty `names` means every object, `paths` are not resources."""

    verbs: tuple[Clean, ...]
    groups: tuple[Clean, ...] = ()
    resources: tuple[Clean, ...] = ()
    names: tuple[Clean, ...] = ()
    paths: tuple[Clean, ...] = ()


class Role(Struct, frozen=True, gc=False):
    """A ClusterRole (`namespace` empty) or a Role."""

    namespace: Clean
    name: Clean
    rules: tuple[PolicyRule, ...]
    aggregates: tuple[Mapping[str, Clean], ...] = ()  # matchLabels of an aggregationRule
    labels: Mapping[str, Clean] = {}

    @property
    def kind(self) -> str:
        return "Role" if self.namespace else "ClusterRole"


class Subject(Struct, frozen=True, gc=False):
    """The subject of a binding: kind User, Group or ServiceAccount."""

    kind: Clean
    name: Clean
    namespace: Clean = EMPTY

    def __str__(self) -> str:
        where = f"{self.namespace}/" if self.kind == "ServiceAccount" else ""
        return f"{self.kind} {where}{self.name}"


class Binding(Struct, frozen=True, gc=False):
    """A ClusterRoleBinding (`namespace` empty) or a RoleBinding."""

    namespace: Clean
    name: Clean
    role_kind: Clean
    role: Clean
    subjects: tuple[Subject, ...]

    @property
    def kind(self) -> str:
        return "RoleBinding" if self.namespace else "ClusterRoleBinding"


class AccessRequest(Struct, frozen=True):
    """A request to authorize. `resource` may be `pods/log`; `path` is for what is no resource."""

    verb: str
    resource: str = ""
    group: str = ""
    namespace: Clean = EMPTY  # empty: in all of them, or not namespaced
    name: str = ""
    path: str = ""

    def __str__(self) -> str:
        subject = self.path or (f"{self.resource}.{self.group}" if self.group else self.resource)
        return f"{self.verb} {subject}" + (f" in {self.namespace}" if self.namespace else "")


CredentialKind: TypeAlias = Literal[
    "client certificate",
    "token",
    "token file",
    "exec plugin",
    "EKS token",
    "id-token",
    "password",
    "none",
]
HopKind: TypeAlias = Literal["dns", "tcp", "tls", "http"]


class KubeconfigFact(Struct, frozen=True):
    """The chosen context; without files `cluster` is EKS's and its address isn't known."""

    files: tuple[Clean, ...] = ()
    context: Clean = EMPTY
    cluster: Clean = EMPTY
    server: Clean = EMPTY
    user: Clean = EMPTY
    namespace: Clean = EMPTY
    reason: Clean = EMPTY


class CertificateFact(Struct, frozen=True):
    """The public fields of a certificate."""

    subject: Clean  # "CN=ada,O=ops"
    issuer: Clean
    starts: float
    ends: float
    names: tuple[Clean, ...] = ()  # DNS names and addresses it is for
    serial: Clean = EMPTY


class SignedToken(Struct, frozen=True):
    """What can be shown of an EKS token, which is a presigned URL: all but its signature."""

    signed: float
    host: Clean  # of STS, which the API server's authenticator asks
    headers: Clean  # names of the signed headers
    key: Clean  # of the access key, shortened


class CredentialFact(Struct, frozen=True):
    """A description of the credential, without the credential."""

    kind: CredentialKind
    certificate: CertificateFact | None = None
    issuer: Clean = EMPTY  # of a JWT
    subject: Clean = EMPTY
    audience: tuple[Clean, ...] = ()
    expires: float | None = None
    command: Clean = EMPTY  # of an exec plugin, without its variables
    took: float | None = None  # by the plugin or for making the token
    reason: Clean = EMPTY
    refreshed: bool = False  # by a refresh token, before its end
    login: bool = True  # whether a login may solve the reason
    key_id: str = ""  # of an EKS token that a plugin signed, to compare and never shown
    token: SignedToken | None = None  # of EKS


class Hop(Struct, frozen=True):
    """A step to the endpoint. `ok` None: it wasn't tried, or its result isn't known."""

    kind: HopKind
    ok: bool | None
    target: Clean  # the host name, or an address and port
    took: float | None = None
    evidence: tuple[tuple[str, Clean], ...] = ()  # what was seen, by name
    reason: Clean = EMPTY


class EndpointFact(Struct, frozen=True):
    """A probe of the API endpoint."""

    at: float
    host: Clean
    port: int
    hops: tuple[Hop, ...]
    certificate: CertificateFact | None = None
    proxy: Clean = EMPTY
    reason: Clean = EMPTY  # where nothing can be probed

    @property
    def reached(self) -> bool:
        """Whether the server answered over HTTP."""
        return any(hop.ok for hop in self.hops if hop.kind == "http")

    @property
    def total(self) -> float | None:
        """Return the seconds of all steps, over the address that answered first.

        None where the server hasn't answered: the steps before have no sum that means anything.
        """
        if not self.reached:
            return None
        ways = {
            kind: [h.took for h in self.hops if h.kind == kind and h.ok and h.took]
            for kind in ("dns", "tcp", "tls", "http")
        }
        return sum(min(took) for took in ways.values() if took)


ANONYMOUS = "system:anonymous"
"""The user of requests without credentials (Kubernetes "Authenticating")."""


class WhoFact(Struct, frozen=True):
    """SelfSubjectReview: who the API server says we are."""

    at: float
    user: Clean = EMPTY
    groups: tuple[Clean, ...] = ()
    extra: tuple[tuple[Clean, tuple[Clean, ...]], ...] = ()
    status: int | None = None  # of HTTP; None when nothing answered
    took: float | None = None
    reason: Clean = EMPTY

    @property
    def authenticated(self) -> bool:
        """Whether the API server knows a user: requests without credentials are anonymous."""
        return self.user not in ("", ANONYMOUS)


class Right(Struct, frozen=True):
    """A SelfSubjectAccessReview. `allowed` None: it wasn't answered, for `reason`.

    Otherwise `reason` is the server's own. `denied`: an authorizer denies it explicitly, which
    RBAC never does.
    """

    ask: AccessRequest
    allowed: bool | None
    reason: Clean = EMPTY
    denied: bool = False


class RightsFact(Struct, frozen=True):
    """All rights that eksview uses."""

    at: float
    rights: tuple[Right, ...]


class RbacFact(Struct, frozen=True, dict=True):
    """Roles and bindings, where they may be read; `reason` names the others."""

    at: float
    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()
    complete: bool = False
    reason: Clean = EMPTY

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Role]:
        """The roles by namespace and name."""
        return {(role.namespace, role.name): role for role in self.roles}
