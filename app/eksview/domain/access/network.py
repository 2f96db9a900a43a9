"""Security group rules, subnets and the endpoint's access, in words."""

import ipaddress
from collections.abc import Iterable, Mapping

from eksview.domain.base.health import Health, Remark, remark
from eksview.domain.base.text import Clean
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import ClusterInfo, Rule, SecurityGroupRow, SubnetRow, VpcEndpointRow

EVERYWHERE = ("0.0.0.0/0", "::/0")
UNREAD = Clean("?")
"""The egress of a subnet whose routes weren't read."""
SCARCE = 16
"""Free addresses below which a subnet may have none for new nodes and pods: a /28 prefix."""


def rule_words(rule: Rule, names: Mapping[str, str]) -> str:
    """Return `443/tcp <- sg-0abc (nodes)`; `names` are security group names by id."""
    name = names.get(rule.source, "")
    peer = f"{rule.source} ({name})" if name else rule.source
    words = f"{_ports(rule)} {'->' if rule.egress else '<-'} {peer}"
    return f"{words}: {rule.description}" if rule.description else words


def _ports(rule: Rule) -> str:
    if rule.protocol == "-1":
        return "all traffic"
    if rule.protocol.startswith("icmp"):
        return rule.protocol
    if rule.first in (-1, 0) and rule.last in (-1, 65535):
        return f"all {rule.protocol}"
    ports = str(rule.first) if rule.first == rule.last else f"{rule.first}-{rule.last}"
    return f"{ports}/{rule.protocol}"


def sorted_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules by direction, inbound first, then by protocol and port."""
    return sorted(rules, key=lambda rule: (rule.egress, rule.protocol, rule.first, rule.source))


def endpoint_access(cluster: ClusterInfo, endpoint: EndpointFact | None) -> tuple[Remark, ...]:
    """Return remarks on public and private access, and on access from this machine."""
    return (
        remark(
            "public access",
            Health.OK if cluster.public else Health.UNKNOWN,
            f"from {cidr_words(cluster.cidrs)}" if cluster.public else "off",
        ),
        remark(
            "private access",
            Health.OK if cluster.private else Health.UNKNOWN,
            "from the VPC and connected networks"
            if cluster.private
            else "off: nodes leave the VPC to reach the API server",
        ),
        _from_here(cluster, endpoint),
    )


def cidr_words(cidrs: tuple[str, ...]) -> str:
    """Return the CIDRs that may reach the public endpoint."""
    return ", ".join(cidrs) or "CIDRs that EKS doesn't report"


def _from_here(cluster: ClusterInfo, endpoint: EndpointFact | None) -> Remark:
    about = "from this machine"
    tcp = [hop for hop in endpoint.hops if hop.kind == "tcp"] if endpoint else []
    if endpoint is None or not tcp:
        return remark(about, Health.UNKNOWN, "not tried yet")
    if endpoint.proxy:
        return remark(about, Health.UNKNOWN, f"unknown because it goes via proxy {endpoint.proxy}")
    reached = [hop.target for hop in tcp if hop.ok]
    public = any(_is_public(hop.target) for hop in tcp)
    if not reached:
        return remark(about, Health.BAD, _unreachable_words(cluster, tcp[0].reason, public=public))
    says = f"yes: connected via the {'public' if public else 'private'} endpoint"
    if any(map(_is_loopback, reached)):
        says = "yes: connected via a loopback address (a tunnel or a forwarded port)"
    return remark(about, Health.OK, says)


def _unreachable_words(cluster: ClusterInfo, reason: str, *, public: bool) -> str:
    limited = cluster.public and cluster.cidrs and not set(EVERYWHERE) & set(cluster.cidrs)
    if public and limited:
        return "no: this machine's public IP may not be in these CIDRs"
    if not public and not cluster.public:
        return "no: the endpoint is private; connect from the VPC, a VPN or a bastion"
    return f"no: {reason}"


def _is_public(target: str) -> bool:
    address = _address(target)
    return address is not None and address.is_global


def _is_loopback(target: str) -> bool:
    address = _address(target)
    return address is not None and address.is_loopback


def _address(target: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address of `10.0.0.9:443`; None for a name."""
    try:
        return ipaddress.ip_address(target.rpartition(":")[0].strip("[]"))
    except ValueError:
        return None


