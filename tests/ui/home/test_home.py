"""Home by keyboard: the control plane, the wires and the workers, in good and in bad days."""

import msgspec
import pytest
from rich.style import Style

from eksview.domain.base.reading import Permission, Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Check, Probe
from eksview.store.selectors.join_review import review_joins
from eksview.store.store import Store
from eksview.ui.cluster.component_screen import ComponentScreen
from eksview.ui.nodes.node_screen import NodeScreen
from eksview.ui.workers.layout import Zoom
from tests.ui.aws_account import LOST, instance, populate_aws
from tests.ui.harness import (
    CORDONED,
    DISK_PRESSURE,
    NOT_READY,
    NOW,
    TestedApp,
    facts,
    links,
    node,
    node_name,
    populate,
)
from tests.ui.shell.test_app import running, settled, shows, until

LARGE = (160, 48)


def app_of(nodes: int = 6, pods: int = 40) -> TestedApp:
    return TestedApp(populate(Store(), nodes=nodes, pods=pods))


def zoom_of(app: TestedApp) -> Zoom:
    return app.screen.workers_panel._lines.plan.zoom


async def frame(app: TestedApp, seconds: float = 0.0) -> None:
    """Time passes, and a frame is drawn."""
    app.now += seconds
    app._frames.flush()
    await app.pilot.pause()


def style_at(app: TestedApp, word: str) -> Style:
    """How a word is drawn."""
    for line in app.screen._compositor.render_strips():
        for segment in line:
            if word in segment.text:
                return segment.style
    raise AssertionError(f"{word} not in\n{app.text()}")


# workers: how much of each is shown


@pytest.mark.parametrize(
    ("nodes", "size", "zoom"),
    [
        (1, LARGE, Zoom.CARDS),
        (16, LARGE, Zoom.CARDS),
        (60, LARGE, Zoom.CHIPS),
        (300, LARGE, Zoom.CELLS),
        (6, (80, 24), Zoom.CHIPS),
        (600, (80, 24), Zoom.DOTS),
    ],
)
async def test_the_form_goes_by_the_number_of_nodes_and_the_room(nodes, size, zoom):
    app = app_of(nodes, 0)
    async with running(app, size):
        await until(app.pilot, lambda: zoom_of(app) is zoom)


async def test_plus_and_minus_choose_the_form_and_keep_the_cursor():
    app = app_of(40, 0)
    async with running(app, LARGE) as press:
        await press("j", "right", "right")
        chosen = app.screen.workers_panel.chosen
        assert zoom_of(app) is Zoom.CHIPS
        seen = []
        for key in ("plus", "plus", "minus", "minus", "minus", "minus", "plus"):
            await press(key)
            seen.append(zoom_of(app))
            assert app.screen.workers_panel.chosen == chosen
        assert seen == [
            Zoom.CARDS,
            Zoom.CARDS,
            Zoom.CHIPS,
            Zoom.CELLS,
            Zoom.DOTS,
            Zoom.DOTS,
            Zoom.CELLS,
        ]


async def test_a_chosen_form_holds_when_nodes_come():
    app = app_of(6, 0)
    async with running(app, LARGE) as press:
        await press("minus")
        assert zoom_of(app) is Zoom.CHIPS
        app.view.store.put(Kind.NODE, node(50))
        await frame(app)
        assert zoom_of(app) is Zoom.CHIPS
        assert "7 nodes" in app.text()


async def test_instances_without_a_node_are_counted_when_they_come_and_go():
    app = TestedApp(populate_aws(populate(Store())))
    async with running(app, LARGE):
        await shows(app, "1 instance failed to join")
        app.view.store.put(Kind.INSTANCE, instance(90))
        await frame(app)
        assert "1 instance without a node" in app.text()  # until its checks are made
        review_joins(app.view.store, app.now)
        await frame(app)
        assert "2 instances failed to join" in app.text()
        app.view.store.drop(Kind.INSTANCE, app.view.store.instances[LOST])
        await frame(app)
        assert "1 instance failed to join" in app.text()


