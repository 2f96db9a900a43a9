"""Quotas, limits, disruption budgets and network policies as kubectl words them."""

from collections.abc import Sequence

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.base.quantity import in_format_of
from eksview.domain.describe.common import (
    Lines,
    Related,
    amount,
    labels_and_annotations,
    named,
    selector_text,
    when,
)

_SCOPES = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited "
    "lifespan on a node before being actively terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually "
    "include long running pods whose container command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a "
    "best effort quality of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These "
    "pods have a burstable or guaranteed quality of service.",
}
_LIMITS = "min", "max", "defaultRequest", "default", "maxLimitRequestRatio"
_LIMIT_TITLES = (
    "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio",
    "----\t--------\t---\t---\t---------------\t-------------\t-----------------------",
)


def resource_quota(whole: Json, _: Related) -> Lines:
    yield from named(whole)
    yield from _scopes(whole, " * ")
    yield from ("Resource\tUsed\tHard", "--------\t----\t----")
    hard = at(whole, "status", "hard") or {}
    for name in sorted(hard):
        limit, used = go_text(hard[name]), word(whole, "status", "used", name, empty="0")
        yield f"{name}\t{in_format_of(used, limit)}\t{amount(hard, name)}"


def _scopes(whole: Json, bullet: str) -> Lines:
    scopes = sorted(texts(whole, "spec", "scopes"))
    if scopes:
        yield f"Scopes:\t{', '.join(scopes)}"
    yield from (f"{bullet}{_SCOPES[scope]}" for scope in scopes if scope in _SCOPES)


def quotas_of_namespace(quotas: Sequence[Json]) -> Lines:
    """Yield the quotas of a namespace, as in its own description."""
    if not quotas:
        yield "No resource quota."
        return
    yield "Resource Quotas"
    for quota in sorted(quotas, key=lambda quota: word(quota, "metadata", "name")):
        yield f"  Name:\t{word(quota, 'metadata', 'name')}"
        yield from (f"  {line}" for line in _scopes(quota, "* "))
        yield from ("  Resource\tUsed\tHard", "  --------\t---\t---")
        for name in sorted(at(quota, "status", "hard") or {}):
            used, hard = (amount(quota, "status", f, name, empty="0") for f in ("used", "hard"))
            yield f"  {name}\t{used}\t{hard}"


def limit_range(whole: Json, _: Related) -> Lines:
    yield from named(whole)
    yield from _LIMIT_TITLES
    yield from _limits(whole)


def limits_of_namespace(ranges: Sequence[Json]) -> Lines:
    """Yield the limits of a namespace, as in its own description."""
    if not ranges:
        yield "No LimitRange resource."
        return
    yield "Resource Limits"
    yield from (f" {line}" for line in _LIMIT_TITLES)
    yield from (f" {line}" for each in ranges for line in _limits(each))


def _limits(whole: Json) -> Lines:
    """Yield the limits by resource; kubectl prints those of one type in any order."""
    for item in items(whole, "spec", "limits"):
        for name in sorted({name for field in _LIMITS for name in at(item, field) or {}}):
            cells = "\t".join(amount(item, field, name, empty="-") for field in _LIMITS)
            yield f"{word(item, 'type')}\t{name}\t{cells}"


def disruption_budget(whole: Json, _: Related) -> Lines:
    yield from named(whole)
    spec, status = at(whole, "spec"), at(whole, "status")
    if (least := at(spec, "minAvailable")) is not None:
        yield f"Min available:\t{go_text(least)}"
    elif (most := at(spec, "maxUnavailable")) is not None:
        yield f"Max unavailable:\t{go_text(most)}"
    selector = at(spec, "selector")
    yield f"Selector:\t{'<unset>' if selector is None else selector_text(selector)}"
    yield "Status:"
    yield f"    Allowed disruptions:\t{number(status, 'disruptionsAllowed')}"
    yield f"    Current:\t{number(status, 'currentHealthy')}"
    yield f"    Desired:\t{number(status, 'desiredHealthy')}"
    yield f"    Total:\t{number(status, 'expectedPods')}"


def network_policy(whole: Json, related: Related) -> Lines:
    spec = at(whole, "spec")
    yield from named(whole)
    yield f"Created on:\t{when(word(whole, 'metadata', 'creationTimestamp'), related.zone)}"
    yield from labels_and_annotations(whole)
    yield "Spec:"
    everyone = "<none> (Allowing the specific traffic to all pods in this namespace)"
    yield f"  PodSelector:     {selector_text(at(spec, 'podSelector'), everyone)}"
    types = texts(spec, "policyTypes")
    for way, peers in ("ingress", "from"), ("egress", "to"):
        if way.capitalize() in types:
            yield f"  Allowing {way} traffic:"
            yield from (f"    {line}" for line in _traffic(items(spec, way), way, peers))
        else:
            yield f"  Not affecting {way} traffic"
    yield f"  Policy Types: {', '.join(types) or '<none>'}"


def _traffic(rules: Sequence[Json], way: str, peers: str) -> Lines:
    if not rules:
        yield f"<none> (Selected pods are isolated for {way} connectivity)"
    end = "source" if peers == "from" else "destination"
    title = peers.capitalize()
    for at_rule, rule in enumerate(rules):
        if at_rule:
            yield "----------"
        yield from map(_port, items(rule, "ports"))
        if not items(rule, "ports"):
            yield "To Port: <any> (traffic allowed to all ports)"
        if not items(rule, peers):
            yield f"{title}: <any> (traffic not restricted by {end})"
        for peer in items(rule, peers):
            yield f"{title}:"
            yield from _peer(peer)


def _port(port: Json) -> str:
    protocol, first = word(port, "protocol", empty="TCP"), word(port, "port", empty="<nil>")
    if (last := at(port, "endPort")) is not None:
        return f"To Port Range: {first}-{last}/{protocol}"
    return f"To Port: {first}/{protocol}"


def _peer(peer: Json) -> Lines:
    chosen = [key for key in ("namespaceSelector", "podSelector") if at(peer, key) is not None]
    for key in chosen:
        yield f"  {key[0].upper()}{key[1:]}: {selector_text(at(peer, key))}"
    if not chosen and (block := at(peer, "ipBlock")) is not None:
        yield "  IPBlock:"
        yield f"    CIDR: {word(block, 'cidr')}"
        yield f"    Except: {', '.join(texts(block, 'except'))}"