def subnet_remark(subnet: SubnetRow) -> Remark:
    """Return the free addresses of a subnet and the target of its default route."""
    targets = {"igw-": "internet gateway", "nat-": "NAT gateway", "tgw-": "transit gateway"}
    route = next((name for start, name in targets.items() if subnet.egress.startswith(start)), "")
    if subnet.egress == "":
        route = "no route out"
    if _closed(subnet) and subnet.egress:
        cause = subnet.nat_closed or f"the route to {subnet.egress} drops all packets"
        route = f"no way out: {cause}" if subnet.nat_closed else cause
    if subnet.nat_doubt:
        route = f"{subnet.egress}, unknown whether it leads out"
    unread = subnet.egress == UNREAD
    if unread:
        route = "routes not read"
    unread = unread or bool(subnet.nat_doubt)
    says = f"{subnet.free:,} free of {subnet.cidr}" + (f", {route}" if route else "")
    if subnet.free < SCARCE:
        return remark(subnet.id, Health.BAD if not subnet.free else Health.WARN, says)
    if _closed(subnet) and subnet.egress:
        return remark(subnet.id, Health.BAD, says)
    return remark(subnet.id, Health.UNKNOWN if unread else Health.OK, says)


SERVICES = {
    "ec2": "addresses and volumes",
    "ecr.api": "image pulls",
    "ecr.dkr": "image pulls",
    "s3": "image layers",
    "sts": "IAM roles for service accounts",
    "eks-auth": "EKS Pod Identity credentials",
    "elasticloadbalancing": "load balancers",
    "logs": "container logs",
}
"""Services that nodes without a route out need a VPC endpoint for, with their use.

Source: Amazon EKS User Guide, "Deploy private clusters with limited internet access".
"""
_VITAL = ("ec2", "ecr.api", "ecr.dkr", "s3")


def endpoint_remarks(
    endpoints: Iterable[VpcEndpointRow], subnets: Iterable[SubnetRow], vpc: str
) -> tuple[Remark, ...]:
    """Return each service with its VPC endpoint; a missing one matters without a route out."""
    by_service = {service_of(row.service): row for row in endpoints if row.vpc == vpc}
    own = [subnet for subnet in subnets if subnet.vpc == vpc]
    egress = {subnet.egress for subnet in own}
    doubt = any(subnet.nat_doubt for subnet in own)
    isolated = None if UNREAD in egress or not egress or doubt else False
    closed = frozenset(subnet.table for subnet in own if _closed(subnet))
    if closed:
        isolated = True
    return tuple(
        _unrouted(name, by_service.get(name), closed)
        or _service_remark(name, by_service.get(name), isolated)
        for name in SERVICES
    )


def _closed(subnet: SubnetRow) -> bool:
    """Return whether a subnet has no route out, or one that leads nowhere."""
    return not subnet.egress or "blackhole" in subnet.egress or bool(subnet.nat_closed)


def _unrouted(name: str, endpoint: VpcEndpointRow | None, tables: frozenset[str]) -> Remark | None:
    """Return the remark on a gateway endpoint to which subnets without a route out have none."""
    if endpoint is None or endpoint.type != "Gateway" or endpoint.state != "available":
        return None
    missing = sorted(tables - set(endpoint.tables) - {""})
    if not missing:
        return None
    where = f"isn't in {', '.join(missing)} of subnets without a route out"
    return remark(name, Health.BAD, f"{endpoint.id}, gateway, {where}: no {SERVICES[name]}")


def service_of(name: str) -> str:
    """Return `ecr.api` for `com.amazonaws.us-west-2.ecr.api`, in every partition."""
    return name.partition("amazonaws.")[2].partition(".")[2]


def _service_remark(name: str, endpoint: VpcEndpointRow | None, isolated: bool | None) -> Remark:
    """Return the remark; `isolated` says that a subnet has no route out, None that it's unread."""
    use = SERVICES[name]
    if endpoint is None and isolated is None:
        says = f"no VPC endpoint; unknown whether {use} have another way, routes not read"
        return remark(name, Health.UNKNOWN, says)
    if endpoint is None and not isolated:
        says = f"no VPC endpoint; {use} go via NAT or internet gateway"
        return remark(name, Health.UNKNOWN, says)
    if endpoint is None:
        state = Health.BAD if name in _VITAL else Health.WARN
        return remark(name, state, f"no VPC endpoint, and subnets without a route out: no {use}")
    says = f"{endpoint.id}, {endpoint.type.lower()}"
    if endpoint.state != "available":
        return remark(name, Health.BAD, f"{says} is {endpoint.state}: no {use}")
    if endpoint.type == "Interface" and not endpoint.private_dns:
        return remark(name, Health.WARN, f"{says}, but private DNS is off, so it isn't used")
    return remark(name, Health.OK, f"{says}: {use}")


def group_names(groups: Iterable[SecurityGroupRow]) -> dict[str, str]:
    """Return names of security groups by id."""
    return {group.id: group.name for group in groups}
