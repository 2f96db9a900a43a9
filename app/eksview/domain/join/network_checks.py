"""The checks of an instance's path to the API server, and back to its kubelet.

Source: Amazon EKS User Guide, "Amazon EKS security group requirements" and "Cluster API server
endpoint": with private access the endpoint's name resolves inside the VPC to the network interfaces
of the control plane, so that the public endpoint's CIDRs don't matter there.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.join_facts import NO_CLUSTER, JoinFacts, Verdict
from eksview.domain.rows.aws import ClusterInfo, InstanceRow, Rule, SecurityGroupRow, SubnetRow

API, KUBELET = 443, 10250
_ANYWHERE = "0.0.0.0/0"
_TCP = ("tcp", "6", "-1")


def routed(facts: JoinFacts) -> Verdict:
    """Check that the instance's subnet has a route to the endpoint."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return NO_CLUSTER
    if cluster.private:
        if instance.vpc == cluster.vpc:
            return "passed", f"The endpoint is private, in the same VPC {clean(cluster.vpc)}."
        vpcs = f"the endpoint is in {cluster.vpc}, the instance in {instance.vpc}"
        return "unknown", f"Different VPCs: {vpcs}."
    subnet = (facts.subnets or {}).get(instance.subnet)
    if subnet is None or subnet.egress == "?":
        name = instance.subnet or "its subnet"
        return "unknown", f"The routes of {name} couldn't be read."
    return _egress(subnet, instance)


def _egress(subnet: SubnetRow, instance: InstanceRow) -> Verdict:
    """Check the default route, for an endpoint that is only public."""
    name, egress = subnet.id, subnet.egress
    if not egress:
        remedy = "add a NAT gateway, or enable the endpoint's private access"
        return "failed", f"{name} has no route to the internet: {remedy}."
    if "blackhole" in egress:
        return (
            "failed",
            f"The route of {name} to {egress} drops all packets because its target was deleted.",
        )
    if egress.startswith("igw-") and not instance.public_ip:
        remedy = "assign one, or route through a NAT gateway"
        return "failed", f"{name} routes to {egress}, but the instance has no public IP: {remedy}."
    return "passed", f"{name} routes to {egress}."


def endpoint_open(facts: JoinFacts) -> Verdict:
    """Check that the endpoint accepts the instance's source address."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return NO_CLUSTER
    if cluster.private:
        return "passed", "Private access is enabled; public CIDRs don't apply inside the VPC."
    if not cluster.public:
        return "failed", "Neither public nor private access is enabled."
    if _ANYWHERE in cluster.cidrs:
        return "passed", f"Public access from {_ANYWHERE}."
    return _from_address(cluster, instance, (facts.subnets or {}).get(instance.subnet))


def _from_address(cluster: ClusterInfo, instance: InstanceRow, subnet: SubnetRow | None) -> Verdict:
    """Check the source address; only an internet gateway keeps the instance's own one."""
    cidrs, address = clean(", ".join(cluster.cidrs)), instance.public_ip
    if not address or subnet is None or not subnet.egress.startswith("igw-"):
        return (
            "unknown",
            f"Public access only from {cidrs}: it must contain the NAT gateway's address.",
        )
    if _inside(address, cluster.cidrs):
        return "passed", f"{address} is in {cidrs}."
    remedy = "add it, or enable private access"
    return "failed", f"The public IP {address} isn't in {cidrs}: {remedy}."


def reaches_api(facts: JoinFacts) -> Verdict:
    """Check 443 out of the instance's groups and, for a private endpoint, into the cluster's."""
    cluster, groups = facts.cluster, facts.groups
    if cluster is None:
        return NO_CLUSTER
    own, its = set(facts.instance.security_groups), _cluster_groups(cluster)
    targets = _cidrs_of(cluster, facts.subnets) if cluster.private else (_ANYWHERE,)
    out = _allowed(groups, own, API, its if cluster.private else set[Clean](), targets, egress=True)
    if not cluster.private:
        return _verdict(out, API, own, "out to the public endpoint")
    into = _allowed(groups, its, API, own, (facts.instance.private_ip,), egress=False)
    if _worse(out, into) is out:
        return _verdict(out, API, own, f"out to {_names(its)}")
    return _verdict(into, API, its, f"in from {_names(own)}")


def kubelet_reached(facts: JoinFacts) -> Verdict:
    """Check 10250 from the cluster's groups into the instance's: for logs, exec and metrics."""
    cluster, groups = facts.cluster, facts.groups
    if cluster is None:
        return NO_CLUSTER
    own, its = set(facts.instance.security_groups), _cluster_groups(cluster)
    into = _allowed(groups, own, KUBELET, its, _cidrs_of(cluster, facts.subnets), egress=False)
    out = _allowed(groups, its, KUBELET, own, (facts.instance.private_ip,), egress=True)
    if _worse(into, out) is into:
        return _verdict(into, KUBELET, own, f"in from {_names(its)}")
    return _verdict(out, KUBELET, its, f"out to {_names(own)}")


def _cluster_groups(cluster: ClusterInfo) -> set[Clean]:
    return {cluster.security_group, *cluster.security_groups} - {EMPTY}


def _cidrs_of(cluster: ClusterInfo, subnets: Mapping[str, SubnetRow] | None) -> tuple[str, ...]:
    rows = subnets or {}
    return tuple(rows[name].cidr for name in cluster.subnets if name in rows)


def _worse(first: Verdict, second: Verdict) -> Verdict:
    order = ("failed", "unknown", "passed")
    return min(first, second, key=lambda verdict: order.index(verdict[0]))


def _verdict(allowed: Verdict, port: int, groups: Iterable[str], direction: str) -> Verdict:
    result, evidence = allowed
    match result:
        case "passed":
            return result, f"{evidence}."
        case "failed":
            return result, f"No rule of {_names(groups)} allows TCP {port} {direction}: add one."
    return result, f"Unknown for {_names(groups)}, TCP {port} {direction}: {evidence}."


def _names(groups: Iterable[str]) -> str:
    return clean(", ".join(sorted(groups))) or "an unknown security group"


def _allowed(
    rows: Mapping[str, SecurityGroupRow] | None,
    groups: set[Clean],
    port: int,
    peers: set[Clean],
    addresses: tuple[str, ...],
    *,
    egress: bool,
) -> Verdict:
    """Return whether a rule allows it; unknown with unread groups or prefix lists."""
    ends = tuple(filter(None, addresses))
    read = [rows[group] for group in sorted(groups) if rows is not None and group in rows]
    rules = [
        (group, rule)
        for group in read
        for rule in group.rules
        if rule.egress is egress and rule.protocol in _TCP and _has(rule, port)
    ]
    for group, rule in rules:
        if rule.source in (*peers, _ANYWHERE) or any(_within(end, rule.source) for end in ends):
            direction = "to" if egress else "from"
            return "passed", f"{clean(group.id)} allows {port} {direction} {clean(rule.source)}"
    if len(read) < len(groups) or not groups:
        return "unknown", "not all security groups could be read"
    lists = [rule.source for _, rule in rules if rule.source.startswith("pl-")]
    if lists:
        return "unknown", f"eksview doesn't read the entries of prefix list {clean(lists[0])}"
    if not ends and any("/" in rule.source for _, rule in rules):
        return "unknown", "the cluster's subnets couldn't be read"
    return "failed", ""


def _has(rule: Rule, port: int) -> bool:
    return rule.protocol == "-1" or rule.first == -1 or rule.first <= port <= rule.last


def _inside(address: str, cidrs: Iterable[str]) -> bool:
    """Return whether an address or network is inside one of these; False for what is neither."""
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
