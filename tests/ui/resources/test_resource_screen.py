"""The table of any resource, by keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace
from textual.events import Key

from eksview.domain.base.text import Clean
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.server_table import ObjectTableKey
from eksview.domain.live.messages import Swap
from eksview.domain.rows.link import Permission, Phase
from eksview.store.applier import apply
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.resources.screen import ResourceScreen
from tests.ui.harness import NOW, TestedApp
from tests.ui.resources.cluster import (
    ALL,
    DEPLOYMENTS,
    EVENTS,
    JOBS,
    NAMESPACES,
    OF_EVENTS,
    OF_JOBS,
    OF_NAMESPACES,
    OF_SERVICES,
    OF_WIDGETS,
    SERVICES,
    WIDGETS,
    columns,
    refuse,
    row,
    show,
    show_deployments,
)
from tests.ui.shell.test_app import running, shows, until

QUOTA = (
    'Error creating: pods "cart-7d876db474-x2k7p" is forbidden: exceeded quota: compute, '
    "requested: pods=1, used: pods=3, limited: pods=3"
)
FOLLOW, LEAVE = "follow deployments.apps", "leave deployments.apps"


@asynccontextmanager
async def typed(line: str) -> AsyncIterator[tuple]:
    """A running application in which a command was typed."""
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ALL
        show_deployments(app)
        await press("colon", *[{" ": "space", "/": "slash"}.get(key, key) for key in line], "enter")
        yield app, press


async def test_a_short_name_opens_the_servers_table_with_trouble_first():
    async with typed("deploy") as (app, _):
        await shows(app, "3 deployments: 1 problem", "NAMESPACE", "UP-TO-DATE", "ledger")
        assert isinstance(app.screen, ResourceScreen)
        assert next(line for line in app.lines() if "0/3" in line).startswith("▌ ✖ shop")
        assert "IMAGES" not in app.text()
        assert "24h" in app.text()  # the age is counted here


async def test_a_running_job_without_the_pods_it_wants_is_trouble_and_says_why():
    async with typed("jobs") as (app, _):
        for name, pods in (("bake", "3/3"), ("load", "0/3"), ("mill", "1/3")):
            made = row(OF_JOBS, "shop", name, "Running", "0/3", "60m", "")
            show(app, JOBS, replace(made, values=(Clean("of the file"), Clean(pods))))
        refuse(app, "Job/shop/load", QUOTA)
        await shows(app, "3 jobs: 2 problems", "load: quota compute exceeded")
        rows = (line.strip("▌ ").split() for line in app.lines() if " shop " in line)
        assert [cells[:3] for cells in rows] == [
            ["✖", "shop", "load"],
            ["▲", "shop", "mill"],
            ["●", "shop", "bake"],
        ]


async def test_a_row_that_cannot_create_its_pods_says_why():
    async with typed("deploy") as (app, press):
        await shows(app, "3 deployments: 1 problem")
        assert next(line for line in app.lines() if line.startswith("▌")).split()[3] == "cart"
        another = QUOTA.replace("compute", "another")
        refuse(app, "ReplicaSet/shop/cart-old-7d876db474", another)  # of cart-old
        refuse(app, "ReplicaSet/shop/cart-7d876db474", QUOTA)
        await shows(app, "cart: quota compute exceeded")
        await press("j")
        await until(app.pilot, lambda: "quota compute" not in app.text())


async def test_events_have_the_newest_first_and_room_for_what_matters_at_80_columns():
    """The mark tells the type; `kubectl events` orders by the time of last being seen."""
    app = TestedApp()
    async with running(app, size=(80, 24)) as press:
        app.fake.discovered = ALL
        await press("colon", *"events", "enter")
        for age, type_, reason in (
            (60, "Normal", "SuccessfulCreate"),
            (300, "Warning", "BackOff"),
            (20, "Warning", "FailedScheduling"),
            (5, "Normal", "Pulled"),
        ):
            of_pod, said = "pod/recommender-6bd9f7c55-x2k7p", "0/10 nodes are available"
            event = row(OF_EVENTS, "kube-system", f"e-{999 - age}", "", type_, reason, of_pod, said)
            show(app, EVENTS, replace(event, moments=(NOW - age,)))
        await shows(app, "4 events", "OBJECT", "MESSAGE")
        assert "TYPE" not in app.text()
        lines = app.lines()
        reasons = ("FailedScheduling", "BackOff", "Pulled", "SuccessfulCreate")
        places = [next(at for at, line in enumerate(lines) if each in line) for each in reasons]
        assert places == sorted(places)


@pytest.mark.parametrize(("width", "namespace"), [(80, "kube-sys"), (84, "kube-system")])
async def test_services_have_their_ports_on_a_narrow_terminal(width, namespace):
    """The columns are those of `kubectl get services -A`; a namespace is cut after long texts."""
    app = TestedApp()
    async with running(app, size=(width, 24)) as press:
        app.fake.discovered = ALL
        await press("colon", *"svc", "enter")
        host = "k8s-shop-web-1f0c2d7a91.elb.us-west-2.amazonaws.com"
        show(
            app,
            SERVICES,
            row(OF_SERVICES, "kube-system", "kube-prometheus-stack", "ClusterIP", "172.20.252.248",
                "<none>", "53/TCP", ""),
            row(OF_SERVICES, "shop", "web", "LoadBalancer", "172.20.72.50", host, "80:31380/TCP",
                ""),
        )  # fmt: skip
        await shows(app, "PORT(S)", "80:31380/TCP", namespace, "EXTERNAL-IP", "AGE")


@pytest.mark.parametrize(("typed", "shown"), [("\ry", "[y YAML]"), ("y", "[y YAML]")])
async def test_keys_typed_while_the_first_rows_are_read_act_on_them(typed, shown):
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ALL
        await press("colon", *"deploy", "enter")
        await shows(app, "Loading deployments")
        for char in typed:
            app.post_message(Key({"\r": "enter"}.get(char, char), char))
        await app.pilot.pause()
        assert isinstance(app.screen, ResourceScreen)
        show_deployments(app)
        await shows(app, shown)


async def test_wide_adds_the_columns_of_a_priority():
    async with typed("deployments.v1.apps") as (app, press):
        await shows(app, "3 deployments")
        await press("w")
        await shows(app, "CONTAINERS", "web:1")


async def test_an_argument_is_a_namespace_and_the_rest_a_filter():
    async with typed("deploy shop ready=2/2") as (app, press):
        await shows(app, "2 deployments in shop", "web", "1 of 2")
        assert "cart" not in app.text()
        await press("escape", "0")
        await shows(app, "3 deployments", "ledger", "cart")


async def test_shift_and_a_letter_sort_by_a_column():
    async with typed("deploy") as (app, press):
        await shows(app, "3 deployments")
        await press("R")
        await shows(app, "READY▴")
        text = app.text()
        assert text.index("cart") < text.index("ledger") < text.index("web")


async def test_the_watch_ends_when_nothing_leads_back_to_the_table():
    async with typed("deploy") as (app, press):
        await shows(app, "3 deployments")
        await until(app.pilot, lambda: FOLLOW in app.fake.calls)
        await press("enter")
        await press("escape")
        await shows(app, "3 deployments")
        assert app.fake.calls.count(LEAVE) < app.fake.calls.count(FOLLOW)
        await press("escape")
        await until(app.pilot, lambda: app.fake.calls.count(LEAVE) == app.fake.calls.count(FOLLOW))


async def test_a_table_in_the_history_is_shown_again_with_its_cursor():
    async with typed("deploy") as (app, press):
        await shows(app, "3 deployments")
        first = app.screen
        await press("j", "3", "colon", *"deploy", "enter")
        await until(app.pilot, lambda: app.screen is first)
        assert first.table.current.name == "ledger"
        await press("escape")
        assert isinstance(app.screen, PodsScreen)
        await press("escape")
        assert app.screen is first


async def test_a_refusal_shows_the_missing_rule():
    async with typed("widgets") as (app, _):
        missing = Permission("list", "widgets", "example.com")
        show(
            app, WIDGETS, phase=Phase.REFUSED, missing=missing, reason=Clean("Can't list widgets.")
        )
        await shows(app, "Can't list widgets.", "This role would grant it", "example.com")


async def test_a_resource_that_was_removed_or_is_down_says_so():
    async with typed("widgets") as (app, _):
        show(app, WIDGETS, phase=Phase.OFF, reason=Clean("The server no longer has widgets."))
        await shows(app, "The server no longer has widgets.", "No widgets loaded.")


async def test_unread_is_no_empty_table():
    async with typed("widgets") as (app, _):
        await shows(app, "Loading widgets")
        show(app, WIDGETS)
        await shows(app, "This cluster has no widgets.")


async def test_columns_that_change_replace_those_before():
    async with typed("widgets") as (app, press):
        old, new = columns("Name", "Size#", "Age"), columns("Name", "Phase", "Weight#", "Age")
        show(app, WIDGETS, row(old, "shop", "one", "10", ""), row(old, "shop", "two", "9", ""))
        await shows(app, "SIZE")
        show(
            app,
            WIDGETS,
            row(new, "shop", "one", "Failed", "9", ""),
            row(new, "shop", "two", "Ready", "10", ""),
        )
        await shows(app, "PHASE", "WEIGHT", "2 widgets: 1 problem")
        assert "SIZE" not in app.text()
        await press("W")
        await shows(app, "▾WEIGHT")
        assert app.text().index("two") < app.text().index("one")


async def test_a_namespace_leads_to_its_pods():
    async with typed("ns") as (app, press):
        show(app, NAMESPACES, row(OF_NAMESPACES, "", "shop", "Active", ""))
        await shows(app, "1 namespace", "Active")
        await press("enter")
        await shows(app, "14 pods", "in shop")


async def test_a_namespace_is_watched_alone_where_all_are_refused():
    async with typed("deploy shop") as (app, _):
        key = ObjectTableKey(DEPLOYMENTS.qualified)
        app.view.store.forget(key)
        show(app, DEPLOYMENTS, phase=Phase.REFUSED, reason=Clean("Can't list deployments."))
        await until(app.pilot, lambda: f"{FOLLOW} shop" in app.fake.calls)
        await until(app.pilot, lambda: LEAVE in app.fake.calls)


async def test_a_mistyped_resource_has_names_near_it():
    async with typed("deploymnets") as (app, _):
        await shows(app, "Unknown command deploymnets", "did you mean deployments")
        assert "resources again" in app.fake.calls


async def test_tab_completes_resources_and_namespaces():
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ALL
        await press("colon", *"widg")
        await shows(app, "widgets")
        await press("tab", "space", *"sh", "tab")
        await shows(app, ":widgets shop", "Widgets in shop")


async def test_commands_work_where_the_resources_cannot_be_read():
    app = TestedApp()
    async with running(app) as press:
        app.fake.unreachable["resources"] = "The server is away."
        await press("colon", *"po", "enter")
        assert isinstance(app.screen, PodsScreen)


async def test_a_table_without_rows_has_the_heading_of_the_servers_columns():
    """A list without items declares its columns (kube-apiserver 1.32)."""
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ALL
        apply(app.view.store, Swap(ObjectTableKey("widgets.example.com"), (), columns=OF_WIDGETS))
        show(app, WIDGETS)
        await press("colon", *"widgets", "enter")
        await shows(app, "NAMESPACE", "NAME", "PHASE", "SIZE", "This cluster has no widgets.")


async def test_a_plural_that_means_another_resource_has_its_group():
    """`kubectl get nodes` never means the metrics."""
    metrics = ApiResource("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", namespaced=False)
    nodes = ApiResource("", "v1", "nodes", "Node", "node", namespaced=False)
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ApiResources((nodes, metrics))
        show(app, metrics, row(OF_NAMESPACES, "", "n1", "1", ""))
        await press("colon", *"nodes.metrics", "enter")
        await shows(app, "1 nodes.metrics.k8s.io", "n1")
        assert app.screen.title == "nodes.metrics.k8s.io"
