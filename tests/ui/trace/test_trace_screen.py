"""The API trace: every call with what came of it, and the commands that ask the same."""

import pytest
from msgspec.structs import replace

from eksview.domain.live.api_call import ApiCall, masked_parameters
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.server import ServerTimings, Timing
from eksview.store.store import Store
from eksview.ui.base.messages import OpenCall, OpenMapped, OpenNode, OpenPod
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.trace.call_text import ServerMetrics, request_lines
from eksview.ui.trace.commands_dialog import commands
from tests.ui.access.test_access_screen import texts
from tests.ui.aws_account import LOST, instance_id, populate_aws
from tests.ui.harness import NOW, TestedApp, node_name, populate
from tests.ui.shell.test_app import running, shows

PROD = CommandContext("prod", "us-west-2", "dev")


def call(number: int, target: str = "/api/v1/nodes", **words) -> ApiCall:
    given = {"source": "nodes", "status": 200, "took": 0.012, "wait": 0.008, "size": 2048} | words
    verb = given.pop("verb", "list")
    return ApiCall(number, NOW + number, "kubernetes", verb, target, **given)


def traced(*requests: ApiCall) -> Store:
    store = populate(Store())
    for request in requests:
        store.set_request(request)
    return store


def test_only_the_latest_calls_are_kept():
    store = Store()
    for number in range(2100):
        store.set_request(call(number))
    assert len(store.requests) == 2000
    assert "99" not in store.requests
    assert "2099" in store.requests


def test_what_became_of_a_call_replaces_what_was_known():
    store = traced(call(1, status=None, took=None), call(1, status=403))
    assert [request.status for request in store.requests.values()] == [403]


def test_a_call_shows_where_its_time_went_and_how_to_ask_it_by_hand():
    lines = texts(request_lines(call(1), PROD, ServerMetrics(), 100, UNICODE))
    assert lines[0].startswith("eksview ── wait 8 ms ─→ kube-apiserver ")
    assert "body 4 ms, total 12 ms" in lines[1]
    assert "kube-apiserver metrics" in lines[3]
    assert lines[-1].strip() == "kubectl --context prod get nodes"


def test_a_failed_call_says_why():
    lines = texts(
        request_lines(
            call(1, status=None, reason="It timed out."), PROD, ServerMetrics(), 80, UNICODE
        )
    )
    assert any(line.startswith("response") and "It timed out." in line for line in lines)


def test_a_nodes_commands_are_about_it_and_its_instance():
    listed = [each.command for each in commands(traced(), OpenNode(node_name(0)), PROD)]
    assert listed[0] == f"kubectl --context prod get node {node_name(0)} -o yaml"
    assert (
        f"kubectl --context prod get pods -A --field-selector spec.nodeName={node_name(0)}"
        in listed
    )
    assert listed[-1].startswith("aws ec2 describe-instances --instance-ids i-")
    assert listed[-1].endswith("--region us-west-2 --profile dev")


def test_a_pods_commands_name_its_namespace():
    listed = commands(traced(), OpenPod("pod-0"), PROD)
    assert listed[0].command.endswith("-o yaml")
    assert " -n shop " in listed[0].command


def test_each_links_latest_call_is_there_once():
    store = traced(call(1), call(2), call(3, "/api/v1/pods", source="pods"))
    listed = [(each.subject, each.command) for each in commands(store, None, PROD)]
    assert listed == [
        ("nodes", "kubectl --context prod get nodes"),
        ("pods", "kubectl --context prod get pods -A"),
    ]


def test_behind_a_screen_are_only_its_own_links():
    store = traced(
        call(1),
        call(2, "/api/v1/pods", source="pods"),
        call(3, "/api/v1/nodes", source="access"),
    )
    listed = [(each.subject, each.command) for each in commands(store, None, PROD, ("access",))]
    assert listed == [("access", "kubectl --context prod get nodes")]


