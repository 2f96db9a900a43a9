"""Label selectors of objects and node selector terms.

Source: apimachinery `metav1.LabelSelectorAsSelector`, component-helpers `nodeaffinity`.
"""

import re
from collections.abc import Iterable, Mapping

from eksview.domain.drain.objects import Expression, LabelSelector, NodeSelector, NodeTerm

_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)


def matches_labels(selector: LabelSelector | None, labels: Mapping[str, str]) -> bool:
    """Return whether a selector selects an object: an empty one does, none doesn't."""
    if selector is None:
        return False
    equal = (selector.match_labels or {}).items()
    return all(labels.get(key) == value for key, value in equal) and all(
        _matches(each, labels) for each in selector.match_expressions or ()
    )


def matches_node(selector: NodeSelector | None, labels: Mapping[str, str], name: str) -> bool:
    """Return whether a node meets one of the terms; no selector asks for nothing."""
    if selector is None:
        return True
    return any(_meets(term, labels, name) for term in selector.node_selector_terms or ())


def _meets(term: NodeTerm, labels: Mapping[str, str], name: str) -> bool:
    if not term.match_expressions and not term.match_fields:
        return False  # an empty term matches nothing
    fields = {"metadata.name": name}
    return _all(term.match_expressions, labels) and _all(term.match_fields, fields)


def _all(expressions: Iterable[Expression] | None, labels: Mapping[str, str]) -> bool:
    return all(_matches(each, labels) for each in expressions or ())


def _matches(expression: Expression, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression.key), expression.values or []
    match expression.operator:
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt" | "Lt" if value is not None and len(values) == 1:
            return _is_beyond(value, values[0], greater=expression.operator == "Gt")
    return False


def _is_beyond(value: str, bound: str, *, greater: bool) -> bool:
    if not _INTEGER.fullmatch(value) or not _INTEGER.fullmatch(bound):
        return False
    return int(value) > int(bound) if greater else int(value) < int(bound)
