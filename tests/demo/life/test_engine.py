"""The cluster's life, stepped through without waiting."""

from collections import Counter
from collections.abc import Iterator

import pytest

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import BATCH, DEBUG
from eksview_demo.life import outages, pod_scripts, story
from eksview_demo.life.engine import Life
from eksview_demo.storage.resources import EVENTS, LEASES, NODES, PODS
from tests.demo.conftest import Time


def live(life: Life, time: Time, seconds: float) -> None:
    """Let so much time pass, in steps as long as the life asks for."""
    end = time.now + seconds
    while time.now < end:
        time.now += life.step()


def quiet(cluster: DemoCluster) -> Life:
    """A life with heartbeats only."""
    return Life(cluster, churn=0, tell=False)


def reasons(cluster: DemoCluster) -> Counter[str]:
    return Counter(each.fields[7] for each in cluster.storage.table(EVENTS).objects.values())


def one(cluster: DemoCluster, kind: str = "nodegroup") -> NodeState:
    return next(node for node in cluster.nodes.values() if node.group.kind == kind)


def running(cluster: DemoCluster, workload: str) -> PodState:
    return next(
        pod
        for pod in cluster.pods.values()
        if pod.workload.name == workload and pod.stage is Stage.RUNNING
    )


def consistent(cluster: DemoCluster) -> bool:
    """State, storage and the nodes' books agree."""
    assert set(cluster.storage.table(PODS).objects) == set(cluster.pods)
    assert set(cluster.storage.table(NODES).objects) == set(cluster.nodes)
    for node in cluster.nodes.values():
        held = [pod for pod in cluster.pods_on(node) if pod.counts]
        assert (node.pods, node.cpu) == (len(held), sum(pod.workload.cpu for pod in held))
    assert all(not pod.node or pod.node in cluster.nodes for pod in cluster.pods.values())
    return True