async def test_in_a_map_the_node_under_the_cursor_is_spelled_out():
    app = app_of(6)
    async with running(app, LARGE) as press:
        await press("minus", "minus", "G")
        short = app.screen.workers_panel.chosen.partition(".")[0]
        await shows(app, short, "m6i.large", "age ")


# workers: the cursor


async def test_the_cursor_stays_on_its_node_when_others_come_and_go():
    app = app_of(6, 0)
    async with running(app, LARGE) as press:
        await press("right", "right")
        chosen = app.screen.workers_panel.chosen
        remaining = [name for name in app.view.store.nodes if name != chosen]
        app.view.store.drop(Kind.NODE, app.view.store.nodes[remaining[0]])
        for number in (40, 41, 42):
            app.view.store.put(Kind.NODE, node(number))
        await frame(app)
        assert app.screen.workers_panel.chosen == chosen
        await press("enter")
        assert isinstance(app.screen, NodeScreen)
        assert app.screen.row.name == chosen


async def test_when_the_node_under_the_cursor_leaves_a_neighbour_is_chosen():
    app = app_of(6, 0)
    async with running(app, LARGE) as press:
        await press("right", "right")
        gone = app.screen.workers_panel.chosen
        app.view.store.drop(Kind.NODE, app.view.store.nodes[gone])
        await frame(app)
        assert app.screen.workers_panel.chosen in app.view.store.nodes
        shown, _, _ = app.text().partition("Warnings of the last hour")  # which still name it
        assert gone.partition(".")[0] not in shown


async def test_when_the_last_node_leaves_the_panel_says_so():
    app = app_of(1, 0)
    async with running(app, LARGE) as press:
        await press("j")
        app.view.store.drop(Kind.NODE, node(0))
        await frame(app)
        await shows(app, "No nodes have joined this cluster.")
        await press("enter", "j", "plus", "minus", "t", "G", "pagedown")
        assert len(app.screen_stack) == 1


async def test_t_leads_to_the_nodes_that_are_down_before_others():
    app = app_of(6)
    async with running(app, LARGE) as press:
        await press("t")
        assert app.screen.workers_panel.chosen == node_name(NOT_READY)
        healed = msgspec.structs.replace(node(NOT_READY), conditions=node(0).conditions)
        app.view.store.drop(Kind.LEASE, app.view.store.lease_of(healed.name))
        app.view.store.put(Kind.NODE, healed)
        await frame(app)
        seen = set()
        for _ in range(3):
            await press("t")
            seen.add(app.screen.workers_panel.chosen)
        assert seen == {node_name(DISK_PRESSURE), node_name(CORDONED)}


async def test_the_window_follows_the_cursor_and_says_what_is_out_of_sight():
    app = app_of(60, 0)
    async with running(app, (80, 24)) as press:
        await press("plus")
        assert zoom_of(app) is not Zoom.DOTS
        await press("G")
        await shows(app, app.screen.workers_panel.chosen.partition(".")[0], "▴", "more")
        await press("g")
        await shows(app, app.screen.workers_panel.chosen.partition(".")[0], "▾", "more")


async def test_a_click_chooses_and_a_second_opens():
    app = app_of(6, 0)
    async with running(app, LARGE):
        name = node_name(DISK_PRESSURE)
        short = name.partition(".")[0]
        y = next(at for at, line in enumerate(app.lines()) if short in line)
        x = app.lines()[y].index(short)
        await app.pilot.click(offset=(x, y))
        assert app.screen.workers_panel.chosen == name
        await app.pilot.click(offset=(x, y))
        await until(app.pilot, lambda: isinstance(app.screen, NodeScreen))
        assert app.screen.row.name == name


# workers: hidden and small


@pytest.mark.parametrize("nodes", [6, 60, 300])
async def test_a_node_that_left_while_home_was_hidden_breaks_no_resize(nodes):
    app = app_of(nodes, 0)
    async with running(app, LARGE) as press:
        await press("2")
        gone = node_name(0)
        app.view.store.drop(Kind.NODE, node(0))
        await frame(app)
        for size in ((100, 30), (20, 5), (200, 60)):
            await app.pilot.resize_terminal(*size)
            await app.pilot.pause()
        await press("1")
        await shows(app, f"{nodes - 1} nodes")
        assert gone not in app.screen.workers_panel._lines.plan.places
        assert app.is_running


