"""Nodes: the fields that are read of them, their row and how they are printed."""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.base.text import Clean, clean, shared
from eksview.domain.kube.api_types import Cond, Meta, condition_row
from eksview.domain.kube.go_json import Quantity
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Amounts, Condition, Kind, NodeRow, Taint
from eksview.domain.tables.column import NodeContext
from eksview.domain.tables.node_columns import NODE_COLUMNS


class TaintSpec(Struct, gc=False):
    key: str = ""
    value: str | None = None
    effect: str = ""


class NodeSpec(Struct, gc=False):
    unschedulable: bool | None = None
    taints: list[TaintSpec] | None = None
    provider_id: str = field(name="providerID", default="")


class NodeAmounts(Struct, gc=False):
    cpu: Quantity = "0"
    memory: Quantity = "0"
    pods: Quantity = "0"
    storage: Quantity = field(name="ephemeral-storage", default="0")


class Address(Struct, gc=False):
    type: str = ""
    address: str = ""


class NodeInfo(Struct, rename="camel", gc=False):
    kubelet_version: str = ""
    os_image: str = ""
    kernel_version: str = ""
    container_runtime_version: str = ""
    architecture: str = ""


class NodeStatus(Struct, rename="camel", gc=False):
    capacity: NodeAmounts | None = None
    allocatable: NodeAmounts | None = None
    conditions: list[Cond] | None = None
    addresses: list[Address] | None = None
    node_info: NodeInfo | None = None


class Node(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    spec: NodeSpec | None = None
    status: NodeStatus | None = None


_NO_SPEC, _NO_STATUS, _NO_INFO = NodeSpec(), NodeStatus(), NodeInfo()


def node_row(node: Node) -> NodeRow:
    """Return a node's row, with conditions and taints in the API's order."""
    meta, spec, status = node.metadata, node.spec or _NO_SPEC, node.status or _NO_STATUS
    info = status.node_info or _NO_INFO
    return NodeRow(
        name=clean(meta.name),
        uid=clean(meta.uid),
        created=parse_time(meta.creation_timestamp) or 0.0,
        unschedulable=bool(spec.unschedulable),
        deleted=parse_time(meta.deletion_timestamp),
        conditions=_last_of_each_type(status.conditions),
        taints=tuple(map(_taint, spec.taints or ())),
        labels=_shared_labels(meta.labels),
        capacity=_node_amounts(status.capacity),
        allocatable=_node_amounts(status.allocatable),
        internal_ip=_address(status.addresses, "InternalIP"),
        external_ip=_address(status.addresses, "ExternalIP"),
        kubelet=shared(info.kubelet_version),
        os_image=shared(info.os_image),
        kernel=shared(info.kernel_version),
        runtime=shared(info.container_runtime_version),
        architecture=shared(info.architecture),
        provider_id=clean(spec.provider_id),
    )


def _shared_labels(labels: dict[str, str] | None) -> dict[str, Clean]:
    return {shared(key): shared(value) for key, value in (labels or {}).items()}


def _last_of_each_type(conditions: list[Cond] | None) -> tuple[Condition, ...]:
    """Return the rows of conditions; of several of one type the last counts.

    Source: kubernetes `printNode`, which keeps conditions in a map by their type.
    """
    return tuple({cond.type: condition_row(cond) for cond in conditions or ()}.values())


def _taint(taint: TaintSpec) -> Taint:
    return Taint(shared(taint.key), shared(taint.value or ""), shared(taint.effect))


def _node_amounts(amounts: NodeAmounts | None) -> Amounts:
    if amounts is None:
        return Amounts()
    return Amounts(
        cpu=cpu_milli(amounts.cpu),
        memory=size_bytes(amounts.memory),
        pods=size_bytes(amounts.pods),
        storage=size_bytes(amounts.storage),
    )


def _address(addresses: list[Address] | None, kind: str) -> Clean:
    return clean(next((each.address for each in addresses or () if each.type == kind), ""))


_NO_PODS = PodTotals()

RESOURCE = Resource(
    kind=Kind.NODE,
    object_kind="Node",
    shape=Node,
    row=node_row,
    namespaced=False,
    get=("nodes", "node", "no"),
    columns=NODE_COLUMNS,
    # kubectl's columns need neither sums nor leases.
    context=lambda now, minor: NodeContext(now, lambda _: _NO_PODS, lambda _: None, minor=minor),
)
