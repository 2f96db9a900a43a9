"""EC2: the subnets and security groups of the cluster and its instances, and their routes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from msgspec import Struct
from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import shared, tags_of, text, texts
from eksview.aws.services.reader import AwsReader, WatchedAccount, filtered, filtered_table, reads
from eksview.domain.access.nat_gateway import NatExit, NatGateway, nat_exit
from eksview.domain.access.network import UNREAD
from eksview.domain.aws.poll_plan import NETWORK
from eksview.domain.base.text import EMPTY, Clean, clean, interned
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import Rule, SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.domain.rows.kube import Kind

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
            owner=shared(item.get("OwnerId")),
        )


class _Table(Struct, frozen=True):
    """A route table: its id and the targets of its default routes."""

    id: Clean
    egress: Clean
    egress6: Clean
    partial: Clean


class Routes:
    """Route tables by subnet; a subnet without one has its VPC's main one."""

    def __init__(self) -> None:
        self._of_subnet: dict[str, _Table] = {}
        self._of_vpc: dict[str, _Table] = {}
        self._by_id: dict[str, _Table] = {}

    @property
    def use_nat(self) -> bool:
        """Whether a default route leads to a NAT gateway."""
        return any(table.egress.startswith("nat-") for table in self._by_id.values())

    def add(self, answer: Answer) -> None:
        """Add a page of DescribeRouteTables."""
        for item in answer.get("RouteTables") or ():
            routes = item.get("Routes") or ()
            table = _Table(
                text(item.get("RouteTableId")),
                _default_target(routes, "DestinationCidrBlock", _ALL),
                _default_target(routes, "DestinationIpv6CidrBlock", _ALL6),
                _partial_target(routes),
            )
            self._by_id[table.id] = table
            for association in item.get("Associations") or ():
                if subnet := association.get("SubnetId"):
                    self._of_subnet[subnet] = table
                elif association.get("Main"):
                    self._of_vpc[text(item.get("VpcId"))] = table

    def of(self, subnet: SubnetRow) -> SubnetRow:
        """Return the subnet with its egress; `UNREAD` without a route table."""
        table = self._of_subnet.get(subnet.id) or self._of_vpc.get(subnet.vpc)
        if table is None:
            return replace(subnet, egress=UNREAD, egress6=UNREAD)
        return replace(
            subnet,
            egress=table.egress,
            egress6=table.egress6,
            table=table.id,
            partial=table.partial,
        )

    def through(self, gateway: NatGateway, vpc: str) -> NatExit:
        """Return where a NAT gateway of a VPC leads, by its own subnet's routes."""
        table = self._by_id.get(gateway.table) if gateway.table else None
        if table is None and gateway.subnet:
            table = self._of_subnet.get(gateway.subnet) or self._of_vpc.get(vpc)
        return nat_exit(gateway, table.egress if table else UNREAD)


def nat_gateways(answer: Answer) -> Iterator[NatGateway]:
    """Yield the gateways of a page of DescribeNatGateways."""
    for item in answer.get("NatGateways") or ():
        yield NatGateway(
            id=text(item.get("NatGatewayId")),
            state=shared(item.get("State")),
            private=item.get("ConnectivityType") == "private",
            subnet=shared(item.get("SubnetId")),
            table=shared(item.get("RouteTableId")),
        )


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
            groups=tuple(shared(group.get("GroupId")) for group in item.get("Groups") or ()),
            tables=texts(item.get("RouteTableIds")),
        )


_ALL = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")
_ALL6 = ("::/0", "::/1", "2000::/3")
"""The destinations of a default route, the last ones as VPN and firewall appliances write them."""


def _default_target(routes: Iterable[Answer], member: str, all_: Sequence[str]) -> Clean:
    """Return the target of a default route; empty for none."""
    by_destination = {route.get(member): route for route in routes}
    route = next((by_destination[cidr] for cidr in all_ if cidr in by_destination), None)
    if route is None:
        return EMPTY
    target = _target(route)
    # A black hole is a route whose target is gone: AWS keeps it and drops the packets.
    return clean(f"{target} (blackhole)") if route.get("State") == "blackhole" else target


