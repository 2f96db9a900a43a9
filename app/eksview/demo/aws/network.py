"""EC2's network: subnets by zone, their routes, and the security groups."""

from typing import Any

from eksview.demo.aws import estate as e
from eksview.demo.aws.ec2 import matches, of_tags, pairs
from eksview.demo.aws.estate import ZONES, Estate
from eksview.demo.aws.wire import Parameters

SIZE = 4091  # usable addresses of a /20
NAT, GATEWAY = "nat-0f1e2d3c4b5a69788", "igw-0a9b8c7d6e5f40312"


def subnet_ids(*, public: bool) -> list[str]:
    """One per zone."""
    return [e.subnet(zone, public=public) for zone in ZONES]


def describe_subnets(estate: Estate, parameters: Parameters) -> Parameters:
    """Three private ones for the nodes and three public ones."""
    taken = dict.fromkeys(ZONES, 0)
    for each in estate.instances():
        taken[each.zone] += each.addresses
    every = [_subnet(zone, public, taken[zone]) for public in (False, True) for zone in ZONES]
    wanted = parameters.get("SubnetIds") or [each["SubnetId"] for each in every]
    filters = parameters.get("Filters") or ()
    return {
        "Subnets": [
            each for each in every if each["SubnetId"] in wanted and matches(filters, _values(each))
        ]
    }


def _subnet(zone: str, public: bool, taken: int) -> dict[str, Any]:
    number = ZONES.index(zone) + 1
    return {
        "SubnetId": e.subnet(zone, public=public),
        "VpcId": e.VPC,
        "AvailabilityZone": zone,
        "CidrBlock": f"10.0.{128 + number * 16 if public else number * 16}.0/20",
        "AvailableIpAddressCount": SIZE - 3 if public else max(0, SIZE - taken),
        "MapPublicIpOnLaunch": public,
        "State": "available",
        "OwnerId": e.ACCOUNT,
        "Tags": pairs(
            {
                "Name": f"{e.CLUSTER}-{'public' if public else 'private'}-{zone}",
                f"kubernetes.io/cluster/{e.CLUSTER}": "shared",
            }
        ),
    }


def _values(document: dict[str, Any]) -> Any:
    tags = {pair["Key"]: pair["Value"] for pair in document.get("Tags") or ()}
    plain: dict[str, str | None] = {
        "subnet-id": document.get("SubnetId"),
        "vpc-id": document.get("VpcId"),
        "group-id": document.get("GroupId"),
        "route-table-id": document.get("RouteTableId"),
    }

    def values(name: str) -> list[str]:
        if name == "association.subnet-id":
            return [each["SubnetId"] for each in document["Associations"] if "SubnetId" in each]
        if name in plain:
            value = plain[name]
            return [value] if value else []
        return of_tags(tags, name)

    return values


def describe_route_tables(_: Estate, parameters: Parameters) -> Parameters:
    """Private subnets go out through NAT, public ones to the internet."""
    every = [
        _routes("rtb-0c0000000000000aa", {"NatGatewayId": NAT}, subnet_ids(public=False)),
        _routes("rtb-0c0000000000000bb", {"GatewayId": GATEWAY}, subnet_ids(public=True)),
    ]
    filters = parameters.get("Filters") or ()
    return {"RouteTables": [each for each in every if matches(filters, _values(each))]}


def _routes(name: str, out: dict[str, str], subnets: list[str]) -> dict[str, Any]:
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
    return {
        "RouteTableId": name,
        "VpcId": e.VPC,
        "OwnerId": e.ACCOUNT,
        "Routes": [local, {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **out}],
        "Associations": [
            {
                "Main": False,
                "RouteTableAssociationId": f"rtbassoc-{each[7:]}",
                "RouteTableId": name,
                "SubnetId": each,
                "AssociationState": {"State": "associated"},
            }
            for each in subnets
        ],
        "Tags": [],
    }


def describe_security_groups(_: Estate, parameters: Parameters) -> Parameters:
    """The cluster's own group, and the nodes'."""
    every = [_cluster_group(), _node_group()]
    wanted = parameters.get("GroupIds") or [each["GroupId"] for each in every]
    filters = parameters.get("Filters") or ()
    return {
        "SecurityGroups": [
            each for each in every if each["GroupId"] in wanted and matches(filters, _values(each))
        ]
    }


def _group(name: str, group: str, about: str, inbound: list[dict[str, Any]]) -> dict[str, Any]:
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    return {
        "GroupId": group,
        "GroupName": name,
        "Description": about,
        "VpcId": e.VPC,
        "OwnerId": e.ACCOUNT,
        "IpPermissions": inbound,
        "IpPermissionsEgress": [everything],
        "Tags": pairs({"Name": name, f"kubernetes.io/cluster/{e.CLUSTER}": "owned"}),
    }


def _from_group(group: str, protocol: str, first: int, last: int, why: str = "") -> dict[str, Any]:
    peer = {"GroupId": group, "UserId": e.ACCOUNT} | ({"Description": why} if why else {})
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    return {"IpProtocol": protocol, "UserIdGroupPairs": [peer], **ports}


def _cluster_group() -> dict[str, Any]:
    inside = [
        _from_group(e.CLUSTER_GROUP, "-1", -1, -1),
        _from_group(e.NODE_GROUP, "tcp", 443, 443, "nodes to the API server"),
    ]
    about = "EKS created security group applied to ENIs of the control plane and the nodes."
    return _group(f"eks-cluster-sg-{e.CLUSTER}", e.CLUSTER_GROUP, about, inside)


def _node_group() -> dict[str, Any]:
    inside = [
        _from_group(e.CLUSTER_GROUP, "tcp", 10250, 10250, "API server to kubelets"),
        _from_group(e.NODE_GROUP, "tcp", 53, 53, "DNS"),
        _from_group(e.NODE_GROUP, "udp", 53, 53, "DNS"),
        _from_group(e.NODE_GROUP, "tcp", 1025, 65535, "node to node"),
    ]
    return _group(f"{e.CLUSTER}-node", e.NODE_GROUP, "Nodes of the demo", inside)


OPERATIONS = {
    "DescribeSubnets": describe_subnets,
    "DescribeRouteTables": describe_route_tables,
    "DescribeSecurityGroups": describe_security_groups,
}
