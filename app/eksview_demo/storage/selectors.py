"""Field and label selectors, as the API server parses them."""

import re
from collections.abc import Callable
from typing import TypeAlias

from eksview_demo.storage.resources import Resource
from eksview_demo.storage.storage import Stored

Matcher: TypeAlias = Callable[[Stored], bool]

_SET = re.compile(r"^\s*(\S+?)\s+(in|notin)\s*\(([^)]*)\)\s*$")
_EQUAL = re.compile(r"^\s*([^=!\s]+)\s*(==|!=|=)\s*([^=!\s]*)\s*$")
_EXISTS = re.compile(r"^\s*(!?)\s*([A-Za-z0-9][\w./-]*)\s*$")
_COMMA = re.compile(r",(?![^(]*\))")


class BadSelector(Exception):  # noqa: N818 - an error of the client
    """A selector that the API server rejects with 400 and this message."""


def fields(selector: str, resource: Resource) -> list[Matcher]:
    """Return the matchers of a field selector, all of which must hold."""
    return [_field(term, resource) for term in selector.split(",") if term]


def labels(selector: str) -> list[Matcher]:
    """Return the matchers of a label selector, all of which must hold."""
    return [_label(term) for term in _COMMA.split(selector) if term.strip()]


def matcher(resource: Resource, namespace: str, field: str, label: str) -> Matcher | None:
    """Return the matcher of a request; None when everything matches."""
    all_of = fields(field, resource) + labels(label)
    if namespace:
        all_of.insert(0, lambda stored: stored.namespace == namespace)
    if not all_of:
        return None
    if len(all_of) == 1:
        return all_of[0]
    return lambda stored: all(match(stored) for match in all_of)


def _field(term: str, resource: Resource) -> Matcher:
    parts = _EQUAL.match(term)
    if parts is None:
        raise BadSelector(f"invalid selector: '{term}'; can't understand '{term}'")
    name, operator, value = parts.groups()
    equal = operator != "!="
    if name == "metadata.name":
        return lambda stored: (stored.name == value) is equal
    if name == "metadata.namespace" and resource.namespaced:
        return lambda stored: (stored.namespace == value) is equal
    if name not in resource.fields:
        raise BadSelector(f"field label not supported: {name}")
    at = resource.fields.index(name)
    if equal:
        return lambda stored: stored.fields[at] == value
    return lambda stored: stored.fields[at] != value


def _label(term: str) -> Matcher:
    if parts := _SET.match(term):
        key, operator, listed = parts.groups()
        values = frozenset(value.strip() for value in listed.split(","))
        if operator == "in":
            return lambda stored: stored.labels.get(key) in values
        return lambda stored: stored.labels.get(key) not in values
    if parts := _EQUAL.match(term):
        key, operator, value = parts.groups()
        if operator == "!=":
            return lambda stored: stored.labels.get(key) != value
        return lambda stored: stored.labels.get(key) == value
    if parts := _EXISTS.match(term):
        key = parts[2]
        if parts[1]:
            return lambda stored: key not in stored.labels
        return lambda stored: key in stored.labels
    raise BadSelector(f"unable to parse requirement: found '{term}', expected: an operator")
