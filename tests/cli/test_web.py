"""`eksview web` for browsers on this machine."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from eksview.cli.main import main
from eksview.cli.web import shell_command
from eksview.config.option_types import to_argv
from eksview.config.settings import OPTIONS, WEB
from tests.patience import PATIENCE

EKSVIEW = (sys.executable, "-m", "eksview")


def test_a_visit_runs_eksview_on_the_same_cluster() -> None:
    given = {"command": "web", "port": 1, "context": "a b; rm -rf /", "exec_auth": True}
    given["watch"] = "nodes"
    given |= {"allow_writes": True, "fps": 2.0, "ssh_user": "ec2-user"}
    words = shell_command(to_argv(OPTIONS, WEB, given))
    flags = "--watch nodes --exec-auth --ssh-user ec2-user"
    assert words.endswith(f"-m eksview --context 'a b; rm -rf /' {flags}")


def test_the_page_is_there_for_this_machine_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    process = subprocess.Popen(
        [*EKSVIEW, "web", "--port", str(port)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=env,
    )  # fmt: skip
    try:
        page = _page(f"http://127.0.0.1:{port}/")
        listening = Path("/proc/net/tcp").read_text()
        assert re.search(rf" 0100007F:{port:04X} ", listening)
        assert not re.search(rf" 00000000:{port:04X} ", listening)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
    assert "eksview" in page
    assert "data-session-websocket-url" in page


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [*EKSVIEW, "web", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(
            words, check=False, capture_output=True, text=True, timeout=PATIENCE, env=env
        )
    assert done.returncode == 1
    assert "choose another --port" in done.stderr


def test_without_the_extra_it_says_how_to_get_it(monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "textual_serve.server", raising=False)
    assert main(["web"]) == 1
    shown = capsys.readouterr().err
    assert shown == "eksview: eksview web needs textual-serve: pip install 'eksview[web]'.\n"


def _page(url: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                pytest.fail(f"no page at {url}")
            time.sleep(0.1)
