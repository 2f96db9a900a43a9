"""`eksview get` against a real server, as a script runs it."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from eksview.domain.live.server_clock import ServerClock
from tests.cli.command import Done, call, run
from tests.e2e.api import Api
from tests.sockets import answering

PAGES = 3


def eksview(*words: str, env: dict[str, str], how: Callable[..., Done] = call) -> Done:
    return how(*words, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env})


def answer(api: Api, *words: str, how: Callable[..., Done] = call) -> str:
    done = eksview("get", *words, env=api.env, how=how)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def names(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()]


def one_line(done: Done, code: int) -> str:
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("eksview: ")
    return done.stderr


def test_nodes_are_printed_with_kubectls_titles(api):
    lines = answer(api, "nodes", how=run).splitlines()
    assert lines[0].split() == ["NAME", "STATUS", "ROLES", "AGE", "VERSION"]
    assert names(answer(api, "no", "--no-headers")) == api.ask("truth")["nodes"]


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_ages_are_counted_by_the_servers_clock(
    api: Api, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    """As in kubectl's tables, whose ages the server itself counts."""
    right = [_age(line.split()[3]) for line in answer(api, "no", "--no-headers").splitlines()]
    clock = ServerClock(lambda: time.time() + ahead)
    monkeypatch.setattr("eksview.kube.client.connection.ServerClock", lambda _: clock)
    shown = [_age(line.split()[3]) for line in answer(api, "no", "--no-headers").splitlines()]
    assert shown == pytest.approx(right, abs=120.0)


def _age(text: str) -> float:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"(\d+)([smhdy])", text))


def test_wide_adds_kubectls_wide_columns(api):
    title = answer(api, "nodes", "-o", "wide").splitlines()[0].split()
    assert title[5:] == [
        "INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME",
    ]  # fmt: skip


def test_all_pods_come_with_their_namespace(api):
    lines = answer(api, "pods", "-A").splitlines()
    assert lines[0].split() == ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert sorted(line.split()[1] for line in lines[1:]) == api.ask("truth")["pods"]


def test_pods_of_a_namespace_come_without_it(api):
    lines = answer(api, "po", "-n", "kube-system").splitlines()
    assert lines[0].split()[0] == "NAME"
    assert any(line.startswith("coredns-") for line in lines[1:])


def test_selectors_are_the_servers(api):
    shown = answer(api, "pods", "-A", "-l", "app=coredns", "--no-headers")
    assert shown
    assert all(line.split()[1].startswith("coredns-") for line in shown.splitlines())
    node = api.ask("truth")["nodes"][0]
    table = answer(api, "pods", "-A", "-o", "wide", "--field-selector", f"spec.nodeName={node}")
    assert table.splitlines()[1:]
    assert all(node in line for line in table.splitlines()[1:])


