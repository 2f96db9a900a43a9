"""The same question to kubectl and to `eksview get`: the same bytes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.e2e.api import Api

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None,
    reason="kubectl is missing; see https://kubernetes.io/docs/tasks/tools/",
)

EKSVIEW = (sys.executable, "-m", "eksview")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        server.ask("cordon")
        yield server


def output(command: Sequence[str], home: Path, api: Api) -> str:
    # kubectl keeps a cache of discovery under HOME.
    env = {"PATH": os.environ["PATH"], "HOME": str(home), **api.env}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=env)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "question",
    [
        "nodes",
        "nodes -o wide",
        "nodes --no-headers",
        "nodes -o name",
        "nodes -o json",
        "nodes -o yaml",
        "pods -A",
        "pods -A -o wide",
        "pods -A -o json",
        "pods -A -o yaml",
        "pods -n kube-system",
        "pods -n kube-system -l app=coredns -o wide",
        "pods -A --field-selector status.phase=Running -o name",
        "pods",
        "pods -A -l no=such",
    ],
)
def test_both_print_the_same(question, api, tmp_path):
    words = question.split()
    seen = [output(["kubectl", "get", *words], tmp_path, api)]
    for _ in range(3):  # an age may change between the two; then it has changed for both
        ours = output([*EKSVIEW, "get", *words], tmp_path, api)
        seen.append(output(["kubectl", "get", *words], tmp_path, api))
        if ours in seen[-2:]:
            return
    assert ours == seen[-1]


def test_serve_gives_a_shell_what_kubectl_needs(tmp_path):
    server = subprocess.Popen(
        [*EKSVIEW, "demo", "--serve", "--nodes", "3", "--pods", "40"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line.startswith("export KUBECONFIG=")
        shown = subprocess.run(
            ["bash", "-c", f"{line}; kubectl get nodes --no-headers"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        assert len(shown.stdout.splitlines()) == 3
        kubeconfig = Path(line.partition("=")[2])
        assert kubeconfig.stat().st_mode & 0o077 == 0
    finally:
        server.terminate()
    assert server.wait(timeout=10) == 0
    assert not kubeconfig.exists()
