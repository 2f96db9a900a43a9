"""Join checks on estates that the demo doesn't have, from AWS's answers over HTTP to their text.

Each estate is the demo's account with some answers changed, through moto's serializer and held to
AWS's shapes. The instance is the one that never joins.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any, TypeAlias

import pytest

from eksview.aws.account_watcher import AccountWatcher
from eksview.aws.client.session import AwsSession
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.reading import Read
from eksview.domain.join.checks.conclusion import conclusion
from eksview.domain.join.checks.join_facts import JoinCheck
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import AwsAuth
from eksview.engine.one_shot import OneShotStore
from eksview.store.applier import apply
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.store import Store
from eksview.ui.nodes.timeline import advice_lines, check_lines
from eksview.ui.text.glyphs import UNICODE
from eksview_demo.aws import account as e
from eksview_demo.aws import eks_access, server, wire
from eksview_demo.aws.account import CLUSTER, Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.listener import AwsListener
from eksview_demo.aws.network import NAT, PRIVATE_TABLE
from eksview_demo.aws.server import perform
from eksview_demo.cluster.nodes.node_state import REGION
from tests.aws import shapes
from tests.patience import until

HERE = AwsTarget(cluster=CLUSTER, region=REGION)
Answer: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Answer, Answer], Answer]
"""Returns another answer from what the demo answers, and the parameters of the call."""
Estate: TypeAlias = Mapping[str, Change]
AMI, IMDS, DNS = "AMI", "Instance metadata", "VPC DNS"
SERVICES, ACLS = "AWS services", "Network ACLs"


@pytest.fixture
def estate_of(demo_estate: AwsListener, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Reads the checks of the demo's stray instance, with some answers changed."""
    drift: list[str] = []

    @asynccontextmanager
    async def read(estate: Estate) -> AsyncIterator[tuple[Store, list[JoinCheck], list[str]]]:
        def changed(account: Account, asked: wire.AwsRequest) -> wire.Parameters:
            answer = deepcopy(perform(account, asked))
            if change := estate.get(asked.operation):
                answer = change(answer, asked.parameters)
            action = f"{asked.service}:{asked.operation}"
            _, body = wire.answer(asked.service, asked.operation, answer)
            drift.extend(shapes.faults(action, shapes.parsed(action, body)))
            return answer

        monkeypatch.setattr(server, "perform", changed)
        reader, stray = OneShotStore(), demo_estate.account.stray
        store = reader.store
        session = AwsSession(HERE, demo_estate.environ)
        watcher = AccountWatcher(session, HERE, reader.messages, InstanceTracker())
        watcher.start()
        try:
            await until(lambda: all(_answered(store, name) for name in PLANS))
            detail = await watcher.detail(stray)
        finally:
            await watcher.stop()
            await session.close()
        apply(store, FactSet(Facts.aws_auth, Read(AwsAuth(0.0), 0.0)))
        now = demo_estate.account.now
        facts = join_facts(store, machine_of_instance(store, stray), detail, now)
        checks = why_not_joined(facts)
        lines = [
            *check_lines(checks, 200, UNICODE),
            *advice_lines(conclusion(checks, facts), 200),
        ]
        yield store, list(checks), ["".join(text for text, _ in line) for line in lines]
        assert drift == []

    return read


def _answered(store: Store, name: str) -> bool:
    link = store.links.get(name)
    return link is not None and (link.heard is not None or link.phase is Phase.REFUSED)


def denied(action: str) -> Estate:
    def change(_: Answer, __: Answer) -> Answer:
        message = f"User: arn:aws:iam::111122223333:user/me is not authorized to perform: {action}"
        raise NoSuch("UnauthorizedOperation", message)

    return {action.partition(":")[2]: change}


def route(**target: str) -> Change:
    """The private subnets' default route goes there; nowhere without a target."""

    def change(answer: Answer, _: Answer) -> Answer:
        for table in answer["RouteTables"]:
            if table["RouteTableId"] == PRIVATE_TABLE:
                table["Routes"] = table["Routes"][:1]
                if target:
                    out = {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **target}
                    table["Routes"].append(out)
        return answer

    return change


def nat(**changes: str) -> Change:
    return lambda answer, _: {"NatGateways": [each | changes for each in answer["NatGateways"]]}


def endpoints(*documents: Answer) -> Change:
    return lambda _, __: {"VpcEndpoints": list(documents)}


def endpoint(service: str, **changes: Any) -> Answer:
    return {
        "VpcEndpointId": f"vpce-0{service.replace('.', '')}",
        "VpcEndpointType": "Interface",
        "VpcId": e.VPC,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "Available",
        "PrivateDnsEnabled": True,
        "Groups": [{"GroupId": e.CLUSTER_GROUP, "GroupName": "eks"}],
        **changes,
    }


def image(**changes: str) -> Change:
    def change(answer: Answer, _: Answer) -> Answer:
        return {"Images": [each | changes for each in answer["Images"]]}

    return change


