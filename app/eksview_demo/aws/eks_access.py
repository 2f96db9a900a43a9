"""EKS: the access entries of the cluster and their policies."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import CANARY, Account
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.eks_cluster import DAY, check_name
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.node_state import REGION

ADMIN = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-admin"
VIEWER = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-viewer"
FARGATE_ROLE = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-fargate"
UNMAPPED_FARGATE_ROLE = f"{FARGATE_ROLE}-reports"
"""Of a Fargate profile whose access entry somebody has deleted."""
POLICY = "arn:aws:eks::aws:cluster-access-policy/"


def _entries(account: Account) -> dict[str, dict[str, Any]]:
    groups = {each.group for each in account.instances()} - {CANARY}
    nodes = {e.role(group): ("EC2_LINUX", ["system:nodes"]) for group in sorted(groups)}
    people = {ADMIN: ("STANDARD", []), VIEWER: ("STANDARD", ["eksview-demo:viewers"])}
    fargate = {FARGATE_ROLE: ("FARGATE_LINUX", ["system:node-proxier", "system:nodes"])}
    return {
        principal: {
            "clusterName": e.CLUSTER,
            "principalArn": principal,
            "kubernetesGroups": kube_groups,
            "accessEntryArn": f"arn:aws:eks:{REGION}:{e.ACCOUNT}:access-entry/{e.CLUSTER}/"
            f"role/{e.ACCOUNT}/{principal.rpartition('/')[2]}",
            "createdAt": account.began - 90 * DAY,
            "modifiedAt": account.began - 90 * DAY,
            "username": _username(principal, kind),
            "type": kind,
        }
        for principal, (kind, kube_groups) in (people | nodes | fargate).items()
    }


def _username(principal: str, kind: str) -> str:
    if kind != "STANDARD":
        return "system:node:{{SessionName}}" if kind.startswith("FARGATE") else (
            "system:node:{{EC2PrivateDNSName}}"
        )  # fmt: skip
    name = principal.rpartition("/")[2]
    return f"arn:aws:sts::{e.ACCOUNT}:assumed-role/{name}/{{{{SessionName}}}}"


def list_entries(account: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    principals, token = page(
        list(_entries(account)), parameters, "maxResults", "nextToken", most=100
    )
    return {"accessEntries": principals, **token}


def describe_entry(account: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    return {"accessEntry": _entry(account, parameters["principalArn"])}


def list_policies(account: Account, parameters: Parameters) -> Parameters:
    """Return the policies of an entry; only the administrators' has one."""
    check_name(parameters, "clusterName")
    principal = parameters["principalArn"]
    _entry(account, principal)
    policy = {
        "policyArn": f"{POLICY}AmazonEKSClusterAdminPolicy",
        "accessScope": {"type": "cluster", "namespaces": []},
        "associatedAt": account.began - 90 * DAY,
        "modifiedAt": account.began - 90 * DAY,
    }
    return {
        "clusterName": e.CLUSTER,
        "principalArn": principal,
        "associatedAccessPolicies": [policy] if principal == ADMIN else [],
    }


def _entry(account: Account, principal: str) -> dict[str, Any]:
    entry = _entries(account).get(principal)
    if entry is None:
        message = f"The specified principalArn could not be found: {principal}"
        raise NoSuch("ResourceNotFoundException", message, 404)
    return entry


OPERATIONS = {
    "ListAccessEntries": list_entries,
    "DescribeAccessEntry": describe_entry,
    "ListAssociatedAccessPolicies": list_policies,
}
