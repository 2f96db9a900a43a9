"""EC2: the subnets and security groups of the cluster and its instances, and their routes."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import shared, tags_of, text
from eksview.aws.services.reader import AwsReader, WatchedAccount, filtered, filtered_table, reads
from eksview.domain.aws.poll_plan import NETWORK
from eksview.domain.base.text import EMPTY, Clean, clean, interned
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import Rule, SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.domain.rows.kube import Kind

UNREAD = Clean("?")
_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "EgressOnlyInternetGatewayId",
    "VpcPeeringConnectionId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "CoreNetworkArn",
)
"""The members of a Route that may hold its target; each route has one of them."""


def subnets(answer: Answer) -> Iterator[SubnetRow]:
    """Yield the rows of a page of DescribeSubnets, their egress still unread (`Routes.of`)."""
    for item in answer.get("Subnets") or ():
        yield SubnetRow(
            id=text(item.get("SubnetId")),
            vpc=shared(item.get("VpcId")),
            zone=shared(item.get("AvailabilityZone")),
            cidr=text(item.get("CidrBlock")),
            free=int(item.get("AvailableIpAddressCount") or 0),
            public=bool(item.get("MapPublicIpOnLaunch")),
            name=tags_of(item.get("Tags")).get("Name", EMPTY),
            egress=UNREAD,
        )


class Routes:
    """The targets of 0.0.0.0/0 by subnet; a subnet without a route table has its VPC's main one."""

    def __init__(self) -> None:
        self._of_subnet: dict[str, Clean] = {}
        self._of_vpc: dict[str, Clean] = {}

    def add(self, answer: Answer) -> None:
        """Add a page of DescribeRouteTables."""
        for table in answer.get("RouteTables") or ():
            target = _default_target(table.get("Routes"))
            for association in table.get("Associations") or ():
                if subnet := association.get("SubnetId"):
                    self._of_subnet[subnet] = target
                elif association.get("Main"):
                    self._of_vpc[text(table.get("VpcId"))] = target

    def of(self, subnet: SubnetRow) -> SubnetRow:
        """Return the subnet with its egress; `UNREAD` without a route table."""
        egress = self._of_subnet.get(subnet.id)
        if egress is None:
            egress = self._of_vpc.get(subnet.vpc, UNREAD)
        return replace(subnet, egress=egress)


def security_groups(answer: Answer) -> Iterator[SecurityGroupRow]:
    """Yield the rows of a page of DescribeSecurityGroups."""
    for item in answer.get("SecurityGroups") or ():
        ingress = _rules(item.get("IpPermissions"), egress=False)
        egress = _rules(item.get("IpPermissionsEgress"), egress=True)
        yield SecurityGroupRow(
            id=text(item.get("GroupId")),
            name=text(item.get("GroupName")),
            vpc=shared(item.get("VpcId")),
            rules=(*ingress, *egress),
            tags=tags_of(item.get("Tags")),
        )


def vpc_endpoints(answer: Answer) -> Iterator[VpcEndpointRow]:
    """Yield the rows of a page of DescribeVpcEndpoints; AWS writes `Available` and `available`."""
    for item in answer.get("VpcEndpoints") or ():
        yield VpcEndpointRow(
            id=text(item.get("VpcEndpointId")),
            vpc=shared(item.get("VpcId")),
            service=shared(item.get("ServiceName")),
            type=shared(item.get("VpcEndpointType")),
            state=text(str(item.get("State") or "").lower()),
            private_dns=bool(item.get("PrivateDnsEnabled")),
        )


def _default_target(routes: Iterable[Answer] | None) -> Clean:
    for route in routes or ():
        if route.get("DestinationCidrBlock") == "0.0.0.0/0":
            target = next((text(route[name]) for name in _TARGETS if route.get(name)), EMPTY)
            # A black hole is a route whose target is gone: AWS keeps it and drops the packets.
            return clean(f"{target} (blackhole)") if route.get("State") == "blackhole" else target
    return EMPTY


def _rules(permissions: Iterable[Answer] | None, *, egress: bool) -> Iterator[Rule]:
    for permission in permissions or ():
        first, last = _ports(permission)
        for source, description in _sources(permission):
            yield Rule(
                egress=egress,
                protocol=shared(permission.get("IpProtocol")),
                first=first,
                last=last,
                source=interned(source),
                description=description,
            )


def _ports(permission: Mapping[str, int]) -> tuple[int, int]:
    # Rules for all protocols carry no ports at all.
    return int(permission.get("FromPort", -1)), int(permission.get("ToPort", -1))


def _sources(permission: Answer) -> Iterator[tuple[Clean, Clean]]:
    named = (
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
        ("UserIdGroupPairs", "GroupId"),
    )
    for listing, name in named:
        for item in permission.get(listing) or ():
            yield text(item.get(name)), text(item.get("Description"))


class Network(AwsReader):
    """Subnets, routes, security groups and VPC endpoints."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._subnets: list[SubnetRow] = []
        self._routes = Routes()

    @reads(NETWORK, "ec2:DescribeSubnets", essential=True)
    async def subnets(self, client: ThrottledClient) -> None:
        """Read the subnets with their free addresses, and the routes read so far."""
        self.inventory.wait_for("instances", "cluster", "nodegroups")
        pages = filtered(client, "DescribeSubnets", "subnet-id", self.inventory.subnets())
        self._subnets = [row async for answer in pages for row in subnets(answer)]
        self.inventory.vpcs = frozenset(row.vpc for row in self._subnets)
        self._publish()

    @reads(NETWORK, "ec2:DescribeRouteTables", every=5)
    async def routes(self, client: ThrottledClient) -> None:
        """Read the route tables of those subnets' VPCs."""
        routes = Routes()
        async for page in filtered(client, "DescribeRouteTables", "vpc-id", self.inventory.vpcs):
            routes.add(page)
        self._routes = routes
        self._publish()

    security_groups = filtered_table(
        Kind.SECURITY_GROUP,
        "DescribeSecurityGroups",
        "group-id",
        Inventory.security_groups,
        security_groups,
        every=5,
    )
    endpoints = filtered_table(
        Kind.VPC_ENDPOINT,
        "DescribeVpcEndpoints",
        "vpc-id",
        lambda inventory: inventory.vpcs,
        vpc_endpoints,
        every=10,
    )

    def _publish(self) -> None:
        self.sink.send(Swap(Kind.SUBNET, [self._routes.of(row) for row in self._subnets]))
