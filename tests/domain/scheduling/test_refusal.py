"""The messages are those of kube-scheduler 1.27 to 1.36, as events of real clusters have them."""

import pytest

from eksview.domain.scheduling.refusal import refusal

CP = "node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"
AFFINITY = "node(s) didn't match Pod's node affinity/selector"
HELPLESS, NO_VICTIMS = (
    "Preemption is not helpful for scheduling",
    "No preemption victims found for incoming pod",
)
UNINITIALIZED = (
    "node(s) had untolerated taint {node.cloudprovider.kubernetes.io/uninitialized: true}"
)
OLD_TAINT = "node(s) had taint {dedicated: gpu}, that the pod didn't tolerate"

MESSAGES = {
    # 1.27: two full stops at the end
    f"0/1 nodes are available: 1 {UNINITIALIZED}. preemption: 0/1 nodes are available: "
    f"1 {HELPLESS}..": (1, {UNINITIALIZED: 1}, {HELPLESS: 1}, ""),
    f"0/12 nodes are available: 2 {AFFINITY}, 3 Insufficient cpu, 4 {CP}, 3 Too many pods. "
    f"preemption: 0/12 nodes are available: 6 {NO_VICTIMS}, 6 {HELPLESS}.": (
        12,
        {CP: 4, "Insufficient cpu": 3, "Too many pods": 3, AFFINITY: 2},
        {NO_VICTIMS: 6, HELPLESS: 6},
        "",
    ),
    # 1.32 on: claims before preemption; 1.35 on: taints without their keys
    "0/6 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 3 "
    f"{AFFINITY}. no new claims to deallocate, preemption: 0/6 nodes are available: 2 "
    f"{NO_VICTIMS}, 4 {HELPLESS}.": (
        6,
        {AFFINITY: 3, "Insufficient cpu": 2, "node(s) had untolerated taint(s)": 1},
        {NO_VICTIMS: 2, HELPLESS: 4},
        "no new claims to deallocate",
    ),
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not "
    "eligible due to preemptionPolicy=Never.": (
        1,
        {"Insufficient cpu": 1},
        {"not eligible due to preemptionPolicy=Never": None},
        "no new claims to deallocate",
    ),
    "0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: not eligible due to "
    "preemptionPolicy=Never..": (
        3,
        {"Insufficient nvidia.com/gpu": 3},
        {"not eligible due to preemptionPolicy=Never": None},
        "",
    ),
    # plugins that look at no node
    "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 "
    f"nodes are available: 3 {HELPLESS}.": (
        3,
        {"pod has unbound immediate PersistentVolumeClaims": None},
        {HELPLESS: 3},
        "",
    ),
    '0/4 nodes are available: persistentvolumeclaim "data-0" not found. preemption: 0/4 nodes '
    f"are available: 4 {HELPLESS}.": (
        4,
        {'persistentvolumeclaim "data-0" not found': None},
        {HELPLESS: 4},
        "",
    ),
    "0/7 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 6 "
    "node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/7 nodes are available: 1 "
    f"{NO_VICTIMS}, 6 {HELPLESS}.": (
        7,
        {
            "node(s) didn't satisfy plugin(s) [NodeAffinity]": 6,
            "node(s) didn't have free ports for the requested pod ports": 1,
        },
        {NO_VICTIMS: 1, HELPLESS: 6},
        "",
    ),
    "0/3 nodes are available: 1 node(s) had volume node affinity conflict, 1 node(s) didn't match "
    "PersistentVolume's node affinity, 1 node(s) were unschedulable.": (
        3,
        {
            "node(s) had volume node affinity conflict": 1,
            "node(s) didn't match PersistentVolume's node affinity": 1,
            "node(s) were unschedulable": 1,
        },
        {},
        "",
    ),
    # a comma within a reason
    f"0/3 nodes are available: 1 {OLD_TAINT}, 2 Insufficient memory.": (
        3,
        {"Insufficient memory": 2, OLD_TAINT: 1},
        {},
        "",
    ),
    "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing "
    "required label), 2 node(s) exceed max volume count.": (
        2,
        {
            "node(s) didn't match pod topology spread constraints (missing required label)": 2,
            "node(s) exceed max volume count": 2,
        },
        {},
        "",
    ),
    "no nodes available to schedule pods": (0, {"the cluster has no node": None}, {}, ""),
    "running PreBind plugin: timed out": (
        None,
        {"running PreBind plugin: timed out": None},
        {},
        "",
    ),
}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_taken_apart(message: str) -> None:
    nodes, causes, preemption, claims = MESSAGES[message]
    taken = refusal(message)
    assert taken is not None
    assert taken.nodes == nodes
    assert {cause.reason: cause.nodes for cause in taken.causes} == causes
    assert {cause.reason: cause.nodes for cause in taken.preemption} == preemption
    assert taken.claims == claims
    counts = [cause.nodes or 0 for cause in taken.causes]
    assert counts == sorted(counts, reverse=True)


def test_nothing_said_is_nothing() -> None:
    assert refusal("") is None
    assert refusal("  ") is None


def test_what_is_said_is_clean() -> None:
    taken = refusal("0/1 nodes are available: 1 a\x1b[31mb.")
    assert taken is not None
    assert taken.causes[0].reason.isprintable()
