"""Which rule of which binding lets somebody do something, as the API server's RBAC decides it.

Source: Kubernetes "Using RBAC Authorization".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.rows.access import AccessRequest, Binding, PolicyRule, Role, Subject

MASTERS = "system:masters"
"""Members are let through before RBAC is asked; no binding says so."""


class Grant(Struct, frozen=True):
    """Why something is allowed. `via` names the roles an aggregated ClusterRole has it from."""

    binding: Binding
    role: Role
    rule: PolicyRule
    subject: Subject
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        source = f" (aggregated from {', '.join(self.via)})" if self.via else ""
        return (
            f"{self.binding.kind} {self.binding.name} gives {self.subject} "
            f"{self.role.kind} {self.role.name}{source}"
        )


Roles: TypeAlias = Mapping[tuple[str, str], Role]
"""Roles by namespace (empty for ClusterRoles) and name."""


def index(roles: Iterable[Role]) -> Roles:
    """Roles by what a binding names."""
    return {(role.namespace, role.name): role for role in roles}


def grants(
    user: str, groups: Iterable[str], roles: Roles, bindings: Iterable[Binding], ask: AccessRequest
) -> tuple[Grant, ...]:
    """Every rule that allows it, cluster-wide bindings first; empty when none does."""
    mine = frozenset(groups)
    found = [
        grant for grant in _allowing(roles, bindings, ask) if is_subject(grant.subject, user, mine)
    ]
    return tuple(sorted(found, key=lambda grant: (grant.binding.namespace, grant.binding.name)))


def who_can(roles: Roles, bindings: Iterable[Binding], ask: AccessRequest) -> tuple[Grant, ...]:
    """Every subject that is allowed it and by which binding, sorted by subject."""
    found = _allowing(roles, bindings, ask)
    return tuple(sorted(found, key=lambda grant: (str(grant.subject), grant.binding.name)))


def is_subject(subject: Subject, user: str, groups: frozenset[str]) -> bool:
    """Whether a user is one a binding means, by name, group or service account."""
    match subject.kind:
        case "User":
            return subject.name == user
        case "Group":
            return subject.name in groups
        case "ServiceAccount":
            return user == f"system:serviceaccount:{subject.namespace}:{subject.name}"
    return False


def allows(rule: PolicyRule, ask: AccessRequest) -> bool:
    """Whether one rule covers it; `*` stands for all verbs, groups and resources."""
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
        rule = next((each for each in role.rules if allows(each, ask)), None) if role else None
        if role is not None and rule is not None:
            via = _sources(role, roles, ask)
            yield from (Grant(binding, role, rule, each, via) for each in binding.subjects)


def _sources(role: Role, roles: Roles, ask: AccessRequest) -> tuple[str, ...]:
    """Where the controller copied the rule into an aggregated ClusterRole from."""
    return tuple(
        sorted(
            other.name
            for other in roles.values()
            if other is not role
            and not other.namespace
            and any(_selects(wanted, other.labels) for wanted in role.aggregates)
            and any(allows(rule, ask) for rule in other.rules)
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
