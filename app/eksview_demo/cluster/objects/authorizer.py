"""RBAC as the API server evaluates it: which binding allows a request.

Source: kubernetes `plugin/pkg/auth/authorizer/rbac` and `pkg/apis/rbac/v1/evaluation_helpers.go`.
Nothing here comes from eksview's own evaluation, which tests compare with this one.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

MASTERS = "system:masters"
"""The group whose members are allowed everything before RBAC is consulted."""


class PolicyRule(Struct, frozen=True):
    """One rule of a role; no `names` means every object."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class Role(Struct, frozen=True):
    """A Role, or a ClusterRole when it has no namespace."""

    namespace: str
    name: str
    rules: tuple[PolicyRule, ...]
    aggregates: tuple[Mapping[str, str], ...] = ()  # matchLabels of an aggregationRule
    labels: Mapping[str, str] = {}


class Subject(Struct, frozen=True):
    """A user, group or service account that a binding names."""

    kind: str
    name: str
    namespace: str = ""


class Binding(Struct, frozen=True):
    """A RoleBinding, or a ClusterRoleBinding when it has no namespace."""

    namespace: str
    name: str
    role_kind: str
    role: str
    subjects: tuple[Subject, ...]


class Attributes(Struct, frozen=True):
    """A request's verb on a resource (`pods/log` for a subresource) or on a path."""

    verb: str
    resource: str = ""
    group: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""


class Authorizer:
    """Roles and bindings, and the decisions they lead to."""

    def __init__(self, roles: Iterable[Role], bindings: Iterable[Binding]) -> None:
        self._roles = {(role.namespace, role.name): role for role in roles}
        self._bindings = sorted(bindings, key=lambda binding: bool(binding.namespace))

    def authorize(self, user: str, groups: Iterable[str], attributes: Attributes) -> str | None:
        """Return the reason why a request is allowed, None when it isn't."""
        for binding, subject, rules in self._applying(user, frozenset(groups)):
            if binding.namespace in ("", attributes.namespace) and any(
                _rule_allows(rule, attributes) for rule in rules
            ):
                return f"RBAC: allowed by {_describe(binding, subject)}"
        return None

    def rules_of(self, user: str, groups: Iterable[str]) -> list[PolicyRule]:
        """Return the rules that a user has in any namespace."""
        applying = self._applying(user, frozenset(groups))
        return [rule for _, _, rules in applying for rule in rules]

    def _applying(
        self, user: str, groups: frozenset[str]
    ) -> Iterator[tuple[Binding, Subject, tuple[PolicyRule, ...]]]:
        for binding in self._bindings:
            subjects = (each for each in binding.subjects if _applies_to(each, user, groups))
            subject = next(subjects, None)
            if subject is not None:
                namespace = binding.namespace if binding.role_kind == "Role" else ""
                yield binding, subject, self._roles[namespace, binding.role].rules


def _applies_to(subject: Subject, user: str, groups: frozenset[str]) -> bool:
    if subject.kind == "ServiceAccount":
        return user == f"system:serviceaccount:{subject.namespace}:{subject.name}"
    return subject.name in groups if subject.kind == "Group" else subject.name == user


def _rule_allows(rule: PolicyRule, attributes: Attributes) -> bool:
    if not _matches(rule.verbs, attributes.verb):
        return False
    if attributes.path:
        return any(_path_matches(pattern, attributes.path) for pattern in rule.paths)
    _, _, subresource = attributes.resource.partition("/")
    return (
        _matches(rule.groups, attributes.group)
        and (
            _matches(rule.resources, attributes.resource)
            or (subresource != "" and f"*/{subresource}" in rule.resources)
        )
        and (not rule.names or attributes.name in rule.names)
    )


def _matches(values: tuple[str, ...], value: str) -> bool:
    return "*" in values or value in values


def _path_matches(pattern: str, path: str) -> bool:
    if pattern.endswith("*"):
        return path.startswith(pattern.rstrip("*"))
    return path == pattern


def _describe(binding: Binding, subject: Subject) -> str:
    kind = "RoleBinding" if binding.namespace else "ClusterRoleBinding"
    name = f"{binding.name}/{binding.namespace}" if binding.namespace else binding.name
    account = subject.kind == "ServiceAccount"
    whom = f"{subject.name}/{subject.namespace}" if account else subject.name
    return f'{kind} "{name}" of {binding.role_kind} "{binding.role}" to {subject.kind} "{whom}"'
