"""EKS: the cluster, its nodegroups, add-ons, updates, insights and access entries."""

import base64
from typing import Any

from eksview_demo.aws import estate as e
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.estate import CANARY, Account, day
from eksview_demo.aws.network import subnet_ids
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.build import VERSION

_DAY = 86_400.0
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
    """The one."""
    return {"clusters": [e.CLUSTER]}


def describe_cluster(estate: Account, parameters: Parameters) -> Parameters:
    """The cluster; its endpoint is the demo's own API."""
    _named(parameters)
    return {
        "cluster": {
            "name": e.CLUSTER,
            "arn": e.ARN,
            "createdAt": estate.began - 90 * _DAY,
            "version": version(estate),
            "platformVersion": "eks.12",
            "endpoint": estate.endpoint,
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
                "oidc": {"issuer": f"https://oidc.eks.{estate.region}.amazonaws.com/id/DEMO0000"}
            },
            "status": "ACTIVE",
            "certificateAuthority": {"data": base64.b64encode(estate.authority).decode()},
            "encryptionConfig": [
                {
                    "resources": ["secrets"],
                    "provider": {"keyArn": f"arn:aws:kms:{estate.region}:{e.ACCOUNT}:key/demo"},
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


def version(estate: Account) -> str:
    """`1.33` of the API server."""
    return ".".join(estate.cluster.git_version.removeprefix("v").split(".")[:2])


def describe_versions(_: Account, parameters: Parameters) -> Parameters:
    """The versions there are, with the ends of their support."""
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
                "status": "standard-support",
                "versionStatus": "STANDARD_SUPPORT",
            }
            for name, (released, standard, extended) in SUPPORT.items()
            if name in wanted
        ]
    }


# nodegroups


def list_nodegroups(estate: Account, parameters: Parameters) -> Parameters:
    """By name."""
    _named(parameters, "clusterName")
    names, token = page(list(estate.groups()), parameters, "maxResults", "nextToken", most=100)
    return {"nodegroups": names, **token}


def describe_nodegroup(estate: Account, parameters: Parameters) -> Parameters:
    """One; the canary's has the health issue that EKS would find."""
    _named(parameters, "clusterName")
    name = parameters["nodegroupName"]
    instances = estate.groups().get(name)
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
            "nodegroupArn": f"arn:aws:eks:{estate.region}:{e.ACCOUNT}:nodegroup/{e.CLUSTER}/{name}",
            "clusterName": e.CLUSTER,
            "version": version(estate),
            "releaseVersion": f"{VERSION.removeprefix('v').split('-')[0]}-20250915",
            "createdAt": estate.began - 40 * _DAY,
            "status": "CREATE_FAILED" if failing else _status(estate, name),
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


def _status(estate: Account, name: str) -> str:
    """While nodes of two versions live side by side it is being updated."""
    return "UPDATING" if _rolling(estate, name) else "ACTIVE"


def _rolling(estate: Account, name: str) -> bool:
    return any(node.cordoned for node in estate.nodes_of(name))


# Fargate, add-ons


def list_fargate(_: Account, parameters: Parameters) -> Parameters:
    """By name."""
    _named(parameters, "clusterName")
    return {"fargateProfileNames": ["serverless"]}


def describe_fargate(estate: Account, parameters: Parameters) -> Parameters:
    """The one."""
    _named(parameters, "clusterName")
    name = parameters["fargateProfileName"]
    if name != "serverless":
        said = f"No Fargate Profile found with name: {name}."
        raise NoSuch("ResourceNotFoundException", said, 404)
    return {
        "fargateProfile": {
            "fargateProfileName": name,
            "fargateProfileArn": f"arn:aws:eks:{estate.region}:{e.ACCOUNT}:fargateprofile/{name}",
            "clusterName": e.CLUSTER,
            "createdAt": estate.began - 40 * _DAY,
            "podExecutionRoleArn": FARGATE_ROLE,
            "subnets": subnet_ids(),
            "selectors": [{"namespace": "serverless"}],
            "status": "ACTIVE",
        }
    }


def list_addons(_: Account, parameters: Parameters) -> Parameters:
    """By name."""
    _named(parameters, "clusterName")
    return {"addons": list(ADDONS)}


def describe_addon(estate: Account, parameters: Parameters) -> Parameters:
    """One; kube-proxy is as old as the cluster was once."""
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
            "addonArn": f"arn:aws:eks:{estate.region}:{e.ACCOUNT}:addon/{e.CLUSTER}/{name}",
            "createdAt": estate.began - 90 * _DAY,
            "modifiedAt": estate.began - 30 * _DAY,
        }
    }


def describe_addon_versions(estate: Account, parameters: Parameters) -> Parameters:
    """What can be had for the cluster's version, the newest first."""
    wanted = parameters.get("addonName")
    compatible = [{"clusterVersion": version(estate), "defaultVersion": True}]
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


def _updates(estate: Account) -> dict[str, dict[str, Any]]:
    done = {
        "id": "5f1c2d3e-0000-4000-8000-000000000001",
        "status": "Successful",
        "type": "VersionUpdate",
        "params": [{"type": "Version", "value": version(estate)}],
        "createdAt": estate.began - 30 * _DAY,
        "errors": [],
    }
    found = {"": done}
    for name in estate.groups():
        if _rolling(estate, name):
            since = max(node.cordoned for node in estate.nodes_of(name))
            found[name] = {
                "id": f"5f1c2d3e-0000-4000-8000-{abs(hash(name)) % 10**12:012d}",
                "status": "InProgress",
                "type": "VersionUpdate",
                "params": [{"type": "ReleaseVersion", "value": f"{version(estate)}.4-20250915"}],
                "createdAt": since - 60.0,
                "errors": [],
            }
    return found