def _target(route: Answer) -> Clean:
    return next((text(route[name]) for name in _TARGETS if route.get(name)), EMPTY)


def _partial_target(routes: Iterable[Answer]) -> Clean:
    """Return the target of some public addresses; gateway endpoints are no way for others."""
    for route in routes:
        target = _target(route)
        if target.startswith("vpce-") or target == "local" or route.get("State") == "blackhole":
            continue
        if route.get("DestinationPrefixListId") or _public(route.get("DestinationCidrBlock")):
            return target
    return EMPTY


def _public(cidr: str | None) -> bool:
    try:
        return cidr is not None and IPv4Network(cidr, strict=False).is_global
    except ValueError:
        return False


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
        self._gateways: dict[str, NatGateway] = {}

    @reads(NETWORK, "ec2:DescribeSubnets", essential=True)
    async def subnets(self, client: ThrottledClient) -> None:
        """Read the subnets with their free addresses, and the routes read so far."""
        self.inventory.wait_for("instances", "cluster", "nodegroups")
        pages = filtered(client, "DescribeSubnets", "subnet-id", self.inventory.subnets())
        self._subnets = [row async for answer in pages for row in subnets(answer)]
        self.inventory.subnet_vpcs = frozenset(row.vpc for row in self._subnets)
        self._publish()

    @reads(NETWORK, "ec2:DescribeRouteTables", every=5)
    async def routes(self, client: ThrottledClient) -> None:
        """Read the route tables of those subnets' VPCs."""
        routes = Routes()
        async for page in filtered(client, "DescribeRouteTables", "vpc-id", self.inventory.vpcs()):
            routes.add(page)
        self._routes = routes
        self._publish()

    @reads(NETWORK, "ec2:DescribeNatGateways", every=5)
    async def nat_gateways(self, client: ThrottledClient) -> None:
        """Read the NAT gateways of those VPCs, if a route leads to one."""
        if not self._routes.use_nat:
            return
        vpcs = [{"Name": "vpc-id", "Values": sorted(self.inventory.vpcs())}]
        pages = client.pages("ec2", "DescribeNatGateways", Filter=vpcs)
        rows = [row async for answer in pages for row in nat_gateways(answer)]
        self._gateways = {row.id: row for row in rows}
        self._publish()

    @reads(NETWORK, "ec2:DescribeVpcEndpoints", every=5)
    async def endpoints(self, client: ThrottledClient) -> None:
        """Read the VPC endpoints, before the security groups that they have."""
        pages = filtered(client, "DescribeVpcEndpoints", "vpc-id", self.inventory.vpcs())
        rows = [row async for answer in pages for row in vpc_endpoints(answer)]
        self.inventory.endpoint_groups = frozenset(group for row in rows for group in row.groups)
        self.sink.send(Swap(Kind.VPC_ENDPOINT, rows))

    security_groups = filtered_table(
        Kind.SECURITY_GROUP,
        "DescribeSecurityGroups",
        "group-id",
        Inventory.security_groups,
        security_groups,
        every=5,
    )

    def _publish(self) -> None:
        self.sink.send(Swap(Kind.SUBNET, [self._routed(row) for row in self._subnets]))

    def _routed(self, subnet: SubnetRow) -> SubnetRow:
        """Return a subnet with its egress, and where the NAT gateway of that leads."""
        row = self._routes.of(subnet)
        if not row.egress.startswith("nat-") or "blackhole" in row.egress:
            return row
        gateway = self._gateways.get(row.egress)
        if gateway is None:
            return replace(row, nat_doubt=clean(f"NAT gateway {row.egress} wasn't read"))
        leads = self._routes.through(gateway, row.vpc)
        return replace(row, nat_closed=leads.closed, nat_doubt=leads.doubt)
