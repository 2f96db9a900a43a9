"""A dashboard says which program or proxy it waits for, and takes neither with it into the end."""

import socket
from pathlib import Path

import pytest

from tests.cli.credential_programs import kubeconfig, plugin, profile, program
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX
from tests.patience import eventually
from tests.process.children import PROGRAM, alive, children_of

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)
AGE = r",? +\d+s of at most \d\ds"


def test_a_hanging_plugin_is_named_on_every_screen_and_ends_with_the_dashboard(
    open_terminal: Open, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    env = kubeconfig(tmp_path, plugin(program(tmp_path, PROGRAM), str(pids)))
    terminal = open_terminal(env=env)
    named = f"waiting for the credential plugin give-credentials{AGE}"
    terminal.wait_for(rf"live.* {named}|reading.* {named}|connecting.* {named}", f"▲ {named}")
    terminal.press("2")
    terminal.wait_for("Nodes", f"○ {named}")
    terminal.press("1", "q")
    terminal.wait_exit(0)
    eventually(lambda: not any(map(alive, children_of(pids))), "end of the plugin")


def test_a_hanging_credential_process_is_named_and_takes_no_key(
    open_terminal: Open, tmp_path: Path
) -> None:
    asks = "import sys, time\nprint(open('/dev/tty').readline() or time.sleep(3600))\n"
    hangs = "import time\ntime.sleep(3600)\n"
    command = program(tmp_path, f"try:\n    exec({asks!r})\nexcept OSError:\n    exec({hangs!r})")
    env = profile(tmp_path, f"[profile p]\ncredential_process = {command}")
    words = ("--cluster", "prod", "--region", "us-west-2", "--profile", "p")
    terminal = open_terminal(*words, env=env)
    terminal.wait_for(f"waiting for the credential_process give-credentials{AGE}")
    terminal.press("2")
    terminal.wait_for("Nodes")
    terminal.press("1", "q")
    terminal.wait_exit(0)


def test_a_silent_proxy_is_named_without_its_password(open_terminal: Open, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        place = f"127.0.0.1:{proxy.getsockname()[1]}"
        url = f"http://ada:hushed-secret@{place}"
        terminal = open_terminal(env=kubeconfig(tmp_path, {"token": "x"}, **{"proxy-url": url}))
        screen = terminal.wait_for(f"waiting for the proxy http://…@{place}, \\ds")
        assert "hushed" not in screen
        screen = terminal.wait_for(f"doesn't answer through the proxy http://…@{place}")
        assert "hushed" not in screen
        terminal.press("5")
        assert "hushed" not in terminal.wait_for("Endpoint")
