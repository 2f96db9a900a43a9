"""Several resources at once are printed as kubectl printed them for the same answers."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.cli.command import Done, call
from tests.cli.credential_programs import kubeconfig
from tests.cli.http_server import serving
from tests.e2e.api import Api
from tests.golden.kubectl_resources import ARGUMENTS, Case, recorded

RECORD = recorded()


class Replay(BaseHTTPRequestHandler):
    """The recorded answers, with the Date of then."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: value for name, value in parse_qsl(url.query) if name != "limit"}
        body = RECORD.bodies.get(url.path + ("?" + urlencode(query) if query else ""))
        status = 200 if body else 404
        plural, name = url.path.split("/")[-2:]
        message = f'{plural} "{name}" not found'
        missing = {"kind": "Status", "code": 404, "reason": "NotFound", "message": message}
        text = json.dumps(body or missing).encode()
        self.send_response_only(status)
        self.send_header("Date", formatdate(RECORD.date, usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("replay")
    with serving(Replay) as url:
        yield kubeconfig(folder, {}, server=url)


def errors(done: Done) -> list[str]:
    return [line.removeprefix("eksview: ").rstrip(".") for line in done.stderr.splitlines()]


@pytest.mark.parametrize("case", RECORD.cases, ids=str)
def test_the_output_is_kubectls(case: Case, env: dict[str, str]) -> None:
    done = call("get", *case.arguments.split(" "), env=env)
    assert done.stdout == case.text
    assert (done.returncode == 0) == case.succeeds
    if case.errors:
        assert errors(done) == list(case.errors)
    assert len(done.stderr.splitlines()) == (len(case.errors) or not case.succeeds)


def test_each_case_has_been_asked() -> None:
    assert len(RECORD.cases) == len(ARGUMENTS)


def test_a_refused_resource_costs_no_other(api: Api) -> None:
    """Recorded from kubectl: the table of the rest, without kinds, then the error; exit code 1."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **api.env}
    nodes = call("get", "nodes", env=env).stdout
    viewer = ("get", "pods,nodes", "-A", "--context", "eksview-demo-viewer")
    done = call(*viewer, "-o", "name", env=env)
    assert done.stdout.splitlines() == [
        f"node/{line.split()[0]}" for line in nodes.splitlines()[1:]
    ]
    assert done.returncode == 1
    assert "pods is forbidden" in errors(done)[0]
    assert len(errors(done)) == 1
    assert call(*viewer, env=env).stdout.split()[0] == "NAME"


def test_what_does_not_answer_at_all_is_said_once(api: Api) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **api.env}
    done = call("get", "pods,nodes", "--context", "eksview-demo-down", env=env)
    assert len(errors(done)) == 1


@pytest.mark.parametrize("words", ["instances,nodes", "nodes,clusters", "node/a ec2/b"])
def test_only_resources_of_the_kubernetes_api_go_together(words: str) -> None:
    done = call("get", *words.split(), env={})
    assert done.returncode == 2
    assert "can't be printed together with another resource" in done.stderr
