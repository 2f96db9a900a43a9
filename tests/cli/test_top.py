"""`eksview top` prints the same bytes as `kubectl top`, on a cluster whose time stands still."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.cli.command import Done, call
from tests.demo.faults import Answer, FaultyServer
from tests.demo.thread import DemoThread
from tests.patience import PATIENCE

NOW = time.time()  # kubectl counts the ages of pods by its own clock
METRICS = "metrics.k8s.io"
CPU = re.compile(r" (\d+)m ")
KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(
    KUBECTL is None, reason="needs kubectl (Debian: apt-get install kubernetes-client)"
)


class Cluster:
    """A demo cluster without a life, and both programs on it."""

    def __init__(self, server: FaultyServer, folder: Path) -> None:
        self.server = server
        path = folder / "kubeconfig"
        server.write_kubeconfig(path)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "KUBECONFIG": str(path)}
        demo = server.cluster
        self.node = next(name for name, node in demo.nodes.items() if not node.silent)
        shop = (pod for pod in demo.pods.values() if pod.workload.name == "api")
        self.pod = next(pod.name for pod in shop if not demo.nodes[pod.node].silent)

    def kubectl(self, *words: str) -> Done:
        assert KUBECTL is not None
        return subprocess.run(
            (KUBECTL, "top", *words), check=False, capture_output=True, text=True,
            timeout=PATIENCE, env=self.env,
        )  # fmt: skip

    def eksview(self, *words: str) -> Done:
        return call("top", *words, env=self.env)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    demo = DemoCluster(seed=7, clock=lambda: NOW)
    build(demo, nodes=6, pods=60)
    next(iter(demo.nodes.values())).silent = True
    with DemoThread(FaultyServer(demo)) as thread:
        server = thread.server
        assert isinstance(server, FaultyServer)
        yield Cluster(server, tmp_path_factory.mktemp("top"))


@pytest.fixture
def faults(cluster: Cluster) -> Iterator[Cluster]:
    yield cluster
    cluster.server.faults.clear()


PRINTED = [
    "nodes",
    "node --sort-by=cpu",
    "no --sort-by memory --no-headers",
    "nodes --show-capacity",
    "nodes -l topology.kubernetes.io/zone=us-west-2a",
    "node NODE",
    "pods -n shop",
    "pods -A",
    "pods -A --sort-by=cpu",
    "po -A --sort-by=memory --containers",
    "pod -n shop --containers --no-headers",
    "pods -n shop --sum",
    "pods -A --sum --containers --sort-by=cpu",
    "pods -A --sum --no-headers",
    "pods -n shop -l app=api --sum",
    "pods -A --field-selector metadata.namespace=kube-system",
    "pod -n shop POD",
    "pod POD -n shop --containers",
    "pods -n empty",
    "pods -A -l app=none",
    "pods -n shop --use-protocol-buffers",
]


@needs_kubectl
@pytest.mark.parametrize("line", PRINTED)
def test_it_prints_what_kubectl_prints(cluster: Cluster, line: str) -> None:
    words = line.replace("NODE", cluster.node).replace("POD", cluster.pod).split()
    theirs, ours = cluster.kubectl(*words), cluster.eksview(*words)
    assert ours.returncode == theirs.returncode == 0
    if "--sort-by=cpu" not in line or "pods" not in line:
        assert (ours.stdout, ours.stderr) == (theirs.stdout, theirs.stderr)
        return
    # Go's sort leaves pods of as many milli-cores in no order.
    assert sorted(ours.stdout.splitlines()) == sorted(theirs.stdout.splitlines())
    if "--containers" not in line:
        assert CPU.findall(ours.stdout) == CPU.findall(theirs.stdout)


REFUSED = [
    ("nodes a b", 2, "only one NAME"),
    ("pods a b", 2, "only one NAME"),
    ("pods a -l x=y", 2, "only one of NAME or selector can be provided"),
    ("nodes a -l x=y", 2, "only one of NAME or --selector can be provided"),
    ("pods --sort-by=age", 2, "--sort-by accepts only cpu or memory"),
    ("pods -n shop none", 1, "shop/none"),
    ("nodes none", 1, "none"),
    ("nodes -l app=none", 1, "metrics not available yet"),
    ("pods -n shop -l app=newsletter", 1, "Metrics not available for pod shop/newsletter-"),
]


@needs_kubectl
@pytest.mark.parametrize(("line", "code", "words"), REFUSED)
def test_it_refuses_what_kubectl_refuses(
    cluster: Cluster, line: str, code: int, words: str
) -> None:
    theirs, ours = cluster.kubectl(*line.split()), cluster.eksview(*line.split())
    assert (theirs.returncode, ours.returncode) == (1, code)
    assert words in ours.stderr
    assert words in theirs.stderr or words == "only one NAME"
    assert (ours.stdout, ours.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize("line", ["", "deploy", "nodes --sum", "nodes -A", "pods --show-capacity"])
def test_wrong_words_are_a_line_and_exit_code_2(cluster: Cluster, line: str) -> None:
    done = cluster.eksview(*line.split())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def _reading(kind: str, usage: dict[str, str]) -> Answer:
    meta = {"name": "a", "namespace": "shop"}
    read = {"metadata": meta, "usage": usage, "containers": [{"name": "c", "usage": usage}]}
    body = {"kind": f"{kind}List", "apiVersion": f"{METRICS}/v1beta1", "items": [read]}
    return Answer(200, body=json.dumps(body).encode())


@needs_kubectl
@pytest.mark.parametrize("usage", [{"cpu": "7m"}, {"memory": "9Mi"}, {}])
@pytest.mark.parametrize(
    ("kind", "line"), [("NodeMetrics", "nodes -l no=node"), ("PodMetrics", "pods --sum")]
)
def test_a_missing_figure_counts_as_zero(
    faults: Cluster, kind: str, line: str, usage: dict[str, str]
) -> None:
    faults.server.faults.add(_reading(kind, usage), path=f"/{METRICS}/v1beta1", times=None)
    theirs, ours = faults.kubectl(*line.split()), faults.eksview(*line.split())
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    assert theirs.stdout


@needs_kubectl
@pytest.mark.parametrize(("kind", "line"), [("NodeMetrics", "nodes"), ("PodMetrics", "pods")])
def test_a_figure_that_is_no_quantity_is_an_error(faults: Cluster, kind: str, line: str) -> None:
    faults.server.faults.add(
        _reading(kind, {"cpu": "much"}), path=f"/{METRICS}/v1beta1", times=None
    )
    theirs, ours = faults.kubectl(*line.split()), faults.eksview(*line.split())
    assert (theirs.returncode, ours.returncode) == (1, 1)
    assert (ours.stdout, theirs.stdout) == ("", "")
    assert "'much' as cpu, which isn't a quantity" in ours.stderr


@pytest.mark.parametrize("resource", ["nodes", "pods"])
def test_without_metrics_server_it_says_so(faults: Cluster, resource: str) -> None:
    gone = Answer(404, message="the server could not find the requested resource")
    faults.server.faults.add(gone, path=METRICS, times=None)
    done = faults.eksview(resource)
    assert (done.returncode, done.stderr) == (1, "eksview: Metrics API not available\n")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (503, "the server is currently unable to handle the request"),
        (403, 'pods.metrics.k8s.io is forbidden: User "u" cannot list resource "pods"'),
    ],
)
def test_what_refuses_is_a_sentence(faults: Cluster, code: int, message: str) -> None:
    faults.server.faults.add(Answer(code, message=message), path=METRICS, times=None)
    done = faults.eksview("pods")
    assert (done.returncode, done.stdout) == (1, "")
    assert message.split(maxsplit=1)[0] in done.stderr
