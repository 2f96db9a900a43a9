"""EKS: the cluster, its nodegroups, add-ons, updates, insights and access entries."""

import base64
import zlib
from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import CANARY, Account, day
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.network import subnet_ids
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.build import VERSION
from eksview_demo.cluster.node_state import REGION

_DAY = 86_400.0
UPGRADED = 45 * _DAY  # before the demo began: no kubelet may be newer than the control plane
_SKEW = "Kubelet version skew"
ADMIN = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-admin"
VIEWER = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-viewer"
FARGATE_ROLE = f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-fargate"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"
SUPPORT = {
    "1.32": ("2025-01-23", "2026-03-23", "2027-03-23"),
    "1.33": ("2025-05-29", "2026-07-29", "2027-07-29"),
    "1.34": ("2025-10-02", "2026-12-02", "2027-12-02"),
}
ADDONS = {  # version, and the newest compatible one
    "vpc-cni": ("v1.20.1-eksbuild.1", "v1.20.1-eksbuild.3"),
    "coredns": ("v1.12.2-eksbuild.4", "v1.12.2-eksbuild.4"),
    "kube-proxy": ("v1.33.0-eksbuild.2", "v1.33.3-eksbuild.4"),
    "aws-ebs-csi-driver": ("v1.47.0-eksbuild.1", "v1.47.0-eksbuild.1"),
}


def _named(parameters: Parameters, key: str = "name") -> None:
    name = parameters.get(key)
    if name != e.CLUSTER:
        raise NoSuch("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)


def list_clusters(_: Account, __: Parameters) -> Parameters:
    return {"clusters": [e.CLUSTER]}


def describe_cluster(account: Account, parameters: Parameters) -> Parameters:
    """Return the cluster; its endpoint is the demo's own API."""
    _named(parameters)
    return {
        "cluster": {
            "name": e.CLUSTER,
            "arn": e.ARN,
            "createdAt": account.began - 90 * _DAY,
            "version": version(account),
            "platformVersion": "eks.12",
            "endpoint": account.endpoint,
            "roleArn": f"arn:aws:iam::{e.ACCOUNT}:role/{e.CLUSTER}-cluster",
            "resourcesVpcConfig": _vpc_config(),
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": "172.20.0.0/16",
                "ipFamily": "ipv4",
                "elasticLoadBalancing": {"enabled": False},
            },
            "logging": {
                "clusterLogging": [
                    {"types": ["api", "audit", "authenticator"], "enabled": True},
                    {"types": ["controllerManager", "scheduler"], "enabled": False},
                ]
            },
            "identity": {
                "oidc": {"issuer": f"https://oidc.eks.{REGION}.amazonaws.com/id/DEMO0000"}
            },
            "status": "ACTIVE",
            "certificateAuthority": {"data": base64.b64encode(account.authority).decode()},
            "encryptionConfig": [
                {
                    "resources": ["secrets"],
                    "provider": {"keyArn": f"arn:aws:kms:{REGION}:{e.ACCOUNT}:key/demo"},
                }
            ],
            "health": {"issues": []},
            "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
            "upgradePolicy": {"supportType": "EXTENDED"},
            "computeConfig": {"enabled": False},
            "deletionProtection": True,
            "tags": {"team": "platform"},
        }
    }


def _vpc_config() -> Parameters:
    return {
        "subnetIds": subnet_ids(),
        "securityGroupIds": [e.NODE_GROUP],
        "clusterSecurityGroupId": e.CLUSTER_GROUP,
        "vpcId": e.VPC,
        "endpointPublicAccess": True,
        "endpointPrivateAccess": True,
        "publicAccessCidrs": ["0.0.0.0/0"],
    }


def version(account: Account) -> str:
    """`1.33` of the API server."""
    return ".".join(account.cluster.git_version.removeprefix("v").split(".")[:2])


def _support(now: float, standard: str, extended: str) -> str:
    """Return the support that a version has at a time, by the days on which its support ends."""
    if now < day(standard):
        return "standard-support"
    return "extended-support" if now < day(extended) else "unsupported"


def describe_versions(account: Account, parameters: Parameters) -> Parameters:
    """Return the versions with the ends of their support."""
    wanted = parameters.get("clusterVersions") or list(SUPPORT)
    return {
        "clusterVersions": [
            {
                "clusterVersion": name,
                "clusterType": "eks",
                "defaultPlatformVersion": "eks.12",
                "defaultVersion": name == "1.34",
                "releaseDate": day(released),
                "endOfStandardSupportDate": day(standard),
                "endOfExtendedSupportDate": day(extended),
                "status": _support(account.now, standard, extended),
                "versionStatus": _support(account.now, standard, extended)
                .upper()
                .replace("-", "_"),
            }
            for name, (released, standard, extended) in SUPPORT.items()
            if name in wanted
        ]
    }


# nodegroups


