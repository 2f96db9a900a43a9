"""Remedies for a missing right: RBAC objects, EKS commands, or a row of aws-auth."""

from collections.abc import Sequence

from eksview.domain.access.error_messages import rbac_yaml, rbac_yaml_for
from eksview.domain.access.iam_mapping import Match, principal_of
from eksview.domain.base.reading import Permission
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.aws import AccessEntryRow, ClusterInfo

POLICY = "AmazonEKSAdminViewPolicy"
"""It grants reading every resource but no path; AmazonEKSViewPolicy leaves out nodes.

Source: Amazon EKS User Guide, "Review access policy permissions".
"""
VIEW = f"arn:{{partition}}:eks::aws:cluster-access-policy/{POLICY}"
GROUP = "eksview"
"""The Kubernetes group of an access entry where no policy grants the missing right."""


def mapping(cluster: ClusterInfo, arn: str, asks: Sequence[AccessRequest]) -> tuple[str, ...]:
    """Return texts to copy that map an identity and grant it `asks`."""
    if cluster.authentication != "CONFIG_MAP":
        return (_created(cluster, principal_of(arn)),)
    user = _name(principal_of(arn))
    edit = "kubectl edit configmap aws-auth --namespace kube-system\n"
    return (auth_row(principal_of(arn)), edit, rbac_yaml_for(map(permission, asks), user))


def rights(
    cluster: ClusterInfo | None, arn: str, match: Match, asks: Sequence[AccessRequest], user: str
) -> tuple[str, ...]:
    """Return texts to copy that grant `asks`, the smallest first: RBAC objects, EKS commands."""
    missing = tuple(map(permission, asks))
    resources = {(item.resource, item.namespace) for item in missing}
    objects = rbac_yaml(missing[0], user) if len(resources) == 1 else rbac_yaml_for(missing, user)
    command = _command(cluster, arn, match, missing) if cluster is not None and arn else ""
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


def _command(cluster: ClusterInfo, arn: str, match: Match, missing: Sequence[Permission]) -> str:
    """Return the commands for EKS; empty where only RBAC helps.

    A new access entry would override the aws-auth row that applies, and only entries of type
    STANDARD accept groups and this policy.
    """
    if cluster.authentication == "CONFIG_MAP" or match.winner == "aws-auth":
        return ""
    entry = match.entry
    if entry is None:
        return _created(cluster, principal_of(arn))
    if entry.type != "STANDARD":
        return ""
    paths_only = all(item.resource.startswith("/") for item in missing)
    if paths_only or f"{POLICY} cluster" in entry.policies:
        return _grouped(cluster, entry, missing)
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


def _grouped(cluster: ClusterInfo, entry: AccessEntryRow, missing: Sequence[Permission]) -> str:
    # --kubernetes-groups replaces the groups that the entry has.
    groups = " ".join(dict.fromkeys((*entry.groups, GROUP)))
    return (
        f"aws eks update-access-entry {_where(cluster, entry.principal)} \\\n"
        f"  --kubernetes-groups {groups}\n"
        f"kubectl apply -f - <<'END'\n{rbac_yaml_for(missing, group=GROUP)}END\n"
    )


def _where(cluster: ClusterInfo, principal: str) -> str:
    region = cluster.arn.split(":")[3] if cluster.arn.count(":") >= 5 else ""
    flag = f" --region {region}" if region else ""
    return f"--cluster-name {cluster.name}{flag} \\\n  --principal-arn {principal}"


def _name(principal: str) -> str:
    return principal.rsplit("/", 1)[-1]