@pytest.mark.parametrize(("form", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_lists_are_whole_objects_without_managed_fields(api, form, parse):
    listed = parse(answer(api, "nodes", "-o", form))
    assert (listed["kind"], listed["apiVersion"]) == ("List", "v1")
    assert [item["metadata"]["name"] for item in listed["items"]] == api.ask("truth")["nodes"]
    assert {item["kind"] for item in listed["items"]} == {"Node"}
    assert not any("managedFields" in item["metadata"] for item in listed["items"])
    assert all("images" in item["status"] for item in listed["items"])


@pytest.mark.parametrize(("form", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_single_name_is_the_object_itself(api, form, parse):
    name = api.ask("truth")["nodes"][0]
    node = parse(answer(api, "node", name, "-o", form))
    assert (node["kind"], node["metadata"]["name"]) == ("Node", name)


def test_several_names_are_a_list_in_their_order(api):
    wanted = api.ask("truth")["nodes"][1::-1]
    listed = json.loads(answer(api, "nodes", *wanted, "-o", "json"))
    assert [item["metadata"]["name"] for item in listed["items"]] == wanted
    assert names(answer(api, "nodes", *wanted, "--no-headers")) == wanted


def test_names_are_for_other_commands_to_read(api):
    assert names(answer(api, "nodes", "-o", "name")) == [
        f"node/{name}" for name in api.ask("truth")["nodes"]
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nodes", "-l", "no=such"], "No resources found\n"),
        (["pods", "-A", "-l", "no=such"], "No resources found\n"),
        (["jobs"], "No resources found in default namespace.\n"),
        (["pods", "-n", "empty"], "No resources found in empty namespace.\n"),
        (["pods", "-n", "empty", "-o", "name"], ""),
    ],
)
def test_nothing_found_is_said_as_kubectl_says_it(api, words, says):
    done = eksview("get", *words, env=api.env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", says)


def test_an_empty_list_is_still_json(api):
    assert json.loads(answer(api, "pods", "-n", "empty", "-o", "json"))["items"] == []


def test_what_is_there_is_printed_before_what_is_not(api):
    name = api.ask("truth")["nodes"][0]
    done = eksview("get", "nodes", "nope", name, "--no-headers", env=api.env)
    assert "nope" in one_line(done, 1)
    assert names(done.stdout) == [name]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["get", "node", "nope"], "nope"),
        (["get", "nodes", "-l", ")("], "unable to parse"),
        (["get", "pods", "-A", "--field-selector", "spec.colour=red"], "spec.colour"),
        (["get", "nodes", "--context", "nowhere"], "nowhere"),
        (["get", "pods", "-A", "--context", "eksview-demo-viewer"], "pods"),
        (["get", "nodes", "--context", "eksview-demo-down"], "127.0.0.1:9"),
    ],
)
def test_a_no_is_one_line_on_stderr_and_exit_code_1(api, words, says):
    done = eksview(*words, env=api.env)
    assert says in one_line(done, 1)
    assert done.stdout == ""


def broken(folder: Path, text: str) -> dict[str, str]:
    path = folder / "kubeconfig"
    path.write_text(text)
    return {"KUBECONFIG": str(path)}


def test_no_kubeconfig_is_said_in_one_line(tmp_path):
    done = eksview("get", "nodes", env={"HOME": str(tmp_path)}, how=run)
    assert "kubeconfig" in one_line(done, 1)


@pytest.mark.parametrize("text", ["{", "- a list", "clusters: 7", "\x00"])
def test_a_broken_kubeconfig_is_said_in_one_line(tmp_path, text):
    one_line(eksview("get", "nodes", env=broken(tmp_path, text)), 1)


def changed(api: Api, folder: Path, part: str, **values: object) -> dict[str, str]:
    """Write a copy of the kubeconfig with changed values in every cluster or user."""
    config = yaml.safe_load(api.kubeconfig.read_text())
    for entry in config[f"{part}s"]:
        entry[part].update(values)
    return broken(folder, yaml.safe_dump(config))


def test_a_wrong_authority_is_said_in_one_line(api, tmp_path):
    with Api(tmp_path) as second_api:
        wrong = yaml.safe_load(second_api.kubeconfig.read_text())["clusters"][0]["cluster"]
    authority = wrong["certificate-authority-data"]
    env = changed(api, tmp_path, "cluster", **{"certificate-authority-data": authority})
    assert "certificate" in one_line(eksview("get", "nodes", env=env), 1)


def test_refused_credentials_are_said_in_one_line_that_does_not_hold_them(api, tmp_path):
    env = changed(api, tmp_path, "user", token="expired-and-secret")
    error = one_line(eksview("get", "nodes", env=env), 1)
    assert "credentials" in error
    assert "secret" not in error


def test_a_reader_that_leaves_is_no_error(api):
    command = (
        f"{sys.executable} -m eksview get pods -A -o json | head -n 1; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **api.env},
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "{"
    assert done.stdout.splitlines()[1] in ("141", "0")


def test_a_list_longer_than_a_page_is_whole(tmp_path):
    """Three pages of pods, once as a table and once as JSON."""
    from eksview_demo.launch import DemoProcess
    from eksview_demo.options import DemoOptions

    count = 500 * (PAGES - 1) + 1
    cluster = DemoProcess(DemoOptions(nodes=40, pods=count, churn=0))
    try:
        env = {"KUBECONFIG": str(cluster.kubeconfig)}
        rows = eksview("get", "pods", "-A", "--no-headers", env=env).stdout.splitlines()
        items = json.loads(eksview("get", "pods", "-A", "-o", "json", env=env).stdout)["items"]
    finally:
        cluster.stop()
    assert len(rows) == len(items) == count


async def test_an_object_that_cannot_be_decoded_is_printed_and_reported(tmp_path: Path) -> None:
    items = [{"metadata": {"name": name, "uid": name}} for name in ("one", "two", "three")]
    items[1]["spec"] = {"unschedulable": "true"}
    page = {"kind": "NodeList", "apiVersion": "v1", "metadata": {}, "items": items}
    body = json.dumps(page).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    async with answering(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)) as port:
        config = minimal_kubeconfig(tmp_path, port)
        done = await asyncio.to_thread(eksview, "get", "nodes", env={"KUBECONFIG": config})
        listed = await asyncio.to_thread(
            eksview, "get", "nodes", "-o", "json", env={"KUBECONFIG": config}
        )
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:]] == [
        ["one", "Unknown"], ["two", "Undecodable"], ["three", "Unknown"],
    ]  # fmt: skip
    assert done.stderr.splitlines() == [
        "1 object could not be decoded:",
        "  two: spec.unschedulable: a string instead of a boolean",
    ]
    assert done.returncode == 0
    assert json.loads(listed.stdout)["items"][1]["spec"] == {"unschedulable": "true"}


def minimal_kubeconfig(folder: Path, port: int) -> str:
    path = folder / "kubeconfig"
    server = {"server": f"http://127.0.0.1:{port}"}
    context = {"cluster": "c", "user": "u"}
    config = {
        "clusters": [{"name": "c", "cluster": server}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": context}],
        "current-context": "c",
    }
    path.write_text(yaml.safe_dump(config))
    return str(path)