@pytest.mark.parametrize("nodes", [0, 6, 60, 300])
@pytest.mark.parametrize("size", [(20, 5), (6, 4), (1, 1), (250, 3), (3, 70)])
async def test_no_size_breaks_home_and_growing_again_loses_nothing(nodes, size):
    app = app_of(nodes, 0)
    async with running(app, LARGE) as press:
        before = await settled(app)
        await app.pilot.resize_terminal(*size)
        await press("j", "plus", "minus", "tab", "right", "tab", "tab")
        await frame(app)
        await app.pilot.resize_terminal(*LARGE)
        app.screen.workers_panel._chosen_zoom = None
        app.screen.workers_panel._replan()
        await press("g")
        await until(app.pilot, lambda: len(app.lines()) == len(before))
        await shows(app, "Workers", "Control plane", *([f"{nodes} nodes"] if nodes else []))


async def test_at_20x5_the_workers_are_what_is_left():
    app = app_of(6, 0)
    async with running(app, (20, 5)):
        await shows(app, "Workers")
        assert all(len(line) <= 20 for line in app.lines())


# workers: bad days


def app_with_links(*given: Link) -> TestedApp:
    """A cluster of which nothing was read."""
    store = Store()
    for link in given:
        store.set_link(link)
    facts(store.set_fact)
    return TestedApp(store)


async def test_an_empty_cluster_says_what_to_look_at():
    app = app_with_links(Link("nodes", Phase.LIVE, NOW, heard=NOW), Link("health", Phase.LIVE, NOW))
    async with running(app, LARGE):
        await shows(app, "No nodes have joined this cluster.", "nodegroup's health")


async def test_a_list_being_read_shows_how_far_it_is():
    app = app_with_links(Link("nodes", Phase.LISTING, NOW, loaded=500, remaining=1500))
    async with running(app, LARGE):
        await shows(app, "loading nodes: 500", "█" * 6 + "░" * 18)


async def test_refused_nodes_are_said_with_the_role_that_grants_them():
    missing = Permission("list", "nodes")
    reason = "Not permitted: ops may not list nodes."
    app = app_with_links(Link("nodes", Phase.REFUSED, NOW, reason=reason, missing=missing))
    async with running(app, LARGE):
        await shows(app, "may not list nodes", "can grant it", "ClusterRole", "nodes", "ops")
        await shows(app, "kube-apiserver", "denied")


async def test_refused_pods_leave_nodes_whose_load_isnt_known():
    app = app_of(6, 0)
    async with running(app, LARGE):
        app.view.store.set_link(Link("pods", Phase.REFUSED, NOW, reason="Not permitted."))
        await frame(app, 1)
        await shows(app, "requests unknown because pods can't be read", "?/58", "6 nodes")


@pytest.mark.parametrize("nodes", [6, 60, 300])
@pytest.mark.parametrize("name", ["nodes", "health"])
async def test_stale_nodes_are_called_stale_in_every_form(nodes, name):
    app = app_of(nodes, 0)
    async with running(app, LARGE):
        again = Link(name, Phase.RETRYING, NOW, "Cut.", retry_at=NOW + 8, heard=NOW - 3)
        app.view.store.set_link(again)
        await frame(app, 1)
        await shows(app, "last known state of the nodes, not live (next try in 7s)")
        await shows(app, "stale 2s" if name == "nodes" else "stale ", "STALE", "retry")
        assert "● live" not in app.text()
        assert "♥" not in app.text()
        if nodes == 6:
            assert style_at(app, "NotReady") == style_at(app, "Ready"), "nobody is accused"
        links(app.view.store.set_link)
        await frame(app, 1)
        assert "last known state" not in app.text()
        assert "STALE" not in app.text()


