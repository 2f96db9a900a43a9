"""The network screen: the way with its times, the VPC, and security groups in words."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.reading import NOT_ASKED, Read, ReadFailed, Refused
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import CertificateFact, EndpointFact, Hop
from eksview.domain.rows.aws import Rule, SecurityGroupRow, SubnetRow
from eksview.store.store import Store
from eksview.ui.network.text import Vpc, eks_lines, group_lines, path_lines
from eksview.ui.text.glyphs import ASCII, UNICODE
from tests.domain.eks import eks_cluster
from tests.ui.access.test_access_screen import texts
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows

DAY = 86_400.0
GOOD = EndpointFact(
    NOW - 3,
    "api.example.com",
    443,
    (
        Hop("dns", True, "api.example.com", 0.004, (("address", "10.0.0.9 (private)"),)),
        Hop("tcp", True, "10.0.0.9:443", 0.001),
        Hop(
            "tls",
            True,
            "api.example.com",
            0.02,
            (("version", "TLSv1.3"), ("trust", "signed by the kubeconfig's CA")),
        ),
        Hop("http", True, "/livez", 0.005, (("status", "200 OK"),)),
    ),
    CertificateFact("CN=api", "CN=ca", NOW - DAY, NOW + 90 * DAY, ("api.example.com",)),
)
CUT = replace(
    GOOD,
    hops=(GOOD.hops[0], Hop("tcp", False, "10.0.0.9:443", 4.0, reason="It timed out."),
          Hop("tls", None, "api.example.com"), Hop("http", None, "/livez")),
    certificate=None,
)  # fmt: skip


def test_each_step_has_its_time_and_a_bar():
    lines = texts(path_lines(GOOD, (0.03, 0.03), NOW, 100, UNICODE))
    assert lines[0].startswith(" ● DNS          4 ms  █████")
    assert lines[1].strip() == "address 10.0.0.9 (private)"
    assert any(
        line.startswith("   Total") and "30 ms" in line and "3s ago" in line for line in lines
    )
    assert any("Certificate  expires in 90d" in line for line in lines)
    assert "   version  TLSv1.3" in lines
    assert "   trust    signed by the kubeconfig's CA" in lines


def test_where_it_breaks_is_said_and_the_rest_is_untried():
    lines = texts(path_lines(CUT, (), NOW, 80, ASCII))
    assert any(line.startswith(" X TCP") for line in lines)
    assert any(line.strip() == "It timed out." for line in lines)
    assert sum(line.startswith(" ? ") for line in lines) == 2


@pytest.mark.parametrize("hops", [CUT.hops, CUT.hops[1:], ()])
def test_an_endpoint_that_gives_no_answer_has_no_total(hops):
    fact = replace(CUT, hops=hops)
    (total,) = [line for line in texts(path_lines(fact, (), NOW, 80, UNICODE)) if "Total" in line]
    assert total.split() == ["Total", "-", "3s", "ago"]


async def test_an_endpoint_that_gives_no_answer_adds_none_to_the_history():
    store = populate(Store())
    store.set_fact(Facts.endpoint, Read(CUT, NOW))
    store.set_fact(Facts.endpoint, Read(GOOD, NOW))
    assert store.latencies("endpoint") == (GOOD.total,)


@pytest.mark.parametrize("reason", ["", "There is nothing to probe."])
async def test_an_endpoint_that_wasnt_probed_isnt_said_to_respond(reason):
    store = populate(Store())
    untried = replace(CUT, hops=(Hop("http", None, "/livez"),), reason=reason)
    store.set_fact(Facts.endpoint, Read(untried, NOW))
    app = TestedApp(store)
    async with running(app) as press:
        await press("6")
        await shows(app, "○ api.example.com:443", reason or "the server wasn't tried")
        assert "responds" not in app.text()


def test_a_certificate_near_its_end_is_a_warning():
    ending = replace(GOOD, certificate=replace(GOOD.certificate, ends=NOW + 5 * DAY))
    lines = texts(path_lines(ending, (), NOW, 80, UNICODE))
    assert any(line.startswith(" ▲ Certificate") for line in lines)


def test_subnets_stand_by_zone_and_the_full_one_is_marked():
    subnets = [
        SubnetRow("subnet-b", "vpc-1", "us-west-2b", "10.0.2.0/24", 0, False, egress="nat-1"),
        SubnetRow("subnet-a", "vpc-1", "us-west-2a", "10.0.1.0/24", 90, True, egress="igw-1"),
    ]
    cluster = replace(eks_cluster(), vpc="vpc-1", subnets=("subnet-a",))
    denied = Refused(
        "Access denied: allow ec2:DescribeVpcEndpoints.", "ec2:DescribeVpcEndpoints", NOW
    )
    vpc = Vpc(Read(tuple(subnets), NOW), Read(None, NOW), denied)
    lines = texts(eks_lines(cluster, GOOD, vpc, "", NOW, 120, UNICODE))
    rows = [line for line in lines if "subnet-" in line]
    assert rows[0].startswith(" ● 2a")
    assert "cluster, public, 90 free" in rows[0]
    assert rows[1].startswith(" ✖ 2b")
    assert lines[-1] == (
        " ○ VPC endpoints not read: Access denied: allow ec2:DescribeVpcEndpoints."
    )


def test_what_keeps_it_from_being_read_is_said():
    unread = "Not permitted: eks:DescribeCluster is missing."
    vpc = Vpc(NOT_ASKED, NOT_ASKED, NOT_ASKED)
    assert texts(eks_lines(None, GOOD, vpc, unread, NOW, 80, UNICODE)) == [unread]
    failed = ReadFailed("EC2 doesn't answer.", NOW)
    said = ["○ Security groups not read: EC2 doesn't answer."]
    assert texts(group_lines(None, failed, NOW, 80, UNICODE)) == said


def test_subnets_whose_routes_are_unread_are_not_well_and_no_way_is_claimed():
    rows = (SubnetRow("subnet-a", "vpc-1", "us-west-2a", "10.0.1.0/24", 90, True, egress="?"),)
    denied = Refused("Allow ec2:DescribeRouteTables.", "ec2:DescribeRouteTables", NOW)
    cluster = replace(eks_cluster(), vpc="vpc-1", subnets=("subnet-a",))
    vpc = Vpc(Read(rows, NOW), denied, Read((), NOW))
    text = "\n".join(texts(eks_lines(cluster, GOOD, vpc, "", NOW, 120, UNICODE)))
    assert "○ Route tables not read: Allow ec2:DescribeRouteTables." in text
    assert "○ 2a" in text
    assert "via NAT" not in text


def test_the_clusters_own_group_comes_first_with_its_rules_in_words():
    groups = [
        SecurityGroupRow("sg-2", "a-nodes", "vpc-1", ()),
        SecurityGroupRow(
            "sg-1", "eks-cluster-sg", "vpc-1", (Rule(False, "tcp", 443, 443, "sg-2"),)
        ),
    ]
    cluster = replace(eks_cluster(), security_group="sg-1")
    lines = texts(group_lines(cluster, Read(tuple(groups), NOW), NOW, 80, UNICODE))
    assert lines[0] == "eks-cluster-sg  sg-1  cluster security group"
    assert lines[1].strip().endswith("443/tcp <- sg-2 (a-nodes)")
    assert "no rules: all traffic is blocked" in lines[4]


async def test_6_opens_the_way_and_its_history():
    store = populate(Store())
    store.set_fact(Facts.endpoint, Read(GOOD, NOW))
    app = TestedApp(store)
    async with running(app) as press:
        await press("6")
        await shows(app, "api.example.com:443", "responds in 30 ms", "TLS")
        await press("v")
        await shows(app, "Loading")
