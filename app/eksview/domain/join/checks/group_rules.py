"""What security groups allow by their rules; unknown where a group or prefix list is unread."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.checks.join_facts import JoinFacts, Verdict, unread
from eksview.domain.rows.aws import ClusterInfo, Rule, SecurityGroupRow

ANYWHERE = "0.0.0.0/0"
TCP, UDP = ("tcp", "6", "-1"), ("udp", "17", "-1")
"""Values of a rule's protocol that cover it: a name, IANA's number, all."""
GROUPS = "ec2:DescribeSecurityGroups"


def own_groups(facts: JoinFacts) -> set[Clean]:
    """Return the groups of the instance."""
    return set(facts.instance.security_groups)


def cluster_groups(cluster: ClusterInfo) -> set[Clean]:
    """Return the groups of the control plane's network interfaces."""
    return {cluster.security_group, *cluster.security_groups} - {EMPTY}


def allowed(
    facts: JoinFacts,
    groups: set[Clean],
    port: int,
    peers: set[Clean],
    addresses: Sequence[str],
    *,
    egress: bool,
    protocol: Sequence[str] = TCP,
) -> Verdict:
    """Return whether a rule of these groups allows a port from or to one of the peers."""
    ends, rows = tuple(filter(None, addresses)), facts.groups
    read = [rows[group] for group in sorted(groups) if rows is not None and group in rows]
    rules = list(_rules(read, port, protocol, egress=egress))
    for group, rule in rules:
        if rule.source in (*peers, ANYWHERE) or any(within(end, rule.source) for end in ends):
            direction = "to" if egress else "from"
            return "passed", f"{clean(group.id)} allows {port} {direction} {clean(rule.source)}"
    if len(read) < len(groups) or not groups:
        return "unknown", f"not all security groups could be read{unread(facts, GROUPS)}"
    lists = [rule.source for _, rule in rules if rule.source.startswith("pl-")]
    if lists:
        return "unknown", f"eksview doesn't read the entries of prefix list {clean(lists[0])}"
    if not ends and any("/" in rule.source for _, rule in rules):
        return "unknown", "the cluster's subnets couldn't be read"
    return "failed", ""


def _rules(
    groups: Iterable[SecurityGroupRow], port: int, protocol: Sequence[str], *, egress: bool
) -> Iterable[tuple[SecurityGroupRow, Rule]]:
    for group in groups:
        for rule in group.rules:
            if rule.egress is egress and rule.protocol in protocol and _has(rule, port):
                yield group, rule


def verdict(allowed: Verdict, port: int, groups: Iterable[str], direction: str) -> Verdict:
    """Return the sentence for TCP on a port in a direction such as `in from sg-1`."""
    result, evidence = allowed
    match result:
        case "passed":
            return result, f"{evidence}."
        case "failed":
            return result, f"No rule of {names(groups)} allows TCP {port} {direction}: add one."
    return result, f"Unknown for {names(groups)}, TCP {port} {direction}: {evidence}."


def names(groups: Iterable[str]) -> str:
    return clean(", ".join(sorted(groups))) or "an unknown security group"


def _has(rule: Rule, port: int) -> bool:
    return rule.protocol == "-1" or rule.first == -1 or rule.first <= port <= rule.last


def inside(address: str, cidrs: Iterable[str]) -> bool:
    """Return whether an address or network is inside one of these; False for what is neither."""
    return any(within(address, cidr) for cidr in cidrs)


def within(address: str, cidr: str) -> bool:
    try:
        own, network = ip_network(address, strict=False), ip_network(cidr, strict=False)
    except ValueError:  # a security group's id, a prefix list, an empty address
        return False
    if isinstance(own, IPv4Network) and isinstance(network, IPv4Network):
        return own.subnet_of(network)
    if isinstance(own, IPv6Network) and isinstance(network, IPv6Network):
        return own.subnet_of(network)
    return False
