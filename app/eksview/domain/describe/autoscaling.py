"""Horizontal pod autoscalers as kubectl words them."""

import json
from collections.abc import Sequence

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, number, word
from eksview.domain.describe.common import Lines, Related, amount, head, moment

_SOURCES = {
    "External": "external",
    "Pods": "pods",
    "Object": "object",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}
UNKNOWN = "<unknown>"


def autoscaler(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from head(whole)
    created = moment(word(whole, "metadata", "creationTimestamp"), related.zone)
    yield f"CreationTimestamp:\t{created}"
    kind = word(spec, "scaleTargetRef", "kind")
    yield f"Reference:\t{kind}/{word(spec, 'scaleTargetRef', 'name')}"
    yield "Metrics:\t( current / target )"
    current = items(status, "currentMetrics")
    for place, metric in enumerate(items(spec, "metrics")):
        yield f"  {_metric(metric, current[place] if place < len(current) else None)}"
    yield f"Min replicas:\t{word(spec, 'minReplicas', empty='<unset>')}"
    yield f"Max replicas:\t{number(spec, 'maxReplicas')}"
    yield from _behavior(at(spec, "behavior"))
    desired = f"{number(status, 'desiredReplicas')} desired"
    yield f"{kind} pods:\t{number(status, 'currentReplicas')} current / {desired}"
    yield from _conditions(items(status, "conditions"))


def _metric(metric: Json, current: Json) -> str:
    """Return a metric's title, what it is now and what it should be."""
    kind = word(metric, "type")
    if kind not in _SOURCES:
        return f"<unknown metric type {_quoted(kind)}>"
    source, now = at(metric, _SOURCES[kind]), at(current, _SOURCES[kind])
    title = _title(kind, source)
    target, usage = at(source, "target"), at(now, "current")
    if kind.endswith("Resource") and at(target, "averageValue") is None:
        goal = f"{word(target, 'averageUtilization')}%" if _share(target) is not None else "<auto>"
        return f"{title}  (as a percentage of request):\t{_used(usage)} / {goal}"
    field = _field(kind, target)
    text = amount(target, field, empty="<nil>")
    return f"{title}{_suffix(kind, field)}:\t{_value(kind, now, field)} / {text}"


def _title(kind: str, source: Json) -> str:
    name = word(source, "metric", "name")
    match kind:
        case "Resource":
            return f"resource {word(source, 'name')} on pods"
        case "ContainerResource":
            container = word(source, "container")
            return f'resource {word(source, "name")} of container "{container}" on pods'
        case "Pods":
            return f"{_quoted(name)} on pods"
        case "Object":
            target = at(source, "describedObject")
            return f'"{name}" on {word(target, "kind")}/{word(target, "name")}'
    return _quoted(name)


def _field(kind: str, target: Json) -> str:
    """Return which of its values a metric has to reach."""
    if kind == "Object":
        return "averageValue" if word(target, "type") == "AverageValue" else "value"
    if kind == "External":
        return "averageValue" if at(target, "averageValue") is not None else "value"
    return "averageValue"


def _suffix(kind: str, field: str) -> str:
    if kind not in ("Object", "External"):
        return ""
    return " (target average value)" if field == "averageValue" else " (target value)"


def _value(kind: str, now: Json, field: str) -> str:
    if now is None:
        return UNKNOWN
    empty = UNKNOWN if kind == "External" and field == "averageValue" else "<nil>"
    return amount(now, "current", field, empty=empty)


def _share(target: Json) -> Json:
    return at(target, "averageUtilization")


def _used(usage: Json) -> str:
    if _share(usage) is None:
        return UNKNOWN
    return f"{go_text(_share(usage))}% ({amount(usage, 'averageValue', empty='<nil>')})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _behavior(behavior: Json) -> Lines:
    if behavior is None:
        return
    yield "Behavior:"
    for title, field in ("Scale Up", "scaleUp"), ("Scale Down", "scaleDown"):
        if (rules := at(behavior, field)) is not None:
            yield f"  {title}:"
            yield from (f"    {line}" for line in _rules(rules))


def _rules(rules: Json) -> Lines:
    if at(rules, "stabilizationWindowSeconds") is not None:
        seconds = number(rules, "stabilizationWindowSeconds")
        yield f"Stabilization Window: {seconds} seconds"
    if policies := items(rules, "policies"):
        yield f"Select Policy: {word(rules, 'selectPolicy', empty='Max')}"
        yield "Policies:"
        for policy in policies:
            kind, value = word(policy, "type"), number(policy, "value")
            seconds = number(policy, "periodSeconds")
            yield f"  - Type: {kind}\tValue: {value}\tPeriod: {seconds} seconds"


def _conditions(rows: Sequence[Json]) -> Lines:
    if rows:
        yield "Conditions:"
        yield from ("  Type\tStatus\tReason\tMessage", "  ----\t------\t------\t-------")
    for row in rows:
        cells = (word(row, field) for field in ("type", "status", "reason", "message"))
        yield "  " + "\t".join(cells)
