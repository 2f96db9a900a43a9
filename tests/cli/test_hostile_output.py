"""`get` and `doctor` on a terminal, from a server whose every text is hostile: by their bytes."""

import json
import os
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import yaml

from tests.cli.command import on_terminal, run
from tests.cli.http_server import serving
from tests.golden.tables import golden
from tests.hostile import hostile, poisoned

LISTS = {
    "nodes": ("/api/v1/nodes", "Node"),
    "pods": ("/api/v1/pods", "Pod"),
}


def _listed(resource: str) -> list[dict[str, Any]]:
    """Each object twice: with states and kinds as they are, and with those hostile too."""
    items = [item for item, _ in golden(resource).printed[::20]]
    return [hostile(item, words=words) for item in items for words in (False, True)]


class _Hostile(BaseHTTPRequestHandler):
    """An API server that lists nodes and pods, and refuses what else it is asked."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        for resource, (listed, kind) in LISTS.items():
            if path == listed:
                return self._answer(200, {"kind": f"{kind}List", "apiVersion": "v1",
                                          "metadata": {}, "items": _listed(resource)})  # fmt: skip
            if path.endswith((f"/{resource}/one", f"/{resource}/two")):
                item = _listed(resource)[path.endswith("two")]
                return self._answer(200, {**item, "kind": kind, "apiVersion": "v1"})
        return self._answer(403, hostile({"message": "no", "reason": "Forbidden"}, words=False))

    def do_POST(self) -> None:
        status = {"userInfo": {"username": "ops", "groups": ["a"], "extra": {"b": ["c"]}},
                  "allowed": False, "reason": "because"}  # fmt: skip
        self._answer(201, {"kind": "Review", "status": hostile(status, words=False)})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, code: int, body: Mapping[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a user whose kubeconfig is hostile too."""
    folder = tmp_path_factory.mktemp("hostile")
    with serving(_Hostile) as url:
        name = poisoned("cluster")
        cluster = {"server": url}
        context = {"cluster": name, "user": name, "namespace": poisoned("shop")}
        (folder / "config").write_text(yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": {}}],
            "contexts": [{"name": name, "context": context}],
        }))  # fmt: skip
        plain = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        yield plain | {"KUBECONFIG": str(folder / "config"), "PYTHONUTF8": "1"}


GETS = (
    ("nodes",), ("nodes", "-o", "wide"), ("nodes", "-o", "name"), ("node", "one", "two"),
    ("pods", "-A"), ("pods", "-A", "-o", "wide"), ("pods", "-A", "-o", "name"), ("pods",),
)  # fmt: skip
OTHERS = (
    ("doctor",), ("doctor", "--json"), ("get", "pods", "--context", poisoned("other")),
    ("get", "clusters", "--profile", poisoned("prod")),
    ("get", "instances", "--profile", poisoned("prod"), "--region", poisoned("us-west-2")),
)  # fmt: skip


@pytest.mark.parametrize("words", [*(("get", *get) for get in GETS), *OTHERS], ids=" ".join)
def test_a_terminal_gets_only_text_and_lines(words: tuple[str, ...], env: dict[str, str]) -> None:
    written = on_terminal(*(word.replace("\0", "") for word in words), env=env)
    assert written
    assert [line for line in written.split("\r\n") if not line.isprintable()] == []


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("resource", ["node", "pod"])
@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_json_and_yaml_hold_the_exact_data_and_nothing_that_acts(
    form: str, read: Any, resource: str, name: str, env: dict[str, str]
) -> None:
    words = ("get", resource, name, "-n", "default", "-o", form)
    item = _listed(f"{resource}s")[name == "two"]
    item["metadata"].pop("managedFields", None)
    printed = run(*words, env=env).stdout
    assert read(printed) == {**item, "kind": resource.title(), "apiVersion": "v1"}
    written = on_terminal(*words, env=env)
    lines = [line.replace("\t", "") for line in written.split("\r\n")]
    assert [line for line in lines if not line.isprintable()] == []
    assert read(written) == read(printed)
