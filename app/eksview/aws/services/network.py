"""EC2: the subnets and security groups of the cluster and its instances, and their routes."""

from eksview.aws.client.throttled_client import Meter, batches
from eksview.aws.services import parse_network
from eksview.aws.services.inventory import Estate
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.domain.rows.kube import Kind

MOST = 200  # values in a filter (EC2 API Reference, "Filter")


class Network:
    """Asked for by filters: an unknown id is then no error, only missing from the answer."""

    def __init__(self, estate: Estate, sink: Sink) -> None:
        self._estate = estate
        self._sink = sink
        self._subnets: list[SubnetRow] = []
        self._routes = parse_network.Routes()

    async def subnets(self, meter: Meter) -> None:
        """Subnets with their free addresses, and what is known of their routes."""
        self._estate.wait_for("instances", "cluster", "nodegroups")
        rows: list[SubnetRow] = []
        for batch in batches(self._estate.subnets(), MOST):
            named = [{"Name": "subnet-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeSubnets", Filters=named):
                rows.extend(parse_network.subnets(answer))
        self._subnets = rows
        self._publish()

    async def routes(self, meter: Meter) -> None:
        """The route tables of those subnets' VPCs."""
        routes = parse_network.Routes()
        for batch in batches({row.vpc for row in self._subnets}, MOST):
            named = [{"Name": "vpc-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeRouteTables", Filters=named):
                routes.add(answer)
        self._routes = routes
        self._publish()

    async def security_groups(self, meter: Meter) -> None:
        """Security groups with their rules."""
        rows: list[SecurityGroupRow] = []
        for batch in batches(self._estate.security_groups(), MOST):
            named = [{"Name": "group-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeSecurityGroups", Filters=named):
                rows.extend(parse_network.security_groups(answer))
        self._sink.send(Swap(Kind.SECURITY_GROUP, rows))

    async def endpoints(self, meter: Meter) -> None:
        """The VPC endpoints of those subnets' VPCs."""
        rows: list[VpcEndpointRow] = []
        for batch in batches({row.vpc for row in self._subnets}, MOST):
            named = [{"Name": "vpc-id", "Values": batch}]
            async for answer in meter.pages("ec2", "DescribeVpcEndpoints", Filters=named):
                rows.extend(parse_network.vpc_endpoints(answer))
        self._sink.send(Swap(Kind.VPC_ENDPOINT, rows))

    def _publish(self) -> None:
        rows = [self._routes.of(row) for row in self._subnets]
        self._sink.send(Swap(Kind.SUBNET, rows))