def test_every_kubelet_renews_its_lease_every_ten_seconds(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    live(life, time, 60)
    assert all(time.now - node.renewed <= 10.5 for node in cluster.nodes.values())
    before = {node.name: node.renewed for node in cluster.nodes.values()}
    live(life, time, 10)
    assert all(cluster.nodes[name].renewed > at for name, at in before.items())


def test_leaders_renew_every_two_seconds(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    live(life, time, 20)
    late = [
        leader.name for leader in cluster.leaders if time.now - leader.renewed > leader.every + 0.5
    ]
    assert late == []


def test_a_silent_kubelet_stops_its_heart_only(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    node = one(cluster)
    node.silent = True
    at = node.renewed
    live(life, time, 30)
    assert node.renewed == at
    others = [each for each in cluster.nodes.values() if each is not node]
    assert all(time.now - each.renewed <= 10.5 for each in others)


@pytest.mark.parametrize("churn", [20.0, 100.0])
def test_churn_is_the_number_of_changes_a_second(
    cluster: DemoCluster, time: Time, churn: float
) -> None:
    life = Life(cluster, churn, tell=False)
    live(life, time, 20)
    before, seconds = cluster.storage.changes, int(4000 / churn)
    live(life, time, seconds)
    assert (cluster.storage.changes - before) / seconds == pytest.approx(churn, rel=0.1)
    assert consistent(cluster)


def test_the_number_of_pods_stays_about_the_same_for_hours(
    cluster: DemoCluster, time: Time
) -> None:
    life = Life(cluster, churn=6)
    workloads = Counter(pod.workload.name for pod in cluster.pods.values())
    live(life, time, 4 * 3600)
    assert abs(len(cluster.pods) - 60) <= 12
    assert 6 <= len(cluster.nodes) <= 7
    after = Counter(pod.workload.name for pod in cluster.pods.values())
    # The pods of finished jobs and bare pods go with their nodes.
    assert set(after) | {BATCH.name, DEBUG.name} == set(workloads) | {BATCH.name, DEBUG.name}
    assert consistent(cluster)
    assert len(cluster.storage.table(EVENTS)) <= 400


def test_the_story_shows_something_within_a_minute(cluster: DemoCluster, time: Time) -> None:
    life = Life(cluster, churn=6)
    live(life, time, 60)
    seen = reasons(cluster)
    assert {"NodeNotReady", "NodeHasInsufficientMemory", "RegisteredNode"} <= set(seen)


def test_a_silent_node_becomes_unknown_and_comes_back(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    node = outages.stop(cluster)
    assert node is not None
    heard = max(node.renewed, node.heard)
    life.begin(outages.outage(life, node))
    while node.ready == "True":
        live(life, time, 0.2)
    assert 50 <= time.now - heard <= 56  # --node-monitor-grace-period, looked at every 5 s
    assert [each for each in cluster.nodes.values() if each.ready == "Unknown"] == [node]
    stages = {pod.stage for pod in cluster.pods_on(node)}
    assert Stage.LOST in stages
    assert Stage.RUNNING not in stages
    live(life, time, 80)
    assert node.ready == "True"
    assert Stage.LOST not in {pod.stage for pod in cluster.pods_on(node)}
    assert {"NodeNotReady", "NodeReady"} <= set(reasons(cluster))


def test_memory_pressure_evicts_and_passes(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    life.begin(story.pressure(life))
    live(life, time, 10)
    (node,) = [node for node in cluster.nodes.values() if node.pressure]
    evicted = [pod for pod in cluster.pods.values() if pod.stage is Stage.EVICTED]
    assert 1 <= len(evicted) <= 2
    live(life, time, 280)
    assert node.pressure, "evictionPressureTransitionPeriod is 5 minutes"
    live(life, time, 20)
    assert not node.pressure
    assert {"NodeHasInsufficientMemory", "NodeHasSufficientMemory", "Evicted"} <= set(
        reasons(cluster)
    )
    assert not any(pod.key in cluster.pods for pod in evicted)
    assert consistent(cluster)


def test_a_rolling_update_replaces_the_nodes_of_a_group(cluster: DemoCluster, time: Time) -> None:
    life = quiet(cluster)
    oldest = min(
        (node for node in cluster.nodes.values() if node.group.kind == "nodegroup"),
        key=lambda node: (node.version, node.created),
    )
    group = [node for node in cluster.nodes.values() if node.group == oldest.group]
    outdated = {node.name for node in group if node.version == oldest.version}
    life.begin(story.rolling_update(life))
    saw_cordoned = False
    for _ in range(400):
        live(life, time, 1)
        saw_cordoned |= any(node.cordoned for node in cluster.nodes.values())
    assert saw_cordoned
    after = [node for node in cluster.nodes.values() if node.group == oldest.group]
    assert len(after) == len(group)
    assert outdated.isdisjoint(node.name for node in after)
    assert oldest.version not in {node.version for node in after}
    for node in after:
        daemons = [pod for pod in cluster.pods_on(node) if pod.workload.kind == "DaemonSet"]
        assert len(daemons) == 3
    leases = cluster.storage.table(LEASES).objects
    assert {f"kube-node-lease/{name}" for name in outdated}.isdisjoint(leases)
    assert consistent(cluster)


def test_a_new_leader_of_the_scheduler_is_another_instance(
    cluster: DemoCluster, time: Time
) -> None:
    life = quiet(cluster)
    leader = next(leader for leader in cluster.leaders if leader.name == "kube-scheduler")
    holder, transitions = leader.holder, leader.transitions
    life.begin(story.new_leader(life))
    live(life, time, 1)
    assert leader.holder.split("_")[0] != holder.split("_")[0]
    assert leader.transitions == transitions + 1


def stages(cluster: DemoCluster, pod: PodState, script: Iterator[float]) -> list[Stage]:
    """The stages a pod goes through while a script runs to its end."""
    seen = [pod.stage]
    for _ in script:
        if pod.stage is not seen[-1]:
            seen.append(pod.stage)
    return [*seen, pod.stage] if pod.stage is not seen[-1] else seen


def test_a_pod_starts_through_every_stage(cluster: DemoCluster) -> None:
    pod = cluster.new_pod(running(cluster, "api").workload)
    assert stages(cluster, pod, pod_scripts.start(cluster, pod)) == [
        Stage.NEW,
        Stage.CREATING,
        Stage.INIT,
        Stage.STARTING,
        Stage.RUNNING,
    ]


def test_a_pod_that_fits_nowhere_waits_and_says_why(cluster: DemoCluster) -> None:
    for node in cluster.nodes.values():
        node.cordoned = 1.0
    pod = cluster.new_pod(running(cluster, "web").workload)
    script = pod_scripts.start(cluster, pod)
    for _ in range(3):
        next(script)
    assert (pod.stage, pod.node) == (Stage.UNSCHEDULABLE, "")
    assert reasons(cluster)["FailedScheduling"] >= 1
    one(cluster).cordoned = 0.0
    next(script)
    assert pod.stage is Stage.CREATING


def test_a_restart_counts(cluster: DemoCluster) -> None:
    pod = running(cluster, "web")
    before = pod.restarts
    seen = stages(cluster, pod, pod_scripts.restart(cluster, pod))
    assert seen[-1] is Stage.RUNNING
    assert pod.restarts == before + 1


def test_a_pod_removed_in_mid_script_stays_gone(cluster: DemoCluster) -> None:
    pod = running(cluster, "web")
    script = pod_scripts.restart(cluster, pod)
    next(script)
    cluster.remove_pod(pod)
    assert list(script) == []
    assert pod.key not in cluster.storage.table(PODS).objects


def test_a_statefuls_pod_returns_under_its_name(cluster: DemoCluster) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.workload.kind == "StatefulSet")
    for _ in pod_scripts.replace(cluster, pod):
        pass
    again = cluster.pods[pod.key]
    assert again.uid != pod.uid
    assert again.stage is Stage.RUNNING


def test_a_new_pod_never_takes_the_name_of_another(
    cluster: DemoCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = running(cluster, "checkout")
    taken = pod.name.removeprefix(f"{pod.workload.owner_name}-")
    suffixes = iter([taken, "fresh"])
    monkeypatch.setattr(cluster.names, "suffix", lambda: next(suffixes))
    assert cluster.new_pod(pod.workload).name == f"{pod.workload.owner_name}-fresh"


def test_a_recurring_event_counts_up_instead_of_piling_up(cluster: DemoCluster) -> None:
    node = one(cluster)
    before = len(cluster.storage.table(EVENTS))
    for _ in range(5):
        cluster.events.node(node, "Rebooted", "again")
    assert len(cluster.storage.table(EVENTS)) == before + 1


@pytest.mark.parametrize(("nodes", "pods"), [(0, 0), (1, 3), (2, 12)])
def test_the_smallest_clusters_live_too(time: Time, nodes: int, pods: int) -> None:
    cluster = DemoCluster(1, clock=time)
    build(cluster, nodes, pods)
    life = Life(cluster, churn=6)
    live(life, time, 900)
    assert consistent(cluster)


def test_a_pause_is_not_made_up_for_in_one_burst(cluster: DemoCluster, time: Time) -> None:
    life = Life(cluster, churn=50, tell=False)
    live(life, time, 10)
    time.now += 600
    before = cluster.storage.changes
    life.step()
    assert cluster.storage.changes - before < 500
