"""Whether nodes that use an IAM role are authorized as nodes, and why not.

Sources: Amazon EKS User Guide, "Create access entries" (types, usernames, and that neither the
username nor the groups of type STANDARD begin with `system:`), "Create a Node Class" (type EC2
needs AmazonEKSAutoNodePolicy), "Deploy Windows nodes", "Amazon EKS Pod execution IAM role",
"Prepare cluster access for hybrid nodes"; aws-iam-authenticator, `ConfigMapMapper.Map` and
`MapStore.saveMap`: names are matched without case, roles before users, the last row of a name
applies; Kubernetes "Using Node Authorization": the user is `system:node:` and the node's name.
Neither RBAC nor NodeRestriction limits a user of system:masters that is no node by name and group.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.access.iam_mapping import (
    CONFIG,
    ENTRIES,
    FORMER,
    MappingSources,
    entry_of,
    is_of_former_role,
    mapped_of,
    without_path,
)
from eksview.domain.access.rbac import MASTERS
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.aws import AccessEntryRow, FargateRow, NodegroupRow
from eksview.domain.rows.server import Mapped

NodeKind: TypeAlias = Literal["linux", "windows", "auto", "fargate"]

AUTO_POLICY = "AmazonEKSAutoNodePolicy"
BY_DNS, BY_SESSION = "system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}"
"""Usernames of a node named by its private DNS name, or by its session: the instance's ID, or
the name of a Fargate node."""
_NODE_USER = "system:node:"
_DESCRIBE = " (eks:DescribeCluster)"


class _Needed(Struct, frozen=True):
    """The mapping that nodes of a kind need."""

    type: str  # of an access entry
    user: str
    groups: tuple[str, ...]  # of an aws-auth row


NODES = "system:nodes"
_BOTH = ("system:bootstrappers", NODES)
_RULES: dict[NodeKind, _Needed] = {
    "linux": _Needed("EC2_LINUX", BY_DNS, _BOTH),
    "windows": _Needed("EC2_WINDOWS", BY_DNS, (*_BOTH, "eks:kube-proxy-windows")),
    "auto": _Needed("EC2", BY_SESSION, _BOTH),
    "fargate": _Needed("FARGATE_LINUX", BY_SESSION, (*_BOTH, "system:node-proxier")),
}
_ALSO: dict[NodeKind, str] = {"linux": "EC2_WINDOWS"}
"""The type that authorizes nodes of another kind too: its groups are a superset."""
_TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "EC2", "FARGATE_LINUX", "HYBRID_LINUX",
          "HYPERPOD_LINUX")  # fmt: skip


class RoleVerdict(Struct, frozen=True):
    """Whether a role's nodes are authorized, None for unknown; `says` is a sentence."""

    authorized: bool | None
    says: Clean
    mapped: bool = True  # False: nothing maps the role


class NodeRole(Struct, frozen=True):
    """An IAM role that nodes use; `used_by` is "nodegroup NAME" or "Fargate profile NAME"."""

    arn: Clean
    kind: NodeKind
    used_by: Clean

    @property
    def nodes(self) -> str:
        """Return what a role without authorization keeps from joining."""
        return "pods" if self.kind == "fargate" else "nodes"


def node_roles(
    nodegroups: Iterable[NodegroupRow], fargate: Iterable[FargateRow]
) -> tuple[NodeRole, ...]:
    """Return the roles of the nodegroups and Fargate profiles that aren't being deleted."""
    managed = [
        NodeRole(row.role, _kind_of_nodegroup(row), clean(f"nodegroup {row.name}"))
        for row in nodegroups
        if row.role and row.status != "DELETING"
    ]
    serverless = [
        NodeRole(row.role, "fargate", clean(f"Fargate profile {row.name}"))
        for row in fargate
        if row.role and row.status != "DELETING"
    ]
    return tuple(sorted((*managed, *serverless), key=lambda role: role.used_by))


