"""Remedies for a missing right: RBAC objects, EKS commands, or a row of aws-auth."""

import re
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from eksview.domain.access.error_messages import rbac_yaml, rbac_yaml_for
from eksview.domain.access.iam_mapping import Match, principal_of, without_path
from eksview.domain.aws.arn import parse_arn
from eksview.domain.base.reading import Permission
from eksview.domain.live.command_context import CommandContext, folded_command
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.aws import AccessEntryRow, ClusterInfo

POLICY = "AmazonEKSAdminViewPolicy"
"""It grants reading every resource but no path; AmazonEKSViewPolicy leaves out nodes.

Source: Amazon EKS User Guide, "Review access policy permissions".
"""
VIEW = f"arn:{{partition}}:eks::aws:cluster-access-policy/{POLICY}"
FOUND = "ROLE_ARN"
"""The place of a role's ARN in a command, which a command in the command reads."""
UNMAPPABLE = (
    "EKS maps only IAM roles and users: use credentials of a role or a user, not of the root user "
    "or a federated user."
)
_ASSUMED = re.compile(r"arn:[\w-]+:sts::\d+:assumed-role/")
_PRINCIPAL = re.compile(r"arn:[\w-]+:iam::\d+:(?:role/(?!aws-service-role/)|user/).+")
GROUP = "eksview"
"""The Kubernetes group of an access entry where no policy grants the missing right."""


def mapping(
    cluster: ClusterInfo,
    arn: str,
    asks: Sequence[AccessRequest],
    commands: CommandContext,
    roles: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Return texts to copy that map an identity and grant it `asks`.

    `roles` are the ARNs of the account's roles; None where they are unread.
    """
    if cluster.authentication != "CONFIG_MAP":
        created = _created(cluster, arn, commands, roles)
        return (created,) if created else (UNMAPPABLE,)
    user = _name(principal_of(arn))
    words = ("edit", "configmap", "aws-auth", "--namespace", "kube-system")
    edit = folded_command(commands.kubectl_words(*words))
    row = auth_row(without_path(principal_of(arn)))
    return (row, edit, rbac_yaml_for(map(permission, asks), user))


def rights(
    cluster: ClusterInfo | None,
    arn: str,
    match: Match,
    asks: Sequence[AccessRequest],
    user: str,
    commands: CommandContext,
    roles: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Return texts to copy that grant `asks`, the smallest first: RBAC objects, EKS commands.

    `roles` are the ARNs of the account's roles; None where they are unread.
    """
    missing = tuple(map(permission, asks))
    resources = {(item.resource, item.namespace) for item in missing}
    objects = rbac_yaml(missing[0], user) if len(resources) == 1 else rbac_yaml_for(missing, user)
    if cluster is None or not arn:
        return (objects,)
    command = _command(cluster, arn, match, missing, commands, roles)
    return (objects, command) if command else (objects,)


def permission(ask: AccessRequest) -> Permission:
    """Return the permission that a request needs."""
    return Permission(ask.verb, ask.path or ask.resource, ask.group, ask.namespace)


def auth_row(principal: str) -> str:
    """Return a row of `mapRoles` or `mapUsers`, indented as in `kubectl edit`.

    Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap".
    """
    part, key = ("mapRoles", "rolearn") if ":role/" in principal else ("mapUsers", "userarn")
    return f"    # in data.{part}:\n    - {key}: {principal}\n      username: {_name(principal)}\n"


def _command(
    cluster: ClusterInfo,
    arn: str,
    match: Match,
    missing: Sequence[Permission],
    commands: CommandContext,
    roles: Collection[str] | None,
) -> str:
    """Return the commands for EKS; empty where only RBAC helps.

    A new access entry would override the aws-auth row that applies, and only entries of type
    STANDARD accept groups and this policy.
    """
    if cluster.authentication == "CONFIG_MAP" or match.winner == "aws-auth":
        return ""
    entry = match.entry
    if entry is None:
        return _created(cluster, arn, commands, roles)
    if entry.type != "STANDARD":
        return ""
    paths_only = all(item.resource.startswith("/") for item in missing)
    if paths_only or f"{POLICY} cluster" in (entry.policies or ()):
        return _grouped(cluster, entry, missing, commands)
    return _associated(cluster, entry.principal, commands)


def is_mappable(arn: str) -> bool:
    """Check for an identity that can have an access entry; the root user can't.

    Source: Amazon EKS User Guide, "Create access entries".
    """
    return bool(_PRINCIPAL.fullmatch(principal_of(arn)))


def entry_principal(arn: str, roles: Collection[str] | None) -> str:
    """Return the ARN for an access entry: a role's with its path, which STS omits.

    `FOUND` where no list of roles has the path; empty for an identity that can't have an entry,
    such as the root user. Source: Amazon EKS User Guide, "Create access entries".
    """
    principal = principal_of(arn)
    if not is_mappable(arn):
        return ""
    if not _ASSUMED.match(arn):
        return principal
    paths = [role for role in roles or () if without_path(role) == principal]
    return paths[0] if paths else FOUND


def _created(
    cluster: ClusterInfo, arn: str, commands: CommandContext, roles: Collection[str] | None
) -> str:
    principal = entry_principal(arn, roles)
    if not principal:
        return ""
    partition = parse_arn(arn).partition
    created = _eks("create-access-entry", cluster, principal, commands)
    text = created + _associated(cluster, principal, commands, partition)
    if principal != FOUND:
        return text
    query = ("--role-name", _name(principal_of(arn)), "--query", "Role.Arn", "--output", "text")
    return text.replace(FOUND, f'"$({commands.aws("iam", "get-role", *query)})"')


def _associated(
    cluster: ClusterInfo, principal: str, commands: CommandContext, partition: str = ""
) -> str:
    view = VIEW.format(partition=partition or parse_arn(principal).partition or "aws")
    policy = ("--policy-arn", view, "--access-scope", "type=cluster")
    return _eks("associate-access-policy", cluster, principal, commands, *policy)


def _grouped(
    cluster: ClusterInfo,
    entry: AccessEntryRow,
    missing: Sequence[Permission],
    commands: CommandContext,
) -> str:
    # --kubernetes-groups replaces the groups that the entry has.
    groups = ("--kubernetes-groups", *dict.fromkeys((*entry.groups, GROUP)))
    updated = _eks("update-access-entry", cluster, entry.principal, commands, *groups)
    apply = commands.kubectl("apply", "-f", "-")
    return f"{updated}{apply} <<'END'\n{rbac_yaml_for(missing, group=GROUP)}END\n"


def _eks(
    operation: str, cluster: ClusterInfo, principal: str, commands: CommandContext, *words: str
) -> str:
    commands = replace(commands, region=parse_arn(cluster.arn).region or commands.region)
    named = ("--cluster-name", cluster.name, "--principal-arn", principal)
    return folded_command(commands.aws_words("eks", operation, *named, *words))


def _name(principal: str) -> str:
    return principal.rsplit("/", 1)[-1]
