"""What would grant a missing right: RBAC objects, EKS commands, or a row of aws-auth."""

from collections.abc import Sequence

from eksview.domain.access.error_messages import rbac_yaml, rbac_yaml_for
from eksview.domain.access.iam_mapping import Match, principal_of
from eksview.domain.base.reading import Permission
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.aws import AccessEntryRow, ClusterInfo

POLICY = "AmazonEKSAdminViewPolicy"
"""Reads every resource, nodes included, but no path; AmazonEKSViewPolicy doesn't show nodes.

Source: Amazon EKS User Guide, "Review access policy permissions".
"""
VIEW = f"arn:{{partition}}:eks::aws:cluster-access-policy/{POLICY}"
GROUP = "eksview"
"""The Kubernetes group that an access entry is given where no policy grants what is missing."""


def mapping(cluster: ClusterInfo, arn: str, asks: Sequence[AccessRequest]) -> tuple[str, ...]:
    """Texts to copy that let in an identity nothing maps, and grant it `asks`."""
    if cluster.authentication != "CONFIG_MAP":
        return (_created(cluster, principal_of(arn)),)
    user = _name(principal_of(arn))
    edit = "kubectl edit configmap aws-auth --namespace kube-system\n"
    return (auth_row(principal_of(arn)), edit, rbac_yaml_for(map(permission, asks), user))


def rights(
    cluster: ClusterInfo | None, arn: str, found: Match, asks: Sequence[AccessRequest], user: str
) -> tuple[str, ...]:
    """Texts to copy that grant `asks`, the smallest grant first: RBAC objects, EKS commands.

    `found` is what lets the identity in.
    """
    wanted = tuple(map(permission, asks))
    same = {(each.resource, each.namespace) for each in wanted}
    objects = rbac_yaml(wanted[0], user) if len(same) == 1 else rbac_yaml_for(wanted, user)
    command = _command(cluster, arn, found, wanted) if cluster is not None and arn else ""
    return (objects, command) if command else (objects,)


def permission(ask: AccessRequest) -> Permission:
    """The same question as the RBAC rule that would answer it."""
    return Permission(ask.verb, ask.path or ask.resource, ask.group, ask.namespace)


def auth_row(principal: str) -> str:
    """The row of `mapRoles` or `mapUsers`, indented as `kubectl edit` shows the others.

    Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap".
    """
    part, key = ("mapRoles", "rolearn") if ":role/" in principal else ("mapUsers", "userarn")
    return f"    # in data.{part}:\n    - {key}: {principal}\n      username: {_name(principal)}\n"


def _command(cluster: ClusterInfo, arn: str, found: Match, wanted: Sequence[Permission]) -> str:
    """What to run on EKS; empty where only RBAC helps.

    A new access entry would hide the aws-auth row that lets one in, and only entries of type
    STANDARD take groups and this policy.
    """
    if cluster.authentication == "CONFIG_MAP" or found.winner == "aws-auth":
        return ""
    entry = found.entry
    if entry is None:
        return _created(cluster, principal_of(arn))
    if entry.type != "STANDARD":
        return ""
    paths_only = all(each.resource.startswith("/") for each in wanted)
    if paths_only or f"{POLICY} cluster" in entry.policies:
        return _grouped(cluster, entry, wanted)
    return _associated(cluster, entry.principal)


def _created(cluster: ClusterInfo, principal: str) -> str:
    created = f"aws eks create-access-entry {_where(cluster, principal)}\n"
    return created + _associated(cluster, principal)


def _associated(cluster: ClusterInfo, principal: str) -> str:
    partition = principal.split(":")[1] if principal.startswith("arn:") else "aws"
    return (
        f"aws eks associate-access-policy {_where(cluster, principal)} \\\n"
        f"  --policy-arn {VIEW.format(partition=partition)} \\\n  --access-scope type=cluster\n"
    )


def _grouped(cluster: ClusterInfo, entry: AccessEntryRow, wanted: Sequence[Permission]) -> str:
    """The groups given replace those the entry has, so these are named again."""
    groups = " ".join(dict.fromkeys((*entry.groups, GROUP)))
    return (
        f"aws eks update-access-entry {_where(cluster, entry.principal)} \\\n"
        f"  --kubernetes-groups {groups}\n"
        f"kubectl apply -f - <<'END'\n{rbac_yaml_for(wanted, group=GROUP)}END\n"
    )


def _where(cluster: ClusterInfo, principal: str) -> str:
    region = cluster.arn.split(":")[3] if cluster.arn.count(":") >= 5 else ""
    there = f" --region {region}" if region else ""
    return f"--cluster-name {cluster.name}{there} \\\n  --principal-arn {principal}"


def _name(principal: str) -> str:
    return principal.rsplit("/", 1)[-1]
