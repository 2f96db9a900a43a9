"""`eksview doctor` as a person or a program runs it, against a real server."""

import asyncio
import json
import os
import threading
import time
from pathlib import Path

import pytest

from eksview.cli.doctor import access_chain
from eksview.cli.doctor.access_chain import examine
from eksview.cli.main import main
from eksview.config.settings import Settings
from eksview.domain.access.access_step import Inputs
from eksview.domain.live.server_clock import ServerClock
from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.demo.thread import DemoThread
from tests.loop_clock import skip
from tests.patience import PATIENCE
from tests.sockets import serving, silent


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch):
    """Nobody's credentials lead to an account from here."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("doctor") / "kubeconfig"
    with DemoThread(make_server(DemoOptions(nodes=4, pods=20))) as demo:
        demo.server.write_kubeconfig(path)
        yield path


def doctor(kubeconfig: Path, *words: str) -> int:
    return main(["doctor", "--kubeconfig", str(kubeconfig), *words])


def test_all_is_well(kubeconfig, capsys):
    assert doctor(kubeconfig) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    (mapping,) = [line for line in lines if not line.startswith("✔ ")]
    assert mapping.startswith("○ IAM mapping")  # no AWS call can be made here
    assert "The API server accepts you as " in mapping
    assert "No AWS credentials were found" in mapping
    assert lines[-1].endswith("You see 4 nodes because group system:masters may do everything.")


@pytest.mark.parametrize(("ahead", "side"), [(70.0, "ahead of"), (-3600.0, "behind")])
def test_a_wrong_clock_of_this_machine_is_named(
    kubeconfig: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ahead: float,
    side: str,
) -> None:
    clock = ServerClock(lambda: time.time() + ahead)
    monkeypatch.setattr("eksview.kube.client.connection.ServerClock", lambda _: clock)
    assert doctor(kubeconfig) == 0
    lines = capsys.readouterr().out.splitlines()
    (line,) = [line for line in lines if "clock" in line]
    assert line.startswith("▲ Endpoint")
    assert f"{side} the API server" in line


def test_a_dead_etcd_is_named_and_the_network_is_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoThread(make_server(DemoOptions(nodes=2, pods=4))) as demo:
        demo.server.write_kubeconfig(tmp_path / "kubeconfig")
        demo.server.health.failing |= {"etcd", "etcd-readiness"}
        doctor(tmp_path / "kubeconfig")
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "etcd" in line]
    assert line.startswith("▲ Endpoint")
    assert "the network is fine" in line
    assert "etcd, etcd-readiness" in line


def test_a_program_gets_json(kubeconfig, capsys):
    assert doctor(kubeconfig, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert document["steps"][0]["id"] == "kubeconfig"
    states = {step["id"]: step["state"] for step in document["steps"]}
    assert states.pop("mapping") == "unknown"  # no AWS call can be made here
    assert set(states.values()) == {"ok"}


def test_who_may_not_see_nodes_reads_what_would_change_that(kubeconfig, capsys):
    assert doctor(kubeconfig, "--context", "eksview-demo-nobody", "--ascii") == 1
    out = capsys.readouterr().out
    assert "XX RBAC" in out
    assert "-> apiVersion: rbac.authorization.k8s.io/v1" in out
    assert "Not permitted: nodes is forbidden" in out


def test_a_server_that_isnt_there_breaks_the_endpoint_and_the_answer_only(kubeconfig, capsys):
    assert doctor(kubeconfig, "--context", "eksview-demo-down", "--json") == 1
    steps = json.loads(capsys.readouterr().out)["steps"]
    states = {step["id"]: step["state"] for step in steps}
    assert states["kubeconfig"] == states["credentials"] == "ok"
    assert states["endpoint"] == states["answer"] == "bad"
    assert states["authentication"] == states["rbac"] == "unknown"


def test_a_kubeconfig_that_isnt_there_is_one_broken_step(tmp_path, capsys):
    assert doctor(tmp_path / "none") == 1
    out = capsys.readouterr().out
    assert "There is no kubeconfig at" in out
    assert out.count("Not tried") == 5


CALLS = 5  # connections: two are the walk's at most, the others come after the credentials


async def test_what_hangs_is_said_to_hang_and_the_rest_is_found(tmp_path):
    connected = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.release()
        await silent(reader, writer)

    async with serving(serve) as port:
        path = tmp_path / "kubeconfig"
        path.write_text(CONFIG.format(port=port))
        examining = asyncio.create_task(examine(Settings(kubeconfig=str(path)), limit=600.0))
        async with asyncio.timeout(PATIENCE):
            for _ in range(CALLS):
                await connected.acquire()
        skip(600.0)
        checkup = await examining
    inputs = checkup.inputs
    assert checkup.hung
    assert inputs.credential is not None
    assert inputs.credential.kind == "token"
    assert inputs.who is not None
    assert "No answer within" in inputs.who.reason


def test_a_hanging_lookup_does_not_delay_the_exit(monkeypatch, capsys):
    released, ended = threading.Event(), threading.Event()
    exits = []

    def look_up() -> None:
        released.wait(PATIENCE)
        ended.set()

    async def hang(*_: object, **__: object) -> access_chain.Checkup:
        asyncio.get_running_loop().run_in_executor(None, look_up)
        return access_chain.Checkup(Inputs(now=0.0), hung=True)

    def leave(code: int) -> None:
        exits.append((code, ended.is_set(), capsys.readouterr().out != ""))
        released.set()

    monkeypatch.setattr(access_chain, "examine", hang)
    monkeypatch.setattr(os, "_exit", leave)
    access_chain.run(Settings(), as_json=False)
    assert exits == [(0, False, True)]


CONFIG = """\
apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: "https://127.0.0.1:{port}"}}}}]
users: [{{name: u, user: {{token: abc}}}}]
"""
