"""A rule shown to a user without rights is copied and shown whole, from wherever it is shown."""

from collections.abc import Iterator

import pytest
import yaml

from eksview.domain.base.reading import Permission, Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import AccessRequest, Right, RightsFact
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Identity, Probe
from eksview.store.store import Store
from eksview.ui.access.rule_screen import RuleScreen
from eksview.ui.base.messages import OpenComponent
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows, until

USER = 'CORP\\ada "the ops" \u2713'
DENIED = {
    Kind.NODE: Permission("list", "nodes"),
    Kind.POD: Permission("list", "pods", "", "123"),  # a good name, and for YAML a number
    Kind.LEASE: Permission("list", "leases", "coordination.k8s.io", "kube-system"),
}


def denied() -> Store:
    store = populate(Store(), nodes=0, pods=0)
    for kind, missing in DENIED.items():
        store.set_link(
            Link(kind.value, Phase.REFUSED, NOW, reason="Not permitted.", missing=missing)
        )
    store.set_fact(Facts.identity, Read(Identity(USER), NOW))
    for name, missing in (("readyz", Permission("get", "/readyz")), ("leases", DENIED[Kind.LEASE])):
        probe = Probe(name, NOW, None, reason="Not permitted.", missing=missing)
        store.set_fact(getattr(Facts, name), Read(probe, NOW))
    rights = tuple(Right(AccessRequest(verb, "nodes"), False) for verb in ("list", "watch"))
    store.set_fact(Facts.rights, Read(RightsFact(NOW, rights), NOW))
    return store


def rules(text: str) -> Iterator[dict[str, object]]:
    """The rules that a text grants to the user, as an API server would read it."""
    role, binding = yaml.safe_load_all(text)
    assert role["kind"] in ("ClusterRole", "Role")
    assert binding["kind"] == f"{role['kind']}Binding"
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert role["metadata"].get("namespace") == binding["metadata"].get("namespace")
    assert isinstance(role["metadata"].get("namespace", ""), str)
    yield from role["rules"]


PLACES = ["home", "nodes", "pods", "component", "access"]
KEYS = {"home": ("1",), "nodes": ("2",), "pods": ("3",), "access": ("5", "G"), "component": ()}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("place", PLACES)
async def test_c_copies_the_rule_and_enter_y_and_d_show_it_whole(
    place: str, size: tuple[int, int]
) -> None:
    app = TestedApp(denied())
    async with running(app, size) as press:
        if place == "component":
            app.post_message(OpenComponent("kube-scheduler"))
        await press(*KEYS[place])
        await shows(app, "rbac.authorization.k8s.io")
        await press("c")
        copied = app.clipboard
        (granted,) = rules(copied)
        assert granted["verbs"] == ["get", "list", "watch"]
        for key in ("enter", "y", "d"):
            await press(key)
            await until(app.pilot, lambda: isinstance(app.screen, RuleScreen))
            await press("G")
            await until(app.pilot, lambda: copied.splitlines()[-1] in app.text())
            await press("c")
            assert app.clipboard == copied
            await press("escape")
            assert not isinstance(app.screen, RuleScreen)


async def test_the_rule_is_for_the_user_that_the_server_sees() -> None:
    app = TestedApp(denied())
    async with running(app) as press:
        await press("3")
        await shows(app, "rbac.authorization.k8s.io")
        await press("c")
        binding = list(yaml.safe_load_all(app.clipboard))[1]
        assert binding["subjects"][0]["name"] == USER
        assert binding["metadata"]["namespace"] == "123"


async def test_where_no_right_is_missing_enter_shows_no_rule() -> None:
    app = TestedApp(populate(Store()))
    async with running(app) as press:
        await press("2", "enter")
        await shows(app, "Conditions")
        await press("enter")
        assert not isinstance(app.screen, RuleScreen)
