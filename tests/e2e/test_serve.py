"""`eksview serve` with the OpenSSH client: authentication, screens and shared watches."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import EKSVIEW
from tests.e2e.openssh import HAS_SSH, NO_SSH, client, make_key
from tests.e2e.relay import Relay
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal
from tests.patience import PATIENCE, eventually

pytestmark = [
    pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX),
    pytest.mark.skipif(not HAS_SSH, reason=NO_SSH),
]


class Served:
    """An `eksview serve` in a process of its own."""

    def __init__(self, folder: Path, api: Api, *words: str) -> None:
        self.folder = folder
        for name in ("ada", "eve"):
            make_key(folder / name, f"{name}@laptop")
        keys = folder / "authorized_keys"
        keys.write_text((folder / "ada.pub").read_text())
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_EC2_METADATA_DISABLED": "true",
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            **api.env,
        }
        command = [*EKSVIEW, "serve", "--port", "0", "--authorized-keys", str(keys), *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.port = int(re.findall(r"-p (\d+)", line)[0])

    def ssh(self, *words: str, key: str = "ada", port: int | None = None) -> list[str]:
        """Return the client's command line; `port` is that of a relay, if any."""
        return client(self.folder, port or self.port, self.folder / key, *words)

    @property
    def log(self) -> str:
        path = self.folder / "state" / "eksview" / "eksview.log"
        return path.read_text() if path.exists() else ""

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=PATIENCE) == 0