def _kind_of_nodegroup(row: NodegroupRow) -> NodeKind:
    return "windows" if row.ami_type.startswith("WINDOWS") else "linux"


def judge_role(
    role: str, kind: NodeKind, sources: MappingSources, *, named_by_id: bool = False
) -> RoleVerdict:
    """Judge the mapping of a node's role; unknown while a source that may apply is unread.

    `named_by_id` means that the cluster has nodes named by their instance ID, as nodeadm's
    InstanceIdNodeName makes them: such a node needs `{{SessionName}}`.
    """
    mode, plain = sources.mode, without_path(role)
    if mode not in (*ENTRIES, *CONFIG):
        return _unknown(f"Unknown for {plain}: the authentication mode isn't known{_DESCRIBE}")
    if mode in ENTRIES:
        if sources.known_entries is None:
            return _unknown(_unread(plain, "the access entries", sources.entries_reason))
        entry = entry_of(plain, sources.known_entries)
        if entry is not None:
            return _judge_entry(entry, kind, sources, named_by_id=named_by_id)
    if mode in CONFIG:
        if sources.known_auth is None:
            return _unknown(_unread(plain, "aws-auth", sources.auth_reason))
        row = mapped_of(plain, sources.known_auth)
        if row is not None:
            return _judge_row(row, kind, named_by_id=named_by_id)
    return RoleVerdict(False, clean(_nothing_maps(plain, kind, sources)), mapped=False)


def _unknown(says: str) -> RoleVerdict:
    return RoleVerdict(None, clean(f"{says.rstrip('.')}."))


def _unread(role: str, source: str, reason: str) -> str:
    return f"Unknown for {role}: {source} couldn't be read. {reason}".rstrip()


def _judge_entry(
    entry: AccessEntryRow, kind: NodeKind, sources: MappingSources, *, named_by_id: bool
) -> RoleVerdict:
    about = f"The access entry of {without_path(entry.principal)}"
    if not entry.described:
        return _unknown(f"{about} isn't read yet. {sources.entries_reason}".rstrip())
    if is_of_former_role(entry, sources):
        return RoleVerdict(False, clean(f"{without_path(entry.principal)} isn't mapped. {FORMER}"))
    if entry.type not in _TYPES:
        return _unknown(f"{about} is of type {entry.type}, which eksview doesn't know")
    if entry.type == "EC2":
        return _judge_auto(entry, kind, about)
    return _judge_type(entry, kind, about, named_by_id=named_by_id)


def _judge_type(
    entry: AccessEntryRow, kind: NodeKind, about: str, *, named_by_id: bool
) -> RoleVerdict:
    rule = _RULES[kind]
    if entry.type not in (rule.type, _ALSO.get(kind, rule.type)):
        says = (
            f"{about} is of type {entry.type}, which authorizes no {_noun(kind)}: a type can't "
            f"be changed, so delete the entry and create one of type {rule.type}."
        )
        return RoleVerdict(False, clean(says))
    if fault := _user_fault(entry.user, kind) if entry.user else "":
        remedy = f"delete it and create it again without a username, with type {rule.type}"
        return _misnamed(f"{about} {fault}: {remedy}.", entry.user, named_by_id=named_by_id)
    return RoleVerdict(True, clean(f"{about} authorizes it (type {entry.type})."))


def _judge_auto(entry: AccessEntryRow, kind: NodeKind, about: str) -> RoleVerdict:
    if entry.policies is None:
        return _unknown(
            f"{about} is of type EC2, whose policies aren't read (eks:ListAssociatedAccessPolicies)"
        )
    if not any(policy.split(" ")[0] == AUTO_POLICY for policy in entry.policies):
        says = f"{about} is of type EC2 without {AUTO_POLICY}: associate that policy with it."
        return RoleVerdict(False, clean(says))
    if kind != "auto":
        wanted = _RULES[kind].type
        return _unknown(
            f"{about} is of type EC2, which is for nodes of Auto Mode; others need {wanted}"
        )
    return RoleVerdict(True, clean(f"{about} authorizes it (type EC2, {AUTO_POLICY})."))


