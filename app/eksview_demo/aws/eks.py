"""EKS: the cluster, its nodegroups, Fargate profiles and add-ons."""

import base64

from eksview_demo.aws import account as e
from eksview_demo.aws.account import CANARY, Account, day
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.eks_access import FARGATE_ROLE, UNMAPPED_FARGATE_ROLE
from eksview_demo.aws.eks_cluster import DAY, check_name, version
from eksview_demo.aws.network import subnet_ids
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.build import VERSION
from eksview_demo.cluster.nodes.node_state import REGION

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


def list_clusters(_: Account, __: Parameters) -> Parameters:
    return {"clusters": [e.CLUSTER]}


def describe_cluster(account: Account, parameters: Parameters) -> Parameters:
    """Return the cluster; its endpoint is the demo's own API."""
    check_name(parameters)
    return {
        "cluster": {
            "name": e.CLUSTER,
            "arn": e.ARN,
            "createdAt": account.began - 90 * DAY,
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
    check_name(parameters, "clusterName")
    names, token = page(list(account.groups()), parameters, "maxResults", "nextToken", most=100)
    return {"nodegroups": names, **token}


def describe_nodegroup(account: Account, parameters: Parameters) -> Parameters:
    """Return a nodegroup; the canary's has the health issue that EKS would report."""
    check_name(parameters, "clusterName")
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
            **({"warmPoolConfig": _WARM_POOL} if name == e.POOLED else {}),
        }
    }


_WARM_POOL = {"enabled": True, "minSize": e.WARM, "poolState": "STOPPED", "reuseOnScaleIn": False}


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


_FARGATE_ROLES = {"reports": UNMAPPED_FARGATE_ROLE, "serverless": FARGATE_ROLE}
"""The pod execution roles of the profiles, each of which selects the namespace of its name."""


def list_fargate(_: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    return {"fargateProfileNames": list(_FARGATE_ROLES)}


def describe_fargate(account: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    name = parameters["fargateProfileName"]
    if name not in _FARGATE_ROLES:
        message = f"No Fargate Profile found with name: {name}."
        raise NoSuch("ResourceNotFoundException", message, 404)
    return {
        "fargateProfile": {
            "fargateProfileName": name,
            "fargateProfileArn": f"arn:aws:eks:{REGION}:{e.ACCOUNT}:fargateprofile/{name}",
            "clusterName": e.CLUSTER,
            "createdAt": account.began - 40 * DAY,
            "podExecutionRoleArn": _FARGATE_ROLES[name],
            "subnets": subnet_ids(),
            "selectors": [{"namespace": name}],
            "status": "ACTIVE",
        }
    }


def list_addons(_: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    return {"addons": list(ADDONS)}


def describe_addon(account: Account, parameters: Parameters) -> Parameters:
    """Return an add-on; kube-proxy is as old as the cluster was before its upgrade."""
    check_name(parameters, "clusterName")
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
            "createdAt": account.began - 90 * DAY,
            "modifiedAt": account.began - 30 * DAY,
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
}
