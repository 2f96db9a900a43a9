"""The scheduler's message that no node takes a pod, in the words of kube-scheduler 1.33."""

from collections import Counter
from collections.abc import Iterable

from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.workloads import Workload

_UNSCHEDULABLE = "node(s) were unschedulable"
_TAINTED = "node(s) had untolerated taint {{{}}}"


def refusal(nodes: Iterable[NodeState], workload: Workload) -> str:
    """Return the message of a FailedScheduling event and of the pod's PodScheduled condition.

    Source: `FitError.Error` of kube-scheduler: reasons are sorted, preemption follows.
    """
    reasons: Counter[str] = Counter()
    total = helpless = 0
    for node in nodes:
        total += 1
        against, final = _against(node, workload)
        reasons.update(against)
        helpless += final
    if not total:
        return "no nodes available to schedule pods"
    listed = ", ".join(sorted(f"{count} {reason}" for reason, count in reasons.items()))
    preemption = []
    if total > helpless:
        preemption.append(f"{total - helpless} No preemption victims found for incoming pod")
    if helpless:
        preemption.append(f"{helpless} Preemption is not helpful for scheduling")
    tried = f"0/{total} nodes are available"
    return f"{tried}: {listed}. preemption: {tried}: {', '.join(sorted(preemption))}."


def _against(node: NodeState, workload: Workload) -> tuple[list[str], bool]:
    """Return why a node doesn't take a pod, and whether evicting other pods couldn't help."""
    machine = node.group.machine
    if node.cordoned:
        return [_UNSCHEDULABLE], True
    if node.group.kind == "fargate":
        return [_TAINTED.format("eks.amazonaws.com/compute-type: fargate")], True
    if node.ready != "True":
        taint = "not-ready" if node.ready == "False" else "unreachable"
        return [_TAINTED.format(f"node.kubernetes.io/{taint}: ")], True
    if node.pressure:
        return [_TAINTED.format("node.kubernetes.io/memory-pressure: ")], True
    lacks = {
        "Too many pods": node.pods >= machine.pods,
        "Insufficient cpu": node.cpu + workload.cpu > machine.cpu_allocatable,
        "Insufficient memory": node.memory + workload.memory > machine.memory_allocatable,
    }
    too_large = (
        workload.cpu > machine.cpu_allocatable or workload.memory > machine.memory_allocatable
    )
    return [reason for reason, lacking in lacks.items() if lacking], too_large
