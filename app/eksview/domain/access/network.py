"""Security group rules, subnets and the endpoint's access, in words."""

import ipaddress
from collections.abc import Iterable, Mapping

from eksview.domain.base.health import Health
from eksview.domain.base.remark import Remark
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import (
    ClusterInfo,
    Rule,
    SecurityGroupRow,
    SubnetRow,
    VpcEndpointRow,
)

EVERYWHERE = ("0.0.0.0/0", "::/0")
SCARCE = 16
"""Free addresses of a subnet under which new nodes and pods may find none: a /28 prefix."""


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
            f"from {cidr_words(cluster.cidrs)}" if cluster.public else "off",
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


def cidr_words(cidrs: tuple[str, ...]) -> str:
    """From where the public endpoint may be reached."""
    if not cidrs:
        return "addresses that EKS doesn't name"
    if any(each in EVERYWHERE for each in cidrs):
        return "everywhere"
    return ", ".join(cidrs)


def _from_here(cluster: ClusterInfo, endpoint: EndpointFact | None) -> Remark:
    about = "from this machine"
    tcp = [hop for hop in endpoint.hops if hop.kind == "tcp"] if endpoint else []
    if endpoint is None or not tcp:
        return Remark(about, Health.UNKNOWN, "not tried yet")
    if endpoint.proxy:
        return Remark(about, Health.UNKNOWN, f"through {endpoint.proxy}: only that proxy can tell")
    reached = [hop.target for hop in tcp if hop.ok]
    way = "public" if any(_public(hop.target) for hop in tcp) else "private"
    if not reached:
        return Remark(about, Health.BAD, _shut_out(cluster, way, tcp[0].why))
    says = f"yes, by the {way} way: a connection proves it"
    if any(map(_loopback, reached)):
        says = "yes, by an address of this machine itself: a tunnel or a forwarded port"
    return Remark(about, Health.OK, says)


def _shut_out(cluster: ClusterInfo, way: str, why: str) -> str:
    named = cluster.public and cluster.cidrs and cidr_words(cluster.cidrs) != "everywhere"
    if way == "public" and named:
        return "no: perhaps this machine's egress address is in none of these CIDRs"
    if way == "private" and not cluster.public:
        return "no: the endpoint is private; go through the VPC, a VPN or a bastion"
    return f"no: {why}"


def _public(target: str) -> bool:
    address = _address(target)
    return address is not None and address.is_global


def _loopback(target: str) -> bool:
    address = _address(target)
    return address is not None and address.is_loopback


def _address(target: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Of `10.0.0.9:443`; None for a name."""
    try:
        return ipaddress.ip_address(target.rpartition(":")[0].strip("[]"))
    except ValueError:
        return None


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


SERVICES = {
    "ec2": "addresses and volumes",
    "ecr.api": "image pulls",
    "ecr.dkr": "image pulls",
    "s3": "image layers",
    "sts": "IAM roles for service accounts",
    "eks-auth": "EKS Pod Identity",
    "elasticloadbalancing": "load balancers",
    "logs": "container logs",
}
"""What nodes without a way out need an endpoint for, and what for.

Source: Amazon EKS User Guide, "Deploy private clusters with limited internet access".
"""
_VITAL = ("ec2", "ecr.api", "ecr.dkr", "s3")


def endpoint_remarks(
    endpoints: Iterable[VpcEndpointRow], subnets: Iterable[SubnetRow], vpc: str
) -> tuple[Remark, ...]:
    """Each service with its VPC endpoint; one that is missing matters where nothing leads out."""
    found = {_service(each.service): each for each in endpoints if each.vpc == vpc}
    shut = any(subnet.egress == "" for subnet in subnets if subnet.vpc == vpc)
    return tuple(_service_remark(name, found.get(name), shut) for name in SERVICES)


def _service(name: str) -> str:
    """`ecr.api` of `com.amazonaws.us-west-2.ecr.api`, `com.amazonaws...` in every partition."""
    return name.partition("amazonaws.")[2].partition(".")[2]


def _service_remark(name: str, found: VpcEndpointRow | None, shut: bool) -> Remark:
    use = SERVICES[name]
    if found is None and not shut:
        return Remark(name, Health.UNKNOWN, f"no VPC endpoint; the way out is used for {use}")
    if found is None:
        state = Health.BAD if name in _VITAL else Health.WARN
        return Remark(name, state, f"no VPC endpoint, and subnets without a way out: no {use}")
    said = f"{found.id}, {found.type.lower()}"
    if found.state != "available":
        return Remark(name, Health.BAD, f"{said} is {found.state}: no {use}")
    if found.type == "Interface" and not found.private_dns:
        return Remark(name, Health.WARN, f"{said}, but the service's usual name leads past it")
    return Remark(name, Health.OK, f"{said}: {use}")


def group_names(groups: Iterable[SecurityGroupRow]) -> dict[str, str]:
    """Names of security groups by id."""
    return {group.id: group.name for group in groups}
