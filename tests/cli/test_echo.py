"""A server that repeats what it was sent in its errors: no command prints a secret of ours."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from eksview_demo.api import tls
from tests.cli.command import call
from tests.cli.credential_programs import kubeconfig
from tests.cli.http_server import serving

TOKEN = "hushed-opaque.value_1"
PASSWORD = "hush/ed@secret:with,signs"
FORMS: dict[str, tuple[int, str, str]] = {
    "status": (500, "application/json", '{"kind":"Status","message":"can\'t read: %s"}'),
    "bad-request": (400, "application/json", '{"kind":"Status","message":"headers were %s"}'),
    "forbidden": (403, "application/json", '{"kind":"Status","message":"refused %s for you"}'),
    "plain": (502, "text/plain", "upstream refused this request:\n%s"),
    "not-found": (404, "application/json", '{"kind":"Status","message":"no %s here"}'),
}


class Echo(BaseHTTPRequestHandler):
    """An API server whose every answer is an error with the request's headers in it."""

    form = FORMS["plain"]

    def do_GET(self) -> None:
        status, kind, text = self.form
        sent = self.headers["Authorization"] or ""
        scheme, _, value = sent.partition(" ")
        pieces = [sent, value, json.dumps(dict(self.headers))]
        if scheme == "Basic":
            pieces.append(base64.b64decode(value).decode())
        said = " | ".join(pieces)
        if kind.endswith("json"):
            said = json.dumps(said)[1:-1]
        body = (text % said).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module", params=FORMS)
def cluster(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The kubeconfig's entry of a server that answers in one of the forms."""
    made = tls.make()
    handler = type("Echoing", (Echo,), {"form": FORMS[request.param]})
    with serving(handler, tls.server_context(made)) as url:
        authority = base64.b64encode(made.authority).decode()
        yield {"server": url, "certificate-authority-data": authority}


@pytest.mark.parametrize(
    ("user", "secrets"),
    [
        ({"token": TOKEN}, [TOKEN]),
        ({"username": "ada", "password": PASSWORD},
         [PASSWORD, base64.b64encode(f"ada:{PASSWORD}".encode()).decode()]),
    ],
    ids=["token", "password"],
)  # fmt: skip
@pytest.mark.parametrize("words", [("get", "nodes"), ("get", "pods", "web"), ("doctor",)])
def test_no_error_repeats_a_secret(
    cluster: dict[str, Any], user: dict[str, str], secrets: list[str], words: tuple[str, ...],
    tmp_path: Path,
) -> None:  # fmt: skip
    done = call(*words, env=kubeconfig(tmp_path, user, **cluster))
    shown = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Traceback" not in shown
    log = (tmp_path / ".local" / "state" / "eksview" / "eksview.log").read_text()
    for secret in secrets:
        assert secret not in shown + log
        assert secret[:12] not in shown + log


def test_a_password_in_the_servers_address_is_not_shown(
    cluster: dict[str, Any], tmp_path: Path
) -> None:
    server = cluster["server"].replace("://", "://ada:hushed-secret@")
    for words in (("get", "nodes"), ("doctor",), ("doctor", "--json")):
        done = call(*words, env=kubeconfig(tmp_path, {}, **cluster | {"server": server}))
        assert done.returncode == 1
        assert "hushed" not in done.stdout + done.stderr
