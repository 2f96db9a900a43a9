"""Port-forwards: their ports, the kubectl in the background, `:forwards`, and every way it ends."""

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.actions.forwards import ForwardsScreen
from eksview.ui.actions.question_dialog import QuestionDialog
from tests.patience import until as until_true
from tests.process.children import alive
from tests.ui.actions.kubectl_stub import KubectlStub
from tests.ui.actions.test_actions import READING, make
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until

WEB = ObjectRef("v1", "Pod", "pods", "web-1", "shop", "u1")
BODY = {"spec": {"containers": [
    {"ports": [{"name": "http", "containerPort": 80}, {"name": "dns", "containerPort": 53,
                                                       "protocol": "UDP"}]},
    {"ports": [{"containerPort": 9090}]},
]}}  # fmt: skip


class Forwarding:
    """An application that has the question about a forward open."""

    def __init__(self, app: TestedApp, stub: KubectlStub) -> None:
        self.app, self.stub = app, stub

    async def ask(self) -> None:
        self.app.actions.offer(self.app.view, (WEB,))
        await shows(self.app, "Port-forward: kubectl port-forward, in the background")
        await self.press("down", "down", "enter")
        await shows(self.app, "Ports    http 80, 9090", "Listens on 127.0.0.1 in the background")

    async def type_ports(self, text: str) -> None:
        self.app.screen._value_box.value = ""
        await self.press(*text, "enter")

    async def begin(self) -> int:
        """Begin a forward and return its local port, once it listens."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        await self.ask()
        await self.type_ports(f"{port}:80")
        await shows(self.app, f"Forwarding 127.0.0.1:{port} -> pod shop/web-1:80.")
        return port

    async def list(self) -> None:
        await self.press("colon", *"forwards", "enter")
        await until(self.app.pilot, lambda: isinstance(self.app.screen, ForwardsScreen))

    @property
    def pid(self) -> int:
        return int(self.stub.words[0])


@contextlib.asynccontextmanager
async def forwarding(folder: Path) -> AsyncIterator[Forwarding]:
    app, stub = make(), KubectlStub(folder)
    app.fake.bodies[WEB] = BODY
    async with running(app) as press:
        app.view.environ = stub.environ
        open_app = Forwarding(app, stub)
        open_app.press = press
        yield open_app


async def test_a_forward_runs_in_the_background_and_is_listed_and_closed(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        port = await it.begin()
        assert it.stub.words[1:] == [
            "--context", "prod", "port-forward", "--address=127.0.0.1", "-n", "shop", "pod/web-1",
            f"{port}:80",
        ]  # fmt: skip
        assert "1 forward" in it.app.lines()[0]
        socket.create_connection(("127.0.0.1", port)).close()
        await it.list()
        name = f"127.0.0.1:{port} -> pod shop/web-1:80"
        await shows(it.app, name, "listening, 1 connection", "prod")
        await it.press("ctrl+d")
        await shows(it.app, "No port-forwards.")
        await until(it.app.pilot, lambda: not alive(it.pid))


async def test_the_ports_of_the_containers_are_proposed_with_a_free_local_one(tmp_path) -> None:
    async with forwarding(tmp_path) as it:
        await it.ask()
        local, _, remote = it.app.screen._value_box.value.partition(":")
        assert remote == "80"
        socket.create_server(("127.0.0.1", int(local))).close()


async def test_a_taken_port_is_said_and_nothing_begins(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            await it.ask()
            await it.type_ports(f"{port}:80")
            await shows(it.app, f"Port {port} of this machine is taken: Address already in use.")
        await it.type_ports("http")
        await shows(it.app, "Type a port, or two as LOCAL:REMOTE")
        assert it.stub.words == []


async def test_a_failed_connection_and_the_end_have_kubectls_reasons(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        port = await it.begin()
        await it.list()
        for sent, words in (
            (b"x", "listening, 1 connection, 1 failed"),
            (b"lost", "ended because lost connection to pod"),
        ):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(sent)
            await shows(it.app, words, "last failure: connect: connection refused")
        await it.press("escape")
        await shows(it.app, "1 forward ended")
        await it.list()
        await it.press("ctrl+d")
        await shows(it.app, "No port-forwards.")


async def test_a_forward_ends_with_the_application(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        await it.begin()
        pid = it.pid
        assert alive(pid)
    await until_true(lambda: not alive(pid))


async def test_another_cluster_closes_the_forwards(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        await it.begin()
        await it.press("colon", *"ctx staging", "enter")
        await shows(it.app, "Switched to staging.")
        await until(it.app.pilot, lambda: not alive(it.pid))
        assert it.app.view.forwards.all == ()


async def test_a_kubectl_that_cant_be_started_is_said(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        it.app.view.environ = {"PATH": str(tmp_path / "none")}
        await it.ask()
        await it.press("enter")
        await shows(it.app, "ended: kubectl can't be started: No such file or directory.")


async def test_a_denied_right_is_named_and_nothing_begins(tmp_path: Path) -> None:
    async with forwarding(tmp_path) as it:
        it.app.fake.denied.add("create pods/portforward in shop")
        it.app.actions.offer(it.app.view, (WEB,))
        await shows(it.app, "Port-forward")
        await it.press("down", "down", "enter")
        await shows(it.app, "Not possible: RBAC denies `create pods/portforward in shop`.")
        await it.press("enter")
        assert isinstance(it.app.screen, QuestionDialog) is False
        assert it.stub.words == []


@pytest.mark.parametrize(
    ("settings", "served", "reason"),
    [(READING, False, "Start eksview with --allow-writes"), (None, True, "A view that is served")],
)
async def test_without_writes_and_over_serve_there_is_no_forward(settings, served, reason) -> None:
    app = make(settings) if settings else make()
    app.shells.served = served
    async with running(app) as press:
        app.actions.offer(app.view, (WEB,))
        await shows(app, "Port-forward", reason)
        await press("down", "down", "enter")
        assert [call for call in app.fake.calls if call.startswith("review")] == []
        assert app.view.forwards.all == ()