def test_a_row_of_the_mapping_is_asked_for_as_its_node_or_its_instance():
    store = populate_aws(traced())
    joined, lost = OpenMapped(instance_id(0)), OpenMapped(LOST)
    assert commands(store, joined, PROD, ("none",))[0].command.endswith(
        f"get node {node_name(0)} -o yaml"
    )
    (only,) = commands(store, lost, PROD, ("none",))
    assert only.command.startswith(f"aws ec2 describe-instances --instance-ids {LOST}")


async def test_asking_on_the_access_screen_shows_what_access_was_asked():
    review = masked_parameters({"verb": "list", "resource": "nodes"})
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    asked = replace(call(2, path, source="access"), verb="create", parameters=review)
    app = TestedApp(populate(Store()))
    async with running(app, (120, 40)) as press:
        for request in (call(1), asked):
            app.view.store.set_request(request)
        await press("5", "K")
        await shows(app, "auth can-i list nodes")
        assert "get nodes" not in app.text().replace("can-i list nodes", "")


def test_a_forgotten_call_has_no_command():
    assert commands(Store(), OpenCall("7"), PROD) == ()


async def test_9_shows_the_calls_the_newest_first_and_enter_opens_one():
    store = traced(call(1), call(2, "/api/v1/pods", status=403, source="pods"))
    app = TestedApp(store)
    async with running(app) as press:
        for request in store.requests.values():
            app.view.store.set_request(request)
        await press("9")
        await shows(app, "2 calls", "1 failed", "/api/v1/pods")
        lines = [line for line in app.lines() if "/api/v1/" in line]
        assert "/api/v1/pods" in lines[0]
        await press("enter")
        await shows(app, "Equivalent command", "kubectl --context prod get pods -A")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_what_a_call_took_and_asked_is_read_at_every_size(size):
    long = call(1, "eks us-west-2", verb="ListAssociatedAccessPolicies", source="access-entries")
    app = TestedApp(traced())
    async with running(app, size) as press:
        for request in (long, call(2, "/readyz?verbose=true", verb="get", took=0.345)):
            app.view.store.set_request(request)
        await press("9")
        await shows(app, "DURATION", "345 ms", "/readyz?verbose=true", "ListAssociatedAcces")
        assert ("SOURCE" in app.text()) == (size[0] > 80)


async def test_p_holds_the_trace_still():
    app = TestedApp(traced())
    async with running(app) as press:
        app.view.store.set_request(call(1))
        await press("9")
        await shows(app, "1 calls")
        await press("p")
        await shows(app, "paused")
        app.view.store.set_request(call(2))
        app._frames.flush()
        await shows(app, "1 calls")
        await press("p")
        await shows(app, "2 calls")


async def test_k_lists_the_commands_and_enter_copies_one():
    app = TestedApp(traced())
    async with running(app) as press:
        await press("2", "K")
        await shows(app, "Equivalent commands", "this node", "describe node")
        await press("enter")
        await shows(app, "clipboard (OSC 52)")
        assert app.clipboard.startswith("kubectl --context prod get node ip-10-")


async def test_a_call_shows_what_the_server_counts_of_its_kind():
    app = TestedApp(traced())
    app.fake.measured = ServerTimings(
        NOW, {("LIST", "", "nodes"): Timing(4, 3.0)}, {("list", "", "nodes"): Timing(1, 0.002)}
    )
    async with running(app) as press:
        app.view.store.set_request(call(1))
        await press("9", "enter")
        await shows(app, "750 ms on average, 4 calls since", "2 ms on average, 1 call since")


async def test_metrics_that_may_not_be_read_are_said_to_be_so():
    app = TestedApp(traced())
    app.fake.unreachable["metrics"] = "Not permitted: get on /metrics."
    async with running(app) as press:
        app.view.store.set_request(call(1))
        await press("9", "enter")
        await shows(app, "Not permitted: get on /metrics.", "Equivalent command")
