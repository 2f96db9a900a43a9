"""Rollouts, scaling and deleted pods: the pods become what their workloads want."""

from typing import Any

import msgspec
import pytest

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.controllers.owners import Key
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import DEBUG
from eksview_demo.life import changes
from eksview_demo.life.engine import Life
from eksview_demo.storage.resources import DEPLOYMENTS, EVENTS, REPLICA_SETS
from tests.demo.conftest import Time
from tests.demo.life.test_engine import live

AT = "2027-01-15T08:00:00Z"
WEB = ("Deployment", "shop", "web")


@pytest.fixture
def life(cluster: DemoCluster) -> Life:
    return Life(cluster, churn=0, tell=False)


def pods_of(cluster: DemoCluster, key: Key) -> list[PodState]:
    return [pod for pod in cluster.pods.values() if pod.workload.key == key]


def stored(cluster: DemoCluster, resource: Any, key: str) -> Any:
    return msgspec.json.decode(cluster.storage.table(resource).objects[key].item())


def test_a_restart_replaces_every_pod_and_ends_well(
    cluster: DemoCluster, life: Life, time: Time
) -> None:
    before = {pod.uid for pod in pods_of(cluster, WEB)}
    life.begin(changes.restart(cluster, WEB, AT))
    life.step()
    after_start = stored(cluster, DEPLOYMENTS, "shop/web")["status"]
    assert after_start["conditions"][1]["reason"] == "ReplicaSetUpdated"
    live(life, time, 600)
    pods = pods_of(cluster, WEB)
    assert len(pods) == len(before)
    assert not {pod.uid for pod in pods} & before
    deployment = stored(cluster, DEPLOYMENTS, "shop/web")
    status = deployment["status"]
    assert status["updatedReplicas"] == status["availableReplicas"] == len(pods)
    assert status["conditions"][1]["reason"] == "NewReplicaSetAvailable"
    marks = deployment["spec"]["template"]["metadata"]["annotations"]
    assert marks == {"kubectl.kubernetes.io/restartedAt": AT}
    old = stored(cluster, REPLICA_SETS, "shop/web-7d876db474")
    assert (old["spec"]["replicas"], old["status"]["replicas"]) == (0, 0)


def test_revisions_beyond_the_history_limit_are_deleted(
    cluster: DemoCluster, life: Life, time: Time
) -> None:
    for number in range(14):
        life.begin(changes.restart(cluster, WEB, f"2027-01-15T08:00:{number:02}Z"))
        live(life, time, 300)
    sets = [key for key in cluster.storage.table(REPLICA_SETS).objects if "/web-" in key]
    assert len(sets) == 11  # revisionHistoryLimit, and the newest


@pytest.mark.parametrize("change", [2, -2])
def test_scaling_starts_or_deletes_pods(
    cluster: DemoCluster, life: Life, time: Time, change: int
) -> None:
    wanted = len(pods_of(cluster, WEB)) + change
    life.begin(changes.scale(cluster, WEB, wanted))
    live(life, time, 120)
    running = [pod for pod in pods_of(cluster, WEB) if pod.stage is Stage.RUNNING]
    assert len(running) == len(pods_of(cluster, WEB)) == wanted
    deployment = stored(cluster, DEPLOYMENTS, "shop/web")
    assert deployment["spec"]["replicas"] == deployment["status"]["readyReplicas"] == wanted
    told = [
        msgspec.json.decode(each.item()) for each in cluster.storage.table(EVENTS).objects.values()
    ]
    (event,) = [each for each in told if each["reason"] == "ScalingReplicaSet"]
    assert event["involvedObject"]["kind"] == "Deployment"


def test_a_workload_that_is_scaled_again_gets_as_many_pods_as_asked_for_last(
    cluster: DemoCluster, life: Life, time: Time
) -> None:
    for wanted in (1_000_000, 0, 3):
        life.begin(changes.scale(cluster, WEB, wanted))
        live(life, time, 20)
    live(life, time, 200)
    assert len(pods_of(cluster, WEB)) == 3
    deployment = stored(cluster, DEPLOYMENTS, "shop/web")
    assert deployment["spec"]["replicas"] == deployment["status"]["replicas"] == 3


def test_a_deleted_daemon_comes_back_on_its_node(
    cluster: DemoCluster, life: Life, time: Time
) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.workload.name == "kube-proxy")
    life.begin(changes.delete(cluster, pod))
    live(life, time, 60)
    assert pod.key not in cluster.pods
    (new,) = [each for each in pods_of(cluster, pod.workload.key) if each.node == pod.node]
    assert new.stage is Stage.RUNNING


def test_nothing_makes_a_bare_pod_again(cluster: DemoCluster, life: Life, time: Time) -> None:
    (pod,) = pods_of(cluster, DEBUG.key)
    life.begin(changes.delete(cluster, pod))
    live(life, time, 60)
    assert pods_of(cluster, DEBUG.key) == []


def test_a_release_changes_an_image(cluster: DemoCluster, life: Life, time: Time) -> None:
    images = {pod.workload.boxes[0].image for pod in cluster.pods.values()}
    life.begin(changes.release(cluster, life.welcome))
    live(life, time, 300)
    newer = {pod.workload.boxes[0].image for pod in cluster.pods.values()} - images
    assert len(newer) == 1
