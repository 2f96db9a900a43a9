"""EC2: the DNS attributes of the VPCs and their network ACLs."""

from collections.abc import Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import shared, text, texts
from eksview.aws.services.reader import AwsReader, filtered_table, reads
from eksview.domain.aws.poll_plan import NETWORK
from eksview.domain.base.text import clean
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import AclRule, NetworkAclRow, VpcRow
from eksview.domain.rows.kube import Kind

_DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}
"""An attribute by its name in the request, and in the answer."""


def network_acls(answer: Answer) -> Iterator[NetworkAclRow]:
    """Yield the rows of a page of DescribeNetworkAcls."""
    for item in answer.get("NetworkAcls") or ():
        rules = sorted(map(_rule, item.get("Entries") or ()), key=lambda rule: rule.number)
        associations = item.get("Associations") or ()
        yield NetworkAclRow(
            id=text(item.get("NetworkAclId")),
            vpc=shared(item.get("VpcId")),
            subnets=texts(association.get("SubnetId") for association in associations),
            rules=tuple(rules),
        )


def _rule(entry: Answer) -> AclRule:
    ports = entry.get("PortRange") or {}
    return AclRule(
        number=int(entry.get("RuleNumber") or 0),
        egress=bool(entry.get("Egress")),
        allow=entry.get("RuleAction") == "allow",
        protocol=shared(entry.get("Protocol")),
        first=int(ports.get("From", -1)),
        last=int(ports.get("To", -1)),
        cidr=text(entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")),
    )


class VpcSettings(AwsReader):
    """What of a VPC keeps an instance from joining, beside routes and security groups."""

    acls = filtered_table(
        Kind.NETWORK_ACL,
        "DescribeNetworkAcls",
        "vpc-id",
        Inventory.vpcs,
        network_acls,
        every=10,
    )

    @reads(NETWORK, "ec2:DescribeVpcAttribute", every=10)
    async def dns(self, client: ThrottledClient) -> None:
        """Read the DNS attributes, of which each is a call for each VPC."""
        rows = []
        for vpc in sorted(self.inventory.vpcs()):
            values = {}
            for attribute, member in _DNS.items():
                answer = await client.call(
                    "ec2", "DescribeVpcAttribute", VpcId=vpc, Attribute=attribute
                )
                values[attribute] = bool((answer.get(member) or {}).get("Value"))
            rows.append(VpcRow(clean(vpc), *values.values()))
        self.sink.send(Swap(Kind.VPC, rows))
