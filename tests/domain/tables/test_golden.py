"""Every cell that `eksview get` prints is what a real kube-apiserver 1.36 printed."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Pod
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.nodes import Node, node_row
from eksview.domain.resources.pods import pod_row
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
