"""The join checks as a script or a person at a shell gets them, on the demo's two APIs."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from eksview.domain.join.checks.conclusion import conclusion
from eksview.domain.live.command_context import context_of
from tests.cli.command import Done, call
from tests.domain.aws_objects import instance
from tests.domain.join.test_checks import facts
from tests.served import serving

ROLE = "Node role authorized"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving(tmp_path_factory.mktemp("served")) as variables:
        yield variables


@pytest.fixture(scope="module")
def rows(env: dict[str, str]) -> list[dict[str, str]]:
    done = call("get", "instances", "-o", "json", env=env)
    items: list[dict[str, str]] = json.loads(done.stdout)["items"]
    return items


@pytest.fixture(scope="module")
def lost(rows: list[dict[str, str]]) -> str:
    """The instance whose role nobody maps."""
    return next(row["instance"] for row in rows if row["kind"] == "not-joined")


def test_wide_prints_the_checks_of_a_named_instance_below_its_row(
    env: dict[str, str], lost: str
) -> None:
    done = call("get", "instances", lost, "-o", "wide", env=env)
    assert done.returncode == 0, done.stderr
    table, checks = done.stdout.split("\n\n")
    assert table.splitlines()[1].startswith("not-joined")
    title, *lines = checks.splitlines()
    assert title.split() == ["INSTANCE", "CHECK", "RESULT", "EVIDENCE"]
    (role,) = (line for line in lines if ROLE in line)
    assert role.startswith(lost)
    assert role == lines[0]  # as on the screen: what failed comes first
    assert "failed   " in role
    assert {line.split()[0] for line in lines} == {lost}


def test_without_headers_there_is_no_empty_line_either(env: dict[str, str], lost: str) -> None:
    done = call("get", "instances", lost, "-o", "wide", "--no-headers", env=env)
    assert all(line.strip() for line in done.stdout.splitlines())


def test_a_plain_table_and_a_joined_node_have_rows_alone(
    env: dict[str, str], lost: str, rows: list[dict[str, str]]
) -> None:
    node = next(row["node"] for row in rows if row["kind"] == "joined")
    for words in ((lost,), (node, "-o", "wide"), ("-o", "wide")):
        assert "EVIDENCE" not in call("get", "instances", *words, env=env).stdout


@pytest.mark.parametrize(("form", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_program_gets_the_checks_of_a_named_instance(form, parse, env, lost) -> None:
    item = parse(call("get", "instances", lost, "-o", form, env=env).stdout)
    results = {check["name"]: check["result"] for check in item["joinChecks"]}
    assert results[ROLE] == "failed"
    assert results["AWS services"] == results["Network ACLs"] == "passed"


def test_a_template_reaches_them(env: dict[str, str], lost: str) -> None:
    path = f'jsonpath={{.joinChecks[?(@.name=="{ROLE}")].result}}'
    assert call("get", "instances", lost, "-o", path, env=env).stdout == "failed"


@pytest.mark.skipif(shutil.which("aws") is None, reason="aws is missing")
def test_the_shown_command_prints_the_consoles_last_useful_line(
    env: dict[str, str], lost: str
) -> None:
    """The AWS CLI decodes the console; the pipe keeps what is useful of it."""
    own = replace(facts(instance=instance(id=lost)), commands=context_of(env, region="us-west-2"))
    (command,) = (each.command for each in conclusion((), own) if "console" in each.command)
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].startswith("kubelet: E ")


def test_a_list_of_all_makes_no_checks(rows: list[dict[str, object]]) -> None:
    assert {row["joinChecks"] for row in rows} == {None}


def doctor(env: dict[str, str], *words: str) -> Done:
    return call("doctor", "--node", *words, env=env)


def test_doctor_exits_with_1_if_a_check_failed(env: dict[str, str], lost: str) -> None:
    done = doctor(env, lost)
    assert (done.returncode, done.stderr) == (1, "")
    head, *lines = done.stdout.splitlines()
    assert head.startswith(f"{lost}: failed to join. ")
    (failed,) = (line for line in lines if line.startswith("✖"))
    assert failed == lines[0]
    assert failed.startswith(f"✖ {ROLE}")
    assert "aws" in failed  # what to change


def test_doctor_takes_a_nodes_name(env: dict[str, str], rows: list[dict[str, str]]) -> None:
    row = next(row for row in rows if row["kind"] == "joined" and row["state"] == "Ready")
    done = doctor(env, row["node"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{row['node']} on {row['instance']}: Ready.")
    assert "✖" not in done.stdout
    assert "No check failed" not in done.stdout  # it has joined: nothing is left to look for


def test_get_and_doctor_take_a_nodeclaim_without_an_instance(env: dict[str, str]) -> None:
    """By the name that `get instances` prints, and by its own."""
    shown = call("get", "instances", env=env).stdout
    (key,) = (word for word in shown.split() if word.startswith("nodeclaim/"))
    name = key.partition("/")[2]
    assert key in call("get", "instances", name, env=env).stdout
    for words in (key, name):
        done = doctor(env, words)
        assert (done.returncode, done.stderr) == (1, "")
        head, first, *_ = done.stdout.splitlines()
        assert head.startswith(f"{key}: launch failed. Karpenter can't launch its instance: ")
        assert first.startswith("✖ NodeClaim launched")


def test_doctor_has_nothing_to_check_on_fargate(
    env: dict[str, str], rows: list[dict[str, str]]
) -> None:
    node = next(row["node"] for row in rows if row["kind"] == "not-ec2")
    done = doctor(env, node)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert "Fargate nodes have no EC2 instance." in done.stdout


def test_doctor_prints_json_in_ascii_too(env: dict[str, str], lost: str) -> None:
    done = doctor(env, lost, "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"]) == (1, False)
    assert document["instance"] == lost
    assert {check["result"] for check in document["joinChecks"]} >= {"passed", "failed"}
    assert doctor(env, lost, "--ascii").stdout.isascii()


@pytest.mark.parametrize("name", ["nobody", "i-0123456789abcdef0"])
def test_a_name_that_nobody_has_is_an_error(env: dict[str, str], name: str) -> None:
    done = doctor(env, name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"eksview: There is no node or instance {name}.\n"


def test_without_aws_it_says_why_nothing_was_checked(
    env: dict[str, str], lost: str, tmp_path: Path
) -> None:
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    less = {name: value for name, value in env.items() if name not in keys}
    done = doctor(less | {"HOME": str(tmp_path)}, lost)
    assert (done.returncode, done.stdout) == (1, "")
    assert "credentials" in done.stderr
    assert f"no node {lost}; whether EC2 has such an instance isn't known" in done.stderr


def test_a_server_that_never_answers_ends_it_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eksview.cli.doctor.node.LIMIT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:  # it accepts and says nothing
        path = tmp_path / "kubeconfig"
        path.write_text(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
            "contexts: [{name: c, context: {cluster: c, user: u}}]\n"
            "users: [{name: u, user: {token: t}}]\n"
            f"clusters: [{{name: c, cluster: {{server: "
            f'"http://127.0.0.1:{server.getsockname()[1]}"}}}}]\n'
        )
        done = doctor({"HOME": str(tmp_path), "KUBECONFIG": str(path)}, "n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
