"""The checks of an instance's way to the API server, and back to its kubelet.

Source: Amazon EKS User Guide, "Amazon EKS security group requirements" and "Cluster API server
endpoint": with private access the endpoint's name resolves inside the VPC to the network interfaces
of the control plane, so that the public endpoint's CIDRs don't matter there.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from eksview.domain.base.text import clean
from eksview.domain.join.facts import NO_CLUSTER, JoinFacts, Verdict
from eksview.domain.rows.aws import ClusterInfo, InstanceRow, Rule, SecurityGroupRow, SubnetRow

API, KUBELET = 443, 10250
_ANYWHERE = "0.0.0.0/0"
_TCP = ("tcp", "6", "-1")


def routed(facts: JoinFacts) -> Verdict:
    """Whether packets from its subnet find the endpoint."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return NO_CLUSTER
    if cluster.private:
        if instance.vpc == cluster.vpc:
            return "passed", f"The endpoint is private, in the same {clean(cluster.vpc)}."
        return "unknown", f"The endpoint is in {clean(cluster.vpc)}, it in {clean(instance.vpc)}."
    subnet = (facts.subnets or {}).get(instance.subnet)
    if subnet is None or subnet.egress == "?":
        return (
            "unknown",
            f"The routes of {clean(instance.subnet) or 'its subnet'} couldn't be read.",
        )
    return _egress(subnet, instance)


def _egress(subnet: SubnetRow, instance: InstanceRow) -> Verdict:
    """The endpoint is public only."""
    name, egress = clean(subnet.id), clean(subnet.egress)
    if not egress:
        cure = "add a NAT gateway, or the endpoint's private access"
        return "failed", f"{name} has no route to the internet: {cure}."
    if "blackhole" in egress:
        return "failed", f"The route of {name} to {egress} leads nowhere: its target is gone."
    if egress.startswith("igw-") and not instance.public_ip:
        cure = "give it one, or route through a NAT gateway"
        return "failed", f"{name} routes to {egress}, but it has no public IP: {cure}."
    return "passed", f"{name} routes to {egress}."


def endpoint_open(facts: JoinFacts) -> Verdict:
    """Whether the endpoint answers to where it comes from."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return NO_CLUSTER
    if cluster.private:
        return "passed", "Private access is on; public CIDRs don't matter inside the VPC."
    if not cluster.public:
        return "failed", "Neither public nor private access is on."
    if _ANYWHERE in cluster.cidrs:
        return "passed", f"Public access from {_ANYWHERE}."
    return _from_address(cluster, instance, (facts.subnets or {}).get(instance.subnet))


def _from_address(cluster: ClusterInfo, instance: InstanceRow, subnet: SubnetRow | None) -> Verdict:
    """Only an internet gateway keeps the instance's own address."""
    cidrs, address = clean(", ".join(cluster.cidrs)), clean(instance.public_ip)
    if not address or subnet is None or not subnet.egress.startswith("igw-"):
        return "unknown", f"Public access from {cidrs} only: its NAT gateway's address must be in."
    if _inside(address, cluster.cidrs):
        return "passed", f"{address} is in {cidrs}."
    cure = "add it, or turn private access on"
    return "failed", f"Its address {address} isn't in {cidrs}: {cure}."


def reaches_api(facts: JoinFacts) -> Verdict:
    """443 out of its groups and, for a private endpoint, into the cluster's."""
    cluster, known = facts.cluster, facts.groups
    if cluster is None:
        return NO_CLUSTER
    own, its = set(facts.instance.security_groups), _cluster_groups(cluster)
    targets = _cidrs_of(cluster, facts.subnets) if cluster.private else (_ANYWHERE,)
    out = _allowed(known, own, API, its if cluster.private else set(), targets, egress=True)
    if not cluster.private:
        return _said(out, API, own, "out to the public endpoint")
    into = _allowed(known, its, API, own, (facts.instance.private_ip,), egress=False)
    if _worse(out, into) is out:
        return _said(out, API, own, f"out to {_names(its)}")
    return _said(into, API, its, f"in from {_names(own)}")


