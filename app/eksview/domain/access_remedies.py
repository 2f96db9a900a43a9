"""What would grant a missing right: RBAC objects to apply, or EKS commands to run."""

from collections.abc import Sequence

from eksview.domain.aws_rows import ClusterInfo
from eksview.domain.iam_map import principal_of
from eksview.domain.rbac import Ask
from eksview.domain.refusals import rbac_yaml, rbac_yaml_for
from eksview.domain.updates import Permission

VIEW = "arn:{partition}:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy"
"""Reads everything, nodes included; AmazonEKSViewPolicy doesn't show nodes.

Source: Amazon EKS User Guide, "Review access policy permissions".
"""


def remedies(
    cluster: ClusterInfo | None, arn: str, asks: Sequence[Ask] = (), user: str = ""
) -> tuple[str, ...]:
    """Texts to copy, the smallest grant first: the RBAC objects, then the EKS commands."""
    texts = []
    wanted = tuple(map(permission, asks))
    if wanted:
        same = {(each.resource, each.namespace) for each in wanted}
        texts.append(rbac_yaml(wanted[0], user) if len(same) == 1 else rbac_yaml_for(wanted, user))
    if cluster is not None and cluster.authentication != "CONFIG_MAP" and arn:
        texts.append(entry_commands(cluster, arn))
    return tuple(texts)


def permission(ask: Ask) -> Permission:
    """The same question as the RBAC rule that would answer it."""
    return Permission(ask.verb, ask.path or ask.resource, ask.group, ask.namespace)


def entry_commands(cluster: ClusterInfo, arn: str) -> str:
    """`aws eks create-access-entry` and `associate-access-policy` for this identity."""
    principal = principal_of(arn)
    partition = principal.split(":")[1] if principal.startswith("arn:") else "aws"
    region = cluster.arn.split(":")[3] if cluster.arn.count(":") >= 5 else ""
    where = f"--cluster-name {cluster.name}" + (f" --region {region}" if region else "")
    policy = VIEW.format(partition=partition)
    return (
        f"aws eks create-access-entry {where} \\\n  --principal-arn {principal}\n"
        f"aws eks associate-access-policy {where} \\\n  --principal-arn {principal} \\\n"
        f"  --policy-arn {policy} \\\n  --access-scope type=cluster\n"
    )