async def test_a_cluster_that_never_answered_says_why():
    reason = "https://x doesn't answer (timed out): check the VPN."
    app = app_with_links(Link("nodes", Phase.RETRYING, NOW, reason, retry_at=NOW + 4))
    async with running(app, LARGE):
        await shows(app, "check the VPN", "next try in 4s", "retrying")


# the control plane


async def test_wide_enough_the_components_stand_side_by_side():
    app = app_of()
    async with running(app, LARGE):
        await shows(app, "kube-apiserver", "etcd")
        (line,) = [line for line in app.lines() if "● kube-apiserver" in line]
        for title in ("● etcd", "● kube-scheduler", "● controller-manager", "● cloud-controller"):
            assert title in line
        await shows(app, "managed by Amazon EKS", "v1.33.4", "2 instances", "4/4 checks", "leader")


async def test_else_one_under_another():
    app = app_of()
    async with running(app, (80, 30)):
        await shows(app, "● kube-apiserver", "● kube-scheduler")
        rows = [line for line in app.lines() if "● kube-" in line or "● etcd" in line]
        assert len(rows) == 3


@pytest.mark.parametrize("size", [LARGE, (80, 30)])
async def test_a_failed_check_alarms(size):
    app = app_of()
    async with running(app, size):
        failed = Probe("readyz", NOW, False, 0.01, 500, (Check("ping", True), Check("etcd", False)))
        app.view.store.set_fact(Facts.readyz, Read(failed, NOW))
        await frame(app, 1)
        await shows(app, "✖  kube-apiserver ", "✖  etcd ", "failed: etcd")
        assert style_at(app, " kube-apiserver ").reverse


@pytest.mark.parametrize("size", [LARGE, (80, 30)])
async def test_what_isnt_visible_is_neither_green_nor_red_and_says_why(size):
    app = app_of()
    async with running(app, size):
        hidden = Probe("readyz", NOW, None, 0.01, 403, reason="You may not get /readyz.")
        app.view.store.set_fact(Facts.readyz, Read(hidden, NOW))
        also = Probe("livez", NOW, None, 0.01, 403, reason="You may not get /livez.")
        app.view.store.set_fact(Facts.livez, Read(also, NOW))
        await frame(app, 1)
        await shows(app, "○ kube-apiserver", "○ etcd", "You may not")


async def test_enter_opens_the_component_under_the_cursor():
    app = app_of()
    async with running(app, LARGE) as press:
        await press("shift+tab", "shift+tab")
        assert app.screen.control.has_focus
        seen = []
        for _ in range(7):
            await press("enter")
            if isinstance(app.screen, ComponentScreen):
                seen.append(app.screen._component)
                assert "Next tab" not in app.text(), "it has none"
            await press("escape", "right")
        for name in ("kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager"):
            assert name in seen
        assert seen[-1] == seen[-2], "the last one is the end"


@pytest.mark.parametrize("size", [LARGE, (80, 30)])
async def test_a_click_on_a_component_chooses_it_and_a_second_opens_it(size):
    app = app_of()
    async with running(app, size):
        await shows(app, "● etcd")
        y = next(at for at, line in enumerate(app.lines()) if "● etcd" in line)
        x = app.lines()[y].index("etcd")
        await app.pilot.click(offset=(x, y))
        await app.pilot.click(offset=(x, y))
        await until(app.pilot, lambda: isinstance(app.screen, ComponentScreen))
        assert app.screen._component == "etcd"


async def test_before_any_answer_the_control_plane_claims_nothing():
    app = TestedApp(Store())
    async with app.run_test(size=LARGE) as pilot:
        app.pilot = pilot
        app._frames.flush()
        await shows(app, "Control plane")
        assert "●" not in "\n".join(app.lines()[1:8])


# the wires


