"""The way from an instance's subnet to public addresses: its default route, and what is behind.

Source: VPC User Guide, "Subnet route tables", "NAT gateways" and "Egress-only internet gateways".
"""

from eksview.domain.access.network import UNREAD
from eksview.domain.aws.parts import NAT_GATEWAYS
from eksview.domain.join.checks.join_facts import JoinFacts, Verdict, unread
from eksview.domain.rows.aws import SubnetRow

_ROUTES = ("ec2:DescribeSubnets", "ec2:DescribeRouteTables")


def way_out(facts: JoinFacts) -> Verdict:
    """Return whether the instance's subnet leads to public addresses, and how."""
    subnet, public = facts.subnet, facts.instance.public_ip
    if subnet is None or subnet.egress == UNREAD:
        return "unknown", f"the {routes_unread(facts)}"
    target = subnet.egress
    if target.startswith("nat-") and "blackhole" not in target and not subnet.nat_closed:
        return _by_nat(facts, subnet)
    if target.startswith("igw-") and public and "blackhole" not in target:
        return "passed", f"via {target}"
    if leads_over_ipv6(facts, subnet):
        words = f"over IPv6 only, via {subnet.egress6}: a service without an IPv6 address fails"
        return "warned", words
    return _no_way_out(subnet)


def routes_unread(facts: JoinFacts) -> str:
    """Return `routes of subnet-1 couldn't be read` with the reason or the actions."""
    name = facts.instance.subnet or "its subnet"
    return f"routes of {name} couldn't be read{unread(facts, *_ROUTES)}"


def nat_unread(facts: JoinFacts) -> str:
    """Return why the NAT gateways weren't read; empty where they were."""
    return unread(facts, NAT_GATEWAYS) if NAT_GATEWAYS in facts.reasons else ""


def leads_over_ipv6(facts: JoinFacts, subnet: SubnetRow) -> bool:
    """Return whether the instance has an IPv6 address and a route for it."""
    target = subnet.egress6
    gateway = target.startswith(("eigw-", "igw-")) and "blackhole" not in target
    return gateway and bool(facts.instance.ipv6)


def _by_nat(facts: JoinFacts, subnet: SubnetRow) -> Verdict:
    if not subnet.nat_doubt:
        return "passed", f"via {subnet.egress}"
    return "unknown", f"{subnet.nat_doubt}{nat_unread(facts)}"


def _no_way_out(subnet: SubnetRow) -> Verdict:
    """Return why IPv4 doesn't lead out, or what eksview can't see of its way."""
    name, target = subnet.id, subnet.egress
    if subnet.nat_closed:
        return "failed", f"{name} routes to {target}, but {subnet.nat_closed}"
    if "blackhole" in target:
        return "failed", f"the route of {name} to {target} drops all packets"
    if target.startswith("igw-"):
        return "failed", f"{name} routes to {target}, but the instance has no public IP"
    if target:
        return "unknown", f"eksview doesn't see what is behind {target}, where {name} routes to"
    if subnet.partial:
        return "unknown", f"{name} routes only some addresses, to {subnet.partial}"
    return "failed", f"{name} has no route to the internet"
