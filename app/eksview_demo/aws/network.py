"""EC2's network: subnets by zone, their routes, and the security groups."""

from collections import Counter
from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account
from eksview_demo.aws.ec2 import Values, matches, of_tags, pairs
from eksview_demo.aws.ecs import machines
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.node_state import REGION, ZONES

SIZE = 251  # usable addresses of a /24
PUBLIC = 100  # public subnets are numbered from here
PRIVATE_TABLE = "rtb-0c0000000000000aa"
NAT, GATEWAY = "nat-0f1e2d3c4b5a69788", "igw-0a9b8c7d6e5f40312"


def subnet_ids(*, public: bool = False) -> list[str]:
    """Return the first subnet of each zone."""
    return [e.subnet(PUBLIC * public + number) for number in range(1, len(ZONES) + 1)]


def describe_subnets(account: Account, parameters: Parameters) -> Parameters:
    """Return a public subnet in each zone, and as many private ones as the nodes need."""
    taken = _taken(account)
    every = [_subnet(block, used) for block, used in sorted(taken.items())]
    return {"Subnets": _chosen(every, parameters, "SubnetId")}


def _taken(account: Account) -> Counter[int]:
    """Count the addresses in use by subnet; pods have theirs in the VPC's secondary range."""
    numbers = range(1, len(ZONES) + 1)
    taken = Counter({PUBLIC + number: 3 for number in numbers})
    taken.update(dict.fromkeys(numbers, 3))
    taken.update(map(e.block_of, account.instances()))
    taken.update(dict.fromkeys(machines.task_blocks(), 3))
    taken.update(map(e.block_of, machines.machines(account)))
    return taken


def _subnet(block: int, taken: int) -> dict[str, Any]:
    public = block > PUBLIC
    zone = ZONES[(block % PUBLIC - 1) % len(ZONES)]
    return {
        "SubnetId": e.subnet(block),
        "VpcId": e.VPC,
        "AvailabilityZone": zone,
        "CidrBlock": f"10.0.{block}.0/24",
        "AvailableIpAddressCount": max(0, SIZE - taken),
        "MapPublicIpOnLaunch": public,
        "State": "available",
        "OwnerId": e.ACCOUNT,
        "Tags": pairs(
            {
                "Name": f"ecs-private-{zone}",
            }
            if machines.of_ecs(block)
            else {
                "Name": f"{e.CLUSTER}-{'public' if public else 'private'}-{zone}",
                f"kubernetes.io/cluster/{e.CLUSTER}": "shared",
            }
        ),
    }


def _chosen(
    documents: list[dict[str, Any]], parameters: Parameters, key: str
) -> list[dict[str, Any]]:
    """Return the documents requested by id, which is under `key`, and by filter."""
    ids = parameters.get(f"{key}s")
    return [
        document
        for document in documents
        if (not ids or document[key] in ids) and matches(parameters, _values(document))
    ]


_KEYS = {
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
    "group-id": "GroupId",
    "route-table-id": "RouteTableId",
}
"""The key of a document that a filter compares."""


def _values(document: dict[str, Any]) -> Values:
    tags = {pair["Key"]: pair["Value"] for pair in document.get("Tags") or ()}

    def values(name: str) -> list[str]:
        if name == "association.subnet-id":
            return [each["SubnetId"] for each in document["Associations"] if "SubnetId" in each]
        if name in _KEYS:
            value = document.get(_KEYS[name])
            return [value] if value else []
        return of_tags(tags, name)

    return values


def describe_route_tables(account: Account, parameters: Parameters) -> Parameters:
    """Return the tables: private subnets use NAT, public ones the internet gateway."""
    isolated = machines.ISOLATED
    private = [
        e.subnet(block) for block in sorted(_taken(account)) if block < PUBLIC and block != isolated
    ]
    every = [
        _routes(PRIVATE_TABLE, {"NatGatewayId": NAT}, private),
        _routes("rtb-0c0000000000000dd", {}, [e.subnet(isolated)]),
        _routes("rtb-0c0000000000000bb", {"GatewayId": GATEWAY}, subnet_ids(public=True)),
    ]
    return {"RouteTables": [each for each in every if matches(parameters, _values(each))]}


