"""`eksview get` prints any resource of the server as kubectl does."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Done, call
from tests.e2e.api import Api
from tests.e2e.test_kubectl import said_between
from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None,
    reason="kubectl is missing; see https://kubernetes.io/docs/tasks/tools/",
)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("api")
    with Api(folder) as server:  # kubectl keeps a cache of discovery under HOME
        yield {"PATH": os.environ["PATH"], "HOME": str(folder), **server.env}


def kubectl(*words: str, env: dict[str, str]) -> Done:
    return subprocess.run(
        ["kubectl", *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=env,
    )


def compare(words: str, env: dict[str, str]) -> None:
    """Fail where the outputs or exit codes differ, but for ages while time goes on."""
    after = kubectl("get", *words.split(), env=env)
    for _ in range(5):  # an age may become wider between the two
        before = after
        ours = call("get", *words.split(), env=env)
        after = kubectl("get", *words.split(), env=env)
        if said_between(before.stdout, ours.stdout, after.stdout):
            break
    assert said_between(before.stdout, ours.stdout, after.stdout), (after.stdout, ours.stdout)
    assert ours.returncode == after.returncode
    assert sentences(ours) == sentences(after)


def sentences(done: Done) -> list[str]:
    """Return the lines of stderr without what each program begins and ends its errors with."""
    return [
        line.removeprefix("eksview: ").rpartition("Error from server (NotFound): ")[2]
        .removeprefix("error: ").rstrip(".").partition(" (did you mean")[0]
        for line in done.stderr.splitlines()
    ]  # fmt: skip


def test_every_kind_of_the_demo(env: dict[str, str]) -> None:
    listed = kubectl("api-resources", "--verbs=list", "-o", "name", env=env)
    kinds = listed.stdout.split()
    assert len(kinds) > 15
    for kind in kinds:
        compare(f"{kind} -A", env)


@pytest.mark.parametrize(
    "words",
    [
        "deploy",
        "deploy -n kube-system",
        "deploy,cm -n kube-system",
        "rs,ds,jobs -A -o wide --show-labels",
        "ns,deploy -n kube-system",
        "deploy,ns,cm -A",
        "nodes,deploy -n kube-system",
        "all -n kube-system",
        "all -A -o name",
        "deploy -n nowhere",
        "ns,deploy -A -l no=such",
        "deployments.apps -A --no-headers",
        "Deployment.apps -A --sort-by=.metadata.uid",
        "deployments.v1.apps -A -o custom-columns=A:.metadata.name,B:.spec.replicas",
        "ReplicaSet -A -L app,no.such -l app",
        "deploy -A -o json",
        "deploy -n kube-system -o yaml",
        "deploy/coredns deploy/nope cm/aws-auth -n kube-system",
        "deploy coredns nope --ignore-not-found -n kube-system",
        "deploy coredns -n kube-system -o jsonpath={.metadata.labels}",
        "ns --field-selector metadata.name=default",
        "ns/default -A",
        "deploy nope",
        "pods,nosuchkind",
        "nosuchkind/x",
    ],
)
def test_both_print_the_same(words: str, env: dict[str, str]) -> None:
    compare(words, env)


def test_changes_are_printed_alike(tmp_path: Path) -> None:
    """A watch has the columns only once, and the change of a replica set prints a line."""
    with Api(tmp_path) as server:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **server.env}
        asked = "get ns -w --request-timeout=3s"
        theirs = kubectl(*asked.split(), env=env)
        ours = call(*asked.split(), env=env)
    assert ours.stdout.split() == theirs.stdout.split() != []
