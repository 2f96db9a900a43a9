"""RBAC decisions as the API server makes them, with the binding and the rule behind each.

Source: Kubernetes "Using RBAC Authorization".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.rows.access import AccessRequest, Binding, PolicyRule, Role, Subject

MASTERS = "system:masters"
"""The group whose members bypass RBAC, without any binding."""


class Grant(Struct, frozen=True):
    """A rule that allows a request; `via` are the sources of an aggregated ClusterRole."""

    binding: Binding
    role: Role
    rule: PolicyRule
    subject: Subject
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        source = f" (aggregated from {', '.join(self.via)})" if self.via else ""
        return (
            f"{self.binding.kind} {self.binding.name} grants {self.subject} "
            f"{self.role.kind} {self.role.name}{source}"
        )


Roles: TypeAlias = Mapping[tuple[str, str], Role]
"""Roles by namespace, which is empty for ClusterRoles, and name."""


def grants(
    user: str, groups: Iterable[str], roles: Roles, bindings: Iterable[Binding], ask: AccessRequest
) -> tuple[Grant, ...]:
    """Return the grants of a request to a user, cluster-wide bindings first."""
    own = frozenset(groups)
    granted = [
        grant for grant in _allowing(roles, bindings, ask) if is_subject(grant.subject, user, own)
    ]
    return tuple(sorted(granted, key=lambda grant: (grant.binding.namespace, grant.binding.name)))


def who_can(roles: Roles, bindings: Iterable[Binding], ask: AccessRequest) -> tuple[Grant, ...]:
    """Return the grants of a request to any subject, sorted by subject."""
    granted = _allowing(roles, bindings, ask)
    return tuple(sorted(granted, key=lambda grant: (str(grant.subject), grant.binding.name)))


def is_subject(subject: Subject, user: str, groups: frozenset[str]) -> bool:
    """Check whether a binding's subject includes a user: by name, group or service account."""
    match subject.kind:
        case "User":
            return subject.name == user
        case "Group":
            return subject.name in groups
        case "ServiceAccount":
            return user == f"system:serviceaccount:{subject.namespace}:{subject.name}"
    return False


def allows(rule: PolicyRule, ask: AccessRequest) -> bool:
    """Check whether a rule covers a request; `*` means all verbs, groups or resources."""
    if not _listed(ask.verb, rule.verbs):
        return False
    if ask.path:
        return any(_covers_path(path, ask.path) for path in rule.paths)
    if rule.names and ask.name not in rule.names:
        return False
    return _listed(ask.group, rule.groups) and _covers_resource(rule.resources, ask.resource)


def _allowing(roles: Roles, bindings: Iterable[Binding], ask: AccessRequest) -> Iterator[Grant]:
    for binding in bindings:
        if binding.namespace and (ask.path or binding.namespace != ask.namespace):
            continue
        role = roles.get((binding.namespace if binding.role_kind == "Role" else "", binding.role))
        rule = next((item for item in role.rules if allows(item, ask)), None) if role else None
        if role is not None and rule is not None:
            via = _sources(role, roles, ask)
            yield from (Grant(binding, role, rule, subject, via) for subject in binding.subjects)


def _sources(role: Role, roles: Roles, ask: AccessRequest) -> tuple[str, ...]:
    """Return the ClusterRoles from which the controller aggregated the rule."""
    if not role.aggregates:
        return ()
    return tuple(
        sorted(
            source.name
            for source in roles.values()
            if source is not role
            and not source.namespace
            and any(_selects(labels, source.labels) for labels in role.aggregates)
            and any(allows(rule, ask) for rule in source.rules)
        )
    )


def _selects(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())


def _listed(value: str, among: tuple[str, ...]) -> bool:
    return "*" in among or value in among


def _covers_resource(resources: tuple[str, ...], wanted: str) -> bool:
    _, slash, sub = wanted.partition("/")
    return "*" in resources or wanted in resources or bool(slash and f"*/{sub}" in resources)


def _covers_path(pattern: str, path: str) -> bool:
    if pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return pattern == path
