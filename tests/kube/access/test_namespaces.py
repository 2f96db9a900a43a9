"""The namespaces that are followed where the whole cluster is refused."""

from typing import Any, cast

import pytest

from eksview.domain.base.reading import Permission
from eksview.domain.live.retry import Failure
from eksview.domain.live.watch_scope import named_in_short
from eksview.kube.access.namespaces import NAMESPACES, RULES, readable_namespaces
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError

PODS = Permission("list", "pods")
REFUSED = RequestError("It is forbidden.", Failure(403))
VIEW = {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["pods", "events"]}
ALL = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
LIST = {**VIEW, "verbs": ["list"]}
OTHER_GROUP = {**VIEW, "apiGroups": ["apps"]}
ONE_POD = {**VIEW, "resourceNames": ["one"]}
SECRETS = {**VIEW, "resources": ["secrets"]}


class Reviews:
    """A connection to a server that knows the rules of each namespace."""

    def __init__(self, *listed: str, incomplete: bool = False, **rules: list[Any]) -> None:
        self._listed = listed
        self._incomplete = incomplete
        self._rules = rules

    async def get_json(self, path: str, _: dict[str, str]) -> Any:
        assert path == NAMESPACES
        if not self._listed:
            raise REFUSED
        return {"items": [{"metadata": {"name": name}} for name in self._listed]}

    async def post_json(self, path: str, body: dict[str, Any]) -> Any:
        assert path == RULES
        rules = self._rules.get(body["spec"]["namespace"])
        if rules is None:
            raise REFUSED
        return {"status": {"resourceRules": rules, "incomplete": self._incomplete}}


@pytest.mark.parametrize(
    ("named", "reviews", "followed"),
    [
        ("shop", Reviews(shop=[VIEW]), ("shop",)),
        ("shop", Reviews(shop=[ALL]), ("shop",)),
        ("shop", Reviews(shop=[LIST, {**VIEW, "verbs": ["watch"]}]), ("shop",)),
        ("shop", Reviews(), ("shop",)),  # no such review: the list itself will tell
        ("shop", Reviews(shop=[], incomplete=True), ("shop",)),
        ("shop", Reviews(shop=[]), ()),
        ("shop", Reviews(shop=[LIST]), ()),
        ("shop", Reviews(shop=[OTHER_GROUP, ONE_POD, SECRETS]), ()),
        ("", Reviews(default=[VIEW]), ("default",)),
        ("", Reviews(default=[]), ()),
        ("", Reviews(), ()),
        ("", Reviews("web", "a", default=[], web=[VIEW], a=[]), ("web",)),
        ("shop", Reviews("a", "shop", "web", shop=[VIEW], a=[VIEW], web=[LIST]), ("shop", "a")),
    ],
)
async def test_namespaces_are_followed_that_the_rules_grant(
    named: str, reviews: Reviews, followed: tuple[str, ...]
) -> None:
    connection = cast("Connection", reviews)
    assert await readable_namespaces(connection, named, PODS) == followed


def test_many_namespaces_are_named_in_short() -> None:
    assert named_in_short(["a", "b"]) == "a, b"
    assert named_in_short(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d and 2 more"
