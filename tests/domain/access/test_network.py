"""Security group rules, subnets and endpoint access as a person reads them."""

import pytest
from msgspec.structs import replace

from eksview.domain.access.network import (
    endpoint_access,
    endpoint_remarks,
    rule_words,
    sorted_rules,
    subnet_remark,
)
from eksview.domain.base.health import Health
from eksview.domain.rows.access import EndpointFact, Hop
from eksview.domain.rows.aws import Rule, SubnetRow, VpcEndpointRow
from tests.domain.eks import eks_cluster

NAMES = {"sg-1": "nodes"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(False, "tcp", 443, 443, "sg-1"), "443/tcp <- sg-1 (nodes)"),
        (Rule(False, "tcp", 1025, 65535, "10.0.0.0/8"), "1025-65535/tcp <- 10.0.0.0/8"),
        (Rule(True, "-1", -1, -1, "0.0.0.0/0"), "all traffic -> 0.0.0.0/0"),
        (Rule(False, "udp", 0, 65535, "::/0"), "all udp <- ::/0"),
        (Rule(False, "icmp", -1, -1, "sg-2"), "icmp <- sg-2"),
        (Rule(False, "tcp", 22, 22, "1.2.3.4/32", "my desk"), "22/tcp <- 1.2.3.4/32: my desk"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule, expected):
    assert rule_words(rule, NAMES) == expected


def test_inbound_rules_come_first_by_port():
    rules = [
        Rule(True, "-1", -1, -1, "0.0.0.0/0"),
        Rule(False, "tcp", 10250, 10250, "sg-1"),
        Rule(False, "tcp", 443, 443, "sg-1"),
    ]
    assert [rule.first for rule in sorted_rules(rules)] == [443, 10250, -1]


def way(address: str, ok: bool) -> EndpointFact:
    return EndpointFact(
        0.0, "api", 443, (Hop("tcp", ok, f"{address}:443", reason="It timed out."),)
    )


@pytest.mark.parametrize(
    ("cluster", "endpoint", "state", "says"),
    [
        ({}, None, Health.UNKNOWN, "not tried yet"),
        ({}, way("52.94.1.1", True), Health.OK, "via the public endpoint"),
        ({"private": True}, way("10.0.0.9", True), Health.OK, "via the private endpoint"),
        (
            {"cidrs": ("1.2.3.4/32",)},
            way("52.94.1.1", False),
            Health.BAD,
            "may not be in these CIDRs",
        ),
        ({"public": False, "private": True}, way("10.0.0.9", False), Health.BAD, "is private"),
        ({}, way("52.94.1.1", False), Health.BAD, "It timed out."),
        ({}, way("127.0.0.1", True), Health.OK, "a tunnel or a forwarded port"),
        (
            {},
            replace(way("10.0.0.9", True), proxy="http://p:3128"),
            Health.UNKNOWN,
            "it goes via proxy",
        ),
    ],
)
def test_whether_this_machine_is_let_in_is_said_as_far_as_it_is_known(
    cluster, endpoint, state, says
):
    remark = endpoint_access(replace(eks_cluster(), **cluster), endpoint)[-1]
    assert remark.state is state
    assert says in remark.says


@pytest.mark.parametrize(
    ("cidrs", "says"),
    [
        ((), "from CIDRs that EKS doesn't report"),
        (("0.0.0.0/0",), "from 0.0.0.0/0"),
        (("1.2.3.4/32",), "1.2.3.4/32"),
    ],
)
def test_public_access_names_its_cidrs(cidrs, says):
    assert says in endpoint_access(replace(eks_cluster(), cidrs=cidrs), None)[0].says


@pytest.mark.parametrize(
    ("free", "egress", "state", "says"),
    [
        (4000, "nat-1", Health.OK, "4,000 free of 10.0.0.0/20, NAT gateway"),
        (9, "igw-1", Health.WARN, "internet gateway"),
        (0, "", Health.BAD, "no route out"),
        (100, "?", Health.UNKNOWN, "100 free of 10.0.0.0/20, routes not read"),
    ],
)
def test_a_subnet_says_how_much_room_it_has(free, egress, state, says):
    subnet = SubnetRow("subnet-1", "vpc-1", "us-west-2a", "10.0.0.0/20", free, False, egress=egress)
    remark = subnet_remark(subnet)
    assert remark.state is state
    assert says in remark.says


