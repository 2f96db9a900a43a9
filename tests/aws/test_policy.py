"""The policy in docs/aws.md is enough for all of eksview, and has nothing that isn't used.

The demo's account enforces it. What is run is the program itself: the dashboard with every screen
and some instances opened, and every command that calls AWS. Both sides come from the program and
the page, so that a new call needs no change here.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.reading import value_of
from eksview.engine.backend import KubeBackend
from eksview.store.store import Store
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import OpenInstance
from eksview.ui.base.screen_registry import SCREENS, Opens
from eksview.ui.shell.app import EksviewApp
from eksview_demo.aws import server, wire
from eksview_demo.aws.account import CLUSTER, Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.server import perform
from eksview_demo.cluster.nodes.node_state import REGION
from eksview_demo.options import DemoOptions
from eksview_demo.run import running
from tests import aws_page
from tests.aws.conftest import Lead
from tests.cli.command import call, run
from tests.patience import until

COMMANDS = (
    ("get", "clusters"),
    ("get", "instances"),
    ("get", "instances", "-o", "wide"),
    ("logs", "--control-plane", "api"),
    ("doctor",),
    ("doctor", "--cluster", CLUSTER, "--region", REGION),
    ("doctor", "--node", "INSTANCE"),
)
FREE = {"sts:GetCallerIdentity"}
"""AWS allows it to every identity. Source: AWS STS API Reference, "GetCallerIdentity"."""

FEW = 4  # instances whose details are within the budget of a minute (`account_watcher.OPENINGS`)


class Guard:
    """Allows the actions of a policy, and keeps what was asked for."""

    def __init__(self, allowed: set[str]) -> None:
        self.allowed = allowed
        self.used: set[str] = set()
        self.denied: set[str] = set()

    def perform(self, account: Account, request: wire.AwsRequest) -> wire.Parameters:
        action = f"{request.service}:{request.operation}"
        if action not in self.allowed | FREE:
            self.denied.add(action)
            code = "UnauthorizedOperation" if request.service == "ec2" else "AccessDeniedException"
            raise NoSuch(code, f"User: ada is not authorized to perform: {action}", 403)
        self.used.add(action)
        return perform(account, request)


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Guard:
    (statement,) = aws_page.policy_of(aws_page.PAGE.read_text())["Statement"]
    guard = Guard(set(statement["Action"]))
    monkeypatch.setattr(server, "perform", guard.perform)
    return guard


@pytest.fixture
async def environ(guard: Guard, lead: Lead, tmp_path: Path) -> AsyncIterator[Mapping[str, str]]:
    async with running(DemoOptions(nodes=10, pods=40, churn=0.0, seed=7)) as (api, listener):
        listener.account.refused = frozenset()
        kubeconfig = tmp_path / "kubeconfig"
        api.write_kubeconfig(kubeconfig)
        files = {"HOME": str(tmp_path), "KUBECONFIG": str(kubeconfig)}
        environ = {**files, **listener.environ, "INSTANCE": listener.account.stray}
        lead(environ)
        listener.open()
        await listener.opened()
        yield environ


def is_opened(store: Store, instance: str) -> bool:
    """Return whether the details of an instance have been read."""
    read = value_of(store.facts.opened_instances)
    return read is not None and instance in read.details


async def look_everywhere(app: EksviewApp, guard: Guard) -> None:
    """Show every screen and open some instances, of Spot first."""
    await until(lambda: app.view.store.instances)
    for spec in SCREENS:
        if spec.opens is not Opens.DIALOG:
            app.navigation.go(spec.name)
            await until(lambda: isinstance(app.screen, LiveScreen) and app.screen.ready)
    rows = sorted(app.view.store.instances.values(), key=lambda row: row.lifecycle != "spot")
    for row in rows[:FEW]:
        app.navigation.open(OpenInstance(row.id))
        await until(partial(is_opened, app.view.store, row.id))
    app.navigation.go("ecs")
    await app.view.backend.clusters()
    await until(lambda: guard.used >= guard.allowed)


async def test_the_policy_is_enough_and_has_nothing_that_isnt_used(
    environ: Mapping[str, str], guard: Guard
) -> None:
    for command in COMMANDS:
        words = [environ.get(word, word) for word in command]
        ask = run if words[0] == "logs" else call  # which handles signals in the main thread
        done = await asyncio.to_thread(ask, *words, env=environ)
        assert "denied" not in (done.stdout + done.stderr).replace("RBAC denies", ""), words
    app = EksviewApp(
        Settings(animate=False), partial(KubeBackend, environ=environ), environ=environ
    )
    try:
        async with app.run_test(size=(120, 40)):
            await look_everywhere(app, guard)
            refused = {
                name: link.reason
                for name, link in app.view.store.links.items()
                if "denied" in link.reason
            }
    finally:
        assert guard.denied == set(), "asked for without being in the policy"
        assert guard.allowed - guard.used == set(), "in the policy without being asked for"
    assert refused == {}