async def test_every_stream_has_a_wire_with_its_rate():
    app = app_of()
    async with running(app, LARGE):
        for name in ("HTTPS", "nodes", "pods", "leases", "events"):
            await shows(app, f"● {name}")
        for number in range(1, 11):
            app.view.store.set_link(
                Link("pods", Phase.LIVE, NOW - 300, heard=NOW, events=300 + 50 * number)
            )
            await frame(app, 1)
        (line,) = [line for line in app.lines() if "● pods" in line]
        assert "50/s" in line


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (
            Link("pods", Phase.RETRYING, NOW, "The connection was cut.", NOW + 9, NOW - 2),
            ("▲ pods", "retry in 8s", "pods: The connection was cut."),
        ),
        (
            Link("events", Phase.REFUSED, NOW, "Not permitted: events."),
            ("✖ events", "denied", "events: Not permitted: events."),
        ),
        (Link("pods", Phase.LISTING, NOW, loaded=50, remaining=150), ("○ pods", "25%")),
        (Link("pods", Phase.LISTING, NOW, loaded=1234), ("○ pods", "1,234")),
        (Link("pods", Phase.CONNECTING, NOW), ("○ pods", "connecting")),
        (
            Link("nodes", Phase.RETRYING, NOW, "\x1b[31m[bold]", NOW + 9),
            ("✖ nodes", "nodes: \\x1b[31m[bold]"),
        ),
    ],
)
async def test_a_wire_that_isnt_live_says_so_and_why(link, words):
    app = app_of()
    async with running(app, LARGE):
        app.view.store.set_link(link)
        await frame(app, 1)
        await shows(app, *words)


async def test_a_new_phase_is_drawn_at_once_and_not_with_the_next_second():
    app = app_of()
    async with running(app, LARGE):
        await frame(app, 0.4)
        app.view.store.set_link(Link("pods", Phase.REFUSED, NOW, "Not permitted."))
        await frame(app, 0.1)
        await shows(app, "✖ pods", "denied")


async def test_with_the_focus_each_wire_tells_its_story():
    app = app_of()
    async with running(app, LARGE) as press:
        await press("shift+tab")
        assert app.screen.link.has_focus
        await shows(app, "HTTPS live for 5m", "TLS verified")
        await press("right")
        await shows(app, "nodes live for 5m", "100 events", "last 2s ago")
        await press("left", "left")
        await shows(app, "HTTPS live for 5m")
        await press("enter")
        assert "refresh" in app.fake.calls


async def test_lines_not_understood_are_counted_at_the_wire():
    app = app_of()
    async with running(app, LARGE) as press:
        bad = msgspec.structs.replace(app.view.store.links["nodes"], bad_lines=3)
        app.view.store.set_link(bad)
        await press("shift+tab", "right")
        await shows(app, "3 malformed lines skipped")


async def test_a_list_read_in_pages_is_told_at_the_wire():
    app = app_of()
    async with running(app, LARGE) as press:
        paged = msgspec.structs.replace(app.view.store.links["nodes"], paged=True)
        app.view.store.set_link(paged)
        await press("shift+tab", "right")
        await shows(app, "listed in pages")


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (110, 30), (250, 70)])
async def test_wires_stay_inside_at_any_width(size):
    app = app_of()
    async with running(app, size):
        for number, name in enumerate(("health", "nodes", "pods", "leases", "events")):
            app.view.store.set_link(
                Link(name, Phase.RETRYING, NOW, "Why " * 80, NOW + 100 + number, NOW)
            )
        await frame(app, 1)
        assert all(len(line) <= size[0] for line in app.lines())
        await shows(app, "STALE")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_a_reason_that_all_streams_have_is_said_once(size):
    """A 401 refuses the nodes, the pods, and the leases that the control plane is judged by."""
    store = Store()
    reason = "AWS knows you as ada, but cluster prod refuses the token"
    for name in ("nodes", "pods", "leases", "events", "control-leases"):
        store.set_link(Link(name, Phase.RETRYING, NOW, reason, retry_at=NOW + 8))
    store.set_link(Link("health", Phase.LIVE, NOW, heard=NOW))
    store.set_fact(Facts.leases, Read(Probe("leases", NOW, None, reason=reason), NOW))
    app = TestedApp(store)
    async with running(app, size):
        await shows(app, "kube-scheduler", "controller-manager", "unknown", "AWS knows you as")
        assert app.text().count("AWS knows you as") == 1