def describe_nat_gateways(_: Account, __: Parameters) -> Parameters:
    """Return the one NAT gateway, in the first public subnet."""
    gateway = {
        "NatGatewayId": NAT,
        "SubnetId": subnet_ids(public=True)[0],
        "VpcId": e.VPC,
        "State": "available",
        "ConnectivityType": "public",
        "NatGatewayAddresses": [],
        "Tags": [],
    }
    return {"NatGateways": [gateway]}


def _routes(name: str, out: dict[str, str], subnets: list[str]) -> dict[str, Any]:
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
    return {
        "RouteTableId": name,
        "VpcId": e.VPC,
        "OwnerId": e.ACCOUNT,
        "Routes": [local, {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **out}]
        if out
        else [local],
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


def describe_security_groups(_: Account, parameters: Parameters) -> Parameters:
    """Return the cluster security group and that of the nodes."""
    every = [_cluster_group(), _node_group(), _ecs_group()]
    return {"SecurityGroups": _chosen(every, parameters, "GroupId")}


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


def _from_group(
    group: str, protocol: str, first: int, last: int, purpose: str = ""
) -> dict[str, Any]:
    peer = {"GroupId": group, "UserId": e.ACCOUNT} | ({"Description": purpose} if purpose else {})
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


def _ecs_group() -> dict[str, Any]:
    group = _group("ecs-general", machines.SECURITY_GROUP, "Machines of ECS", [])
    return group | {"Tags": pairs({"Name": "ecs-general"})}


def describe_vpc_endpoints(_: Account, parameters: Parameters) -> Parameters:
    """Return the endpoints for image pulls, which save NAT's cost per gigabyte."""
    every = [
        _endpoint("s3", "Gateway", "vpce-0a1b2c3d4e5f60001"),
        _endpoint("ecr.api", "Interface", "vpce-0a1b2c3d4e5f60002"),
        _endpoint("ecr.dkr", "Interface", "vpce-0a1b2c3d4e5f60003"),
    ]
    return {"VpcEndpoints": [each for each in every if matches(parameters, _values(each))]}


def _endpoint(service: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "VpcEndpointId": name,
        "VpcEndpointType": kind,
        "VpcId": e.VPC,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "Available",
        "PrivateDnsEnabled": kind == "Interface",
        "Groups": [{"GroupId": e.CLUSTER_GROUP}] if kind == "Interface" else [],
        "RouteTableIds": [PRIVATE_TABLE] if kind == "Gateway" else [],
        "OwnerId": e.ACCOUNT,
    }


def describe_vpc_attribute(_: Account, parameters: Parameters) -> Parameters:
    """Return a DNS attribute of the VPC; both are on, as EKS needs them."""
    attribute = parameters["Attribute"]
    return {"VpcId": e.VPC, attribute[0].upper() + attribute[1:]: {"Value": True}}


def describe_network_acls(account: Account, parameters: Parameters) -> Parameters:
    """Return the VPC's default network ACL, which allows everything."""
    name = "acl-0d0000000000000cc"
    associations = [
        {
            "NetworkAclAssociationId": f"aclassoc-{subnet[7:]}",
            "NetworkAclId": name,
            "SubnetId": subnet,
        }
        for subnet in map(e.subnet, sorted(_taken(account)))
    ]
    rules = [
        {
            "RuleNumber": number,
            "Egress": egress,
            "RuleAction": action,
            "Protocol": "-1",
            "CidrBlock": "0.0.0.0/0",
        }
        for egress in (False, True)
        for number, action in ((100, "allow"), (32767, "deny"))
    ]
    acl = {
        "NetworkAclId": name,
        "VpcId": e.VPC,
        "OwnerId": e.ACCOUNT,
        "IsDefault": True,
        "Entries": rules,
        "Associations": associations,
        "Tags": [],
    }
    return {"NetworkAcls": [acl] if matches(parameters, _values(acl)) else []}


OPERATIONS = {
    "DescribeVpcEndpoints": describe_vpc_endpoints,
    "DescribeVpcAttribute": describe_vpc_attribute,
    "DescribeNatGateways": describe_nat_gateways,
    "DescribeNetworkAcls": describe_network_acls,
    "DescribeSubnets": describe_subnets,
    "DescribeRouteTables": describe_route_tables,
    "DescribeSecurityGroups": describe_security_groups,
}