def kubelet_reached(facts: JoinFacts) -> Verdict:
    """10250 out of the cluster's groups and into its own: for logs, exec and metrics."""
    cluster, known = facts.cluster, facts.groups
    if cluster is None:
        return NO_CLUSTER
    own, its = set(facts.instance.security_groups), _cluster_groups(cluster)
    into = _allowed(known, own, KUBELET, its, _cidrs_of(cluster, facts.subnets), egress=False)
    out = _allowed(known, its, KUBELET, own, (facts.instance.private_ip,), egress=True)
    if _worse(into, out) is into:
        return _said(into, KUBELET, own, f"in from {_names(its)}")
    return _said(out, KUBELET, its, f"out to {_names(own)}")


def _cluster_groups(cluster: ClusterInfo) -> set[str]:
    return {cluster.security_group, *cluster.security_groups} - {""}


def _cidrs_of(cluster: ClusterInfo, subnets: Mapping[str, SubnetRow] | None) -> tuple[str, ...]:
    known = subnets or {}
    return tuple(known[each].cidr for each in cluster.subnets if each in known)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    order = ("failed", "unknown", "passed")
    return min(one, other, key=lambda verdict: order.index(verdict[0]))


def _said(verdict: Verdict, port: int, groups: Iterable[str], way: str) -> Verdict:
    result, evidence = verdict
    match result:
        case "passed":
            return result, f"{evidence}."
        case "failed":
            return result, f"{_names(groups)} lets no TCP {port} {way}: add a rule."
        case _:
            return (
                result,
                f"Whether {_names(groups)} lets TCP {port} {way} isn't known: {evidence}.",
            )


def _names(groups: Iterable[str]) -> str:
    return clean(", ".join(sorted(groups))) or "no security group"


def _allowed(
    known: Mapping[str, SecurityGroupRow] | None,
    groups: set[str],
    port: int,
    peers: set[str],
    addresses: tuple[str, ...],
    *,
    egress: bool,
) -> Verdict:
    """Whether one rule of these groups allows it; unread groups and prefix lists leave it open."""
    ends = tuple(each for each in addresses if each)
    read = [known[each] for each in sorted(groups) if known is not None and each in known]
    rules = [
        (group, rule)
        for group in read
        for rule in group.rules
        if rule.egress is egress and rule.protocol in _TCP and _has(rule, port)
    ]
    for group, rule in rules:
        if rule.source in (*peers, _ANYWHERE) or any(_within(each, rule.source) for each in ends):
            way = "to" if egress else "from"
            return "passed", f"{clean(group.id)} allows {port} {way} {clean(rule.source)}"
    if len(read) < len(groups) or not groups:
        return "unknown", "the security groups couldn't all be read"
    lists = [rule.source for _, rule in rules if rule.source.startswith("pl-")]
    if lists:
        return "unknown", f"what is in prefix list {clean(lists[0])} isn't read"
    if not ends and any("/" in rule.source for _, rule in rules):
        return "unknown", "the cluster's subnets couldn't be read"
    return "failed", ""


def _has(rule: Rule, port: int) -> bool:
    return rule.protocol == "-1" or rule.first == -1 or rule.first <= port <= rule.last


def _inside(address: str, cidrs: Iterable[str]) -> bool:
    """Whether an address, or a whole network, is inside one of these; False for what is neither."""
    return any(_within(address, cidr) for cidr in cidrs)


def _within(address: str, cidr: str) -> bool:
    try:
        own, network = ip_network(address, strict=False), ip_network(cidr, strict=False)
    except ValueError:  # a security group's id, a prefix list, an empty address
        return False
    if isinstance(own, IPv4Network) and isinstance(network, IPv4Network):
        return own.subnet_of(network)
    if isinstance(own, IPv6Network) and isinstance(network, IPv6Network):
        return own.subnet_of(network)
    return False