@pytest.fixture
def serve(api: Api, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    servers: list[Served] = []

    def start(*words: str) -> Served:
        servers.append(Served(tmp_path, api, *words))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def shared(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a server for tests that neither change it nor read its log."""
    served = Served(tmp_path_factory.mktemp("serve"), api)
    yield served
    served.close()


@pytest.fixture
def look(terminals: ExitStack, tmp_path: Path) -> Callable[..., Terminal]:
    """Open the client in a new terminal."""

    def start(
        served: Served,
        columns: int = 140,
        rows: int = 40,
        port: int | None = None,
        before: tuple[str, ...] = (),
    ) -> Terminal:
        terminal = terminals.enter_context(Terminal(columns, rows, {"HOME": str(tmp_path)}))
        terminal.run(*before, *served.ssh("-tt", port=port))
        return terminal

    return start


def test_with_a_key_the_dashboard_is_there_and_obeys(serve, look) -> None:
    served = serve()
    terminal = look(served)
    terminal.wait_for("Workers", "6 nodes", "● live")
    terminal.press("2")
    terminal.wait_for("6 nodes:", "VERSION", "ip-10-")
    terminal.press("Enter")
    terminal.wait_for("Conditions")
    terminal.press("Escape", "Escape")
    terminal.wait_for("Workers")
    terminal.resize(90, 30)
    terminal.wait_until(lambda screen: "Workers" in screen and "6 Ready" in screen, "narrow home")
    terminal.type(":sessions")
    terminal.press("Enter")
    terminal.wait_for("1 viewer", "ada@laptop", "127.0.0.1", "90x30")
    terminal.press("q", "q")
    terminal.wait_exit(0)
    eventually(lambda: "session" in served.log and "ended" in served.log, "end in the log")
    assert re.search(r"opened: \w+ \(ada@laptop\) from 127.0.0.1, 140x40", served.log)
    assert re.search(r"ended: .* \d{3,} bytes in \d+ s", served.log)


def test_no_session_on_a_node_and_no_stopping_over_a_shared_view(shared, look) -> None:
    terminal = look(shared)
    terminal.wait_for("Workers", "6 nodes")
    terminal.press("C-z", "2")
    terminal.wait_for("6 nodes:", "VERSION", "ip-10-")
    terminal.press("s")
    terminal.wait_for("aws ssm start-session --target i-", "Read-only view", "Enter copy")
    terminal.press("Enter")
    terminal.wait_for("Sent to the terminal's", "6 nodes:")
    terminal.press("q", "q")
    terminal.wait_exit(0)


@pytest.mark.parametrize("key", ["eve", "none"])
def test_without_a_key_that_is_allowed_nobody_gets_in(shared, key: str) -> None:
    done = subprocess.run(
        shared.ssh("-tt", key=key), check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 255
    assert "Permission denied (publickey)" in done.stderr
    assert "Workers" not in done.stdout


def test_a_key_that_is_refused_is_in_the_log(serve) -> None:
    served = serve()
    command = served.ssh("-tt", key="eve")
    subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)
    keys = served.folder / "authorized_keys"
    eventually(lambda: f"refused 127.0.0.1: no key of {keys}" in served.log, "refusal in the log")


def test_a_terminal_without_a_name_is_a_terminal(shared, look) -> None:
    """OpenSSH sends an empty name if TERM is unset."""
    terminal = look(shared, before=("env", "-u", "TERM"))
    terminal.wait_for("Workers", "6 nodes", "● live")
    terminal.press("q", "q")
    terminal.wait_exit(0)


def test_a_command_a_file_and_a_forward_are_not_for_sale(shared) -> None:
    command = [*shared.ssh(), "cat", "/etc/passwd"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs a terminal" in done.stderr
    forward = subprocess.run(
        [*shared.ssh("-W", f"127.0.0.1:{shared.port}")],
        check=False, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert forward.returncode != 0


def test_ten_sessions_share_one_watch(api: Api, shared, look) -> None:
    terminals = [look(shared, 100, 30) for _ in range(10)]
    for terminal in terminals:
        terminal.wait_for("Workers", "6 nodes")
    watching = api.ask("watching")
    assert watching["nodes"] == watching["pods"] == 1
    node = api.ask("cordon")
    for terminal in terminals:
        terminal.press("2")
        terminal.wait_for(f"{node}.*SchedulingDisabled|1 cordoned")


def test_more_than_may_look_are_told_so(serve, look) -> None:
    served = serve("--max-sessions", "1")
    look(served).wait_for("Workers")
    done = subprocess.run(
        served.ssh("-tt"), check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "try again later" in done.stdout + done.stderr


def test_a_client_that_stops_reading_holds_up_nobody_and_gets_one_frame(shared, look) -> None:
    with Relay(shared.port) as line:
        stalled, fast = look(shared, port=line.port), look(shared)
        for terminal in (stalled, fast):
            terminal.wait_for("Workers", "6 nodes")
        line.stall()
        stalled.press("2")
        for _ in range(40):
            fast.press("2", "3")
        fast.wait_for("NAMESPACE")
        assert "Workers" in stalled.text(), "nothing comes over a line that stands still"
        line.flow()
        stalled.wait_for("6 nodes:")
        for terminal in (stalled, fast):
            terminal.press("1")
            terminal.wait_for("Workers", "6 nodes")


def test_a_client_that_is_killed_is_a_session_that_ended(serve, look) -> None:
    served = serve()
    look(served).wait_for("Workers")
    os.kill(int(_pids(f"-p {served.port}")[0]), signal.SIGKILL)
    eventually(lambda: " ended: " in served.log, "end in the log")


def test_a_key_that_is_taken_out_lets_nobody_in_any_more(serve) -> None:
    served = serve()
    (served.folder / "authorized_keys").write_text((served.folder / "eve.pub").read_text())
    command = served.ssh("-tt")
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 255


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "There is no"), ("# nobody\n", "holds no key"), ("rubbish\n", "isn't a list of")],
)
def test_without_keys_it_doesnt_start(
    api: Api, tmp_path: Path, text: str | None, sentence: str
) -> None:
    keys = tmp_path / "keys"
    if text is not None:
        keys.write_text(text)
    command = [*EKSVIEW, "serve", "--port", "0", "--authorized-keys", str(keys)]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **api.env}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=PATIENCE, env=env
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _pids(words: str) -> list[str]:
    """Return the OpenSSH clients with these words on their command line, the oldest first."""
    done = subprocess.run(["pgrep", "-x", "-a", "ssh"], check=False, capture_output=True, text=True)
    return [line.split()[0] for line in done.stdout.splitlines() if words in line]
