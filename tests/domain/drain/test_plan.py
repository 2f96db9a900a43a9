"""The drain plan, by the rules of kubectl, of the Eviction API and of the scheduler."""

import json
from typing import Any

import pytest

from eksview.domain.drain.budgets import Leave, verdict_of
from eksview.domain.drain.eviction import Fate, Flag
from eksview.domain.drain.objects import (
    DisruptionBudget,
    DrainNode,
    DrainPod,
    NodeSelector,
    drain_pods,
)
from eksview.domain.drain.placement import NodeUse
from eksview.domain.drain.plan import DrainFacts, DrainPlan, drain_plan, summary
from eksview.domain.kube.api_types import OwnerReference
from eksview.domain.kube.go_json import fitting

READY = [{"type": "Ready", "status": "True"}]
NOTHING = NodeUse(0, 0, 0)


def pod(name: str, owner: str = "ReplicaSet/web-1", **spec: Any) -> dict[str, Any]:
    kind, _, of = owner.partition("/")
    owners = [{"apiVersion": "apps/v1", "kind": kind, "name": of, "controller": True}]
    cpu = spec.pop("cpu", "100m")
    containers = [
        {"resources": {"requests": {"cpu": cpu, "memory": "64Mi"}}, **spec.pop("box", {})}
    ]
    return {
        "metadata": {
            "namespace": "shop", "name": name, "uid": f"u-{name}", "labels": {"app": "web"},
            "annotations": spec.pop("annotations", {}),
            "ownerReferences": owners if owner else [],
            **spec.pop("meta", {}),
        },
        "spec": {"nodeName": "node-a", "containers": containers, **spec},
        "status": {"phase": "Running", "conditions": READY, **spec.pop("status", {})},
    }  # fmt: skip


def read(*pods: dict[str, Any]) -> tuple[DrainPod, ...]:
    return tuple(drain_pods(json.dumps({"kind": "PodList", "items": pods}).encode()).items or ())


def node(name: str, cpu: str = "2", **more: Any) -> DrainNode:
    allocatable = {"cpu": cpu, "memory": "4Gi", "pods": "10", **more.pop("allocatable", {})}
    conditions = more.pop("conditions", READY)
    value = {
        "metadata": {"name": name, "labels": more.pop("labels", {})},
        "spec": more,
        "status": {"allocatable": allocatable, "conditions": conditions},
    }
    return fitting(value, DrainNode)


def budget(name: str = "web", allowed: int = 0, **status: Any) -> DisruptionBudget:
    value = {
        "metadata": {"namespace": "shop", "name": name, "generation": 2},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, **status.pop("spec", {})},
        "status": {
            "observedGeneration": 2, "disruptionsAllowed": allowed, "currentHealthy": 2,
            "desiredHealthy": 2, "expectedPods": 2, **status,
        },
    }  # fmt: skip
    return fitting(value, DisruptionBudget)


def plan(
    *pods: dict[str, Any],
    targets: tuple[DrainNode, ...] | None = (node("node-b"),),
    used: dict[str, NodeUse] | None = None,
    **facts: Any,
) -> DrainPlan:
    facts = {"budgets": (), **facts}
    read_facts = DrainFacts(node("node-a"), read(*pods), targets, **facts)
    use = {each.metadata.name: NOTHING for each in targets or ()} if used is None else used
    return drain_plan(read_facts, use)


@pytest.mark.parametrize(
    ("of", "fate", "flags"),
    [
        # kubectl 1.32, pkg/drain/filters.go
        (pod("p"), Fate.MOVES, ()),
        (pod("p", owner=""), Fate.LOST, (Flag.FORCE,)),
        (pod("p", "DaemonSet/cni"), Fate.DAEMONSET, (Flag.IGNORE_DAEMONSETS,)),
        (pod("p", "DaemonSet/cni", status={"phase": "Failed"}), Fate.FINISHED, ()),
        (pod("p", "Node/node-a", annotations={"kubernetes.io/config.mirror": "x"}),
         Fate.MIRROR, ()),
        (pod("p", volumes=[{"name": "tmp", "emptyDir": {}}]), Fate.MOVES,
         (Flag.DELETE_EMPTYDIR_DATA,)),
        (pod("p", "", volumes=[{"name": "tmp", "emptyDir": {}}]), Fate.LOST,
         (Flag.DELETE_EMPTYDIR_DATA, Flag.FORCE)),
        (pod("p", volumes=[{"name": "h", "hostPath": {"path": "/"}}]), Fate.MOVES, ()),
        (pod("p", "", status={"phase": "Succeeded"}), Fate.FINISHED, ()),
        (pod("p", meta={"deletionTimestamp": "2026-01-01T00:00:00Z"}), Fate.TERMINATING, ()),
    ],
)  # fmt: skip
def test_a_pod_meets_the_fate_and_flags_of_kubectl(of, fate, flags) -> None:
    (planned,) = plan(of).pods
    assert (planned.fate, planned.flags) == (fate, flags)


