"""The namespaces in which a user may follow a resource that is refused for the whole cluster."""

import asyncio

from msgspec import Struct

from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Permission
from eksview.domain.kube.api_types import Listed, Meta
from eksview.domain.kube.go_json import fitting
from eksview.kube.client.connection import Connection

RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
NAMESPACES = "/api/v1/namespaces"
MOST = 50
"""Namespaces that are reviewed, and so followed, at most."""
AT_ONCE = 5


class _ResourceRule(Struct, rename="camel"):
    verbs: list[str] | None = None
    api_groups: list[str] | None = None
    resources: list[str] | None = None
    resource_names: list[str] | None = None

    def grants(self, verb: str, wanted: Permission) -> bool:
        granted = (
            (self.verbs, verb),
            (self.api_groups, wanted.group),
            (self.resources, wanted.resource),
        )
        return not self.resource_names and all(
            name in (names or ()) or "*" in (names or ()) for names, name in granted
        )


class _RulesStatus(Struct, rename="camel"):
    resource_rules: list[_ResourceRule] | None = None
    incomplete: bool = False


class _RulesReview(Struct):
    status: _RulesStatus | None = None


class _Namespace(Struct):
    metadata: Meta


async def readable_namespaces(
    connection: Connection, named: str, wanted: Permission
) -> tuple[str, ...]:
    """Return the namespaces to follow instead of all, by SelfSubjectRulesReviews.

    The one that the user named comes first. It is left out only if the rules are complete and
    don't grant it, because an authorizer outside of RBAC has no rules to show.
    """
    listed = [name for name in await _listed(connection) if name != named]
    slots = asyncio.Semaphore(AT_ONCE)

    async def granted(namespace: str, otherwise: bool) -> bool:
        async with slots:
            return await _granted(connection, namespace, wanted, otherwise)

    candidates = [(named, True)] if named else [("default", False)]
    candidates += [(name, False) for name in listed if (name, False) not in candidates]
    answers = await asyncio.gather(*(granted(*candidate) for candidate in candidates[:MOST]))
    return tuple(name for (name, _), allowed in zip(candidates, answers, strict=False) if allowed)


async def _listed(connection: Connection) -> list[str]:
    try:
        answer = await connection.get_json(NAMESPACES, {"limit": str(MOST)})
    except UserError:
        return []
    page = fitting(answer, Listed[_Namespace])
    return [item.metadata.name for item in page.items or ()]


async def _granted(
    connection: Connection, namespace: str, wanted: Permission, otherwise: bool
) -> bool:
    """Return whether list and watch are granted; `otherwise` if the rules aren't known."""
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    try:
        answer = await connection.post_json(RULES, body)
    except UserError:
        return otherwise
    status = fitting(answer, _RulesReview).status or _RulesStatus(incomplete=True)
    rules = status.resource_rules or ()
    if all(any(rule.grants(verb, wanted) for rule in rules) for verb in ("list", "watch")):
        return True
    return status.incomplete and otherwise