def _judge_row(row: Mapped, kind: NodeKind, *, named_by_id: bool) -> RoleVerdict:
    about = f"aws-auth maps {row.arn}"
    if MASTERS in row.groups and not (row.user.startswith(_NODE_USER) and NODES in row.groups):
        return _unknown(
            f"{about} to {row.user or 'nobody'} in {MASTERS}, which may do everything: its nodes "
            f"may register, but not as nodes. Set username to {_RULES[kind].user} and groups to "
            f"{', '.join(_RULES[kind].groups)}"
        )
    missing = [group for group in _RULES[kind].groups if group not in row.groups]
    if missing:
        noun = "groups" if len(missing) > 1 else "group"
        names = " and ".join(missing)
        says = f"{about} without {noun} {names}: add {'them' if missing[1:] else 'it'}."
        return RoleVerdict(False, clean(says))
    if fault := _user_fault(row.user, kind):
        says = f"{about} but {fault}: set username to {_RULES[kind].user}."
        return _misnamed(says, row.user, named_by_id=named_by_id)
    return RoleVerdict(True, clean(f"{about} to {row.user}."))


def _user_fault(user: str, kind: NodeKind) -> str:
    """Return why a username isn't that of the node; empty if it is.

    The Node authorizer lets a kubelet register only the node that its username names.
    """
    template = _RULES[kind].user
    if user == template or (
        template == BY_SESSION and user == f"{_NODE_USER}{{{{SessionNameRaw}}}}"
    ):
        return ""
    if user == BY_SESSION:
        return "names its nodes by instance ID ({{SessionName}}), and the kubelet by DNS name"
    if user.startswith(_NODE_USER):
        return f"has the username {user}, which isn't the node's name"
    return f"has the username {user or '(none)'}, which is no node's"


def _misnamed(says: str, user: str, *, named_by_id: bool) -> RoleVerdict:
    if user == BY_SESSION and named_by_id:
        says += " Unknown, because this cluster has nodes that are named by instance ID."
        return RoleVerdict(None, clean(says))
    return RoleVerdict(False, clean(says))


def _nothing_maps(role: str, kind: NodeKind, sources: MappingSources) -> str:
    """Return that nothing maps a role, with what looks as if it did, and the remedy."""
    rule, mode = _RULES[kind], sources.mode
    groups = ", ".join(rule.groups)
    remedy = f"create an access entry of type {rule.type} for it"
    if mode == "CONFIG_MAP":
        remedy = f"map it in aws-auth to {rule.user} with the groups {groups}"
    purpose = "for Fargate pods" if kind == "fargate" else "as a node"
    return f"{role} isn't authorized {purpose}{_lookalike(role, sources)}: {remedy}."


def _lookalike(role: str, sources: MappingSources) -> str:
    mode, auth = sources.mode, sources.known_auth
    rows = (*auth.roles, *auth.users) if auth else ()
    if mode == "API" and mapped_of(role, auth) is not None:
        return ", because authentication mode API ignores aws-auth, which maps it"
    if mode == "CONFIG_MAP" and entry_of(role, sources.known_entries or ()) is not None:
        return ", because authentication mode CONFIG_MAP ignores its access entry"
    if mode in CONFIG and any(without_path(row.arn).lower() == role.lower() for row in rows):
        return ", because aws-auth names it with its path, which never matches"
    if mode in CONFIG and auth is not None and auth.faults:
        return f" (aws-auth is faulty: {auth.faults[0].rstrip('.')})"
    return ""


def _noun(kind: NodeKind) -> str:
    nouns = {"windows": "Windows nodes", "auto": "nodes of Auto Mode", "fargate": "Fargate pods"}
    return nouns.get(kind, "Linux nodes")
