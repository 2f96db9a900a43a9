"""The demo as a process: one line, a private kubeconfig, and an end with its parent."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from eksview_demo.errors import DemoError
from eksview_demo.launch import DemoProcess
from eksview_demo.options import DemoOptions
from eksview_demo.run import identity
from tests.patience import PATIENCE

SMALL = DemoOptions(nodes=2, pods=5, churn=1)


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "eksview_demo", "--nodes=2", "--pods=5", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("KUBECONFIG=")
    return Path(line.removeprefix("KUBECONFIG=").strip())


@pytest.fixture
def demo():
    process = DemoProcess(SMALL)
    yield process
    process.stop()


def test_the_kubeconfig_is_private_and_has_every_context(demo: DemoProcess) -> None:
    path = demo.kubeconfig
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    config = yaml.safe_load(path.read_text())
    assert config["current-context"] == "eksview-demo"
    assert [context["name"] for context in config["contexts"]] == [
        "eksview-demo",
        "eksview-demo-viewer",
        "eksview-demo-nobody",
        "eksview-demo-down",
    ]
    servers = [cluster["cluster"]["server"] for cluster in config["clusters"]]
    assert all(server.startswith("https://127.0.0.1:") for server in servers)


def test_it_is_gone_with_its_kubeconfig_when_stopped() -> None:
    demo = DemoProcess(SMALL)
    folder = demo.kubeconfig.parent
    demo.stop()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(demo.pid, 0)


def test_it_has_a_session_of_its_own(demo: DemoProcess) -> None:
    assert os.getsid(demo.pid) == demo.pid != os.getsid(0)


def test_it_ends_when_its_parent_lets_go_of_its_input() -> None:
    process = start()
    folder = first_line(process).parent
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_quietly_on_a_signal(number: signal.Signals) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored here; start pytest without nohup or a trap of it")
    process = start()
    folder = first_line(process).parent
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    _, err = process.communicate()
    assert err == ""
    assert not folder.exists()


def test_a_taken_port_is_one_clear_sentence(demo: DemoProcess) -> None:
    config = yaml.safe_load(demo.kubeconfig.read_text())
    port = int(config["clusters"][0]["cluster"]["server"].rsplit(":", 1)[1])
    with pytest.raises(DemoError, match=rf"can't listen on 127\.0\.0\.1:{port}") as told:
        DemoProcess(DemoOptions(nodes=2, pods=5, port=port))
    assert "\n" not in str(told.value)


def test_kept_state_makes_a_restarted_server_the_same_to_its_clients(tmp_path: Path) -> None:
    options = DemoOptions(nodes=2, pods=5, state=tmp_path / "state")
    configs = []
    for _ in range(2):
        demo = DemoProcess(options)
        config = yaml.safe_load(demo.kubeconfig.read_text())
        demo.stop()
        authority = config["clusters"][0]["cluster"]["certificate-authority-data"]
        configs.append((authority, config["users"]))
    assert configs[0] == configs[1]
    assert stat.S_IMODE((tmp_path / "state" / "identity.json").stat().st_mode) == 0o600


def test_spoiled_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "identity.json").write_text("{}")
    with pytest.raises(DemoError, match=r"identity\.json isn't what an earlier demo left"):
        identity(tmp_path)
