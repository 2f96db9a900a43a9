"""The values of the chapter about the network, and of the path to the API endpoint."""

from collections.abc import Mapping

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Reading, last_of
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.rows.access import EndpointFact, Hop, HopKind
from eksview.domain.rows.aws import ClusterInfo, SecurityGroupRow, SubnetRow
from eksview.store.selectors.explain.cluster import not_eks
from eksview.store.selectors.explain.live import (
    Shown,
    cluster_now,
    confirmed,
    live,
    read_text,
    row_count,
    yes_or_no,
)
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import rows_reading, table_reading


def network(source: ExplainSource) -> Values:
    """Return the hops to the API endpoint, and the VPC that EKS describes."""
    vpc = _vpc(source)
    if not_eks(source):
        vpc = dict.fromkeys(vpc, LiveValue(unread="none"))  # nothing of AWS describes it
    return {**path_values(source), **vpc}


def _vpc(source: ExplainSource) -> Values:
    store = source.store
    cluster = cluster_now(store)
    return {
        "public": live(cluster, lambda info: yes_or_no(info.public)),
        "private": live(cluster, lambda info: yes_or_no(info.private)),
        "cidrs": live(cluster, lambda info: ", ".join(info.cidrs) if info.public else None),
        "vpc": live(cluster, lambda info: info.vpc),
        "service_cidr": live(cluster, lambda info: info.service_cidr),
        "security_group": live(cluster, lambda info: info.security_group),
        "subnets": row_count(rows_reading(store, SubnetRow)),
        "rules": _rules(source, cluster),
    }


def path_values(source: ExplainSource) -> Values:
    """Return the host, the address and the duration of each hop of the latest probe."""
    endpoint = confirmed(source.store, source.store.facts.endpoint)
    return {
        "host": live(endpoint, lambda fact: fact.host),
        "port": live(endpoint, lambda fact: f"{fact.port}"),
        "address": live(endpoint, _address),
        "proxy": live(endpoint, lambda fact: fact.proxy),
        "dns": live(endpoint, _took("dns")),
        "tcp": live(endpoint, _took("tcp")),
        "tls": live(endpoint, _took("tls")),
        "http": live(endpoint, _took("http")),
    }


def _address(fact: EndpointFact) -> str | None:
    return next((hop.target for hop in _hops(fact, "tcp") if hop.ok), None)


def _hops(fact: EndpointFact, kind: HopKind) -> list[Hop]:
    return [hop for hop in fact.hops if hop.kind == kind]


def _took(kind: HopKind) -> Shown[EndpointFact]:
    def shown(fact: EndpointFact) -> LiveValue:
        hops = _hops(fact, kind)
        times = [hop.took for hop in hops if hop.ok and hop.took is not None]
        if times:
            return read_text(f"{min(times) * 1000:.0f} ms", None, Health.OK)
        failed = next((hop for hop in hops if hop.ok is False), None)
        if failed is not None:
            return LiveValue(health=Health.BAD, unread="failed", reason=failed.reason)
        return LiveValue(unread="none")

    return shown


def _rules(source: ExplainSource, cluster: Reading[ClusterInfo]) -> LiveValue:
    """Return the number of rules of the cluster security group."""
    info = last_of(cluster)
    group = info.security_group if info else ""

    def shown(groups: Mapping[str, SecurityGroupRow]) -> str | None:
        return f"{len(groups[group].rules):,}" if group in groups else None

    return live(table_reading(source.store, SecurityGroupRow), shown)
