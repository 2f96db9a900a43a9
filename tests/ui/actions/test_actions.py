"""Keys `a` and Ctrl-d: what can be done, the question before it, and what came of it."""

import pytest
from msgspec.structs import replace
from textual.events import Key

from eksview.config.settings import Settings
from eksview.domain.actions.change import Outcome
from eksview.domain.actions.facts import ActedObject, ActionFacts
from eksview.domain.base.text import Clean
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.messages import Put
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview.ui.actions.question_dialog import QuestionDialog
from eksview.ui.terminal.external_command import ExternalCommand
from tests.ui.harness import (
    CORDONED,
    NOT_READY,
    NOW,
    TestedApp,
    leases,
    node,
    node_name,
    populate,
)
from tests.ui.shell.test_app import running, shows, until

READING = Settings(animate=False)
WRITING = replace(READING, allow_writes=True)


def make(settings: Settings = WRITING) -> TestedApp:
    app = TestedApp(settings=settings)
    app.shells.find_program = lambda name: f"/usr/bin/{name}"
    return app


async def open_pod_list(app: TestedApp, press) -> None:
    await press("3")
    await shows(app, "NAMESPACE")


@pytest.mark.parametrize("keys", [("ctrl+d",), ("a", "enter"), ("s",)])
async def test_without_allow_writes_a_key_says_so_and_sends_nothing(keys) -> None:
    app = make(READING)
    async with running(app) as press:
        await open_pod_list(app, press)
        await press(*keys)
        await shows(app, "Start eksview with --allow-writes to change anything.")
        await press("y", "enter")
    assert app.fake.changes == []
    assert [call for call in app.fake.calls if call.startswith("review")] == []


async def test_a_served_view_says_why_it_changes_nothing() -> None:
    app = make()
    app.shells.served = True
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("ctrl+d")
        await shows(app, "A view that is served changes nothing")
    assert app.fake.changes == []


async def test_a_question_names_cluster_and_object_and_its_default_is_no() -> None:
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("ctrl+d")
        await shows(app, "Cluster  prod", "Object   Pod ", "Deletes it", "n no (default)")
        await press("enter")
        assert not isinstance(app.screen, QuestionDialog)
        for key in ("n", "escape", "q"):
            await press("ctrl+d")
            await shows(app, "Object   Pod ")
            await press(key)
            assert not isinstance(app.screen, QuestionDialog)
    assert app.fake.changes == []


async def test_a_yes_deletes_the_pod_that_was_shown_and_no_successor() -> None:
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        (ref,) = app.screen.targets()
        await press("ctrl+d")
        await shows(app, "Deletes it")
        await press("y")
        await shows(app, f"Deleted {ref.namespace}/{ref.name}.")
    (change,) = app.fake.changes
    assert change.method == "DELETE"
    assert change.path == f"/api/v1/namespaces/{ref.namespace}/pods/{ref.name}"
    assert change.body["preconditions"] == {"uid": ref.uid}


@pytest.mark.parametrize("keys", [("ctrl+d",), ("a",), ("enter", "escape")])
async def test_the_cursor_stays_on_the_object_of_a_key_while_rows_move(keys) -> None:
    app = make()
    async with running(app) as press:
        await press("2")
        await shows(app, "VERSION")
        listed, (ref,) = app.screen, app.screen.targets()
        assert ref.name == node_name(NOT_READY)  # the worst row is the first
        await press(*keys)
        ready = replace(node(NOT_READY), conditions=node(1).conditions)
        lease = next(iter(leases([ready])))
        app.fake.sink.send(Put(Kind.NODE, ready))
        app.fake.sink.send(Put(Kind.LEASE, replace(lease, renewed=app.now + 5)))
        app.now += 5  # rows move every other second
        await until(app.pilot, lambda: listed.table._model.keys[0] != ref.name)
        assert listed.targets() == (ref,)
    assert app.fake.changes == []


@pytest.mark.parametrize(
    ("opens", "key"), [("ctrl+d", "y"), ("ctrl+d", "n"), ("ctrl+d", "q"), ("a", "a"), ("?", "?")]
)
async def test_a_key_pressed_twice_ends_a_dialog_and_does_nothing_below_it(opens, key) -> None:
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        listed = app.screen
        await press({"?": "question_mark"}.get(opens, opens))
        await until(app.pilot, lambda: app.screen.is_modal)
        await shows(app, {"ctrl+d": "Deletes it", "a": "Actions: ", "?": "Keys"}[opens])
        for _ in range(3):  # a key that is held down repeats
            app.post_message(Key({"?": "question_mark"}.get(key, key), key))
        await until(app.pilot, lambda: not app._keys.waiting)
        assert app.screen is listed
        assert len(app.fake.changes) == (key == "y")
        later = Key("y", "y")
        later.time += 1.0
        app.post_message(later)
        await shows(app, "[y YAML]")


async def test_esc_pressed_twice_closes_a_dialog_and_goes_back() -> None:
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("ctrl+d", "escape", "escape")
        assert len(app.screen_stack) == 1


async def test_what_rbac_denies_is_said_with_the_rule_and_cant_be_done() -> None:
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        (ref,) = app.screen.targets()
        app.fake.denied.add(f"delete pods in {ref.namespace}")
        await press("ctrl+d")
        await shows(app, f"Not possible: RBAC denies `delete pods in {ref.namespace}`.")
        assert "y Yes" not in app.text()
        await press("y")
        assert isinstance(app.screen, QuestionDialog)
    assert app.fake.changes == []


