"""The tables: kubectl's cells where kubectl has them, and rules every column keeps."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.kube.api_types import Pod
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.nodes import Node, node_row
from eksview.domain.resources.pods import pod_row
from eksview.domain.rows.kube import LeaseRow, NodeRow, PodRow, PodUsageRow, UsageRow
from eksview.domain.tables.column import Column, NodeContext, PodContext
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS

NOW = 1795420000.0
TABLES: list[tuple[Column[Any, Any], ...]] = [NODE_COLUMNS, POD_COLUMNS]


def make_pod(**status: Any) -> PodRow:
    raw = {
        "metadata": {
            "name": "web-1",
            "namespace": "shop",
            "creationTimestamp": "2026-11-23T07:45:06Z",
        },
        "spec": {
            "nodeName": "n1",
            "containers": [
                {
                    "resources": {
                        "requests": {"cpu": "1200m", "memory": "3Gi"},
                        "limits": {"cpu": "2"},
                    }
                }
            ],
        },
        "status": status,
    }
    return pod_row(msgspec.convert(raw, Pod))


def make_node(name: str = "n1", **status: Any) -> NodeRow:
    raw = {
        "metadata": {
            "name": name,
            "creationTimestamp": "2026-11-23T07:43:32Z",
            "labels": {
                "eks.amazonaws.com/nodegroup": "ng-1",
                "topology.kubernetes.io/zone": "us-west-2a",
                "node.kubernetes.io/instance-type": "m6i.large",
            },
        },
        "spec": {
            "providerID": "aws:///us-west-2a/i-0abc",
            "taints": [
                {"key": "gpu", "value": "yes", "effect": "NoSchedule"},
                {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute"},
            ],
        },
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "allocatable": {"cpu": "2", "memory": "8Gi", "pods": "58"},
            "addresses": [{"type": "InternalIP", "address": "192.0.2.2"}],
            "nodeInfo": {
                "kubeletVersion": "v1.36.0",
                "osImage": "Debian GNU/Linux 7 (wheezy)",
                "kernelVersion": "3.16.0-0.bpo.4-amd64",
                "containerRuntimeVersion": "fakeRuntime://0.1.0",
                "architecture": "amd64",
            },
        }
        | status,
    }
    return node_row(msgspec.convert(raw, Node))


def node_context() -> NodeContext:
    sums = PodTotals()
    sums.add(make_pod(phase="Running"))
    lease = LeaseRow("kube-node-lease", "n1", "u", "n1", NOW - 3, None, 40, 0)
    used = UsageRow("n1", NOW, 500, 2**30)
    return NodeContext(
        NOW, lambda _: sums, lambda name: lease if name == "n1" else None, lambda _: used
    )


def texts(columns: tuple[Column[Any, Any], ...], row: Any, ctx: Any) -> dict[str, str]:
    return {column.title: column.cell(row, ctx) for column in columns}


def kubectl_titles(columns: tuple[Column[Any, Any], ...], *outputs: str) -> str:
    return " ".join(column.title for column in columns if column.kubectl in outputs)


def test_the_nodes_table_begins_with_kubectls_columns() -> None:
    assert kubectl_titles(NODE_COLUMNS, "default") == "NAME STATUS ROLES AGE VERSION"
    wide = "NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION"
    assert kubectl_titles(NODE_COLUMNS, "default", "wide") == f"{wide} CONTAINER-RUNTIME"


def test_the_pods_table_begins_with_kubectls_columns() -> None:
    default = "NAMESPACE NAME READY STATUS RESTARTS AGE"
    assert kubectl_titles(POD_COLUMNS, "namespace", "default") == default
    assert kubectl_titles(POD_COLUMNS, "wide") == "IP NODE NOMINATED NODE READINESS GATES"


@pytest.mark.parametrize("columns", TABLES)
def test_kubectls_columns_come_before_our_own(columns: tuple[Column[Any, Any], ...]) -> None:
    ours = [column.kubectl == "" for column in columns]
    assert ours == sorted(ours)


@pytest.mark.parametrize("columns", TABLES)
def test_every_column_can_be_reached_by_a_letter_of_its_own(
    columns: tuple[Column[Any, Any], ...],
) -> None:
    keys = [column.key for column in columns]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 and key.isalpha() and key.isupper() for key in keys)
    assert not {"G", "K"} & set(keys)
    assert len({column.id for column in columns}) == len(columns)


def test_a_nodes_cells() -> None:
    assert texts(NODE_COLUMNS, make_node(), node_context()) == {
        "NAME": "n1",
        "STATUS": "Ready",
        "ROLES": "<none>",
        "AGE": "3m8s",
        "VERSION": "v1.36.0",
        "INTERNAL-IP": "192.0.2.2",
        "EXTERNAL-IP": "<none>",
        "OS-IMAGE": "Debian GNU/Linux 7 (wheezy)",
        "KERNEL-VERSION": "3.16.0-0.bpo.4-amd64 (amd64)",
        "CONTAINER-RUNTIME": "fakeRuntime://0.1.0",
        "PODS": "1/58",
        "CPU-REQ": "60%",
        "MEM-REQ": "37%",
        "CPU(%)": "25%",
        "MEM(%)": "12%",
        "CONDITIONS": "-",
        "TAINTS": "gpu=yes:NoSchedule,node.kubernetes.io/not-ready:NoExecute",
        "ZONE": "2a",
        "GROUP": "ng-1",
        "HEARTBEAT": "3s",
        "INSTANCE": "i-0abc",
        "TYPE": "m6i.large",
        "SESSIONS": "?",
    }


def test_a_node_that_says_nothing_has_no_empty_cell() -> None:
    bare = node_row(msgspec.convert({"metadata": {"name": "x"}}, Node))
    ctx = NodeContext(NOW, lambda _: PodTotals(), lambda _: None)
    assert texts(NODE_COLUMNS, bare, ctx) == {
        "NAME": "x",
        "STATUS": "Unknown",
        "ROLES": "<none>",
        "AGE": "<unknown>",
        "VERSION": "",  # as kubectl leaves it
        "INTERNAL-IP": "<none>",
        "EXTERNAL-IP": "<none>",
        "OS-IMAGE": "<unknown>",
        "KERNEL-VERSION": "<unknown>",
        "CONTAINER-RUNTIME": "<unknown>",
        "PODS": "0/?",
        "CPU-REQ": "-",
        "MEM-REQ": "-",
        "CPU(%)": "-",
        "MEM(%)": "-",
        "CONDITIONS": "-",
        "TAINTS": "-",
        "ZONE": "-",
        "GROUP": "-",
        "HEARTBEAT": "-",
        "INSTANCE": "-",
        "TYPE": "-",
        "SESSIONS": "?",
    }


@pytest.mark.parametrize(("minor", "kernel"), [(35, "6.1.141"), (36, "6.1.141 (arm64)")])
def test_the_kernel_reads_as_the_version_of_the_server_prints_it(minor: int, kernel: str) -> None:
    row = make_node(nodeInfo={"kernelVersion": "6.1.141", "architecture": "arm64"})
    context = NodeContext(NOW, lambda _: PodTotals(), lambda _: None, minor=minor)
    assert texts(NODE_COLUMNS, row, context)["KERNEL-VERSION"] == kernel


def test_a_pods_cells() -> None:
    row = make_pod(phase="Running", podIPs=[{"ip": "10.0.0.7"}])
    assert texts(POD_COLUMNS, row, PodContext(NOW)) == {
        "NAMESPACE": "shop",
        "NAME": "web-1",
        "READY": "0/1",
        "STATUS": "Running",
        "RESTARTS": "0",
        "AGE": "94s",
        "IP": "10.0.0.7",
        "NODE": "n1",
        "NOMINATED NODE": "<none>",
        "READINESS GATES": "<none>",
        "CPU": "-",  # unread, which isn't 0
        "MEM": "-",
        "%CPU/R": "-",
        "%CPU/L": "-",
        "%MEM/R": "-",
        "%MEM/L": "-",
        "MEASURED": "-",
        "CPU-REQ": "1.2",
        "MEM-REQ": "3Gi",
        "CPU-LIM": "2",
        "MEM-LIM": "0",
    }


def test_usage_is_shown_beside_requests_and_limits_with_its_age() -> None:
    row = make_pod(phase="Running")  # 1.2 cores of 2, 3Gi without a limit
    usage = PodUsageRow("shop/web-1", NOW - 17, 300, 1536 * 2**20)
    cells = texts(POD_COLUMNS, row, PodContext(NOW, usage_of=lambda _: usage))
    assert {title: cells[title] for title in cells if title in USAGE_TITLES} == {
        "CPU": "300m",
        "MEM": "1.5Gi",
        "%CPU/R": "25%",
        "%CPU/L": "15%",
        "%MEM/R": "50%",
        "%MEM/L": "-",  # nothing limits it
        "MEASURED": "17s",
    }
    idle = PodUsageRow("shop/web-1", NOW - 17, 0, 0)
    cells = texts(POD_COLUMNS, row, PodContext(NOW, usage_of=lambda _: idle))
    assert (cells["CPU"], cells["%CPU/R"]) == ("0", "0%")


USAGE_TITLES = {"CPU", "MEM", "%CPU/R", "%CPU/L", "%MEM/R", "%MEM/L", "MEASURED"}


def test_sorting_by_status_brings_what_is_wrong_to_the_top() -> None:
    by_status = next(column for column in POD_COLUMNS if column.id == "status").sort
    rows = [
        make_pod(phase="Running", containerStatuses=[{"ready": True, "state": {"running": {}}}]),
        make_pod(phase="Pending"),
        make_pod(phase="Failed", reason="Evicted"),
        make_pod(phase="Unknown"),
    ]
    rows.sort(key=lambda row: by_status(row, PodContext(NOW)))
    assert [row.status for row in rows] == ["Evicted", "Pending", "Unknown", "Running"]


def test_a_running_pod_that_is_not_ready_stands_above_those_that_are() -> None:
    by_status = next(column for column in POD_COLUMNS if column.id == "status").sort
    ready = make_pod(phase="Running", containerStatuses=[{"ready": True, "state": {"running": {}}}])
    unready = make_pod(phase="Running")
    assert by_status(unready, PodContext(NOW)) < by_status(ready, PodContext(NOW))


def test_nodes_sort_by_the_numbers_in_their_names() -> None:
    by_name = NODE_COLUMNS[0].sort
    rows = [make_node("n10"), make_node("n9")]
    rows.sort(key=lambda row: by_name(row, node_context()))
    assert [row.name for row in rows] == ["n9", "n10"]


HOSTILE = "a\x1b[31m\nb\u202ec"


def test_no_text_of_a_node_reaches_a_cell_as_it_is() -> None:
    labels = {
        "node-role.kubernetes.io/" + HOSTILE: "",
        "eks.amazonaws.com/nodegroup": HOSTILE,
        "topology.kubernetes.io/zone": HOSTILE,
        "node.kubernetes.io/instance-type": HOSTILE,
    }
    raw = {
        "metadata": {"name": HOSTILE, "labels": labels},
        "spec": {
            "providerID": f"aws:///{HOSTILE}/i-0",
            "taints": [{"key": HOSTILE, "value": HOSTILE, "effect": HOSTILE}],
        },
        "status": {
            "conditions": [{"type": HOSTILE, "status": "True"}],
            "addresses": [
                {"type": "InternalIP", "address": HOSTILE},
                {"type": "ExternalIP", "address": HOSTILE},
            ],
            "nodeInfo": dict.fromkeys(
                ["kubeletVersion", "osImage", "kernelVersion", "containerRuntimeVersion"], HOSTILE
            ),
        },
    }
    row = node_row(msgspec.convert(raw, Node))
    for title, text in texts(NODE_COLUMNS, row, node_context()).items():
        assert text.isprintable(), title


@given(st.text(st.characters(exclude_categories=())), st.text())
def test_no_text_of_a_pod_reaches_a_cell_as_it_is(name: str, reason: str) -> None:
    raw = {
        "metadata": {"name": name, "namespace": reason},
        "spec": {"nodeName": name},
        "status": {
            "phase": name,
            "reason": reason,
            "podIPs": [{"ip": name}],
            "nominatedNodeName": reason,
        },
    }
    row = pod_row(msgspec.convert(raw, Pod))
    for title, text in texts(POD_COLUMNS, row, PodContext(NOW)).items():
        assert text.isprintable(), title


@pytest.mark.parametrize("columns", TABLES)
def test_sort_keys_are_cheap_and_of_one_type(columns: tuple[Column[Any, Any], ...]) -> None:
    nodes = columns is NODE_COLUMNS
    ctx: Any = node_context() if nodes else PodContext(NOW)
    rows: list[Any] = (
        [make_node(), make_node("n2"), node_row(Node())] if nodes else [make_pod(), pod_row(Pod())]
    )
    for column in columns:
        types = {type(column.sort(row, ctx)) for row in rows}
        assert types in ({int}, {str}), column.id
