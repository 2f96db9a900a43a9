"""What the screens say where pods aren't followed: not known, never none."""

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.text import clean
from eksview.domain.live.messages import LinkState, Put
from eksview.domain.live.watch_scope import WatchScope, link_of_pods, unwatched_reason
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.ui.harness import NOW, TestedApp, node, pod, populate
from tests.ui.shell.test_app import running, shows

SIZES = ((80, 24), (120, 36), (200, 60))
FIRST = node(0).name
WHY = unwatched_reason(WatchScope.FITTING, 600_003)


def apart(watch: WatchScope = WatchScope.FITTING, pods: int = 0) -> TestedApp:
    store = populate(Store(), pods=pods)
    store.set_link(Link(Kind.POD.value, Phase.OFF, NOW, unwatched_reason(watch, 600_003)))
    return TestedApp(store, settings=Settings(watch=watch, animate=False))


@pytest.mark.parametrize("size", SIZES)
async def test_home_has_a_wire_that_is_off_and_no_figures_of_pods(size):
    app = apart()
    async with running(app, size):
        await shows(app, "not watched", "?")
        assert "pods can't be read" not in app.text()
        assert "0/58" not in app.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_pods_screen_says_how_many_there_are_and_what_to_do(size):
    app = apart(pods=3)  # of a node that somebody looks at
    async with running(app, size) as press:
        await press("3")
        await shows(app, "600,003", "250,000", "--watch all")
        assert "3 pods" not in app.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_nodes_screen_knows_no_sums(size):
    app = apart()
    async with running(app, size) as press:
        await press("2")
        await shows(app, "pods not watched", "6 nodes")
        assert "0/58" not in app.text()
        assert " 0%" not in app.text()


async def test_an_opened_node_asks_for_its_pods_and_lets_go():
    app = apart()
    async with running(app) as press:
        await press("2", "enter", "p")
        opened = app.screen.row.name
        await shows(app, "Loading pods")
        assert f"follow_pods {opened}" in app.fake.calls
        app.fake.sink.send(Put(Kind.POD, pod(4, opened)))
        app.fake.sink.send(LinkState(Link(link_of_pods(opened), Phase.LIVE, NOW, heard=NOW)))
        await shows(app, "[p Pods 1]", pod(4, opened).name)
        await press("escape")
        await shows(app, "6 nodes")
        assert app.fake.calls.count(f"leave_pods {opened}") == 1


async def test_a_node_without_pods_says_none_only_once_they_are_read():
    app = apart()
    async with running(app) as press:
        await press("2", "enter", "p")
        await shows(app, "Loading pods")
        name = app.screen.row.name
        app.fake.sink.send(LinkState(Link(link_of_pods(name), Phase.LIVE, NOW, heard=NOW)))
        await shows(app, "No pods are bound to this node.", "[p Pods 0]")


async def test_with_nodes_alone_a_pod_says_where_its_events_are():
    app = apart(WatchScope.NODES)
    async with running(app) as press:
        await press("2", "enter", "p")
        name = app.screen.row.name
        app.fake.sink.send(Put(Kind.POD, pod(4, name)))
        app.fake.sink.send(LinkState(Link(link_of_pods(name), Phase.LIVE, NOW, heard=NOW)))
        await shows(app, "[p Pods 1]")
        await press("enter", "e")
        await shows(app, f"--for pod/{pod(4, name).name}")


async def test_a_node_says_of_which_namespaces_its_pods_are():
    app = apart(WatchScope.NODES)
    async with running(app) as press:
        await press("2", "enter", "p")
        name = app.screen.row.name
        link = Link(link_of_pods(name), Phase.LIVE, NOW, heard=NOW, only=clean("shop, web"))
        app.fake.sink.send(LinkState(link))
        await shows(app, "pods of shop, web only")
        await shows(app, "No pods of shop, web are bound to this node; others aren't read.")


def test_sums_that_are_not_read_are_less_than_nothing():
    store = populate(Store(), pods=12)
    read = store.pod_totals_of(FIRST).pods
    assert read == 2
    store.set_link(Link(Kind.POD.value, Phase.OFF, NOW, WHY))
    assert store.pod_totals_of(FIRST).pods == -1
    store.set_link(Link(link_of_pods(FIRST), Phase.LISTING, NOW))
    assert store.pod_totals_of(FIRST).pods == -1
    store.set_link(Link(link_of_pods(FIRST), Phase.LIVE, NOW, only=clean("shop")))
    assert store.pod_totals_of(FIRST).pods == -1, "of one namespace"
    store.set_link(Link(link_of_pods(FIRST), Phase.LIVE, NOW))
    assert store.pod_totals_of(FIRST).pods == read
    assert store.pod_totals_of(node(1).name).cpu == -1
    store.set_link(Link(Kind.POD.value, Phase.LIVE, NOW))
    assert store.pod_totals_of(node(1).name).pods == 2
