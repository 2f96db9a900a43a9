"""The owners of pods count what a walk over the stored pods counts."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.life.engine import Life
from eksview_demo.storage.resources import (
    BUDGETS,
    CRON_JOBS,
    DAEMON_SETS,
    DEPLOYMENTS,
    ENDPOINT_SLICES,
    JOBS,
    PODS,
    REPLICA_SETS,
    SERVICES,
    STATEFUL_SETS,
    Resource,
)
from tests.demo.conftest import Time

OWNERS = (REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS)
READY = {
    REPLICA_SETS.kind: ("replicas", "readyReplicas"),
    STATEFUL_SETS.kind: ("replicas", "readyReplicas"),
    DAEMON_SETS.kind: ("currentNumberScheduled", "numberReady"),
    JOBS.kind: ("active", "ready"),
}


def objects(cluster: DemoCluster, resource: Resource) -> list[Any]:
    stored = cluster.storage.table(resource).objects.values()
    return [msgspec.json.decode(each.item()) for each in stored]


def is_ready(pod: Any) -> bool:
    conditions = pod["status"].get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def counted(cluster: DemoCluster) -> dict[str, tuple[int, int]]:
    """The pods and the ready pods of each controller, as controllers count them."""
    pods, ready = Counter[str](), Counter[str]()
    for pod in objects(cluster, PODS):
        ended = pod["status"]["phase"] in ("Succeeded", "Failed")
        if ended or "deletionTimestamp" in pod["metadata"]:
            continue
        owners = pod["metadata"].get("ownerReferences", ())
        for uid in (owner["uid"] for owner in owners if owner["controller"]):
            pods[uid] += 1
            ready[uid] += is_ready(pod)
    return {uid: (pods[uid], ready[uid]) for uid in pods}


def assert_counted(cluster: DemoCluster) -> None:
    expected = counted(cluster)
    for resource in OWNERS:
        total, ready = READY[resource.kind]
        for each in objects(cluster, resource):
            status = each["status"]
            stored = (status.get(total, 0), status.get(ready, 0))
            assert stored == expected.get(each["metadata"]["uid"], (0, 0)), each["metadata"]["name"]


def assert_served(cluster: DemoCluster) -> None:
    """A slice has an endpoint for each pod with an address that its service selects."""
    for service in objects(cluster, SERVICES):
        chosen = service["spec"].get("selector")
        if not chosen:
            continue
        about = service["metadata"]
        expected = {
            (pod["status"]["podIP"], is_ready(pod) and "deletionTimestamp" not in pod["metadata"])
            for pod in objects(cluster, PODS)
            if pod["metadata"]["namespace"] == about["namespace"]
            and chosen.items() <= pod["metadata"]["labels"].items()
            and pod["status"]["phase"] not in ("Succeeded", "Failed")
            and "podIP" in pod["status"]
        }
        served = {
            (endpoint["addresses"][0], endpoint["conditions"]["ready"])
            for part in objects(cluster, ENDPOINT_SLICES)
            if part["metadata"]["namespace"] == about["namespace"]
            and part["metadata"]["labels"]["kubernetes.io/service-name"] == about["name"]
            for endpoint in part["endpoints"]
        }
        assert served == expected, about["name"]


def assert_budgeted(cluster: DemoCluster) -> None:
    """A budget counts the Ready pods that it selects."""
    for budget in objects(cluster, BUDGETS):
        chosen = budget["spec"]["selector"]["matchLabels"]
        healthy = sum(
            is_ready(pod) and "deletionTimestamp" not in pod["metadata"]
            for pod in objects(cluster, PODS)
            if pod["metadata"]["namespace"] == budget["metadata"]["namespace"]
            and chosen.items() <= pod["metadata"]["labels"].items()
        )
        status = budget["status"]
        assert status["currentHealthy"] == healthy, budget["metadata"]["name"]
        allowed = max(0, healthy - status["desiredHealthy"])
        assert status["disruptionsAllowed"] == allowed


def test_each_pod_has_a_controller_that_exists(cluster: DemoCluster) -> None:
    uids = {
        each["metadata"]["uid"]: (each["metadata"]["name"], resource.kind, resource.api_version)
        for resource in (*OWNERS, DEPLOYMENTS, CRON_JOBS)
        for each in objects(cluster, resource)
    }
    pods = [each for each in objects(cluster, PODS) if "ownerReferences" in each["metadata"]]
    assert len(pods) == len(cluster.pods) - 1  # one is bare
    owned = [*pods, *objects(cluster, REPLICA_SETS), *objects(cluster, JOBS)]
    references = [each["metadata"]["ownerReferences"][0] for each in owned]
    assert len(references) > 60
    for each in references:
        assert uids[each["uid"]] == (each["name"], each["kind"], each["apiVersion"])


@pytest.mark.parametrize("seed", [7, 8])
def test_the_counts_follow_the_pods(time: Time, seed: int) -> None:
    cluster = DemoCluster(seed=seed, clock=time)
    build(cluster, nodes=9, pods=90)
    assert_counted(cluster)
    life = Life(cluster, churn=40)
    for _ in range(60):
        end = time.now + 5
        while time.now < end:
            time.now += life.step()
        assert_counted(cluster)
        assert_served(cluster)
        assert_budgeted(cluster)
    assert_sums(cluster)


def assert_sums(cluster: DemoCluster) -> None:
    """A Deployment has the pods of its ReplicaSets."""
    sums = Counter[tuple[str, str]]()
    for each in objects(cluster, REPLICA_SETS):
        uid = each["metadata"]["ownerReferences"][0]["uid"]
        sums[uid, "replicas"] += each["status"]["replicas"]
        sums[uid, "readyReplicas"] += each["status"].get("readyReplicas", 0)
    for each in objects(cluster, DEPLOYMENTS):
        for field in ("replicas", "readyReplicas"):
            assert each["status"].get(field, 0) == sums[each["metadata"]["uid"], field]


def workload_of(cluster: DemoCluster, name: str) -> Workload:
    return next(pod.workload for pod in cluster.pods.values() if pod.workload.name == name)


def test_what_crashes_is_unavailable_and_what_never_started_has_timed_out(
    cluster: DemoCluster,
) -> None:
    deployments = {
        each["metadata"]["name"]: each["status"] for each in objects(cluster, DEPLOYMENTS)
    }
    reasons = {
        name: {each["type"]: each["reason"] for each in status["conditions"]}
        for name, status in deployments.items()
    }
    assert deployments["recommender"]["unavailableReplicas"] == 2
    assert reasons["recommender"]["Available"] == "MinimumReplicasUnavailable"
    assert reasons["newsletter"]["Progressing"] == "ProgressDeadlineExceeded"
    assert reasons["web"] == {
        "Available": "MinimumReplicasAvailable",
        "Progressing": "NewReplicaSetAvailable",
    }


def test_a_new_template_makes_a_revision_whose_pods_count_as_updated(cluster: DemoCluster) -> None:
    web = workload_of(cluster, "web")
    newer = msgspec.structs.replace(web, hash="6b9c8d7f55")
    cluster.controllers.update(newer)
    pod = cluster.new_pod(web)
    assert pod.name.startswith("web-6b9c8d7f55-")
    cluster.add_pod(pod)
    cluster.bind(pod, next(iter(cluster.nodes.values())))
    cluster.set_stage(pod, Stage.RUNNING)
    (status,) = [
        each["status"]
        for each in objects(cluster, DEPLOYMENTS)
        if each["metadata"]["name"] == "web"
    ]
    assert status["updatedReplicas"] == 1
    assert status["conditions"][1]["reason"] == "ReplicaSetUpdated"
    assert_counted(cluster)


def test_a_change_that_no_owner_counts_stores_none(cluster: DemoCluster) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.stage is Stage.RUNNING)
    before = cluster.storage.version
    cluster.store_pod(pod)
    assert cluster.storage.version == before + 1


def test_the_service_of_prometheus_has_the_pod_of_its_stateful_set() -> None:
    demo = DemoCluster(seed=7, clock=lambda: 0.0)
    build(demo)
    slices = [
        part
        for part in objects(demo, ENDPOINT_SLICES)
        if part["metadata"]["name"].startswith("kube-prometheus-stack-prometheus-")
    ]
    ready = [each["targetRef"]["name"] for part in slices for each in part["endpoints"]]
    assert ready == ["prometheus-0"]
