"""Which node comes nearest, against rules worked out by hand from the scheduler's documentation."""

from typing import Any

from msgspec.structs import replace

from eksview.domain.drain.objects import Expression, NodeSelector, NodeTerm
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import Amounts, NodeRow, Taint
from eksview.domain.scheduling.claims import VolumeReach
from eksview.domain.scheduling.nearest import Gap, nearest, wanted
from tests.domain.aws_objects import node

GIB = 2**30


def row(name: str, **changes: Any) -> NodeRow:
    size = Amounts(cpu=4000, memory=16 * GIB, pods=58)
    made: NodeRow = node(name=name, allocatable=size, taints=(), labels={})
    return replace(made, **changes)


def pod(cpu: str = "1", memory: str = "1Gi", **spec: Any) -> dict[str, Any]:
    requests = {"cpu": cpu, "memory": memory}
    containers = [{"name": "a", "resources": {"requests": requests}}]
    return {"metadata": {"name": "p", "namespace": "d"}, "spec": {"containers": containers} | spec}


def used(pods: int = 0, cpu: int = 0, memory: int = 0) -> PodTotals:
    totals = PodTotals()
    totals.pods, totals.cpu, totals.memory = pods, cpu, memory
    return totals


def gaps(body: dict[str, Any], *nodes: tuple[NodeRow, PodTotals]) -> list[Gap]:
    asked = wanted(body)
    totals = {each.name: total for each, total in nodes}
    return nearest(asked, [each for each, _ in nodes], totals.__getitem__)


def test_what_is_missing_is_named_with_its_amounts() -> None:
    (gap,) = gaps(pod("3", "20Gi"), (row("a"), used(58, 2500, 0)))
    assert gap.rules == ()
    assert gap.lacks == (
        "cpu: needs 3, 1.5 free of 4",
        "memory: needs 20Gi, 16Gi free, the node has 16Gi in all",
        "pods: needs 1, 0 free of 58",
    )
    assert gap.unknown == ()


def test_the_node_that_lacks_least_comes_first_and_rules_count_more() -> None:
    tainted = row("b", taints=(Taint("dedicated", "gpu", "NoSchedule"),))
    listed = gaps(
        pod("2"),
        (row("a"), used(1, 3900)),
        (tainted, used()),
        (row("c"), used(1, 2500)),
        (row("d", unschedulable=True), used()),
    )
    assert [gap.node for gap in listed] == ["c", "a", "b"]
    assert listed[2].rules == ("taint dedicated=gpu:NoSchedule not tolerated",)
    assert gaps(pod(), (row("d", unschedulable=True), used()))[0].rules == ("cordoned",)


def test_tolerations_selectors_and_affinity_are_judged() -> None:
    zone = "topology.kubernetes.io/zone"
    tainted = row(
        "a",
        taints=(Taint("x", "", "NoExecute"), Taint("y", "1", "PreferNoSchedule")),
        labels={zone: "us-west-2a"},
    )
    terms = [{"matchExpressions": [{"key": zone, "operator": "In", "values": ["us-west-2b"]}]}]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    body = pod(
        tolerations=[{"key": "x", "operator": "Exists"}],
        nodeSelector={zone: "us-west-2b", "disk": "ssd"},
        affinity={"nodeAffinity": required},
    )
    (gap,) = gaps(body, (tainted, used()))
    assert gap.rules == (
        f"node selector {zone}=us-west-2b: the node has us-west-2a",
        "node selector disk=ssd: the node has no such label",
        "required node affinity isn't met",
    )


def test_what_was_not_read_is_unknown_instead_of_fine() -> None:
    body = pod(
        volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}}],
        topologySpreadConstraints=[{"whenUnsatisfiable": "DoNotSchedule"}],
    )
    body["spec"]["containers"][0]["resources"]["requests"]["nvidia.com/gpu"] = "1"
    (gap,) = gaps(body, (row("a"), PodTotals.unread()))
    assert (gap.rules, gap.lacks) == ((), ())
    assert gap.unknown == (
        "what its pods request", "topology spread", "zone of its volumes", "nvidia.com/gpu",
    )  # fmt: skip


def test_a_spread_that_is_only_preferred_keeps_a_pod_off_no_node() -> None:
    # Kubernetes documentation, "Pod Topology Spread Constraints": ScheduleAnyway only scores.
    body = pod(topologySpreadConstraints=[{"whenUnsatisfiable": "ScheduleAnyway"}])
    (gap,) = gaps(body, (row("a"), used()))
    assert gap.unknown == ()


def test_without_nodes_none_comes_near_and_another_shape_asks_for_nothing() -> None:
    assert wanted({"spec": {"containers": 7}}).pod.cpu == 0
    assert gaps(pod()) == []


def test_a_volume_in_another_zone_is_a_rule_against_a_node() -> None:
    key = "topology.kubernetes.io/zone"
    body = pod("1", volumes=[{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}])
    term = NodeTerm([Expression(key, "In", ["a"])])
    asked = wanted(body, [VolumeReach("data", NodeSelector([term]))])
    near, far = row("far", labels={key: "a"}), row("close", labels={key: "b"})
    listed = nearest(asked, [far, near], lambda _: used())
    assert [(gap.node, gap.rules, gap.unknown) for gap in listed] == [
        ("far", (), ()),
        ("close", (f"the volume of claim data needs {key}=a",), ()),
    ]
    assert nearest(wanted(body), [near], lambda _: used())[0].unknown == ("zone of its volumes",)