def list_nodegroups(account: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    names, token = page(list(account.groups()), parameters, "maxResults", "nextToken", most=100)
    return {"nodegroups": names, **token}


def describe_nodegroup(account: Account, parameters: Parameters) -> Parameters:
    """Return a nodegroup; the canary's has the health issue that EKS would report."""
    _named(parameters, "clusterName")
    name = parameters["nodegroupName"]
    instances = account.groups().get(name)
    if instances is None:
        raise NoSuch("ResourceNotFoundException", f"No node group found for name: {name}.", 404)
    failing = name == CANARY
    issue = {
        "code": "NodeCreationFailure",
        "message": "Instances failed to join the kubernetes cluster",
        "resourceIds": [each.id for each in instances],
    }
    return {
        "nodegroup": {
            "nodegroupName": name,
            "nodegroupArn": f"arn:aws:eks:{REGION}:{e.ACCOUNT}:nodegroup/{e.CLUSTER}/{name}",
            "clusterName": e.CLUSTER,
            "version": ".".join(_kubelet(account, name).split(".")[:2]),
            "releaseVersion": f"{_kubelet(account, name)}-20250915",
            "createdAt": account.created(name),
            "status": "CREATE_FAILED" if failing else _status(account, name),
            "capacityType": "SPOT" if any(each.spot for each in instances) else "ON_DEMAND",
            "scalingConfig": {
                "minSize": 1,
                "maxSize": max(4, 2 * len(instances)),
                "desiredSize": len(instances),
            },
            "instanceTypes": sorted({each.machine.name for each in instances}),
            "subnets": subnet_ids(),
            "amiType": "AL2023_x86_64_STANDARD",
            "nodeRole": e.role(name),
            "resources": {"autoScalingGroups": [{"name": e.autoscaling(name)}]},
            "health": {"issues": [issue] if failing else []},
            "updateConfig": {"maxUnavailable": 1},
            "launchTemplate": {"id": e.TEMPLATE, "version": e.TEMPLATE_VERSION},
        }
    }


def _status(account: Account, name: str) -> str:
    rollout = account.cluster.rollouts.get(name)
    return "UPDATING" if rollout is not None and rollout.goes_on else "ACTIVE"


def _kubelet(account: Account, name: str) -> str:
    """Return a nodegroup's kubelet as `1.33.3`: the one before while it is being updated."""
    rollout = account.cluster.rollouts.get(name)
    if rollout is not None and rollout.goes_on:
        full = rollout.before
    else:
        full = max((node.version for node in account.nodes_of(name)), default=VERSION)
    return full.removeprefix("v").split("-")[0]


# Fargate, add-ons


def list_fargate(_: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    return {"fargateProfileNames": ["serverless"]}


def describe_fargate(account: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    name = parameters["fargateProfileName"]
    if name != "serverless":
        message = f"No Fargate Profile found with name: {name}."
        raise NoSuch("ResourceNotFoundException", message, 404)
    return {
        "fargateProfile": {
            "fargateProfileName": name,
            "fargateProfileArn": f"arn:aws:eks:{REGION}:{e.ACCOUNT}:fargateprofile/{name}",
            "clusterName": e.CLUSTER,
            "createdAt": account.began - 40 * _DAY,
            "podExecutionRoleArn": FARGATE_ROLE,
            "subnets": subnet_ids(),
            "selectors": [{"namespace": "serverless"}],
            "status": "ACTIVE",
        }
    }


def list_addons(_: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    return {"addons": list(ADDONS)}


def describe_addon(account: Account, parameters: Parameters) -> Parameters:
    """Return an add-on; kube-proxy is as old as the cluster was before its upgrade."""
    _named(parameters, "clusterName")
    name = parameters["addonName"]
    if name not in ADDONS:
        raise NoSuch("ResourceNotFoundException", f"No addon: {name} found in cluster.", 404)
    return {
        "addon": {
            "addonName": name,
            "clusterName": e.CLUSTER,
            "status": "ACTIVE",
            "addonVersion": ADDONS[name][0],
            "health": {"issues": []},
            "addonArn": f"arn:aws:eks:{REGION}:{e.ACCOUNT}:addon/{e.CLUSTER}/{name}",
            "createdAt": account.began - 90 * _DAY,
            "modifiedAt": account.began - 30 * _DAY,
        }
    }


def describe_addon_versions(account: Account, parameters: Parameters) -> Parameters:
    """Return the versions available for the cluster's, the newest first."""
    wanted = parameters.get("addonName")
    compatible = [{"clusterVersion": version(account), "defaultVersion": True}]
    return {
        "addons": [
            {
                "addonName": name,
                "addonVersions": [
                    {"addonVersion": each, "compatibilities": compatible}
                    for each in dict.fromkeys((latest, current))
                ],
            }
            for name, (current, latest) in ADDONS.items()
            if wanted in (None, name)
        ]
    }


# updates, insights


def _updates(account: Account) -> dict[str, dict[str, Any]]:
    done = {
        "id": "5f1c2d3e-0000-4000-8000-000000000001",
        "status": "Successful",
        "type": "VersionUpdate",
        "params": [{"type": "Version", "value": version(account)}],
        "createdAt": account.began - UPGRADED,
        "errors": [],
    }
    updates = {"": done}
    for name, rollout in account.cluster.rollouts.items():
        number = zlib.crc32(f"{name} {rollout.started}".encode())
        release = rollout.after.removeprefix("v").split("-")[0]
        updates[name] = {
            "id": f"5f1c2d3e-0000-4000-8000-{number:012d}",
            "status": "InProgress" if rollout.goes_on else "Successful",
            "type": "VersionUpdate",
            "params": [{"type": "ReleaseVersion", "value": f"{release}-20250915"}],
            "createdAt": rollout.started,
            "errors": [],
        }
    return updates


def list_updates(account: Account, parameters: Parameters) -> Parameters:
    """Return the update of the cluster or of a nodegroup; add-ons have none."""
    _named(parameters)
    if parameters.get("addonName"):
        return {"updateIds": []}
    update = _updates(account).get(parameters.get("nodegroupName") or "")
    return {"updateIds": [update["id"]] if update else []}


def describe_update(account: Account, parameters: Parameters) -> Parameters:
    _named(parameters)
    for update in _updates(account).values():
        if update["id"] == parameters["updateId"]:
            return {"update": update}
    message = f"No update found for ID: {parameters['updateId']}"
    raise NoSuch("ResourceNotFoundException", message, 404)


def _insights(account: Account) -> list[dict[str, Any]]:
    old = account.outdated()
    counted = "1 node runs" if old == 1 else f"{old} nodes run"
    return [
        _insight(
            account,
            _SKEW,
            "WARNING" if old else "PASSING",
            f"{counted} an older kubelet." if old else "No kubelet is behind.",
        ),
        _insight(account, "Deprecated APIs removed in Kubernetes v1.34", "PASSING",
                 "No deprecated API usage detected within the last 30 days."),
        _insight(account, "Cluster health issues", "PASSING", "No cluster health issues detected."),
    ]  # fmt: skip


def _insight(account: Account, name: str, status: str, reason: str) -> dict[str, Any]:
    number = sum(name.encode())
    return {
        "id": f"a1b2c3d4-0000-4000-8000-{number:012d}",
        "name": name,
        "category": "UPGRADE_READINESS",
        "kubernetesVersion": "1.34",
        "lastRefreshTime": account.refreshed(),
        "lastTransitionTime": account.turned() if name == _SKEW else account.began - _DAY,
        "description": f"Checks for: {name.lower()}.",
        "insightStatus": {"status": status, "reason": reason},
    }


def list_insights(account: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    return {"insights": _insights(account)}


def describe_insight(account: Account, parameters: Parameters) -> Parameters:
    """Return an insight with its recommendation."""
    _named(parameters, "clusterName")
    for insight in _insights(account):
        if insight["id"] == parameters["id"]:
            behind = insight["insightStatus"]["status"] == "WARNING"
            advice = "Update the nodegroups whose kubelets are behind the control plane."
            return {"insight": insight | {"recommendation": advice if behind else ""}}
    raise NoSuch("ResourceNotFoundException", f"No insight {parameters['id']}.", 404)


# access entries


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
            "createdAt": account.began - 90 * _DAY,
            "modifiedAt": account.began - 90 * _DAY,
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
    _named(parameters, "clusterName")
    principals, token = page(
        list(_entries(account)), parameters, "maxResults", "nextToken", most=100
    )
    return {"accessEntries": principals, **token}


def describe_entry(account: Account, parameters: Parameters) -> Parameters:
    _named(parameters, "clusterName")
    return {"accessEntry": _entry(account, parameters["principalArn"])}


def list_policies(account: Account, parameters: Parameters) -> Parameters:
    """Return the policies of an entry; only the administrators' has one."""
    _named(parameters, "clusterName")
    principal = parameters["principalArn"]
    _entry(account, principal)
    policy = {
        "policyArn": f"{POLICY}AmazonEKSClusterAdminPolicy",
        "accessScope": {"type": "cluster", "namespaces": []},
        "associatedAt": account.began - 90 * _DAY,
        "modifiedAt": account.began - 90 * _DAY,
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
    "ListClusters": list_clusters,
    "DescribeCluster": describe_cluster,
    "DescribeClusterVersions": describe_versions,
    "ListNodegroups": list_nodegroups,
    "DescribeNodegroup": describe_nodegroup,
    "ListFargateProfiles": list_fargate,
    "DescribeFargateProfile": describe_fargate,
    "ListAddons": list_addons,
    "DescribeAddon": describe_addon,
    "DescribeAddonVersions": describe_addon_versions,
    "ListUpdates": list_updates,
    "DescribeUpdate": describe_update,
    "ListInsights": list_insights,
    "DescribeInsight": describe_insight,
    "ListAccessEntries": list_entries,
    "DescribeAccessEntry": describe_entry,
    "ListAssociatedAccessPolicies": list_policies,
}
