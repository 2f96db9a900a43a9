"""Security group rules, subnets and the endpoint's access, in words."""

import ipaddress
from collections.abc import Iterable, Mapping

from msgspec import Struct

from eksview.domain.access_facts import EndpointFact
from eksview.domain.aws_rows import ClusterInfo, Rule, SecurityGroupRow, SubnetRow
from eksview.domain.health import Health

EVERYWHERE = ("0.0.0.0/0", "::/0")
SCARCE = 16
"""Free addresses of a subnet under which new nodes and pods may find none: a /28 prefix."""


class Remark(Struct, frozen=True):
    """A thing about the network, how well it is, and a sentence."""

    about: str
    state: Health
    says: str


def rule_words(rule: Rule, names: Mapping[str, str]) -> str:
    """`443/tcp from sg-0abc (nodes)`; `names` has the groups' names by id."""
    ports = _ports(rule)
    known = names.get(rule.source, "")
    peer = "everywhere" if rule.source in EVERYWHERE else rule.source
    said = f"{ports} {'to' if rule.egress else 'from'} {peer}" + (f" ({known})" if known else "")
    return f"{said}: {rule.description}" if rule.description else said


def _ports(rule: Rule) -> str:
    if rule.protocol == "-1":
        return "everything"
    if rule.protocol.startswith("icmp"):
        return rule.protocol
    if rule.first in (-1, 0) and rule.last in (-1, 65535):
        return f"all {rule.protocol}"
    ports = str(rule.first) if rule.first == rule.last else f"{rule.first}-{rule.last}"
    return f"{ports}/{rule.protocol}"


def sorted_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Inbound first, by port."""
    return sorted(rules, key=lambda rule: (rule.egress, rule.protocol, rule.first, rule.source))


def endpoint_access(cluster: ClusterInfo, endpoint: EndpointFact | None) -> tuple[Remark, ...]:
    """Who reaches the API endpoint, and whether this machine does, as far as can be known."""
    return (
        Remark(
            "public access",
            Health.OK if cluster.public else Health.UNKNOWN,
            f"from {_cidrs(cluster.cidrs)}" if cluster.public else "off",
        ),
        Remark(
            "private access",
            Health.OK if cluster.private else Health.UNKNOWN,
            "from the VPC and what is connected to it"
            if cluster.private
            else "off: nodes go out of the VPC to reach the API server",
        ),
        _from_here(cluster, endpoint),
    )


def _cidrs(cidrs: tuple[str, ...]) -> str:
    if not cidrs or any(each in EVERYWHERE for each in cidrs):
        return "everywhere"
    return ", ".join(cidrs)


def _from_here(cluster: ClusterInfo, endpoint: EndpointFact | None) -> Remark:
    about = "from this machine"
    tcp = [hop for hop in endpoint.hops if hop.kind == "tcp"] if endpoint else []
    if endpoint is None or not tcp:
        return Remark(about, Health.UNKNOWN, "not tried yet")
    way = "public" if any(_public(hop.target) for hop in tcp) else "private"
    if any(hop.ok for hop in tcp):
        return Remark(about, Health.OK, f"yes, by the {way} way: a connection proves it")
    if way == "public" and cluster.public and _cidrs(cluster.cidrs) != "everywhere":
        why = "no: perhaps this machine's egress address is in none of these CIDRs"
        return Remark(about, Health.BAD, why)
    if way == "private" and not cluster.public:
        why = "no: the endpoint is private; go through the VPC, a VPN or a bastion"
        return Remark(about, Health.BAD, why)
    return Remark(about, Health.BAD, f"no: {tcp[0].why}")


def _public(target: str) -> bool:
    host = target.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def subnet_remark(subnet: SubnetRow) -> Remark:
    """A subnet's room for nodes and pods, and its way out."""
    ways = {"igw-": "to the internet", "nat-": "out through NAT", "tgw-": "to a transit gateway"}
    way = next((words for start, words in ways.items() if subnet.egress.startswith(start)), "")
    if subnet.egress == "":
        way = "no way out"
    said = f"{subnet.free:,} free of {subnet.cidr}" + (f", {way}" if way else "")
    if subnet.free < SCARCE:
        return Remark(subnet.id, Health.BAD if not subnet.free else Health.WARN, said)
    return Remark(subnet.id, Health.OK, said)


def group_names(groups: Iterable[SecurityGroupRow]) -> dict[str, str]:
    """Names of security groups by id."""
    return {group.id: group.name for group in groups}
