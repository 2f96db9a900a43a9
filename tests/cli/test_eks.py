"""EKS on the command line, against the demo's cluster and account in a process of their own."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from eksview.config.settings import Settings
from eksview.domain.base.text import clean
from eksview.domain.live.server_clock import ServerClock
from eksview.domain.rows.aws import ClusterEntry
from eksview.engine.connect import dated_clusters
from tests.cli.command import Done, call, run
from tests.patience import PATIENCE
from tests.served import serving

HERE = ("--cluster", "eksview-demo", "--region", "us-west-2")
UNREGIONED = ("AWS_REGION", "AWS_DEFAULT_REGION")
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving(tmp_path_factory.mktemp("home"), "--churn", "0") as environ:
        yield environ


def ask(
    served: dict[str, str],
    *arguments: str,
    without: tuple[str, ...] = (),
    how: Callable[..., Done] = call,
    **env: str,
) -> Done:
    kept = {name: value for name, value in served.items() if name not in without}
    return how(*arguments, env=kept | env)


def test_the_join_has_every_kind_the_demo_tells_of(served: dict[str, str]) -> None:
    document = json.loads(ask(served, "get", "instances", "-o", "json", how=run).stdout)
    kinds = [each["kind"] for each in document["items"]]
    assert kinds.count("not-joined") == 1
    assert kinds.count("not-ec2") == 1
    assert kinds.count("no-node") == 2  # the warm pool
    assert kinds.count("nodeclaim") == 1
    assert kinds.count("joined") + kinds.count("mismatch") == len(kinds) - 5


def test_doctor_names_the_roles_that_nothing_authorizes(served: dict[str, str]) -> None:
    steps = json.loads(ask(served, "doctor", "--json", how=run).stdout)["steps"]
    mapping = next(step for step in steps if step["id"] == "mapping")
    assert mapping["state"] == "warn"
    assert "pods of Fargate profile reports can't join" in mapping["says"]
    assert "nodes of nodegroup ng-canary can't join" in mapping["says"]
    assert "Fargate profile serverless" not in mapping["says"]


def test_clusters_are_listed(served: dict[str, str]) -> None:
    head, row = ask(served, "get", "clusters").stdout.splitlines()
    assert head.split() == ["NAME", "REGION", "STATUS", "VERSION", "PLATFORM", "AGE", "ENDPOINT"]
    assert row.split()[:4] == ["eksview-demo", "us-west-2", "ACTIVE", "1.33"]


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_the_ages_of_clusters_are_counted_by_awss_clock(
    served: dict[str, str], monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    clock = ServerClock(lambda: time.time() + ahead)
    monkeypatch.setattr("eksview.aws.client.session.ServerClock", lambda _: clock)
    _, now = asyncio.run(dated_clusters(Settings(), served))
    assert now == pytest.approx(time.time(), abs=PATIENCE)
    assert clock.ahead == pytest.approx(ahead, abs=PATIENCE)


def test_a_cluster_is_as_old_as_aws_says(monkeypatch: pytest.MonkeyPatch) -> None:
    word = clean("x")

    async def dated(*_: object) -> tuple[tuple[ClusterEntry, ...], float]:
        return (ClusterEntry(word, word, word, word, word, word, 1_000.0),), 1_000.0 + 3 * 86_400

    monkeypatch.setattr("eksview.cli.get.clusters.dated_clusters", dated)
    assert call("get", "clusters", env={}).stdout.splitlines()[1].split()[5] == "3d"


def test_the_clusters_precede_the_error_of_missing_names(served: dict[str, str]) -> None:
    command = [sys.executable, "-m", "eksview", "get", "clusters", "eksview-demo", "gone"]
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        env=served,
    )
    _, row, error = done.stdout.splitlines()
    assert row.startswith("eksview-demo ")
    assert error.startswith("eksview: There is no EKS cluster gone ")
    assert done.returncode == 1


def test_a_cluster_is_reached_by_its_name_alone(served: dict[str, str]) -> None:
    before = set(names(ask(served, "get", "nodes").stdout))
    named = ask(served, "get", "nodes", *HERE, without=("KUBECONFIG",))
    after = set(names(ask(served, "get", "nodes").stdout))
    assert named.stderr == ""
    # The cluster lives: a node may come or go between two readings.
    assert before & after <= set(names(named.stdout)) <= before | after
    assert len(names(named.stdout)) > 5


@pytest.mark.parametrize(
    ("arguments", "without", "env", "sentence"),
    [
        (("get", "nodes", "--cluster", "nope", *HERE[2:]), (), {}, "EKS has no cluster nope"),
        (("get", "clusters", "--profile", "nope"), (), {}, "There is no AWS profile nope"),
        (("get", "clusters"), KEYS, {}, "No AWS credentials were found"),
        (("get", "clusters"), UNREGIONED, {}, "No AWS region: name one with --region"),
        (("get", "clusters"), (), {KEYS[0]: "AKIANOBODY"}, "AWS doesn't accept these credentials"),
        (("get", "clusters"), (), {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "can't be reached"),
        (
            ("get", "nodes", *HERE, "--exec-auth"),
            ("KUBECONFIG",),
            {"PATH": "/nonexistent"},
            "The credential plugin aws isn't on the PATH",
        ),
    ],
)
def test_what_goes_wrong_is_one_line_and_no_traceback(
    served: dict[str, str],
    arguments: tuple[str, ...],
    without: tuple[str, ...],
    env: dict[str, str],
    sentence: str,
) -> None:
    done = ask(served, *arguments, without=without, **env)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert sentence in line


def test_without_credentials_the_nodes_are_joined_with_nothing_and_it_is_said(
    served: dict[str, str],
) -> None:
    done = ask(served, "get", "instances", without=KEYS)
    kinds = {line.split()[0] for line in done.stdout.splitlines()[1:]}
    assert kinds == {"unknown", "not-ec2", "nodeclaim"}
    assert "No AWS credentials were found" in done.stderr


def test_the_command_is_run_as_written_when_asked_for(
    served: dict[str, str], tmp_path: Path
) -> None:
    plugin = tmp_path / "aws"
    plugin.write_text("#!/bin/sh\necho 'the session is over' >&2\nexit 3\n")
    plugin.chmod(0o755)
    done = ask(
        served, "get", "nodes", *HERE, "--exec-auth", without=("KUBECONFIG",), PATH=str(tmp_path)
    )
    assert done.returncode == 1
    assert "the session is over" in done.stderr


def names(table: str) -> list[str]:
    return [line.split()[0] for line in table.splitlines()[1:]]


def test_a_command_with_variables_of_its_own_is_run_and_not_understood_too_early(
    served: dict[str, str], tmp_path: Path
) -> None:
    document = yaml.safe_load(Path(served["KUBECONFIG"]).read_text())
    arguments = ["eks", "get-token", "--cluster-name", "eksview-demo", "--region", "us-west-2"]
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": arguments,
        "env": [{"name": "HTTPS_PROXY", "value": "http://127.0.0.1:9"}],
        "interactiveMode": "Never",
    }
    for user in document["users"]:
        user["user"] = {"exec": plugin}
    config = tmp_path / "config"
    config.write_text(yaml.safe_dump(document))
    answer = ask(served, "get", "nodes", KUBECONFIG=str(config), PATH="/nonexistent")
    assert "The credential plugin aws isn't on the PATH" in answer.stderr
    plugin["env"] = []
    config.write_text(yaml.safe_dump(document))
    minted = ask(served, "get", "nodes", KUBECONFIG=str(config), PATH="/nonexistent")
    assert len(names(minted.stdout)) > 5


def test_the_doctor_says_which_access_entry_lets_one_in(served: dict[str, str]) -> None:
    done = ask(served, "doctor", how=run)
    assert done.returncode == 0
    mapping = next(line for line in done.stdout.splitlines() if "IAM mapping" in line)
    assert "Access entry arn:aws:iam::111122223333:role/eksview-demo-admin" in mapping


def test_the_doctor_without_credentials_for_aws_leaves_that_step_unknown(
    served: dict[str, str],
) -> None:
    done = ask(served, "doctor", "--json", without=KEYS)
    (mapping,) = (each for each in json.loads(done.stdout)["steps"] if each["id"] == "mapping")
    assert done.returncode == 0
    assert "can't be read" in mapping["says"]


@pytest.mark.parametrize(
    ("cluster", "without", "env", "step", "sentence"),
    [
        ("nope", (), {}, "endpoint", "EKS has no cluster nope"),
        ("eksview-demo", KEYS, {}, "credentials", "No AWS credentials were found"),
        ("eksview-demo", (), {KEYS[0]: "AKIANOBODY"}, "credentials", "doesn't accept these"),
        ("eksview-demo", (), {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "endpoint",
         "can't be reached"),
    ],
)  # fmt: skip
def test_what_keeps_eks_from_naming_the_endpoint_stands_at_its_step(
    served: dict[str, str],
    cluster: str,
    without: tuple[str, ...],
    env: dict[str, str],
    step: str,
    sentence: str,
) -> None:
    where = ("--cluster", cluster, *HERE[2:])
    done = ask(served, "doctor", "--json", *where, without=without, **env)
    steps = {each["id"]: each for each in json.loads(done.stdout)["steps"]}
    assert done.returncode == 1
    assert steps["kubeconfig"]["says"] == f"No kubeconfig: --cluster {cluster}."
    assert [name for name, each in steps.items() if each["state"] == "bad"] == [step]
    assert sentence in steps[step]["says"]
    assert "EKS didn't describe" in steps["answer"]["says"]
