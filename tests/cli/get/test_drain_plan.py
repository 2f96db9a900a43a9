"""`eksview get drain-plan` on the demo, and its agreement with `kubectl drain --dry-run=client`."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.cli.command import Done, call
from tests.demo.faults import Answer, FaultyServer
from tests.demo.kubectl import KUBECTL, NEEDS_KUBECTL
from tests.demo.thread import DemoThread
from tests.domain.drain.test_plan import pod
from tests.patience import PATIENCE

FLAGS = ("--ignore-daemonsets", "--delete-emptydir-data", "--force")
GIVEN = [(), FLAGS[:1], FLAGS[:2], FLAGS[1:], FLAGS[::2], FLAGS]
TMP = [{"name": "tmp", "emptyDir": {}}]
STATIC = {"annotations": {"kubernetes.io/config.mirror": "x"}}
DAEMON = "DaemonSet/kube-proxy"
ODD = [
    pod("plain"),
    pod("bare", ""),
    pod("scratch", volumes=TMP),
    pod("bare-scratch", "", volumes=TMP),
    pod("done", "", status={"phase": "Succeeded"}, volumes=TMP),
    pod("going", meta={"deletionTimestamp": "2026-01-01T00:00:00Z"}),
    pod("static", "Node/node-a", **STATIC),
    pod("daemon", DAEMON, volumes=TMP, meta={"namespace": "kube-system"}),
    pod("failed-daemon", DAEMON, status={"phase": "Failed"}),
    pod("orphan", "DaemonSet/gone"),
    pod("orphan-scratch", "DaemonSet/gone", volumes=TMP),
]


class Cluster:
    """A demo cluster without a life, and both programs on it."""

    def __init__(self, thread: DemoThread, folder: Path) -> None:
        assert isinstance(thread.server, FaultyServer)
        self.server = thread.server
        path = thread.write_kubeconfig(folder / "kubeconfig")
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "KUBECONFIG": str(path)}
        self.nodes = tuple(self.server.cluster.nodes)
        pods = self.server.cluster.pods.values()
        self.held = next(each for each in pods if each.workload.name == "recommender")

    def kubectl(self, *words: str) -> Done:
        assert KUBECTL is not None
        return subprocess.run(
            (KUBECTL, "drain", *words, "--dry-run=client"), check=False, capture_output=True,
            text=True, timeout=PATIENCE, env=self.env,
        )  # fmt: skip

    def plan(self, *words: str) -> Done:
        done = call("get", "drain-plan", *words, env=self.env)
        assert done.returncode == 0, done.stderr
        return done

    def pods(self, node: str) -> list[dict[str, Any]]:
        read = json.loads(self.plan(node, "-o", "json").stdout)
        return read.get("items", [read])

    def answer_odd_pods(self) -> None:
        body = json.dumps({"kind": "PodList", "apiVersion": "v1", "items": ODD}).encode()
        self.server.faults.add(Answer(200, body=body), verb="list", resource="pods", times=None)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    demo = DemoCluster(seed=5)
    build(demo, nodes=8, pods=80)
    with DemoThread(FaultyServer(demo)) as thread:
        yield Cluster(thread, tmp_path_factory.mktemp("drain"))


@pytest.fixture
def cluster(shared: Cluster) -> Iterator[Cluster]:
    yield shared
    shared.server.faults.clear()


def key(planned: dict[str, Any]) -> str:
    return f"{planned['namespace']}/{planned['name']}"


def kubectls(done: Done) -> tuple[set[str], set[str], set[str]]:
    """Return the pods that kubectl evicts, ignores and refuses."""
    evicted = set(re.findall(r"^evicting pod (\S+) \(dry run\)$", done.stdout, re.M))
    ignored = re.findall(r"ignoring DaemonSet-managed Pods: ([^;\n]+)", done.stderr)
    unable = "".join(re.findall(r"^error: unable to drain node .*", done.stderr, re.M))
    refused = set(re.findall(r"[\w.-]+/[\w.-]+", unable))
    return evicted, {name for each in ignored for name in each.split(", ")}, refused


def ours(pods: list[dict[str, Any]], flags: tuple[str, ...]) -> tuple[set[str], set[str], set[str]]:
    """Return the same of a node's plan. One refusal is enough that kubectl evicts none."""
    refused = {key(each) for each in pods if not set(each["flags"]) <= set(flags)}
    daemons = {key(each) for each in pods if each["drain"] == "stays (DaemonSet)"} - refused
    evicted = {key(each) for each in pods if not each["drain"].startswith("stays")}
    return (set() if refused else evicted), daemons, refused


@NEEDS_KUBECTL
@pytest.mark.parametrize("flags", GIVEN, ids=" ".join)
def test_each_node_has_the_pods_that_kubectl_evicts_and_refuses(cluster, flags) -> None:
    plans = [ours(cluster.pods(node), flags) for node in cluster.nodes]
    evicted, _, refused = (set().union(*sets) for sets in zip(*plans, strict=True))
    done = cluster.kubectl(*cluster.nodes, *flags)
    theirs = kubectls(done)
    # kubectl names what it ignores only where nothing is refused
    fine = [daemons for _, daemons, no in plans if not no]
    assert theirs == (evicted, set().union(*fine), refused)
    assert (done.returncode == 0) == (not refused)


