"""Changes by the real kubectl, and by requests: the demo's cluster reacts as a real one does."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview_demo.api.writes import merged, target_of
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.storage.resources import BUDGETS
from tests.demo.faults import FaultyServer
from tests.demo.thread import DemoThread

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl")


class Kubectl:
    def __init__(self, demo: DemoThread, config: Path) -> None:
        self.cluster = demo.server.cluster
        self._config = str(demo.write_kubeconfig(config))

    def __call__(self, *words: str, code: int = 0) -> str:
        command = ["kubectl", "--kubeconfig", self._config, *words]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ran.returncode == code, ran.stderr
        return ran.stdout + ran.stderr

    def json(self, *words: str) -> dict:
        return json.loads(self("get", *words, "-o", "json"))


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    cluster = DemoCluster(seed=5)
    build(cluster, nodes=6, pods=60)
    with DemoThread(FaultyServer(cluster)) as thread:
        yield Kubectl(thread, tmp_path_factory.mktemp("kube") / "config")


def test_cordon_taints_a_node_and_uncordon_takes_it_back(kubectl) -> None:
    name = next(iter(kubectl.cluster.nodes))
    assert f"node/{name} cordoned" in kubectl("cordon", name)
    spec = kubectl.json("node", name)["spec"]
    assert spec["unschedulable"] is True
    assert spec["taints"][-1]["key"] == "node.kubernetes.io/unschedulable"
    assert f"node/{name} uncordoned" in kubectl("uncordon", name)
    spec = kubectl.json("node", name)["spec"]
    assert "unschedulable" not in spec
    assert "taints" not in spec


def test_a_dry_run_changes_nothing(kubectl) -> None:
    name = next(iter(kubectl.cluster.nodes))
    assert "server dry run" in kubectl("cordon", name, "--dry-run=server")
    assert "unschedulable" not in kubectl.json("node", name)["spec"]


def test_scale_and_rollout_restart_change_the_pods(kubectl) -> None:
    before = set(kubectl.cluster.pods)
    kubectl("scale", "deployment/web", "-n", "shop", "--replicas=4")
    web = [pod for pod in kubectl.cluster.pods.values() if pod.workload.name == "web"]
    assert len(web) == 4
    kubectl("rollout", "restart", "deployment/web", "-n", "shop")
    new = [pod for pod in kubectl.cluster.pods.values() if pod.workload.name == "web"]
    assert len(new) == 4
    assert not {pod.key for pod in new} & (before | {pod.key for pod in web})
    template = kubectl.json("deployment", "web", "-n", "shop")["spec"]["template"]
    assert template["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"]


def test_a_stateful_set_scaled_up_makes_a_claim_per_pod_and_keeps_it_when_scaled_down(
    kubectl,
) -> None:
    """Kubernetes: claims of `volumeClaimTemplates` are retained by default."""
    meta = kubectl.json("statefulset", "-A")["items"][0]["metadata"]
    name, space = meta["name"], ("-n", meta["namespace"])

    def scale(replicas: int) -> dict[str, dict]:
        """Return the claims afterwards."""
        kubectl("scale", f"statefulset/{name}", *space, f"--replicas={replicas}")
        claims = kubectl.json("pvc", *space)["items"]
        named = {claim["metadata"]["name"]: claim for claim in claims}
        return {key: claim for key, claim in named.items() if key.startswith(f"data-{name}-")}

    claims = scale(3)
    assert set(claims) == {f"data-{name}-{number}" for number in range(3)}
    for claim in claims.values():
        assert claim["status"]["phase"] == "Bound"
        volume = kubectl.json("pv", claim["spec"]["volumeName"])
        assert volume["spec"]["claimRef"]["uid"] == claim["metadata"]["uid"]
    assert scale(1) == scale(2) == claims


def test_a_deleted_pod_has_a_successor(kubectl) -> None:
    pod = next(pod for pod in kubectl.cluster.pods.values() if pod.workload.name == "api")
    number = sum(each.workload.name == "api" for each in kubectl.cluster.pods.values())
    kubectl("delete", "pod", pod.name, "-n", "shop")
    assert pod.key not in kubectl.cluster.pods
    assert number == sum(each.workload.name == "api" for each in kubectl.cluster.pods.values())


def test_a_drain_is_held_up_by_a_budget_that_allows_nothing(kubectl) -> None:
    held = next(pod for pod in kubectl.cluster.pods.values() if pod.workload.name == "recommender")
    budget = kubectl.cluster.storage.table(BUDGETS).objects["shop/recommender"]
    assert json.loads(budget.item())["status"]["disruptionsAllowed"] == 0
    flags = ("--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=2s")
    output = kubectl("drain", held.node, *flags, code=1)
    assert "Cannot evict pod as it would violate the pod's disruption budget." in output


def test_another_uid_is_a_conflict(kubectl) -> None:
    pod = next(pod for pod in kubectl.cluster.pods.values() if pod.workload.name == "web")
    raw = f"/api/v1/namespaces/shop/pods/{pod.name}"
    path = Path(kubectl._config).with_name("options.json")
    path.write_text(json.dumps({"kind": "DeleteOptions", "preconditions": {"uid": "other"}}))
    output = kubectl("delete", "--raw", raw, "-f", str(path), code=1)
    assert "Precondition failed: UID in precondition: other" in output
    assert pod.key in kubectl.cluster.pods


def test_a_viewer_may_change_nothing(kubectl) -> None:
    name = next(iter(kubectl.cluster.nodes))
    # kubectl cordon prints the refusal and exits with 0
    assert "is forbidden" in kubectl("--context", "eksview-demo-viewer", "cordon", name)


def test_merge_patches_are_those_of_rfc_7396() -> None:
    assert merged({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": None}, "d": [2]}) == {
        "a": {"c": 2}, "d": [2],
    }  # fmt: skip


def test_reads_are_no_changes() -> None:
    assert target_of("GET", "/api/v1/nodes/a") is None
    assert target_of("POST", "/api/v1/namespaces/shop/pods") is None