def metadata(**options: Any) -> Change:
    def change(answer: Answer, _: Answer) -> Answer:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["MetadataOptions"] |= options
        return answer

    return change


def attribute(name: str) -> Change:
    """One attribute of the VPC is off."""

    def change(answer: Answer, asked: Answer) -> Answer:
        member = asked["Attribute"][0].upper() + asked["Attribute"][1:]
        return answer | ({member: {"Value": False}} if asked["Attribute"] == name else {})

    return change


def acl(*, egress: bool, first: int, last: int) -> Change:
    """A rule before all others denies these ports."""

    def change(answer: Answer, _: Answer) -> Answer:
        entry = {
            "RuleNumber": 50,
            "Egress": egress,
            "RuleAction": "deny",
            "Protocol": "6",
            "CidrBlock": "0.0.0.0/0",
            "PortRange": {"From": first, "To": last},
        }
        for each in answer["NetworkAcls"]:
            each["Entries"].append(entry)
        return answer

    return change


def egress(**rule: Any) -> Change:
    """Only this rule lets traffic out of the instance's groups."""

    def change(answer: Answer, _: Answer) -> Answer:
        for group in answer["SecurityGroups"]:
            group["IpPermissionsEgress"] = [rule]
        return answer

    return change


CLOSED_GROUP = "sg-0eeeeeeeeeeeeeeee"


def closed_group(answer: Answer, asked: Answer) -> Answer:
    """The endpoints have a group of their own that lets nobody in."""
    wanted = {value for each in asked["Filters"] for value in each["Values"]}
    group = {
        "GroupId": CLOSED_GROUP,
        "GroupName": "endpoints",
        "Description": "endpoints",
        "VpcId": e.VPC,
        "IpPermissions": [],
        "IpPermissionsEgress": [],
    }
    if CLOSED_GROUP in wanted:
        answer["SecurityGroups"].append(group)
    return answer


