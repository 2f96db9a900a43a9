"""Authentication and authorization: three tokens of an administrator, a viewer and nobody."""

import base64
import secrets

from msgspec import Struct

from eksview_demo.aws.account import ACCESS_KEY
from eksview_demo.cluster.objects.authorizer import MASTERS, Attributes
from eksview_demo.cluster.objects.rbac import AUTHORIZER
from eksview_demo.storage.status import StatusError

# EKS allows anonymous requests to these only, since 1.32.
_ANONYMOUS = ("/healthz", "/livez", "/readyz")

_EKS = "k8s-aws-v1."
_ACCOUNT = "arn:aws:sts::111122223333:assumed-role"


class User(Struct, frozen=True):
    """An authenticated user, whose rights RBAC decides."""

    name: str
    groups: tuple[str, ...]

    def grant(self, attributes: Attributes) -> str | None:
        """Return the reason why a request is allowed, in the API server's words; None if denied."""
        if MASTERS in self.groups:
            return ""
        return AUTHORIZER.authorize(self.name, self.groups, attributes)

    def may_read_path(self, path: str) -> bool:
        """Return whether a path that isn't a resource may be read."""
        return self.grant(Attributes("get", path=path)) is not None

    def extra(self) -> dict[str, list[str]]:
        """Return what the EKS authenticator adds to a user."""
        if not self.name.startswith("arn:"):
            return {}
        role, session = self.name.rsplit("/", 1)
        return {
            "arn": [self.name],
            "canonicalArn": [role.replace(":sts:", ":iam:").replace("assumed-role", "role")],
            "sessionName": [session],
        }


ADMIN = User(
    f"{_ACCOUNT}/eksview-demo-admin/demo",
    ("system:masters", "system:authenticated"),
)
VIEWER = User(
    f"{_ACCOUNT}/eksview-demo-viewer/demo",
    ("eksview-demo:viewers", "system:authenticated"),
)
NOBODY = User(f"{_ACCOUNT}/eksview-demo-nobody/demo", ("system:authenticated",))

USERS = {"admin": ADMIN, "viewer": VIEWER, "nobody": NOBODY}


class Access:
    """The users of bearer tokens."""

    def __init__(self, tokens: dict[str, str] | None = None) -> None:
        self.tokens = tokens or {role: f"demo-{secrets.token_urlsafe(24)}" for role in USERS}
        self._users = {token: USERS[role] for role, token in self.tokens.items()}

    def user(self, authorization: str | None, path: str) -> User | None:
        """Return the user of a request, None for an allowed anonymous one. Raises StatusError."""
        if authorization is None and path.startswith(_ANONYMOUS):
            return None
        scheme, _, token = (authorization or "").partition(" ")
        user = self._user_of_token(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise StatusError(401, "Unauthorized")
        return user

    def _user_of_token(self, token: str) -> User | None:
        # EKS's authenticator sends such a token to STS; here its access key is enough.
        if token.startswith(_EKS):
            return ADMIN if ACCESS_KEY in _presigned(token) else None
        return self._users.get(token)


def _presigned(token: str) -> str:
    body = token.removeprefix(_EKS)
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        return ""


def check(user: User, attributes: Attributes) -> None:
    """Raise the 403 a real server answers when the user may not read or change a resource."""
    if user.grant(attributes) is not None:
        return
    resource, group, name = attributes.resource, attributes.group, attributes.name
    kind = resource.partition("/")[0]
    dotted = f"{kind}.{group}" if group else kind
    quoted = f' "{name}"' if name else ""
    namespace = attributes.namespace
    scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    details = {"name": name} if name else {}
    details |= {"group": group} if group else {}
    raise StatusError(
        403,
        f'{dotted}{quoted} is forbidden: User "{user.name}" cannot {attributes.verb} resource '
        f'"{resource}" in API group "{group}" {scope}',
        details=details | {"kind": kind},
    )


def check_path(user: User | None, path: str) -> None:
    """Raise the 403 for a path that isn't a resource."""
    if user is not None and not user.may_read_path(path):
        message = f'forbidden: User "{user.name}" cannot get path "{path}"'
        raise StatusError(403, message, details={})