async def test_a_protected_cluster_demands_its_name() -> None:
    app = make(replace(WRITING, protect=("*PROD*",)))
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("ctrl+d")
        await shows(app, "type prod to confirm")
        assert "y Yes" not in app.text()
        await press("y", "enter")
        await shows(app, "That isn't prod: nothing was changed.")
        assert app.fake.changes == []
        await press("backspace", *"prod", "enter")
        await until(app.pilot, lambda: app.fake.changes)
    assert len(app.fake.changes) == 1


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(409, Clean("Operation cannot be fulfilled.")), "Operation cannot be fulfilled."),
        (Outcome(None, Clean("The connection was lost.")), "it is unknown whether it was done"),
        (Outcome(404, Clean("pods web was not found.")), "was not found"),
    ],
)
async def test_what_came_of_it_is_said_and_it_is_not_tried_again(outcome, words) -> None:
    app = make()
    app.fake.outcomes.append(outcome)
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("ctrl+d")
        await shows(app, "Deletes it")
        await press("y")
        await shows(app, words)
    assert len(app.fake.changes) == 1


async def test_an_answer_that_is_lost_ends_a_deletion_of_several() -> None:
    app = make()
    app.fake.outcomes.extend((Outcome(200), Outcome(None, Clean("The connection was lost."))))
    async with running(app) as press:
        await open_pod_list(app, press)
        await press("space", "space", "space", "ctrl+d")
        await shows(app, "Delete 3 objects")
        await press("y")
        await shows(app, "Deleted 1 of 3, 1 not tried.")
    assert len(app.fake.changes) == 2


async def test_a_node_is_cordoned_and_a_cordoned_one_only_uncordoned() -> None:
    app = make()
    async with running(app) as press:
        await press("2")
        await shows(app, "VERSION")
        (ref,) = app.screen.targets()
        app.actions.offer(app.view, (ref,))
        await shows(app, f"Actions: Node {ref.name}", "Cordon: no new pods", "It isn't cordoned.")
        await press("enter")
        await shows(app, "No new pods will be scheduled onto it")
        await press("y")
        await shows(app, f"Cordoned {ref.name}.")
        assert app.fake.changes[0].body == {"spec": {"unschedulable": True}}
        name = node_name(CORDONED)
        app.actions.offer(app.view, (ObjectRef("v1", "Node", "nodes", name),))
        await shows(app, "It is cordoned already.")


@pytest.mark.parametrize(
    ("pods", "way", "reason"),
    [
        (40, ("2", "enter", "p", "slash", *"zzz", "enter"), "The filter hides all rows."),
        (0, ("2", "enter", "p"), "There are no rows."),
        (40, ("2", "slash", *"zzz", "enter"), "The filter hides all rows."),
    ],
)
async def test_a_key_for_rows_never_means_the_node_whose_rows_are_hidden(pods, way, reason) -> None:
    app = TestedApp(populate(Store(lambda: NOW), pods=pods), settings=WRITING)
    async with running(app) as press:
        await press(*way)
        shown = app.screen
        for key in ("ctrl+d", "a", "l"):
            await press(key)
            await shows(app, reason)
            assert app.screen is shown
            app.clear_notifications()
    assert app.fake.changes == []


async def test_s_on_a_pod_of_a_node_is_a_shell_in_the_pod_and_on_other_tabs_a_session() -> None:
    app = make()
    async with running(app) as press:
        await press("2", "enter", "p")
        await until(app.pilot, lambda: [ref.kind for ref in app.screen.targets()] == ["Pod"])
        await press("s")
        await shows(app, "Shell Pod ")
        await press("escape", "u", "s")
        await shows(app, "Session on ")


async def test_a_workload_is_scaled_to_a_number_beside_the_warnings_of_its_managers() -> None:
    web = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    acted = {
        "metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}},
        "spec": {"replicas": 3},
    }
    app = make()
    app.fake.acting = ActionFacts({web: fitting(acted, ActedObject)})
    async with running(app) as press:
        app.actions.offer(app.view, (web,))
        await shows(app, "Rollout restart", "Scale", "Delete")
        await press("j", "enter")
        await shows(app, "Helm (release shop) undoes this", "3")
        await press("backspace", "x", "enter")
        await shows(app, "Type a number, 0 or more.")
        await press("backspace", "5", "enter")
        await shows(app, "Scaled shop/web.")
    (change,) = app.fake.changes
    assert change.path == "/apis/apps/v1/namespaces/shop/deployments/web/scale"
    assert change.body == {"spec": {"replicas": 5}}


async def test_a_paused_deployment_isnt_restarted() -> None:
    web = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    app = make()
    app.fake.acting = ActionFacts({web: fitting({"spec": {"paused": True}}, ActedObject)})
    async with running(app) as press:
        app.actions.offer(app.view, (web,))
        await shows(app, "Rollout restart")
        await press("enter")
        await shows(app, "Not possible: web is paused")
        await press("y")
    assert app.fake.changes == []


async def test_s_on_a_pod_opens_a_shell_in_it(monkeypatch) -> None:
    ran = []

    async def run(_, command) -> None:
        ran.append(command)

    monkeypatch.setattr(ExternalCommand, "run", run)
    app = make()
    async with running(app) as press:
        await open_pod_list(app, press)
        (ref,) = app.screen.targets()
        await press("s")
        await shows(app, "Opens a shell in its first container")
        await press("y")
        await until(app.pilot, lambda: ran)
    words = ("exec", "-it", "-n", ref.namespace, ref.name, "--", "sh")
    assert ran == [("kubectl", "--context", "prod", *words)]