def test_kubectl_demands_force_for_pods_of_a_daemonset_that_is_gone() -> None:
    gone = plan(pod("p", "DaemonSet/cni"), owners={"shop/DaemonSet/cni": None})
    assert gone.flags == (Flag.FORCE,)


@pytest.mark.parametrize(
    ("budgets", "leave", "reason"),
    [
        # kubernetes pkg/registry/core/pod/rest/eviction.go
        ((), Leave.ALLOWED, ""),
        ((budget(allowed=1),), Leave.COUNTED, ""),
        ((budget(),), Leave.BLOCKED, "web needs 2 healthy pods and has 2"),
        ((budget(allowed=5, observedGeneration=1),), Leave.BLOCKED,
         "web: its status is older than its spec"),
        ((budget("a", 1), budget("b", 1)), Leave.FAILS,
         "2 budgets select it, which the Eviction API refuses: a, b"),
        ((budget(allowed=-1),), Leave.FAILS, "web: disruptionsAllowed is negative"),
        ((budget(conditions=[{"type": "DisruptionAllowed", "status": "False",
                              "reason": "SyncFailed", "message": "no scale"}]),),
         Leave.BLOCKED, "web failed to sync: no scale"),
        ((budget(spec={"selector": {}}),), Leave.BLOCKED, "web needs 2 healthy pods and has 2"),
        ((budget(spec={"selector": None}),), Leave.ALLOWED, ""),
        (None, Leave.UNKNOWN, "PodDisruptionBudgets weren't read"),
    ],
)  # fmt: skip
def test_a_budget_blocks_as_the_eviction_api_does(budgets, leave, reason) -> None:
    (one,) = read(pod("p"))
    verdict = verdict_of(one, budgets)
    assert (verdict.leave, verdict.reason) == (leave, reason)


@pytest.mark.parametrize(
    ("of", "leave"),
    [
        (budget(), Leave.ALLOWED),  # IfHealthyBudget, and enough are healthy
        (budget(currentHealthy=1), Leave.BLOCKED),
        (budget(currentHealthy=0, desiredHealthy=0), Leave.BLOCKED),
        (budget(currentHealthy=1, spec={
            "selector": {}, "unhealthyPodEvictionPolicy": "AlwaysAllow"}), Leave.ALLOWED),
    ],
)  # fmt: skip
def test_a_pod_that_is_not_ready_leaves_by_the_policy_of_its_budget(of, leave) -> None:
    (sick,) = read(pod("p", status={"conditions": []}))
    assert verdict_of(sick, (of,)).leave is leave


def test_pending_finished_and_terminating_pods_need_no_budget() -> None:
    for more in (
        {"status": {"phase": "Pending"}},
        {"status": {"phase": "Succeeded"}},
        {"meta": {"deletionTimestamp": "2026-01-01T00:00:00Z"}},
    ):
        (one,) = read(pod("p", **more))
        assert verdict_of(one, (budget(),)).leave is Leave.ALLOWED


def test_of_pods_with_one_budget_the_first_go_and_the_others_wait() -> None:
    made = plan(pod("p1"), pod("p2"), pod("p3"), budgets=(budget(allowed=2),))
    assert [each.waits for each in made.pods] == [False, False, True]


def fit_of(made: DrainPlan, name: str = "p") -> tuple[str, str]:
    fit = next(each.fit for each in made.pods if each.name == name)
    assert fit is not None
    return fit.node, fit.reason


@pytest.mark.parametrize(
    ("of", "onto", "why"),
    [
        # the scheduler's words, kubernetes pkg/scheduler/framework/plugins
        (pod("p", cpu="3"), node("b"), "Insufficient cpu"),
        (pod("p"), node("b", allocatable={"memory": "1Mi"}), "Insufficient memory"),
        (pod("p"), node("b", allocatable={"pods": "0"}), "Too many pods"),
        (pod("p"), node("b", unschedulable=True), "cordoned"),
        (pod("p"), node("b", conditions=[]), "not Ready"),
        (pod("p"), node("b", taints=[{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]),
         "untolerated taint {gpu: yes}"),
        (pod("p"), node("b", taints=[{"key": "gpu", "effect": "NoExecute"}]),
         "untolerated taint {gpu: }"),
        (pod("p", nodeSelector={"disk": "ssd"}), node("b"), "didn't match node affinity/selector"),
        (pod("p", box={"resources": {"requests": {"nvidia.com/gpu": "1"}}}), node("b"),
         "Insufficient nvidia.com/gpu"),
    ],
)  # fmt: skip
def test_a_node_refuses_a_pod_for_the_schedulers_reason(of, onto, why) -> None:
    assert fit_of(plan(of, targets=(onto,))) == ("", f"0/1 other nodes: 1 {why}")


ZONE = {"topology.kubernetes.io/zone": "a"}


@pytest.mark.parametrize(
    ("of", "onto"),
    [
        (pod("p", tolerations=[{"key": "gpu", "operator": "Exists"}]),
         node("b", taints=[{"key": "gpu", "value": "yes", "effect": "NoExecute"}])),
        (pod("p", tolerations=[{"operator": "Exists"}]), node("b", unschedulable=True)),
        (pod("p"), node("b", taints=[{"key": "x", "effect": "PreferNoSchedule"}])),
        (pod("p", nodeSelector=ZONE), node("b", labels=ZONE)),
        (pod("p", affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {"matchExpressions": [{"key": "no", "operator": "Exists"}]},
                {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["b"]}]},
            ]}}}), node("b")),
    ],
)  # fmt: skip
def test_a_node_takes_what_it_may(of, onto) -> None:
    assert fit_of(plan(of, targets=(onto,))) == ("b", "")