ALL = ("ec2", "ecr.api", "ecr.dkr", "s3", "sts")
ESTATES: list[tuple[str, Estate, str, str]] = [
    ("isolated", {"DescribeRouteTables": route(), "DescribeVpcEndpoints": endpoints()},
     SERVICES, "failed   ec2, ecr.api, ecr.dkr, s3, sts: no VPC endpoint"),
    ("isolated with endpoints",
     {"DescribeRouteTables": route(), "DescribeVpcEndpoints": endpoints(*map(endpoint, ALL))},
     SERVICES, "passed "),
    ("isolated without ECR",
     {"DescribeRouteTables": route(),
      "DescribeVpcEndpoints": endpoints(*map(endpoint, ("ec2", "s3", "sts")))},
     SERVICES, "failed   ecr.api, ecr.dkr: no VPC endpoint"),
    ("a gateway endpoint of another route table",
     {"DescribeRouteTables": route(),
      "DescribeVpcEndpoints": endpoints(
          *map(endpoint, ("ec2", "ecr.api", "ecr.dkr", "sts")),
          endpoint("s3", VpcEndpointType="Gateway", PrivateDnsEnabled=False, Groups=[],
                   RouteTableIds=["rtb-0other"]))},
     SERVICES, f"failed   s3: vpce-0s3 isn't in route table {PRIVATE_TABLE}"),
    ("private DNS off",
     {"DescribeRouteTables": route(),
      "DescribeVpcEndpoints": endpoints(
          *map(endpoint, ALL[1:]), endpoint("ec2", PrivateDnsEnabled=False))},
     SERVICES, "failed   ec2: private DNS of vpce-0ec2 is off"),
    ("a closed endpoint beside NAT",
     {"DescribeVpcEndpoints": endpoints(
         endpoint("ec2", Groups=[{"GroupId": CLOSED_GROUP, "GroupName": "endpoints"}])),
      "DescribeSecurityGroups": closed_group},
     SERVICES, f"failed   ec2 (vpce-0ec2): no rule of {CLOSED_GROUP} allows TCP 443 in"),
    ("an internet gateway without a public IP",
     {"DescribeRouteTables": route(GatewayId="igw-0123"), "DescribeVpcEndpoints": endpoints()},
     SERVICES, "routes to igw-0123, but the instance has no public IP"),
    ("a deleted NAT gateway",
     {"DescribeRouteTables": route(NatGatewayId=NAT, State="blackhole"),
      "DescribeVpcEndpoints": endpoints()},
     SERVICES, f"to {NAT} (blackhole) drops all packets"),
    ("a NAT gateway in a private subnet", {"DescribeNatGateways": nat(SubnetId=e.subnet(1))},
     SERVICES, f"but {NAT} is in {e.subnet(1)}, which routes to {NAT}, not to an internet gateway"),
    ("a private NAT gateway", {"DescribeNatGateways": nat(ConnectivityType="private")},
     SERVICES, f"but {NAT} is private: it doesn't lead to the internet"),
    ("a NAT gateway that failed", {"DescribeNatGateways": nat(State="failed")},
     SERVICES, f"but {NAT} is failed"),
    ("a NAT gateway in an unseen subnet", {"DescribeNatGateways": nat(SubnetId="subnet-0other")},
     SERVICES, "the routes of subnet-0other, where"),
    ("NAT gateways refused", denied("ec2:DescribeNatGateways"),
     SERVICES, f"NAT gateway {NAT} wasn't read: ec2:DescribeNatGateways is denied"),
    ("a transit gateway", {"DescribeRouteTables": route(TransitGatewayId="tgw-0123")},
     SERVICES, "unknown  ec2, sts: no VPC endpoint, and eksview doesn't see what is behind tgw-01"),
    ("443 closed by the instance's groups",
     {"DescribeSecurityGroups": egress(IpProtocol="tcp", FromPort=80, ToPort=80,
                                       IpRanges=[{"CidrIp": "0.0.0.0/0"}])},
     "443 to AWS services", "failed   No rule of"),
    ("DNS closed by the instance's groups",
     {"DescribeSecurityGroups": egress(IpProtocol="tcp", FromPort=443, ToPort=443,
                                       IpRanges=[{"CidrIp": "0.0.0.0/0"}])},
     "DNS of pods", "warned   No rule of"),
    ("plain Amazon Linux",
     {"DescribeImages": image(Name="al2023-ami-2023.8.20250915.0-kernel-6.1-x86_64",
                              OwnerId="137112412989")},
     AMI, "plain Amazon Linux, without a kubelet"),
    ("a custom copy",
     {"DescribeImages": image(OwnerId=e.ACCOUNT, ImageOwnerAlias="")},
     AMI, "(amazon-eks-node-al2023-x86_64-standard-1.33-v20250915) is a custom image of"),
    ("an image that nobody shares", {"DescribeImages": lambda _, __: {"Images": []}},
     AMI, "couldn't be described: deregistered, not shared"),
    ("an image newer than the control plane",
     {"DescribeImages": image(Name="amazon-eks-node-al2023-x86_64-standard-1.34-v20251001")},
     "Version skew", "failed   kubelet 1.34, control plane 1.33"),
    ("DNS support off", {"DescribeVpcAttribute": attribute("enableDnsSupport")},
     DNS, "failed   enableDnsSupport of"),
    ("DNS hostnames off", {"DescribeVpcAttribute": attribute("enableDnsHostnames")},
     DNS, "failed   enableDnsHostnames of"),
    ("IMDS off", {"DescribeInstances": metadata(HttpEndpoint="disabled")}, IMDS, "failed   IMDS"),
    ("hop limit 1", {"DescribeInstances": metadata(HttpPutResponseHopLimit=1)},
     IMDS, "warned   IMDS is on, IMDSv2 required, hop limit 1: the kubelet isn't affected"),
    ("replies denied", {"DescribeNetworkAcls": acl(egress=False, first=1024, last=65535)},
     ACLS, "failed   acl-0d0000000000000cc of subnet-"),
    ("requests denied", {"DescribeNetworkAcls": acl(egress=True, first=443, last=443)},
     ACLS, "denies TCP 443 out to 0.0.0.0/0 (rule 50)"),
    ("network ACLs refused", denied("ec2:DescribeNetworkAcls"),
     ACLS, "unknown  The network ACLs couldn't be read: ec2:DescribeNetworkAcls is denied."),
    ("VPC attributes refused", denied("ec2:DescribeVpcAttribute"),
     DNS, "couldn't be read: ec2:DescribeVpcAttribute is denied."),
    ("VPC endpoints refused", denied("ec2:DescribeVpcEndpoints"),
     SERVICES, "unknown  The VPC endpoints couldn't be read: ec2:DescribeVpcEndpoints is denied."),
    ("images refused", denied("ec2:DescribeImages"), AMI, "ec2:DescribeImages is denied."),
    ("routes refused", denied("ec2:DescribeRouteTables"),
     SERVICES, "ec2:DescribeRouteTables is denied"),
    ("security groups refused", denied("ec2:DescribeSecurityGroups"),
     "443 to AWS services", "ec2:DescribeSecurityGroups is denied"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("estate", "name", "words"), [each[1:] for each in ESTATES], ids=[each[0] for each in ESTATES]
)
async def test_the_text_of_an_estate(estate_of: Any, estate: Estate, name: str, words: str) -> None:
    async with estate_of(estate) as (_, _checks, lines):
        text = " ".join(line.strip() for line in lines)
        start = text.index(f"{name} ")
        assert words in text[start : start + 600], "\n".join(lines)


async def test_when_everything_passes_the_console_and_user_data_are_next(
    estate_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eks_access, "CANARY", "")  # its role has an access entry too
    async with estate_of({}) as (_, checks, lines):
        assert not [check for check in checks if check.result == "failed"]
        text = "\n".join(lines)
        assert "No check failed" in text
        assert 'The console\'s last useful line: kubelet: E "Attempting to register node"' in text
        assert "aws ec2 get-console-output --instance-id" in text
        assert "NodeConfig" in text
