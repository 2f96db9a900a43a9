"""Reviews of who we are to the API server and what we may do.

None of them changes anything, and one that fails is a fact with its reason.
"""

import asyncio
from collections.abc import Callable
from time import monotonic, time
from typing import Any, TypeVar

from eksview.domain.access import rbac_shapes
from eksview.domain.access.eks_token import PREFIX, EksToken, read_token
from eksview.domain.access.jwt import claims
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import SetupError, UserError
from eksview.domain.base.secrets import MASK
from eksview.domain.base.text import EMPTY, SHORTEST_KEY, Clean, clean
from eksview.domain.live.api_call import masked_command
from eksview.domain.resources.registry import WATCHED
from eksview.domain.rows.access import (
    AccessRequest,
    Binding,
    CredentialFact,
    CredentialKind,
    KubeconfigFact,
    RbacFact,
    Right,
    RightsFact,
    Role,
    SignedToken,
    WhoFact,
)
from eksview.kube.client.certificates import described
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.lists import Page, checked, pages

REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
AT_ONCE = 5

NO_USER = Clean("The server's answer names no user.")
UNREAD = Clean("The server's answer can't be read.")

T = TypeVar("T", Role, Binding)

USED = (
    *(
        AccessRequest(verb, resource.name, resource.group, clean(namespace))
        for resource in WATCHED
        for _, namespace in resource.links
        for verb in ("list", "watch")
    ),
    AccessRequest("get", "configmaps", "", Clean("kube-system"), "aws-auth"),
    AccessRequest("list", "certificatesigningrequests", "certificates.k8s.io"),
    AccessRequest("list", "nodes", "metrics.k8s.io"),
    AccessRequest("list", "clusterroles", "rbac.authorization.k8s.io"),
    AccessRequest("list", "clusterrolebindings", "rbac.authorization.k8s.io"),
    AccessRequest("list", "roles", "rbac.authorization.k8s.io"),
    AccessRequest("list", "rolebindings", "rbac.authorization.k8s.io"),
    AccessRequest("get", "nodes/proxy"),
    AccessRequest("get", path="/livez"),
    AccessRequest("get", path="/readyz"),
    AccessRequest("get", path="/metrics"),
)
"""What eksview requests of the API server."""


def kubeconfig_fact(access: ClusterAccess) -> KubeconfigFact:
    return KubeconfigFact(
        files=tuple(map(clean, access.source.split(", "))),
        context=clean(access.context),
        cluster=clean(access.cluster),
        server=clean(access.server),
        user=clean(access.user),
        namespace=clean(access.namespace),
    )


async def credential_fact(connection: Connection) -> CredentialFact:
    """Return what is shown to the server; a plugin that fails is a fact too."""
    access = connection.access
    plugin = access.exec
    command = clean(masked_command((plugin.command, *plugin.args))) if plugin else EMPTY
    try:
        held = await connection.credential()
    except UserError as problem:
        login = not isinstance(problem, SetupError)
        return CredentialFact(
            _kind(access, None), command=command, reason=problem.sentence, login=login
        )
    token, signed = claims(held.token), read_token(held.token)
    ends = held.expires or (token.expires if token else None) or (signed.ends if signed else None)
    return CredentialFact(
        kind=_kind(access, held),
        certificate=described(held.certificate) if held.certificate else None,
        issuer=clean(token.issuer) if token else EMPTY,
        subject=clean(token.subject if token else access.username),
        audience=tuple(map(clean, token.audience)) if token else (),
        expires=ends,
        key_id=signed.key_id if signed is not None and not held.own else "",
        token=_signed_token(signed) if signed is not None else None,
        command=command,
        took=connection.credential_took,
        refreshed=bool(access.id_token and access.id_token.refresh_token),
    )


def _signed_token(token: EksToken) -> SignedToken:
    """Return what can be shown of a token; of the key's name, both ends."""
    key = token.key_id
    shortened = f"{key[:4]}{MASK}{key[-4:]}" if len(key) >= SHORTEST_KEY else ""
    return SignedToken(token.signed, clean(token.host), clean(token.headers), clean(shortened))


