"""`eksview web` for browsers on this machine."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server's address, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    process = subprocess.Popen(
        [*EKSVIEW, "web", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=env,
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}", process
    process.terminate()
    process.communicate(timeout=PATIENCE)


def test_the_page_is_there_for_this_machine_alone(server: tuple[str, Any]) -> None:
    url, _ = server
    page = _page(f"{url}/")
    port = int(url.rpartition(":")[2])
    listening = Path("/proc/net/tcp").read_text()
    assert re.search(rf" 0100007F:{port:04X} ", listening)
    assert not re.search(rf" 00000000:{port:04X} ", listening)
    assert "<title>eksview</title>" in page
    assert "data-session-websocket-url" in page


def test_the_page_and_what_it_loads_name_no_other_host(server: tuple[str, Any]) -> None:
    url, _ = server
    host = url.removeprefix("http://")
    texts, names = {"/": _page(f"{url}/")}, ["/"]
    while names:
        text = texts[names.pop()]
        for name in re.findall(r"""(?:src|href)=["']?([^"'> ]+)|url\(["']?([^"')]+)""", text):
            path = urljoin("/static/css/", next(filter(None, name)))
            if path.startswith("/") and path not in texts:
                texts[path] = _page(url + path)
                names += [path] if path.endswith(".css") else []
    assert {"/static/js/textual.js", "/static/css/xterm.css"} < set(texts)
    assert any(path.endswith(".ttf") for path in texts)
    for path, text in texts.items():
        code = re.sub(r"/\*[\s\S]*?\*/", "", text)  # xterm.css thanks its authors in a comment
        hosts = set(re.findall(r"""["'(](?:\w+:)?//([\w.:-]+\.[\w:-]+)""", code))
        assert hosts <= {host}, path
    # A browser asks no other host either, whatever a script does.
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', texts["/"])
    assert policy is not None
    sources = {word for part in policy[1].split(";") for word in part.split()[1:]}
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:", f"ws://{host}/ws"}


HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",  # RFC 6455, section 1.3
}


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:PORT"},
        {"Origin": "http://127.0.0.1:1"},  # another server on this machine
        {"Origin": "null"},  # a file, or a frame in a sandbox
        {"Host": "evil.example:PORT", "Origin": "http://evil.example:PORT"},  # DNS rebinding
        {"Host": "127.0.0.1.evil.example:PORT"},
    ],
)
def test_a_page_of_another_site_is_refused(
    server: tuple[str, Any], path: str, headers: dict[str, str]
) -> None:
    url, _ = server
    _page(f"{url}/")
    status, _ = _answer(url, path, HANDSHAKE | headers)
    assert status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:PORT"},
        {"Host": "localhost:PORT", "Origin": "http://localhost:PORT"},
        {"Host": "LOCALHOST:PORT"},
    ],
)
def test_its_own_page_opens_a_dashboard_and_no_frame_holds_it(
    server: tuple[str, Any], headers: dict[str, str]
) -> None:
    url, _ = server
    _page(f"{url}/")
    assert _answer(url, "/ws", HANDSHAKE | headers)[0] == 101
    status, answer = _answer(url, "/", headers)
    assert status == 200
    assert answer["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_it_prints_its_address_and_no_request(server: tuple[str, Any]) -> None:
    url, process = server
    assert process.stdout.readline() == f"eksview is at {url} until Ctrl-C.\n"
    _page(f"{url}/")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=PATIENCE) == ("", "")
    assert process.returncode == 0


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
    monkeypatch.delitem(sys.modules, "eksview.cli.web_server", raising=False)
    assert main(["web"]) == 1
    shown = capsys.readouterr().err
    assert shown == "eksview: eksview web needs textual-serve: pip install 'eksview[web]'.\n"


def _answer(url: str, path: str, headers: dict[str, str]) -> tuple[int, Message]:
    """The status and the headers of the answer to a request with these headers."""
    address = url.removeprefix("http://")
    connection = HTTPConnection(address, timeout=PATIENCE)
    port = address.partition(":")[2]
    try:
        connection.request(
            "GET", path, headers={name: v.replace("PORT", port) for name, v in headers.items()}
        )
        response = connection.getresponse()
        return response.status, response.headers
    finally:
        connection.close()


def _page(url: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return str(answer.read().decode(errors="replace"))
        except OSError:
            if time.monotonic() > deadline:
                pytest.fail(f"no page at {url}")
            time.sleep(0.1)
