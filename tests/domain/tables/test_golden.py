"""Every cell that `eksview get` prints is what a real kube-apiserver 1.36 printed."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Pod
from eksview.domain.kube.pod_status import health_of_pod
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.nodes import Node, node_row
from eksview.domain.resources.pods import pod_row
from eksview.domain.rows.kube import PodRow
from eksview.domain.tables.column import NodeContext, PodContext
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS
from tests.golden.tables import MINOR, golden

NODES, PODS = golden("nodes"), golden("pods")
NODE_CONTEXT = NodeContext(NODES.now, lambda _: PodTotals(), lambda _: None, minor=MINOR)
POD_CONTEXT = PodContext(PODS.now, MINOR)
KUBECTL = ("default", "wide")


def rows(printed: list[tuple[dict[str, Any], list[str]]]) -> Iterator[Any]:
    for item, row in printed:
        yield pytest.param(item, row, id=item["metadata"]["name"][:40])


def cleaned(row: list[str]) -> list[str]:
    """Cells as they may reach a terminal: two recorded ones hold control characters."""
    return [cell if cell.isprintable() else clean(cell) for cell in row]


def test_the_recording_is_whole() -> None:
    assert (len(NODES.printed), len(PODS.printed)) == (35, 160)


@pytest.mark.parametrize(("table", "columns"), [(NODES, NODE_COLUMNS), (PODS, POD_COLUMNS)])
def test_the_titles_are_the_servers(table: Any, columns: Any) -> None:
    for output, priority in (("default", 0), ("wide", 1)):
        served = [c["name"].upper() for c in table.columns if c["priority"] == priority]
        assert [c.title for c in columns if c.kubectl == output] == served


@pytest.mark.parametrize(("node", "served"), rows(NODES.printed))
def test_a_node_reads_as_the_server_printed_it(node: Any, served: list[str]) -> None:
    row = node_row(msgspec.convert(node, Node))
    ours = [c.cell(row, NODE_CONTEXT) for c in NODE_COLUMNS if c.kubectl in KUBECTL]
    assert ours == cleaned(served)


@pytest.mark.parametrize(("pod", "served"), rows(PODS.printed))
def test_a_pod_reads_as_the_server_printed_it(pod: Any, served: list[str]) -> None:
    row = pod_row(msgspec.convert(pod, Pod))
    ours = [c.cell(row, POD_CONTEXT) for c in POD_COLUMNS if c.kubectl in KUBECTL]
    assert ours == cleaned(served)


def has(pod: Any, *path: str) -> bool:
    """Check whether any of the objects at a path of keys, through lists, has a value."""
    values = [pod]
    for key in path:
        values = [value.get(key) for value in values if isinstance(value, dict)]
        values = [
            one for value in values for one in (value if isinstance(value, list) else [value])
        ]
    return any(value not in (None, "", 0) for value in values)


def sidecar(pod: Any) -> bool:
    init = pod["spec"].get("initContainers") or ()
    return any(container.get("restartPolicy") == "Always" for container in init)


KINDS_OF_SHAPES = {
    "sidecars": lambda pod, row: sidecar(pod),
    "init errors": lambda pod, row: row[2].startswith("Init:") and "/" not in row[2],
    "init progress": lambda pod, row: row[2].startswith("Init:") and "/" in row[2],
    "signals": lambda pod, row: "Signal:" in row[2],
    "exit codes": lambda pod, row: "ExitCode:" in row[2],
    "evicted": lambda pod, row: row[2] == "Evicted",
    "terminating": lambda pod, row: has(pod, "metadata", "deletionTimestamp"),
    "unknown": lambda pod, row: row[2] == "Unknown",
    "gated": lambda pod, row: row[2] == "SchedulingGated",
    "readiness gates": lambda pod, row: has(pod, "spec", "readinessGates"),
    "image errors": lambda pod, row: "Image" in row[2],
    "crash loops": lambda pod, row: "CrashLoopBackOff" in row[2],
    "out of memory": lambda pod, row: "OOMKilled" in row[2],
    "not ready": lambda pod, row: row[2] == "NotReady",
    "restarts long ago": lambda pod, row: "ago" in row[3],
}


def test_at_least_60_shapes_of_pods_were_recorded() -> None:
    """The server printed them differently: by READY, STATUS or the number of RESTARTS."""
    shapes = {(row[1], row[2], row[3].partition(" ")[0]) for _, row in PODS.printed}
    assert len(shapes) >= 60
    assert len({row[2] for _, row in PODS.printed}) >= 40  # texts of STATUS alone


@pytest.mark.parametrize("kind", KINDS_OF_SHAPES)
def test_every_kind_of_shape_was_recorded(kind: str) -> None:
    assert any(KINDS_OF_SHAPES[kind](pod, row) for pod, row in PODS.printed)


ERROR_WAITS = {"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError"}


def waits_of(pod: Any) -> set[str]:
    """Return the errors for which containers wait, read from the object itself."""
    status = pod.get("status", {})
    names = ("containerStatuses", "initContainerStatuses")
    containers = [each for name in names for each in status.get(name) or ()]
    states = [each.get("state", {}).get("waiting") or {} for each in containers]
    return {state.get("reason", "") for state in states} & ERROR_WAITS


def judged(pod: Any) -> tuple[PodRow, Health]:
    row = pod_row(msgspec.convert(pod, Pod))
    return row, health_of_pod(row)


def made(phase: str, *states: dict[str, Any], **status: Any) -> dict[str, Any]:
    containers = [
        {"name": f"c{number}", "ready": "running" in state, "restartCount": 0, "state": state}
        for number, state in enumerate(states)
    ]
    return {
        "metadata": {"name": "made", "uid": "u", "namespace": "d"},
        "spec": {"containers": [{"name": each["name"]} for each in containers]},
        "status": {"phase": phase, "containerStatuses": containers, **status},
    }


ENDED = {"terminated": {"reason": "Completed", "exitCode": 0}}
UP = {"running": {}}
CRASHING = {"waiting": {"reason": "CrashLoopBackOff"}}
MADE = [
    made("Failed"),
    made("Failed", ENDED),
    made("Failed", ENDED, ENDED),
    made("Failed", UP),
    made("Failed", ENDED, reason="Completed"),
    made("Failed", ENDED, reason="Succeeded"),
    made("Running", ENDED, CRASHING),
    made("Running", CRASHING, ENDED),
    made("Running", ENDED, UP, CRASHING),
    made("Running", ENDED, {"waiting": {"reason": "ImagePullBackOff"}}),
]


def test_no_failed_pod_is_green_whatever_the_server_prints() -> None:
    pods = [pod for pod, _ in PODS.printed] + MADE
    failed = [
        pod for pod in pods if pod.get("status", {}).get("phase") == "Failed" or waits_of(pod)
    ]
    assert len(failed) > 20
    green = [judged(pod)[0].name for pod in failed if judged(pod)[1] is Health.OK]
    assert green == []


@pytest.mark.parametrize(
    ("pod", "health"),
    [
        (made("Succeeded", ENDED), Health.OK),
        (made("Succeeded", ENDED, ENDED), Health.OK),
        (made("Running", UP), Health.OK),
        (made("Pending", {"waiting": {"reason": "ContainerCreating"}}), Health.WARN),
        (made("Pending", {"waiting": {}}), Health.WARN),
        (made("Failed", ENDED), Health.BAD),
        (made("Running", ENDED, CRASHING), Health.BAD),
    ],
)
def test_a_pod_that_is_well_or_starts_is_not_called_failed(pod: Any, health: Health) -> None:
    assert judged(pod)[1] is health


@pytest.mark.parametrize("minor", range(29, 37))
def test_only_the_errors_and_the_kernel_depend_on_the_version(minor: int) -> None:
    """The error rule came with 1.35, the architecture with 1.36, Terminating went with 1.31."""
    pods = [(pod_row(msgspec.convert(pod, Pod)), row) for pod, row in PODS.printed]
    status = next(column for column in POD_COLUMNS if column.id == "status")
    context = PodContext(PODS.now, minor)
    differing = {
        row.name for row, served in pods if status.cell(row, context) != cleaned(served)[2]
    }
    errors = {
        "completed-and-error",
        "completed-error-completed",
        "completed-error-running",
        "restart-all-completed-code3-running",
        "term-no-reason-then-completed",
    }
    ended = {"terminating-failed-held", "terminating-gated", "terminating-succeeded-held"}
    assert differing == (errors if minor < 35 else set()) | (ended if minor < 31 else set())
    kernel = next(column for column in NODE_COLUMNS if column.id == "kernel")
    nodes = NodeContext(NODES.now, lambda _: PodTotals(), lambda _: None, minor=minor)
    cells = [kernel.cell(node_row(msgspec.convert(node, Node)), nodes) for node, _ in NODES.printed]
    assert any(cell.endswith(")") for cell in cells) is (minor >= 36)
    assert ("<unknown>" if minor < 36 else "<unknown> (amd64)") in cells