def vpc_endpoint(name: str, **changes) -> VpcEndpointRow:
    kind = "Gateway" if name == "s3" else "Interface"
    row = VpcEndpointRow("vpce-1", "vpc-1", f"com.amazonaws.us-west-2.{name}", kind,
                         "available", private_dns=kind == "Interface")  # fmt: skip
    return replace(row, **changes)


@pytest.mark.parametrize(
    ("found", "egress", "service", "state", "says"),
    [
        (["ecr.api"], "", "ecr.api", Health.OK, "vpce-1, interface: image pulls"),
        ([], "", "ecr.api", Health.BAD, "subnets without a route out: no image pulls"),
        ([], "", "logs", Health.WARN, "no container logs"),
        ([], "nat-1", "ecr.api", Health.UNKNOWN, "image pulls go via NAT or internet gateway"),
        (["s3"], "", "s3", Health.OK, "vpce-1, gateway"),
        (["ec2"], "nat-1", "sts", Health.UNKNOWN, "no VPC endpoint"),
    ],
)
def test_an_endpoint_that_is_missing_matters_where_nothing_leads_out(
    found, egress, service, state, says
):
    subnet = SubnetRow("subnet-1", "vpc-1", "us-west-2a", "10.0.0.0/20", 9, False, egress=egress)
    remarks = endpoint_remarks([vpc_endpoint(each) for each in found], [subnet], "vpc-1")
    remark = next(each for each in remarks if each.about == service)
    assert (remark.state, says in remark.says) == (state, True)


@pytest.mark.parametrize(
    ("changes", "state", "says"),
    [
        ({"state": "pending"}, Health.BAD, "is pending: no image pulls"),
        ({"private_dns": False}, Health.WARN, "private DNS is off"),
        ({"service": "cn.com.amazonaws.cn-north-1.ecr.api"}, Health.OK, "interface"),
        ({"vpc": "vpc-2"}, Health.UNKNOWN, "no VPC endpoint"),
    ],
)
def test_an_endpoint_that_is_no_use_is_said_to_be_so(changes, state, says):
    (remark,) = (
        each
        for each in endpoint_remarks([vpc_endpoint("ecr.api", **changes)], [], "vpc-1")
        if each.about == "ecr.api"
    )
    assert (remark.state, says in remark.says) == (state, True)


def subnet(egress: str, **changes) -> SubnetRow:
    row = SubnetRow("subnet-1", "vpc-1", "us-west-2a", "10.0.0.0/20", 100, False, egress=egress)
    return replace(row, **changes)


def test_a_deleted_nat_gateway_is_no_way_out() -> None:
    """VPC User Guide, "Route tables": a black hole drops what is sent to it."""
    dead = subnet("nat-1 (blackhole)")
    assert subnet_remark(dead).state is Health.BAD
    assert "the route to nat-1 (blackhole) drops all packets" in subnet_remark(dead).says
    remarks = {each.about: each for each in endpoint_remarks((), (dead,), "vpc-1")}
    assert remarks["ecr.api"].state is Health.BAD


def test_a_nat_gateway_that_leads_nowhere_is_no_way_out_and_a_doubtful_one_is_unknown() -> None:
    closed = subnet("nat-1", nat_closed="nat-1 is failed")
    doubtful = subnet("nat-1", nat_doubt="nat-1 wasn't read")
    assert "no way out: nat-1 is failed" in subnet_remark(closed).says
    assert "unknown whether it leads out" in subnet_remark(doubtful).says
    for row, state in ((closed, Health.BAD), (doubtful, Health.UNKNOWN)):
        assert subnet_remark(row).state is state
        remarks = {each.about: each for each in endpoint_remarks((), (row,), "vpc-1")}
        assert remarks["ecr.api"].state is state


def test_a_gateway_endpoint_serves_the_route_tables_that_lead_to_it() -> None:
    """AWS PrivateLink Guide, "Gateway endpoints": a route table is associated with it."""
    row = subnet("", table="rtb-1")
    other = vpc_endpoint("s3", tables=("rtb-2",))
    own = replace(other, tables=("rtb-1", "rtb-2"))
    states = [
        next(each for each in endpoint_remarks((given,), (row,), "vpc-1") if each.about == "s3")
        for given in (other, own)
    ]
    assert [each.state for each in states] == [Health.BAD, Health.OK]
    assert "isn't in rtb-1" in states[0].says