def _kind(access: ClusterAccess, held: Credential | None) -> CredentialKind:
    if held is not None and held.token.startswith(PREFIX):
        return "EKS token"
    kinds: tuple[tuple[object, CredentialKind], ...] = (
        (access.exec, "exec plugin"),
        (access.id_token, "id-token"),
        (access.certificate, "client certificate"),
        (access.token_file, "token file"),
        (access.token, "token"),
        (access.username, "password"),
    )
    return next((kind for given, kind in kinds if given), "none")


async def user_info(connection: Connection, limit: float | None = None) -> Any:
    """Return the `userInfo` of a SelfSubjectReview, which Kubernetes has since 1.28."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    return (await connection.post_json(REVIEWS, body, limit=limit))["status"]["userInfo"]


async def identity(connection: Connection, clock: Clock = time) -> WhoFact:
    """Return the user and groups that the API server takes us for."""
    began = monotonic()
    try:
        info = await user_info(connection)
        extra = tuple(
            (clean(str(key)), _texts(values)) for key, values in (info.get("extra") or {}).items()
        )
        user, groups = named(info)
    except RequestError as failed:
        status = failed.failure.status
        return WhoFact(clock(), status=status, took=monotonic() - began, reason=failed.sentence)
    except UserError as problem:
        return WhoFact(clock(), reason=problem.sentence)
    except (KeyError, TypeError, AttributeError):
        return WhoFact(clock(), reason=NO_USER)
    return WhoFact(clock(), user, groups, extra, 201, monotonic() - began)


def named(info: Any) -> tuple[Clean, tuple[Clean, ...]]:
    """Return the name and the groups of a UserInfo."""
    return clean(str(info.get("username") or "")), _texts(info.get("groups"))


def _texts(values: Any) -> tuple[Clean, ...]:
    return tuple(clean(str(value)) for value in values or ())


async def rights(
    connection: Connection, asks: tuple[AccessRequest, ...] = USED, clock: Clock = time
) -> RightsFact:
    """Post a SelfSubjectAccessReview for each request, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def review(ask: AccessRequest) -> Right:
        async with gate:
            return await review_access(connection, ask)

    return RightsFact(clock(), tuple(await asyncio.gather(*map(review, asks))))


async def review_access(connection: Connection, ask: AccessRequest) -> Right:
    """Return the answer of a SelfSubjectAccessReview, or why there is none."""
    try:
        answer: Any = await connection.post_json(ACCESS_REVIEWS, _review(ask))
        status = answer["status"]
        reason = clean(str(status.get("reason") or ""))
        return Right(ask, status["allowed"] is True, reason, bool(status.get("denied")))
    except UserError as problem:
        return Right(ask, None, reason=problem.sentence)
    except (KeyError, TypeError, AttributeError):
        return Right(ask, None, reason=UNREAD)


def _review(ask: AccessRequest) -> dict[str, Any]:
    if ask.path:
        return rbac_shapes.review({"nonResourceAttributes": {"verb": ask.verb, "path": ask.path}})
    resource, _, sub = ask.resource.partition("/")
    attributes = {
        "verb": ask.verb,
        "group": ask.group,
        "resource": resource,
        "subresource": sub,
        "namespace": ask.namespace,
        "name": ask.name,
    }
    given = {name: value for name, value in attributes.items() if value}
    return rbac_shapes.review({"resourceAttributes": given})


async def rbac(connection: Connection, clock: Clock = time) -> RbacFact:
    """List roles and bindings, as many of the four lists as may be read."""
    found_roles: list[Role] = []
    found_bindings: list[Binding] = []
    refused: list[Clean] = []
    for kind in ("ClusterRole", "Role"):
        refused += await _listed(connection, kind, rbac_shapes.roles, found_roles)
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        refused += await _listed(connection, kind, rbac_shapes.bindings, found_bindings)
    return RbacFact(
        clock(),
        tuple(found_roles),
        tuple(found_bindings),
        complete=not refused,
        reason=refused[0] if refused else EMPTY,
    )


async def _listed(
    connection: Connection,
    kind: str,
    decode: Callable[[bytes], Page[T]],
    into: list[T],
) -> list[Clean]:
    name = f"{kind.lower()}s"
    try:
        async for page in pages(connection, f"{RBAC}/{name}", checked(kind, name, decode)):
            into += page
    except UserError as problem:
        return [problem.sentence]
    return []
