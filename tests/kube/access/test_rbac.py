"""The lists of RBAC, from a server that sends something else."""

from types import SimpleNamespace
from typing import Any

import pytest

from eksview.domain.rows.access import RbacFact
from eksview.kube.access.self_review import rbac

KINDS = ("ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding")


async def fact_of(body: str) -> RbacFact:
    """Return what is known where each list is a text, in which KIND is that of its objects."""

    async def get_bytes(path: str, query: object) -> bytes:
        (kind,) = (kind for kind in KINDS if path.endswith(f"/{kind.lower()}s"))
        return body.replace("KIND", kind).encode()

    connection: Any = SimpleNamespace(get_bytes=get_bytes)
    return await rbac(connection, lambda: 1.0)


async def test_whole_lists_are_complete() -> None:
    fact = await fact_of('{"kind":"KINDList","items":[{"metadata":{"name":"a"}}]}')
    assert fact.complete
    assert [role.name for role in fact.roles] == ["a", "a"]


@pytest.mark.parametrize(
    "body",
    ['{"error":"x"}', '{"kind":"PodList","items":[]}', "{", '{"kind":"KINDList","items":{}}'],
)
async def test_what_is_no_list_is_not_taken_for_an_empty_one(body: str) -> None:
    fact = await fact_of(body)
    assert not fact.complete
    assert fact.reason.startswith("The answer isn't a list of clusterroles (")


async def test_a_list_without_an_end_is_given_up() -> None:
    fact = await fact_of('{"kind":"KINDList","metadata":{"continue":"again"},"items":[]}')
    assert not fact.complete
    assert fact.reason == "The API server repeats a page of clusterroles instead of the next."
