"""Answers of EKS, Auto Scaling and of EC2 about networks, in botocore's shapes, as rows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from eksview.aws.services import autoscaling, network, parse_eks, vpc
from eksview.domain.rows.aws import AclRule, Issue, Rule, SubnetRow

AT = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
SECONDS = AT.timestamp()


def cluster() -> dict[str, Any]:
    return {
        "name": "demo",
        "arn": "arn:aws:eks:us-west-2:111122223333:cluster/demo",
        "createdAt": AT,
        "version": "1.33",
        "endpoint": "https://ABC.gr7.us-west-2.eks.amazonaws.com",
        "roleArn": "arn:aws:iam::111122223333:role/cluster",
        "resourcesVpcConfig": {
            "subnetIds": ["subnet-1", "subnet-2"],
            "securityGroupIds": ["sg-2"],
            "clusterSecurityGroupId": "sg-1",
            "vpcId": "vpc-1",
            "endpointPublicAccess": True,
            "endpointPrivateAccess": False,
            "publicAccessCidrs": ["203.0.113.0/24"],
        },
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"},
        "logging": {
            "clusterLogging": [
                {"types": ["api", "audit"], "enabled": True},
                {"types": ["authenticator", "controllerManager", "scheduler"], "enabled": False},
            ]
        },
        "identity": {"oidc": {"issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/ABC"}},
        "status": "ACTIVE",
        "certificateAuthority": {"data": "Q0E="},
        "platformVersion": "eks.12",
        "tags": {"team": "a"},
        "encryptionConfig": [
            {"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:…:key/1"}}
        ],
        "health": {"issues": [{"code": "VpcNotFound", "message": "Gone.", "resourceIds": ["v"]}]},
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "computeConfig": {"enabled": True, "nodePools": ["system"]},
        "deletionProtection": True,
        "controlPlaneScalingConfig": {"tier": "standard"},
    }


def test_a_cluster_keeps_what_the_control_plane_shows() -> None:
    info = parse_eks.cluster(cluster())
    assert (info.name, info.status, info.version, info.platform) == (
        "demo",
        "ACTIVE",
        "1.33",
        "eks.12",
    )
    assert (info.public, info.private, info.cidrs) == (True, False, ("203.0.113.0/24",))
    assert (info.security_group, info.security_groups) == ("sg-1", ("sg-2",))
    assert info.authentication == "API_AND_CONFIG_MAP"
    assert dict(info.logging) == {
        "api": True,
        "audit": True,
        "authenticator": False,
        "controllerManager": False,
        "scheduler": False,
    }
    assert info.encryption == "arn:aws:kms:…:key/1"
    assert (info.auto_mode, info.deletion_protection, info.tier) == (True, True, "standard")
    assert info.issues == (Issue("VpcNotFound", "Gone.", ("v",)),)
    assert (info.ca, info.support, info.created) == (b"Q0E=", "EXTENDED", SECONDS)


def test_a_cluster_being_created_has_no_endpoint_yet_and_is_shown_all_the_same() -> None:
    info = parse_eks.cluster({"name": "new", "status": "CREATING"})
    assert (info.status, info.endpoint, info.ca, info.subnets) == ("CREATING", "", b"", ())
    assert info.deletion_protection is None
    assert info.authentication == ""


def test_a_cluster_older_than_access_entries_has_the_config_map_only() -> None:
    said = cluster()
    del said["accessConfig"]
    assert parse_eks.cluster(said).authentication == "CONFIG_MAP"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"versionStatus": "EXTENDED_SUPPORT"}, "EXTENDED_SUPPORT"),
        ({"status": "standard-support"}, "STANDARD_SUPPORT"),
    ],
)
def test_the_end_of_support_is_that_of_the_clusters_version(
    status: dict[str, str], expected: str
) -> None:
    versions = [
        {"clusterVersion": "1.34", "endOfStandardSupportDate": datetime(2030, 1, 1, tzinfo=UTC)},
        {"clusterVersion": "1.33", "endOfStandardSupportDate": AT, **status},
    ]
    info = parse_eks.with_support(parse_eks.cluster(cluster()), {"clusterVersions": versions})
    assert (info.support_ends, info.support_status) == (SECONDS, expected)


def test_a_version_that_eks_says_nothing_of_has_no_end() -> None:
    info = parse_eks.cluster(cluster())
    assert parse_eks.with_support(info, {"clusterVersions": []}) == info


def test_a_nodegroup_names_its_groups_and_what_is_wrong_with_it() -> None:
    row = parse_eks.nodegroup(
        {
            "nodegroupName": "general",
            "nodegroupArn": "arn:…",
            "status": "DEGRADED",
            "version": "1.32",
            "releaseVersion": "1.32.1-20250101",
            "capacityType": "SPOT",
            "scalingConfig": {"minSize": 1, "maxSize": 8, "desiredSize": 4},
            "instanceTypes": ["m6i.large"],
            "subnets": ["subnet-1"],
            "amiType": "AL2023_x86_64_STANDARD",
            "nodeRole": "arn:aws:iam::111122223333:role/node",
            "resources": {"autoScalingGroups": [{"name": "eks-general-1"}]},
            "health": {"issues": [{"code": "AsgInstanceLaunchFailures", "message": "No room."}]},
            "launchTemplate": {"name": "lt", "id": "lt-1", "version": "3"},
            "createdAt": AT,
        }
    )
    assert (row.least, row.desired, row.most) == (1, 4, 8)
    assert (row.autoscaling, row.template) == (("eks-general-1",), "lt v3")
    assert row.issues == (Issue("AsgInstanceLaunchFailures", "No room."),)


def test_a_fargate_profile_says_which_pods_it_takes() -> None:
    selectors = [
        {"namespace": "default"},
        {"namespace": "kube-system", "labels": {"tier": "a", "app": "x"}},
    ]
    row = parse_eks.fargate({"fargateProfileName": "fp", "selectors": selectors})
    assert row.selectors == ("default", "kube-system app=x,tier=a")


def test_an_addon_has_its_version_and_the_newest_that_fits() -> None:
    versions = [{"addonVersion": "v1.20.0-eksbuild.2"}, {"addonVersion": "v1.19.0-eksbuild.1"}]
    latest = parse_eks.latest_addon({"addons": [{"addonVersions": versions}]})
    row = parse_eks.addon({"addonName": "vpc-cni", "addonVersion": "v1.19.0-eksbuild.1"}, latest)
    assert (row.version, row.latest) == ("v1.19.0-eksbuild.1", "v1.20.0-eksbuild.2")
    assert parse_eks.latest_addon({"addons": []}) == ""


def test_an_update_has_its_parameters_and_errors() -> None:
    row = parse_eks.update(
        {
            "id": "u-1",
            "status": "Failed",
            "type": "VersionUpdate",
            "params": [{"type": "Version", "value": "1.34"}],
            "createdAt": AT,
            "errors": [{"errorCode": "PodEvictionFailure", "errorMessage": "PDB."}],
        },
        "nodegroup/general",
    )
    assert (row.about, row.parameters) == ("nodegroup/general", (("Version", "1.34"),))
    assert row.errors == (Issue("PodEvictionFailure", "PDB."),)
    assert parse_eks.is_final(row)


def test_an_insight_has_its_status_and_advice() -> None:
    said = {
        "id": "1",
        "name": "Deprecated APIs",
        "category": "UPGRADE_READINESS",
        "insightStatus": {"status": "WARNING", "reason": "Used."},
        "recommendation": "Migrate.",
        "lastRefreshTime": AT,
    }
    row = parse_eks.insight(said)
    assert (row.status, row.reason, row.recommendation) == ("WARNING", "Used.", "Migrate.")


def test_an_access_entry_has_its_policies_with_their_scope() -> None:
    arn = "arn:aws:eks::aws:cluster-access-policy/"
    policies = [
        {"policyArn": f"{arn}AmazonEKSClusterAdminPolicy", "accessScope": {"type": "cluster"}},
        {
            "policyArn": f"{arn}AmazonEKSViewPolicy",
            "accessScope": {"type": "namespace", "namespaces": ["dev", "prod"]},
        },
    ]
    said = {"principalArn": "arn:p", "type": "STANDARD", "kubernetesGroups": ["viewers"]}
    row = parse_eks.with_policies(parse_eks.access_entry(said), policies)
    assert row.groups == ("viewers",)
    assert row.policies == (
        "AmazonEKSClusterAdminPolicy cluster",
        "AmazonEKSViewPolicy namespace dev,prod",
    )


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ({"LaunchTemplate": {"LaunchTemplateName": "lt", "Version": "3"}}, "lt v3"),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}, "lt-1 v$Latest"),
        (
            {
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {
                            "LaunchTemplateName": "mixed",
                            "Version": "7",
                        }
                    }
                }
            },
            "mixed v7",
        ),
        ({"LaunchConfigurationName": "old"}, "old"),
        ({}, ""),
    ],
)
def test_a_group_names_its_template(said: dict[str, Any], template: str) -> None:
    (row,) = autoscaling.groups({"AutoScalingGroups": [said]})
    assert row.template == template


def test_a_group_has_its_members_lifecycle() -> None:
    said = {
        "AutoScalingGroupName": "g",
        "MinSize": 1,
        "DesiredCapacity": 2,
        "MaxSize": 3,
        "Instances": [
            {
                "InstanceId": "i-1",
                "LifecycleState": "Pending:Wait",
                "HealthStatus": "Healthy",
                "AvailabilityZone": "us-west-2a",
                "LaunchTemplate": {"LaunchTemplateName": "lt", "Version": "3"},
                "ProtectedFromScaleIn": True,
            }
        ],
        "SuspendedProcesses": [{"ProcessName": "Launch"}],
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    (row,) = autoscaling.groups({"AutoScalingGroups": [said]})
    assert (row.least, row.desired, row.most, row.suspended) == (1, 2, 3, ("Launch",))
    (member,) = row.members
    assert (member.lifecycle, member.template, member.protected) == ("Pending:Wait", "lt v3", True)


def test_an_activity_has_its_cause() -> None:
    said = {"StartTime": AT, "StatusCode": "Failed", "Cause": "c", "StatusMessage": "no capacity"}
    (activity,) = autoscaling.activities({"Activities": [said]})
    assert (activity.started, activity.ended, activity.message) == (SECONDS, None, "no capacity")


def subnet(name: str = "subnet-1") -> SubnetRow:
    said = {
        "SubnetId": name,
        "VpcId": "vpc-1",
        "AvailabilityZone": "us-west-2a",
        "CidrBlock": "10.0.0.0/24",
        "AvailableIpAddressCount": 0,
        "Tags": [{"Key": "Name", "Value": "private-a"}],
    }
    (row,) = network.subnets({"Subnets": [said]})
    return row


def table(route: dict[str, str], **association: Any) -> dict[str, Any]:
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}
    return {"VpcId": "vpc-1", "Associations": [association], "Routes": [local, route]}


ANYWHERE = {"DestinationCidrBlock": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("tables", "egress"),
    [
        ([table({**ANYWHERE, "NatGatewayId": "nat-1"}, SubnetId="subnet-1")], "nat-1"),
        ([table({**ANYWHERE, "GatewayId": "igw-1"}, Main=True)], "igw-1"),
        (
            [
                table({**ANYWHERE, "GatewayId": "igw-1"}, Main=True),
                table({**ANYWHERE, "TransitGatewayId": "tgw-1"}, SubnetId="subnet-1"),
            ],
            "tgw-1",
        ),
        ([table({"DestinationCidrBlock": "10.1.0.0/16"}, SubnetId="subnet-1")], ""),
        (
            [
                table(
                    {**ANYWHERE, "NatGatewayId": "nat-1", "State": "blackhole"}, SubnetId="subnet-1"
                )
            ],
            "nat-1 (blackhole)",
        ),
        ([], "?"),
    ],
)
def test_a_subnet_goes_where_its_own_table_says_or_else_its_vpcs(
    tables: list[dict[str, Any]], egress: str
) -> None:
    routes = network.Routes()
    routes.add({"RouteTables": tables})
    row = routes.of(subnet())
    assert (row.egress, row.free, row.name) == (egress, 0, "private-a")


def test_a_default_route_may_be_in_halves_or_for_ipv6_alone() -> None:
    """VPN and firewall appliances write halves; IPv6 goes through an egress-only gateway."""
    half = {"DestinationCidrBlock": "0.0.0.0/1", "TransitGatewayId": "tgw-1"}
    only = {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}
    routes = network.Routes()
    found = table(half, SubnetId="subnet-1") | {"RouteTableId": "rtb-1"}
    found["Routes"].append(only)
    routes.add({"RouteTables": [found]})
    row = routes.of(subnet())
    assert (row.egress, row.egress6, row.table) == ("tgw-1", "eigw-1", "rtb-1")


@pytest.mark.parametrize(
    ("route", "partial"),
    [
        ({"DestinationPrefixListId": "pl-1", "NatGatewayId": "nat-1"}, "nat-1"),
        ({"DestinationCidrBlock": "52.94.0.0/16", "NatGatewayId": "nat-1"}, "nat-1"),
        ({"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayId": "tgw-1"}, ""),
        ({"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}, ""),
        ({"DestinationPrefixListId": "pl-1", "NatGatewayId": "n", "State": "blackhole"}, ""),
    ],
)
def test_a_route_to_some_public_addresses_is_no_default_route(
    route: dict[str, str], partial: str
) -> None:
    routes = network.Routes()
    routes.add({"RouteTables": [table(route, SubnetId="subnet-1")]})
    row = routes.of(subnet())
    assert (row.egress, row.partial) == ("", partial)


def test_a_network_acl_keeps_its_rules_in_order() -> None:
    """EC2 API Reference, NetworkAclEntry: protocols are numbers, ports only for TCP and UDP."""
    entries = [
        {"RuleNumber": 32767, "Egress": True, "RuleAction": "deny", "Protocol": "-1",
         "CidrBlock": "0.0.0.0/0"},
        {"RuleNumber": 100, "Egress": True, "RuleAction": "allow", "Protocol": "6",
         "Ipv6CidrBlock": "::/0", "PortRange": {"From": 443, "To": 443}},
    ]  # fmt: skip
    acl = {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": entries,
           "Associations": [{"SubnetId": "subnet-1"}]}  # fmt: skip
    (row,) = vpc.network_acls({"NetworkAcls": [acl]})
    assert row.subnets == ("subnet-1",)
    assert row.rules == (
        AclRule(100, True, True, "6", 443, 443, "::/0"),
        AclRule(32767, True, False, "-1", -1, -1, "0.0.0.0/0"),
    )


def test_a_security_groups_rules_are_one_for_each_peer() -> None:
    ingress = [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "vpc"}],
            "UserIdGroupPairs": [{"GroupId": "sg-2"}],
            "PrefixListIds": [{"PrefixListId": "pl-1"}],
        }
    ]
    egress = [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
    said = {"GroupId": "sg-1", "IpPermissions": ingress, "IpPermissionsEgress": egress}
    (row,) = network.security_groups({"SecurityGroups": [said]})
    assert row.rules == (
        Rule(False, "tcp", 443, 443, "10.0.0.0/8", "vpc"),
        Rule(False, "tcp", 443, 443, "pl-1"),
        Rule(False, "tcp", 443, 443, "sg-2"),
        Rule(True, "-1", -1, -1, "::/0"),
    )
