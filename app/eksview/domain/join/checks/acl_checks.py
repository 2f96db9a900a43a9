"""The check of the network ACLs between an instance, the control plane and AWS services.

They have no memory: replies need a rule of their own, for the ports that a client opens. They are
applied where traffic enters or leaves a subnet, never inside one. Source: VPC User Guide, "Control
subnet traffic with network access control lists" and "Custom network ACLs for your VPC".
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, ip_network
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.join.checks.egress import way_out
from eksview.domain.join.checks.join_facts import JoinFacts, Verdict, by_owner, no_cluster, unread
from eksview.domain.join.checks.service_checks import SERVICES
from eksview.domain.rows.aws import AclRule, NetworkAclRow, SubnetRow

HTTPS, KUBELET = (443, 443), (10250, 10250)
EPHEMERAL = (32768, 60999)  # Linux's net.ipv4.ip_local_port_range
EPHEMERAL_WINDOWS = (49152, 65535)
INTERNET = "0.0.0.0/0"
DEFAULT = 32767  # the number of the rule that denies the rest
_TCP = ("6", "tcp", "-1")
Ports: TypeAlias = tuple[int, int]
Passage: TypeAlias = Literal["allowed", "part", "denied"]


class _Flow(Struct, frozen=True):
    """Packets that cross the border of a subnet; `peer` is a CIDR on the other side."""

    subnet: str
    egress: bool
    ports: Ports
    peer: str


def acls_pass(facts: JoinFacts) -> Verdict:
    """Check all packets of a join, in both directions."""
    if facts.cluster is None:
        return no_cluster(facts)
    subnet = facts.subnet
    if facts.acls is None or subnet is None:
        why = unread(facts, "ec2:DescribeNetworkAcls", "ec2:DescribeSubnets")
        return "unknown", f"The network ACLs couldn't be read{why}."
    if not facts.instance.private_ip:
        return "unknown", "The instance has no IPv4 address, and only such rules are checked."
    acls: dict[str, NetworkAclRow] = {name: acl for acl in facts.acls for name in acl.subnets}
    flows = list(dict.fromkeys(_flows(facts, subnet)))
    missing = sorted({flow.subnet for flow in flows} - acls.keys())
    if missing:
        return "unknown", f"The network ACL of {', '.join(missing)} couldn't be read."
    result, evidence = _judged(flows, acls, by_owner(facts))
    unknown = [name for name in facts.cluster.subnets if name not in (facts.subnets or {})]
    if facts.cluster.private and unknown and result != "failed":
        why = unread(facts, "ec2:DescribeSubnets")
        return "unknown", f"{', '.join(unknown)} of the control plane couldn't be read{why}."
    return result, evidence


def _judged(flows: Sequence[_Flow], acls: dict[str, NetworkAclRow], where: str) -> Verdict:
    if not flows:
        return "passed", "The control plane is in the same subnet: no network ACL is crossed."
    judged = [(flow, *passage(acls[flow.subnet], flow)) for flow in flows]
    denied = [_words(acls, *each) for each in judged if each[1] == "denied"]
    part = [_words(acls, *each) for each in judged if each[1] == "part"]
    if denied:
        return "failed", f"{_some(denied)}: allow it{where}."
    if part:
        return "warned", f"{_some(part)}."
    used = sorted({acls[flow.subnet].id for flow in flows})
    verb = "allows" if len(used) == 1 else "allow"
    return "passed", f"{', '.join(used)} {verb} 443, 10250 and the replies."


def _some(sentences: Sequence[str]) -> str:
    more = f"; {len(sentences) - 2} more" if len(sentences) > 2 else ""
    return "; ".join(sentences[:2]) + more


def _words(
    acls: dict[str, NetworkAclRow], flow: _Flow, passage: Passage, rule: AclRule | None
) -> str:
    first, last = flow.ports
    ports = str(first) if first == last else f"{first}-{last}"
    way = f"out to {flow.peer}" if flow.egress else f"in from {flow.peer}"
    number = rule.number if rule is not None else DEFAULT
    cause = "no rule allows it" if number >= DEFAULT else f"rule {number}"
    verb = "denies" if passage == "denied" else "denies a part of"
    return f"{acls[flow.subnet].id} of {flow.subnet} {verb} TCP {ports} {way} ({cause})"


def _flows(facts: JoinFacts, subnet: SubnetRow) -> Iterator[_Flow]:
    """Yield the packets to the API server and back, to the kubelet and back, and to AWS."""
    instance, cluster = facts.instance, facts.cluster
    if cluster is None:
        return
    reply = EPHEMERAL_WINDOWS if instance.platform == "windows" else EPHEMERAL
    if not cluster.private or _leaves(facts):
        yield _Flow(subnet.id, True, HTTPS, INTERNET)
        yield _Flow(subnet.id, False, reply, INTERNET)
    address = f"{instance.private_ip}/32"
    for name in cluster.subnets if cluster.private else ():
        other = (facts.subnets or {}).get(name)
        if other is None or name == subnet.id:
            continue
        yield _Flow(subnet.id, True, HTTPS, other.cidr)
        yield _Flow(name, False, HTTPS, address)
        yield _Flow(name, True, reply, address)
        yield _Flow(subnet.id, False, reply, other.cidr)
        yield _Flow(name, True, KUBELET, address)
        yield _Flow(subnet.id, False, KUBELET, other.cidr)
        yield _Flow(subnet.id, True, EPHEMERAL, other.cidr)
        yield _Flow(name, False, EPHEMERAL, address)


def _leaves(facts: JoinFacts) -> bool:
    """Return whether the instance uses AWS services by their public addresses."""
    own = [row for row in facts.endpoints or () if row.vpc == facts.instance.vpc]
    return way_out(facts)[0] != "failed" and len(own) < len(SERVICES)


def passage(acl: NetworkAclRow, flow: _Flow) -> tuple[Passage, AclRule | None]:
    """Return whether packets pass, and the rule that denies them; None is the default one.

    Between two borders of rules nothing changes, so one port and one address of each piece are
    enough. The internet is judged by the rules for all addresses: others are about a part of it.
    """
    rules = [
        (rule, network)
        for rule in acl.rules
        if rule.egress is flow.egress
        and rule.protocol in _TCP
        and (network := _network(rule.cidr)) is not None
    ]
    peer, narrow = IPv4Network(flow.peer, strict=False), False
    if not peer.prefixlen:
        narrow = any(
            rule.allow and network.prefixlen and network.is_global for rule, network in rules
        )
        rules = [(rule, network) for rule, network in rules if not network.prefixlen]
    verdicts = [
        _decided(rules, port, address)
        for port in _ports(rules, flow.ports)
        for address in _addresses(rules, peer)
    ]
    denying = [rule for allow, rule in verdicts if not allow]
    if not denying:
        return "allowed", None
    whole = len(denying) == len(verdicts) and not narrow
    return ("denied" if whole else "part"), denying[0]


_Rules: TypeAlias = Sequence[tuple[AclRule, IPv4Network]]


def _decided(rules: _Rules, port: int, address: int) -> tuple[bool, AclRule | None]:
    for rule, network in rules:
        first, last = _range(rule)
        start = int(network.network_address)
        if first <= port <= last and start <= address < start + network.num_addresses:
            return rule.allow, rule
    return False, None


def _ports(rules: _Rules, ports: Ports) -> set[int]:
    """Return a port of each piece between the borders of rules."""
    low, high = ports
    borders = {border for rule, _ in rules for border in (_range(rule)[0], _range(rule)[1] + 1)}
    return {low} | {border for border in borders if low <= border <= high}


def _addresses(rules: _Rules, peer: IPv4Network) -> set[int]:
    """Return an address of each piece between the borders of rules."""
    low, high = int(peer.network_address), int(peer.broadcast_address)
    starts = {int(network.network_address) for _, network in rules}
    ends = {int(network.broadcast_address) + 1 for _, network in rules}
    return {low} | {border for border in starts | ends if low <= border <= high}


def _range(rule: AclRule) -> Ports:
    return (0, 65535) if rule.protocol == "-1" or rule.first == -1 else (rule.first, rule.last)


def _network(cidr: str) -> IPv4Network | None:
    """Return the network of an IPv4 rule; None for one of IPv6."""
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return None
    return network if isinstance(network, IPv4Network) else None
