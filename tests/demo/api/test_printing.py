"""The demo's server prints what a real kube-apiserver printed of the same objects."""

from typing import Any

import pytest

from eksview_demo.api.tables.printing import Printer, node_cells, pod_cells
from eksview_demo.times import human_duration
from tests.demo.conftest import Client
from tests.golden.tables import MINOR, columns_of, golden

CELLS = {"nodes": node_cells, "pods": pod_cells}
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}


@pytest.mark.parametrize("resource", ["nodes", "pods"])
def test_every_row_is_the_servers(resource: str) -> None:
    recorded = golden(resource)
    printer = Printer(recorded.now, MINOR)
    for item, row in recorded.printed:
        assert CELLS[resource](item, printer) == row


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("/api/v1/nodes", golden("nodes").columns),
        ("/api/v1/pods", golden("pods").columns),
        ("/api/v1/namespaces", columns_of("/api/v1/namespaces")),
        ("/api/v1/events", columns_of("/api/v1/events")),
    ],
)
async def test_every_column_is_the_servers(client: Client, path: str, columns: Any) -> None:
    served = (await client.get(path, headers=TABLE))["columnDefinitions"]
    assert [{k: v for k, v in column.items() if k != "description"} for column in served] == columns


def completed_and_failed(ready: str, last: dict[str, Any]) -> dict[str, Any]:
    ended = [{"exitCode": 0, "reason": "Completed"}, {"exitCode": 1, "reason": "Error"}]
    statuses = [{"name": str(n), "state": {"terminated": each}} for n, each in enumerate(ended)]
    return {
        "metadata": {"name": "x"},
        "spec": {"containers": [{}, {}, {}]},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": ready}],
            "containerStatuses": [*statuses, {"name": "2", **last}],
        },
    }


RUNS = {"ready": True, "state": {"running": {}}}
DONE = {"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}


@pytest.mark.parametrize(
    ("ready", "last", "older", "newer"),
    [
        ("False", DONE, "Completed", "Error"),
        ("False", RUNS, "NotReady", "Error"),
        ("True", RUNS, "Running", "Running"),
    ],
)
def test_a_failed_container_counts_since_1_35(
    ready: str, last: dict[str, Any], older: str, newer: str
) -> None:
    pod = completed_and_failed(ready, last)
    assert pod_cells(pod, Printer(0.0, 34))[2] == older
    assert pod_cells(pod, Printer(0.0, 35))[2] == newer


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_deleted_pod_shows_its_last_phase_since_1_31(phase: str) -> None:
    pod = {"metadata": {"name": "x", "deletionTimestamp": "2026-11-26T23:58:17Z"}}
    pod["status"] = {"phase": phase}
    assert pod_cells(pod, Printer(0.0, 30))[2] == "Terminating"
    assert pod_cells(pod, Printer(0.0, 31))[2] == phase


def test_the_architecture_is_printed_since_1_36() -> None:
    info = {"kernelVersion": "6.1.141", "architecture": "arm64"}
    node = {"metadata": {"name": "x"}, "status": {"nodeInfo": info}}
    assert node_cells(node, Printer(0.0, 35))[8] == "6.1.141"
    assert node_cells(node, Printer(0.0, 36))[8] == "6.1.141 (arm64)"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((-2, "<invalid>"), (-1.9, "0s"), (0, "0s"), (119.9, "119s"), (120, "2m"), (185, "3m5s")),
        *((599, "9m59s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"), (14_580, "4h3m")),
        *((28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (183_600, "2d3h"), (691_200, "8d")),
        *((63_071_999, "729d"), (63_072_000, "2y"), (63_158_400, "2y1d"), (252_288_000, "8y")),
    ],
)  # values of apimachinery's duration_test.go and the limits between its steps
def test_a_length_of_time_is_kubectls(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text
