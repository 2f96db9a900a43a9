"""EC2: the subnets and security groups of the cluster and its instances, and their routes."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient, batches
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import shared, tags_of
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import Rule, SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.domain.rows.kube import Kind

UNREAD = "?"
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
"""Where a Route may lead to; a route says one of them."""


def subnets(answer: Answer) -> Iterator[SubnetRow]:
    """A page of DescribeSubnets; the routes are another question (`with_routes`)."""
    for said in answer.get("Subnets") or ():
        yield SubnetRow(
            id=str(said.get("SubnetId") or ""),
            vpc=shared(said.get("VpcId")),
            zone=shared(said.get("AvailabilityZone")),
            cidr=str(said.get("CidrBlock") or ""),
            free=int(said.get("AvailableIpAddressCount") or 0),
            public=bool(said.get("MapPublicIpOnLaunch")),
            name=tags_of(said.get("Tags")).get("Name", ""),
            egress=UNREAD,
        )


class Routes:
    """What 0.0.0.0/0 goes to, by subnet; a subnet without a table of its own has its VPC's."""

    def __init__(self) -> None:
        self._of_subnet: dict[str, str] = {}
        self._of_vpc: dict[str, str] = {}

    def add(self, answer: Answer) -> None:
        """A page of DescribeRouteTables."""
        for table in answer.get("RouteTables") or ():
            target = _default_target(table.get("Routes"))
            for association in table.get("Associations") or ():
                if subnet := association.get("SubnetId"):
                    self._of_subnet[subnet] = target
                elif association.get("Main"):
                    self._of_vpc[str(table.get("VpcId") or "")] = target

    def of(self, subnet: SubnetRow) -> SubnetRow:
        """The subnet with its egress; `UNREAD` where no table speaks of it."""
        egress = self._of_subnet.get(subnet.id)
        if egress is None:
            egress = self._of_vpc.get(subnet.vpc, UNREAD)
        return replace(subnet, egress=egress)


def security_groups(answer: Answer) -> Iterator[SecurityGroupRow]:
    """A page of DescribeSecurityGroups."""
    for said in answer.get("SecurityGroups") or ():
        ingress = _rules(said.get("IpPermissions"), egress=False)
        egress = _rules(said.get("IpPermissionsEgress"), egress=True)
        yield SecurityGroupRow(
            id=str(said.get("GroupId") or ""),
            name=str(said.get("GroupName") or ""),
            vpc=shared(said.get("VpcId")),
            rules=(*ingress, *egress),
            tags=tags_of(said.get("Tags")),
        )


def vpc_endpoints(answer: Answer) -> Iterator[VpcEndpointRow]:
    """A page of DescribeVpcEndpoints. Its states come in either case: `Available`, `available`."""
    for said in answer.get("VpcEndpoints") or ():
        yield VpcEndpointRow(
            id=str(said.get("VpcEndpointId") or ""),
            vpc=shared(said.get("VpcId")),
            service=shared(said.get("ServiceName")),
            type=shared(said.get("VpcEndpointType")),
            state=str(said.get("State") or "").lower(),
            private_dns=bool(said.get("PrivateDnsEnabled")),
        )


def _default_target(routes: Iterable[Answer] | None) -> str:
    for route in routes or ():
        if route.get("DestinationCidrBlock") == "0.0.0.0/0":
            target = next((str(route[name]) for name in _TARGETS if route.get(name)), "")
            # A black hole is a route whose target is gone: AWS keeps it and drops the packets.
            return f"{target} (blackhole)" if route.get("State") == "blackhole" else target
    return ""


def _rules(permissions: Iterable[Answer] | None, *, egress: bool) -> Iterator[Rule]:
    for permission in permissions or ():
        first, last = _ports(permission)
        for source, description in _sources(permission):
            yield Rule(
                egress=egress,
                protocol=shared(permission.get("IpProtocol")),
                first=first,
                last=last,
                source=shared(source),
                description=description,
            )


def _ports(permission: Mapping[str, int]) -> tuple[int, int]:
    # Rules for all protocols carry no ports at all.
    return int(permission.get("FromPort", -1)), int(permission.get("ToPort", -1))


def _sources(permission: Answer) -> Iterator[tuple[str, str]]:
    named = (
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
        ("UserIdGroupPairs", "GroupId"),
    )
    for listing, name in named:
        for said in permission.get(listing) or ():
            yield str(said.get(name) or ""), str(said.get("Description") or "")


MOST = 200  # values in a filter (EC2 API Reference, "Filter")


class Network:
    """Asked for by filters: an unknown id is then no error, only missing from the answer."""

    def __init__(self, estate: Inventory, sink: Sink) -> None:
        self._estate = estate
        self._sink = sink
        self._subnets: list[SubnetRow] = []
        self._routes = Routes()

    async def subnets(self, meter: ThrottledClient) -> None:
        """Subnets with their free addresses, and what is known of their routes."""
        self._estate.wait_for("instances", "cluster", "nodegroups")
        rows: list[SubnetRow] = []
        for batch in batches(self._estate.subnets(), MOST):
            named = [{"Name": "subnet-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeSubnets", Filters=named):
                rows.extend(subnets(answer))
        self._subnets = rows
        self._publish()

    async def routes(self, meter: ThrottledClient) -> None:
        """The route tables of those subnets' VPCs."""
        routes = Routes()
        for batch in batches({row.vpc for row in self._subnets}, MOST):
            named = [{"Name": "vpc-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeRouteTables", Filters=named):
                routes.add(answer)
        self._routes = routes
        self._publish()

    async def security_groups(self, meter: ThrottledClient) -> None:
        """Security groups with their rules."""
        rows: list[SecurityGroupRow] = []
        for batch in batches(self._estate.security_groups(), MOST):
            named = [{"Name": "group-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeSecurityGroups", Filters=named):
                rows.extend(security_groups(answer))
        self._sink.send(Swap(Kind.SECURITY_GROUP, rows))

    async def endpoints(self, meter: ThrottledClient) -> None:
        """The VPC endpoints of those subnets' VPCs."""
        rows: list[VpcEndpointRow] = []
        for batch in batches({row.vpc for row in self._subnets}, MOST):
            named = [{"Name": "vpc-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeVpcEndpoints", Filters=named):
                rows.extend(vpc_endpoints(answer))
        self._sink.send(Swap(Kind.VPC_ENDPOINT, rows))

    def _publish(self) -> None:
        rows = [self._routes.of(row) for row in self._subnets]
        self._sink.send(Swap(Kind.SUBNET, rows))