def test_the_largest_pod_is_placed_first_and_what_is_left_over_is_named() -> None:
    made = plan(pod("p1"), pod("p2", cpu="1500m"), pod("p3", cpu="600m"), targets=(node("b"),))
    assert fit_of(made, "p2") == ("b", "")
    assert fit_of(made, "p3") == ("", "0/1 other nodes: 1 Insufficient cpu")
    assert fit_of(made, "p1") == ("b", "")
    assert [each.name for each in made.homeless] == ["p3"]


def test_what_other_pods_request_is_not_free() -> None:
    made = plan(pod("p", cpu="500m"), used={"node-b": NodeUse(3, 1600, 0)})
    assert fit_of(made) == ("", "0/1 other nodes: 1 Insufficient cpu")


def test_two_pods_with_one_host_port_need_two_nodes() -> None:
    web = {"ports": [{"hostPort": 80}]}
    made = plan(pod("p1", box=web), pod("p2", box=web), targets=(node("b"),))
    assert fit_of(made, "p2") == ("", "0/1 other nodes: 1 didn't have free ports")


def test_a_volume_holds_its_pod_in_its_zone() -> None:
    claim = {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}
    term = {"matchExpressions": [{"key": next(iter(ZONE)), "operator": "In", "values": ["a"]}]}
    zones = {"shop/data": fitting({"nodeSelectorTerms": [term]}, NodeSelector)}
    made = plan(pod("p", **claim), zones=zones)
    assert fit_of(made) == ("", "0/1 other nodes: 1 had volume node affinity conflict")
    assert fit_of(plan(pod("p", **claim), targets=(node("c", labels=ZONE),), zones=zones))[0] == "c"
    (unknown,) = plan(pod("p", **claim)).pods
    assert unknown.fit is not None
    assert unknown.fit.unsure == "zone of its volumes"


def test_rules_about_other_pods_are_said_and_not_simulated() -> None:
    rules = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]}}
    spread = [{"whenUnsatisfiable": "DoNotSchedule"}]
    (one,) = plan(pod("p", affinity=rules, topologySpreadConstraints=spread)).pods
    assert one.fit is not None
    assert one.fit.unsure == "pod anti-affinity, topology spread"


def test_pods_that_need_no_place_are_not_placed() -> None:
    made = plan(pod("bare", ""), pod("d", "DaemonSet/x"), pod("done", status={"phase": "Failed"}))
    assert [each.fit for each in made.pods] == [None, None, None]


def test_the_owner_is_the_deployment_of_a_replica_set() -> None:
    top = OwnerReference("apps/v1", "Deployment", "web")
    assert plan(pod("p"), owners={"shop/ReplicaSet/web-1": top}).pods[0].owner == "Deployment/web"
    assert plan(pod("p")).pods[0].owner == "ReplicaSet/web-1"
    assert plan(pod("p", "")).pods[0].owner == "none"


def test_what_was_not_read_is_unknown() -> None:
    made = plan(pod("p"), targets=None, budgets=None)
    assert summary(made) == "1 pod leaves, 0 stay; budgets unknown; room on other nodes unknown"
    assert made.pods[0].fit is None


def test_what_blocks_comes_first_and_what_stays_last() -> None:
    made = plan(
        pod("d", "DaemonSet/x"), pod("free", meta={"labels": {}}), pod("held"), pod("b", ""),
        budgets=(budget(spec={"selector": {"matchExpressions": [
            {"key": "app", "operator": "Exists"}]}}),),
    )  # fmt: skip
    assert [each.name for each in made.pods] == ["held", "b", "free", "d"]
    assert made.command == "drain node-a --ignore-daemonsets --force"