def list_updates(estate: Account, parameters: Parameters) -> Parameters:
    """Of the cluster, of a nodegroup; add-ons have none."""
    _named(parameters)
    if parameters.get("addonName"):
        return {"updateIds": []}
    update = _updates(estate).get(parameters.get("nodegroupName") or "")
    return {"updateIds": [update["id"]] if update else []}


def describe_update(estate: Account, parameters: Parameters) -> Parameters:
    """By its id."""
    _named(parameters)
    for update in _updates(estate).values():
        if update["id"] == parameters["updateId"]:
            return {"update": update}
    said = f"No update found for ID: {parameters['updateId']}"
    raise NoSuch("ResourceNotFoundException", said, 404)


def _insights(estate: Account) -> list[dict[str, Any]]:
    old = sum(
        not node.version.startswith(f"v{version(estate)}.")
        for node in estate.cluster.nodes.values()
    )
    return [
        _insight(
            estate,
            "Kubelet version skew",
            "WARNING" if old else "PASSING",
            f"{old} nodes run an older kubelet." if old else "No kubelet is behind.",
        ),
        _insight(estate, "Deprecated APIs removed in Kubernetes v1.34", "PASSING",
                 "No deprecated API usage detected within the last 30 days."),
        _insight(estate, "Cluster health issues", "PASSING", "No cluster health issues detected."),
    ]  # fmt: skip


def _insight(estate: Account, name: str, status: str, reason: str) -> dict[str, Any]:
    number = sum(name.encode())
    return {
        "id": f"a1b2c3d4-0000-4000-8000-{number:012d}",
        "name": name,
        "category": "UPGRADE_READINESS",
        "kubernetesVersion": "1.34",
        "lastRefreshTime": estate.began - 3600.0,
        "lastTransitionTime": estate.began - 86_400.0,
        "description": f"Checks for: {name.lower()}.",
        "insightStatus": {"status": status, "reason": reason},
    }


def list_insights(estate: Account, parameters: Parameters) -> Parameters:
    """All of them."""
    _named(parameters, "clusterName")
    return {"insights": _insights(estate)}


def describe_insight(estate: Account, parameters: Parameters) -> Parameters:
    """By its id, with what to do."""
    _named(parameters, "clusterName")
    for each in _insights(estate):
        if each["id"] == parameters["id"]:
            advice = "Update the nodegroups whose kubelets are behind the control plane."
            return {"insight": each | {"recommendation": advice}}
    raise NoSuch("ResourceNotFoundException", f"No insight {parameters['id']}.", 404)


# access entries


def _entries(estate: Account) -> dict[str, dict[str, Any]]:
    groups = {each.group for each in estate.instances()} - {CANARY}
    nodes = {e.role(group): ("EC2_LINUX", ["system:nodes"]) for group in sorted(groups)}
    people = {ADMIN: ("STANDARD", []), VIEWER: ("STANDARD", ["eksview-demo:viewers"])}
    fargate = {FARGATE_ROLE: ("FARGATE_LINUX", ["system:node-proxier", "system:nodes"])}
    return {
        principal: {
            "clusterName": e.CLUSTER,
            "principalArn": principal,
            "kubernetesGroups": kube_groups,
            "accessEntryArn": f"arn:aws:eks:{estate.region}:{e.ACCOUNT}:access-entry/{e.CLUSTER}/"
            f"role/{e.ACCOUNT}/{principal.rpartition('/')[2]}",
            "createdAt": estate.began - 90 * _DAY,
            "modifiedAt": estate.began - 90 * _DAY,
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


def list_entries(estate: Account, parameters: Parameters) -> Parameters:
    """The principals."""
    _named(parameters, "clusterName")
    found, token = page(list(_entries(estate)), parameters, "maxResults", "nextToken", most=100)
    return {"accessEntries": found, **token}


def describe_entry(estate: Account, parameters: Parameters) -> Parameters:
    """One."""
    _named(parameters, "clusterName")
    return {"accessEntry": _entry(estate, parameters["principalArn"])}


def list_policies(estate: Account, parameters: Parameters) -> Parameters:
    """The policies associated with an entry: the administrators'."""
    _named(parameters, "clusterName")
    principal = parameters["principalArn"]
    _entry(estate, principal)
    policy = {
        "policyArn": f"{POLICY}AmazonEKSClusterAdminPolicy",
        "accessScope": {"type": "cluster", "namespaces": []},
        "associatedAt": estate.began - 90 * _DAY,
        "modifiedAt": estate.began - 90 * _DAY,
    }
    return {
        "clusterName": e.CLUSTER,
        "principalArn": principal,
        "associatedAccessPolicies": [policy] if principal == ADMIN else [],
    }


def _entry(estate: Account, principal: str) -> dict[str, Any]:
    found = _entries(estate).get(principal)
    if found is None:
        said = f"The specified principalArn could not be found: {principal}"
        raise NoSuch("ResourceNotFoundException", said, 404)
    return found


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
