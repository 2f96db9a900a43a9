"""The question before a drain: its options are kubectl's, and what is typed reaches the pods."""

from msgspec.structs import replace

from eksview.domain.actions.change import Outcome
from eksview.domain.actions.registry import Verb
from eksview.domain.drain.plan import DrainFacts
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.actions.question_dialog import QuestionDialog
from tests.domain.drain.test_plan import node, pod, read
from tests.ui.actions.test_actions import WRITING
from tests.ui.actions.test_drain_run import REFUSED
from tests.ui.harness import TestedApp, node_name
from tests.ui.shell.test_app import running, shows

DRAINED = node_name(0)


async def ask_to_drain(app: TestedApp) -> None:
    made = DrainFacts(node(DRAINED), read(pod("a")), (), ())
    app.fake.draining = made
    app.actions.begin(app.view, Verb.DRAIN, (ObjectRef("v1", "Node", "nodes", DRAINED),))
    await shows(app, "Cordons it and evicts its pods.", "--grace-period=SECONDS", "Tab options")


async def test_y_drains_with_the_pods_own_grace_period_and_enter_is_no() -> None:
    app = TestedApp(settings=WRITING)
    app.fake.outcomes.extend((Outcome(200), REFUSED))
    async with running(app) as press:
        await ask_to_drain(app)
        await press("enter")
        assert not isinstance(app.screen, QuestionDialog)
        assert app.fake.changes == []
        await ask_to_drain(app)
        await press("y")
        await shows(app, "1 blocked")
    assert "gracePeriodSeconds" not in app.fake.changes[1].body["deleteOptions"]


async def test_the_grace_period_is_typed_as_for_kubectl() -> None:
    app = TestedApp(settings=WRITING)
    app.fake.outcomes.extend((Outcome(200), REFUSED))
    async with running(app) as press:
        await ask_to_drain(app)
        await press("tab", *"30", "enter")
        await shows(app, "--timeout=DURATION")
        assert app.fake.changes == []
        await press("home", *"--grace-period=", "enter")
        await shows(app, "1 blocked")
    assert app.fake.changes[1].body["deleteOptions"]["gracePeriodSeconds"] == 30


async def test_a_protected_cluster_is_typed_after_the_options() -> None:
    app = TestedApp(settings=replace(WRITING, protect=("*prod*",)))
    app.fake.outcomes.extend((Outcome(200), REFUSED))
    async with running(app) as press:
        await ask_to_drain(app)
        await press("tab", *"--grace-period=0", "enter", *"prod", "enter")
        await shows(app, "1 blocked")
    assert app.fake.changes[1].body["deleteOptions"]["gracePeriodSeconds"] == 0


async def test_the_key_cancels_a_drain_that_runs_and_closes_one_that_has_ended() -> None:
    app = TestedApp(settings=WRITING)
    app.fake.outcomes.extend((Outcome(200), REFUSED))
    async with running(app) as press:
        below = app.screen
        await ask_to_drain(app)
        await press("y")
        await shows(app, "1 blocked", "esc Cancel", "Esc cancel")
        await press("escape")
        await shows(app, "stays cordoned.", "esc Close", "Esc close")
        assert "esc Cancel" not in app.text()
        await press("escape")
        assert app.screen is below