@NEEDS_KUBECTL
@pytest.mark.parametrize("flags", GIVEN, ids=" ".join)
def test_odd_pods_meet_what_kubectl_does_with_them(cluster, flags) -> None:
    cluster.answer_odd_pods()
    node = cluster.nodes[0]
    evicted, ignored, refused = ours(cluster.pods(node), flags)
    theirs = kubectls(cluster.kubectl(node, *flags))
    assert theirs == (evicted, set() if refused else ignored, refused)


def row(done: Done, name: str) -> str:
    return next(line for line in done.stdout.splitlines() if f" {name} " in line)


def test_the_table_names_owner_budget_and_the_node_that_takes_the_pod(cluster: Cluster) -> None:
    done = cluster.plan(cluster.held.node)
    header, *rows = done.stdout.splitlines()
    assert header.split() == ["NAMESPACE", "NAME", "OWNER", "DRAIN", "BUDGET", "FITS"]
    on_it = [each for each in cluster.server.cluster.pods.values()
             if each.node == cluster.held.node]  # fmt: skip
    assert sorted(line.split()[1] for line in rows) == sorted(each.name for each in on_it)
    held = re.split(r"  +", row(done, cluster.held.name))
    assert held[:5] == [
        "shop", cluster.held.name, "Deployment/recommender", "moves", "recommender (blocked)",
    ]  # fmt: skip
    assert {*cluster.nodes, "none"} - {cluster.held.node} >= {held[5].strip()}
    assert "blocked by a PodDisruptionBudget" in done.stderr


def test_wide_adds_the_flags_of_kubectl_and_why_a_pod_is_blocked(cluster: Cluster) -> None:
    cluster.answer_odd_pods()
    done = cluster.plan(cluster.nodes[0], "-o", "wide")
    assert done.stdout.splitlines()[0].split()[-2:] == ["FLAGS", "WHY"]
    assert " --delete-emptydir-data,--force " in row(done, "bare-scratch")
    assert " none " in row(done, "bare")
    cluster.server.faults.clear()
    done = cluster.plan(cluster.held.node, "-o", "wide")
    assert re.search(r"recommender needs \d healthy pods and has \d", row(done, cluster.held.name))


def test_json_and_yaml_say_the_same(cluster: Cluster) -> None:
    node = cluster.held.node
    pods = cluster.pods(node)
    assert yaml.safe_load(cluster.plan(node, "-o", "yaml").stdout)["items"] == pods
    held = next(each for each in pods if each["name"] == cluster.held.name)
    assert (held["budgets"], held["eviction"]) == (["recommender"], "blocked")
    assert {each["localStorage"] for each in pods} <= {True, False}


def test_budgets_that_may_not_be_read_are_unknown_and_the_rule_is_said(cluster: Cluster) -> None:
    message = (
        'poddisruptionbudgets.policy is forbidden: User "ops" cannot list resource '
        '"poddisruptionbudgets" in API group "policy" at the cluster scope'
    )
    cluster.server.faults.add(
        Answer(403, message=message), verb="list", resource="poddisruptionbudgets", times=None
    )
    done = cluster.plan(cluster.held.node)
    assert "budgets unknown" in done.stderr
    assert "PodDisruptionBudgets unknown: Not permitted" in done.stderr
    assert 'cannot list resource "poddisruptionbudgets" in API group "policy"' in done.stderr
    assert re.split(r"  +", row(done, cluster.held.name))[4] == "unknown"
    held = next(each for each in cluster.pods(cluster.held.node)
                if each["name"] == cluster.held.name)  # fmt: skip
    assert (held["eviction"], held["budgets"]) == ("unknown", [])


def test_pods_that_may_not_be_listed_leave_the_room_elsewhere_unknown(cluster: Cluster) -> None:
    list_nodes = {"verb": "list", "resource": "nodes", "times": None}
    cluster.server.faults.add(Answer(403, message="nodes is forbidden"), **list_nodes)
    done = cluster.plan(cluster.held.node)
    assert "room on other nodes unknown" in done.stderr
    assert row(done, cluster.held.name).split()[-1] == "unknown"
    held = next(each for each in cluster.pods(cluster.held.node) if not each["budgets"])
    assert held["fitsOn"] is None
    assert held["why"] == "room on other nodes unknown" or held["drain"] != "moves"


def test_a_node_must_be_named_and_exist(cluster: Cluster) -> None:
    done = call("get", "drain-plan", env=cluster.env)
    assert (done.returncode, "name a node" in done.stderr) == (2, True)
    done = call("get", "drain-plan", "gone", env=cluster.env)
    assert done.returncode == 1
    assert "gone" in done.stderr
    assert done.stdout == ""
