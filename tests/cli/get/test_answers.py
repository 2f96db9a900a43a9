"""`eksview get` and doctor on answers that aren't what was requested, and in any locale."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.cli.command import Done, call, run
from tests.demo.faults import Answer, Garbage, arm
from tests.demo.thread import DemoThread

NO_LISTS = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a string": b'"hello"',
    "a number": b"1",
    "an empty object": b"{}",
    "an error": b'{"error": "unauthorized"}',
    "items without kind": b'{"items": []}',
    "no items without kind": b'{"metadata": {}, "items": null}',
    "a list of another kind": b'{"kind": "PodList", "apiVersion": "v1", "items": []}',
    "a node": b'{"kind": "Node", "apiVersion": "v1", "metadata": {"name": "a"}}',
    "items that are a number": b'{"kind": "NodeList", "apiVersion": "v1", "items": 1}',
    "items that are an object": b'{"kind": "NodeList", "apiVersion": "v1", "items": {"a": 1}}',
    "metadata that is a list": b'{"kind": "NodeList", "metadata": [1], "items": []}',
    "half a list": b'{"kind": "NodeList", "items": [',
    "deep nesting": b'{"kind": "NodeList", "items": ' + b"[" * 100_000,
}


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoThread]:
    with DemoThread(make_server(DemoOptions(nodes=4, pods=20))) as demo:
        yield demo


@pytest.fixture
def env(demo: DemoThread, tmp_path: Path) -> Iterator[dict[str, str]]:
    demo.write_kubeconfig(tmp_path / "config")
    yield {
        "KUBECONFIG": str(tmp_path / "config"),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    arm(demo.server)  # no faults


def fails_in_a_sentence(done: Done) -> str:
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.count("\n") == 1
    assert "this is a bug" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("output", ["table", "json", "yaml", "name"])
@pytest.mark.parametrize("body", NO_LISTS)
def test_what_is_no_list_is_said(
    demo: DemoThread, env: dict[str, str], body: str, output: str
) -> None:
    arm(demo.server).add(Answer(200, body=NO_LISTS[body]), verb="list", times=1)
    words = () if output == "table" else ("-o", output)
    sentence = fails_in_a_sentence(call("get", "nodes", *words, env=env))
    assert "The answer isn't a list of nodes (" in sentence


@pytest.mark.parametrize("output", ["table", "json", "yaml", "name"])
@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"error": "x"}', b'{"kind": "Pod"}'])
def test_what_is_no_node_is_said(
    demo: DemoThread, env: dict[str, str], body: bytes, output: str
) -> None:
    arm(demo.server).add(Answer(200, body=body), verb="get", times=99)
    words = () if output == "table" else ("-o", output)
    sentence = fails_in_a_sentence(call("get", "nodes", "a", *words, env=env))
    assert "The answer isn't a Node (" in sentence


def test_a_status_with_200_is_said(demo: DemoThread, env: dict[str, str]) -> None:
    status = {"kind": "Status", "status": "Failure", "message": "etcd is on holiday"}
    arm(demo.server).add(Answer(200, body=json.dumps(status).encode()), verb="list", times=1)
    assert "etcd is on holiday" in fails_in_a_sentence(call("get", "nodes", env=env))


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_list_without_an_end_is_said(demo: DemoThread, env: dict[str, str], output: str) -> None:
    page = b'{"kind": "NodeList", "metadata": {"continue": "again"}, "items": []}'
    arm(demo.server).add(Answer(200, body=page), verb="list,page", times=None)
    done = call("get", "nodes", "-o", output, env=env)
    assert done.returncode == 1
    assert done.stderr == "eksview: The API server repeats a page of nodes instead of the next.\n"


def test_only_a_list_has_a_version_to_watch_from(demo: DemoThread, env: dict[str, str]) -> None:
    arm(demo.server).add(Answer(200, body=b'{"error": "x"}'), verb="list", times=1)
    sentence = fails_in_a_sentence(call("get", "nodes", "--watch-only", env=env))
    assert "The answer isn't a list of nodes (" in sentence


NO_EVENTS = {
    "half of it": b'{"type":"MODIFIED","object":{"kind":\n',
    "another kind": b'{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a"}}}\n',
    "an unknown type": b'{"type":"MOVED","object":{"kind":"Node"}}\n',
    "an error that is a list": b'{"type":"ERROR","object":[]}\n',
    "no object": b'{"type":"ADDED"}\n',
    "null for an object": b'{"type":"ADDED","object":null}\n',
    "null": b"null\n",
}


@pytest.mark.parametrize("line", NO_EVENTS)
def test_what_is_no_event_is_said(demo: DemoThread, env: dict[str, str], line: str) -> None:
    arm(demo.server).add(Garbage(NO_EVENTS[line]), verb="watch")
    sentence = fails_in_a_sentence(call("get", "nodes", "--watch-only", env=env))
    assert "The answer isn't a watch event (" in sentence


def test_a_bookmark_is_no_row(demo: DemoThread, env: dict[str, str]) -> None:
    bookmark = b'{"type":"BOOKMARK","object":{"kind":"Node","metadata":{"resourceVersion":"9"}}}\n'
    arm(demo.server).add(Garbage(bookmark + b"null\n"), verb="watch", times=1)
    done = call("get", "nodes", "--watch-only", "-o", "name", env=env)
    assert "got `null`" in fails_in_a_sentence(done)  # and the line before printed nothing


def test_a_token_in_the_error_of_a_watch_is_masked(demo: DemoThread, env: dict[str, str]) -> None:
    token = demo.server.access.tokens["admin"]
    line = b'{"type":"ERROR","object":{"code":500,"message":"sent: %b"}}\n' % token.encode()
    arm(demo.server).add(Garbage(line), verb="watch")
    sentence = fails_in_a_sentence(call("get", "nodes", "--watch-only", env=env))
    assert "failed with 500: sent:" in sentence
    assert token not in sentence


@pytest.mark.parametrize("body", NO_LISTS)
def test_doctor_says_it_too(demo: DemoThread, env: dict[str, str], body: str) -> None:
    arm(demo.server).add(Answer(200, body=NO_LISTS[body]), verb="list", times=99)
    done = call("doctor", env=env)
    assert done.returncode == 1
    assert "The answer isn't a list of nodes (" in done.stdout


@pytest.mark.parametrize("output", ["table", "json", "yaml", "name"])
def test_what_the_locale_can_not_carry_is_replaced(
    demo: DemoThread, env: dict[str, str], output: str
) -> None:
    node = {"metadata": {"name": "n-\u6771", "uid": "u", "labels": {"a": "caf\u00e9 \u4eac"}}}
    page = {"kind": "NodeList", "apiVersion": "v1", "metadata": {}, "items": [node]}
    arm(demo.server).add(Answer(200, body=json.dumps(page).encode()), verb="list", times=1)
    latin = {**env, "PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0"}
    done = run_bytes("get", "nodes", *(() if output == "table" else ("-o", output)), env=latin)
    assert b"n-?" in done


def run_bytes(*words: str, env: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "eksview", *words]
    return subprocess.run(command, check=True, capture_output=True, env=env).stdout


def test_a_kubeconfig_in_utf_8_is_read_in_any_locale(
    demo: DemoThread, env: dict[str, str], tmp_path: Path
) -> None:
    text = (tmp_path / "config").read_text(encoding="utf-8")
    (tmp_path / "config").write_text("# \u6771\u4eac\n" + text, encoding="utf-8")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("get", "nodes", env={**env, **ascii_only})
    assert (done.returncode, done.stderr) == (0, "")
