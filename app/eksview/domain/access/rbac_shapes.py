"""Roles and bindings decoded from the API.

Source: Kubernetes API reference, rbac.authorization.k8s.io/v1.
"""

from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from eksview.domain.base.text import Clean, clean, shared
from eksview.domain.kube.api_types import Listed, Meta
from eksview.domain.rows.access import Binding, PolicyRule, Role, Subject

Strings: TypeAlias = tuple[str, ...] | None


class _Rule(Struct):
    verbs: Strings = None
    apiGroups: Strings = None  # noqa: N815 - the wire's name
    resources: Strings = None
    resourceNames: Strings = None  # noqa: N815
    nonResourceURLs: Strings = None  # noqa: N815


class _Selector(Struct, rename="camel"):
    match_labels: dict[str, str] | None = None


class _Aggregation(Struct, rename="camel"):
    cluster_role_selectors: tuple[_Selector, ...] | None = None


class _Role(Struct, rename="camel"):
    metadata: Meta = msgspec.field(default_factory=Meta)
    rules: tuple[_Rule, ...] | None = None
    aggregation_rule: _Aggregation | None = None


class _Subject(Struct):
    kind: str = ""
    name: str = ""
    namespace: str | None = None


class _Ref(Struct):
    kind: str = ""
    name: str = ""


class _Binding(Struct, rename="camel"):
    metadata: Meta = msgspec.field(default_factory=Meta)
    role_ref: _Ref = msgspec.field(default_factory=_Ref)
    subjects: tuple[_Subject, ...] | None = None


def roles(body: bytes) -> tuple[list[Role], str]:
    """Decode a page of Roles or ClusterRoles, with the token of the next.

    Raises msgspec.DecodeError.
    """
    page = msgspec.json.decode(body, type=Listed[_Role])
    return [_role(item) for item in page.items or ()], page.metadata.continue_


def bindings(body: bytes) -> tuple[list[Binding], str]:
    """Decode a page of bindings, with the token of the next. Raises msgspec.DecodeError."""
    page = msgspec.json.decode(body, type=Listed[_Binding])
    return [_binding(item) for item in page.items or ()], page.metadata.continue_


def _role(item: _Role) -> Role:
    aggregation = item.aggregation_rule
    selectors = (aggregation.cluster_role_selectors or ()) if aggregation else ()
    return Role(
        namespace=shared(item.metadata.namespace),
        name=clean(item.metadata.name),
        rules=tuple(map(_rule, item.rules or ())),
        aggregates=tuple(_labels(selector.match_labels) for selector in selectors),
        labels=_labels(item.metadata.labels),
    )


def _rule(rule: _Rule) -> PolicyRule:
    return PolicyRule(
        _texts(rule.verbs),
        _texts(rule.apiGroups),
        _texts(rule.resources),
        _texts(rule.resourceNames),
        _texts(rule.nonResourceURLs),
    )


def _texts(values: tuple[str, ...] | None) -> tuple[Clean, ...]:
    return tuple(map(shared, values or ()))


def _labels(labels: dict[str, str] | None) -> dict[str, Clean]:
    return {shared(key): shared(value) for key, value in (labels or {}).items()}


def _binding(item: _Binding) -> Binding:
    subjects = (
        Subject(shared(s.kind), clean(s.name), shared(s.namespace or ""))
        for s in item.subjects or ()
    )
    return Binding(
        shared(item.metadata.namespace),
        clean(item.metadata.name),
        shared(item.role_ref.kind),
        clean(item.role_ref.name),
        tuple(subjects),
    )


def review(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a SelfSubjectAccessReview."""
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": attributes,
    }
