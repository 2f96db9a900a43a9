"""The checks of an instance's path to the API server, and back to its kubelet.

Source: Amazon EKS User Guide, "Amazon EKS security group requirements" and "Cluster API server
endpoint": with private access the endpoint's name resolves inside the VPC to the network interfaces
of the control plane, so that the public endpoint's CIDRs don't matter there.
"""

from collections.abc import Mapping

from eksview.domain.access.network import UNREAD
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks.egress import leads_over_ipv6, nat_unread, routes_unread
from eksview.domain.join.checks.group_rules import (
    ANYWHERE,
    allowed,
    cluster_groups,
    inside,
    names,
    own_groups,
    verdict,
)
from eksview.domain.join.checks.join_facts import (
    RESULTS,
    JoinFacts,
    Result,
    Verdict,
    by_owner,
    no_cluster,
)
from eksview.domain.rows.aws import ClusterInfo, InstanceRow, SubnetRow

API, KUBELET = 443, 10250


def routed(facts: JoinFacts) -> Verdict:
    """Check that the instance's subnet has a route to the endpoint."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return no_cluster(facts)
    if cluster.private:
        if instance.vpc == cluster.vpc:
            return "passed", f"The endpoint is private, in the same VPC {clean(cluster.vpc)}."
        vpcs = f"the endpoint is in {cluster.vpc}, the instance in {instance.vpc}"
        return "unknown", f"Different VPCs: {vpcs}."
    subnet = facts.subnet
    if subnet is None or subnet.egress == UNREAD:
        return "unknown", f"The {routes_unread(facts)}."
    if _has_ipv6(cluster) and leads_over_ipv6(facts, subnet):
        return "passed", f"{subnet.id} routes IPv6 to {subnet.egress6}."
    return _over_ipv4(facts, subnet)


def _has_ipv6(cluster: ClusterInfo) -> bool:
    """Return whether the endpoint has an IPv6 address, as those of IPv6 clusters alone.

    Source: Amazon EKS User Guide, "Cluster API server endpoint": those end with `api.aws`.
    """
    return cluster.endpoint.rstrip("/").endswith(".api.aws")


def _over_ipv4(facts: JoinFacts, subnet: SubnetRow) -> Verdict:
    """Check the default route, for an endpoint that is only public."""
    name, egress, instance = subnet.id, subnet.egress, facts.instance
    where = by_owner(facts)
    if not egress and subnet.partial:
        return "unknown", f"{name} routes only some addresses, to {subnet.partial}."
    if not egress:
        remedy = f"add a NAT gateway{where}, or enable the endpoint's private access"
        return "failed", f"{name} has no route to the internet: {remedy}."
    if "blackhole" in egress:
        return (
            "failed",
            f"The route of {name} to {egress} drops all packets because its target was deleted.",
        )
    if subnet.nat_closed or subnet.nat_doubt:
        result: Result = "failed" if subnet.nat_closed else "unknown"
        cause = subnet.nat_closed or f"{subnet.nat_doubt}{nat_unread(facts)}"
        return result, f"{name} routes to {egress}, but {cause}."
    if egress.startswith("igw-") and not instance.public_ip:
        remedy = f"assign one, or route through a NAT gateway{where}"
        return "failed", f"{name} routes to {egress}, but the instance has no public IP: {remedy}."
    return "passed", f"{name} routes to {egress}."


def endpoint_open(facts: JoinFacts) -> Verdict:
    """Check that the endpoint accepts the instance's source address."""
    cluster, instance = facts.cluster, facts.instance
    if cluster is None:
        return no_cluster(facts)
    if cluster.private:
        return "passed", "Private access is enabled; public CIDRs don't apply inside the VPC."
    if not cluster.public:
        return "failed", "Neither public nor private access is enabled."
    if ANYWHERE in cluster.cidrs:
        return "passed", f"Public access from {ANYWHERE}."
    return _from_address(cluster, instance, facts.subnet)


def _from_address(cluster: ClusterInfo, instance: InstanceRow, subnet: SubnetRow | None) -> Verdict:
    """Check the source address; only an internet gateway keeps the instance's own one."""
    cidrs, address = clean(", ".join(cluster.cidrs)), instance.public_ip
    if not address or subnet is None or not subnet.egress.startswith("igw-"):
        return (
            "unknown",
            f"Public access only from {cidrs}: it must contain the NAT gateway's address.",
        )
    if inside(address, cluster.cidrs):
        return "passed", f"{address} is in {cidrs}."
    remedy = "add it, or enable private access"
    return "failed", f"The public IP {address} isn't in {cidrs}: {remedy}."


def reaches_api(facts: JoinFacts) -> Verdict:
    """Check 443 out of the instance's groups and, for a private endpoint, into the cluster's."""
    cluster = facts.cluster
    if cluster is None:
        return no_cluster(facts)
    own, its = own_groups(facts), cluster_groups(cluster)
    targets = _cidrs_of(cluster, facts.subnets) if cluster.private else (ANYWHERE,)
    out = allowed(facts, own, API, its if cluster.private else set[Clean](), targets, egress=True)
    if not cluster.private:
        return verdict(out, API, own, "out to the public endpoint")
    into = allowed(facts, its, API, own, (facts.instance.private_ip,), egress=False)
    if _worse(out, into) is out:
        return verdict(out, API, own, f"out to {names(its)}")
    return verdict(into, API, its, f"in from {names(own)}")


def kubelet_reached(facts: JoinFacts) -> Verdict:
    """Check 10250 from the cluster's groups into the instance's: for logs, exec and metrics."""
    cluster = facts.cluster
    if cluster is None:
        return no_cluster(facts)
    own, its = own_groups(facts), cluster_groups(cluster)
    into = allowed(facts, own, KUBELET, its, _cidrs_of(cluster, facts.subnets), egress=False)
    out = allowed(facts, its, KUBELET, own, (facts.instance.private_ip,), egress=True)
    if _worse(into, out) is into:
        return verdict(into, KUBELET, own, f"in from {names(its)}")
    return verdict(out, KUBELET, its, f"out to {names(own)}")


def _cidrs_of(cluster: ClusterInfo, subnets: Mapping[str, SubnetRow] | None) -> tuple[str, ...]:
    rows = subnets or {}
    return tuple(rows[name].cidr for name in cluster.subnets if name in rows)


def _worse(first: Verdict, second: Verdict) -> Verdict:
    return min(first, second, key=lambda verdict: RESULTS.index(verdict[0]))
