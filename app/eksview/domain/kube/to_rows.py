"""From an API object to the row that is kept of it.

Strings that many rows have in common (namespace, node, labels, owner) are interned, so 150,000 pods
hold one of each.
"""

from sys import intern

from eksview.domain.base.age import parse_time
from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.kube.api_types import (
    Address,
    Cond,
    Event,
    EventSource,
    Lease,
    LeaseSpec,
    Node,
    NodeAmounts,
    NodeInfo,
    NodeSpec,
    NodeStatus,
    ObjectRef,
    Owner,
    Pod,
    PodCond,
    PodSpec,
    PodStatus,
    Shape,
    TaintSpec,
)
from eksview.domain.kube.pod_requests import requests_of
from eksview.domain.kube.pod_status import printed
from eksview.domain.rows.kube import (
    Amounts,
    Condition,
    EventRow,
    Kind,
    LeaseRow,
    NodeRow,
    PodRow,
    Row,
    Taint,
)

_IDENTITY = "apiserver.kubernetes.io/identity"
_NO_SPEC, _NO_STATUS, _NO_INFO = NodeSpec(), NodeStatus(), NodeInfo()
_NO_POD_SPEC, _NO_POD_STATUS = PodSpec(), PodStatus()
_NO_LEASE, _NO_OBJECT, _NO_SOURCE = LeaseSpec(), ObjectRef(), EventSource()


def node_row(node: Node) -> NodeRow:
    """A node's row; conditions and taints in the API's order."""
    meta, spec, status = node.metadata, node.spec or _NO_SPEC, node.status or _NO_STATUS
    info = status.node_info or _NO_INFO
    return NodeRow(
        name=meta.name,
        uid=meta.uid,
        created=parse_time(meta.creation_timestamp) or 0.0,
        unschedulable=bool(spec.unschedulable),
        deleted=parse_time(meta.deletion_timestamp),
        conditions=tuple(map(condition_row, status.conditions or ())),
        taints=tuple(map(_taint, spec.taints or ())),
        labels=_shared_labels(meta.labels),
        capacity=_node_amounts(status.capacity),
        allocatable=_node_amounts(status.allocatable),
        internal_ip=_address(status.addresses, "InternalIP"),
        external_ip=_address(status.addresses, "ExternalIP"),
        kubelet=intern(info.kubelet_version),
        os_image=intern(info.os_image),
        kernel=intern(info.kernel_version),
        runtime=intern(info.container_runtime_version),
        architecture=intern(info.architecture),
        provider_id=spec.provider_id,
    )


def pod_row(pod: Pod) -> PodRow:
    """A pod's row, with the text kubectl prints of it."""
    meta, spec, status = pod.metadata, pod.spec or _NO_POD_SPEC, pod.status or _NO_POD_STATUS
    cells = printed(pod)
    return PodRow(
        uid=meta.uid,
        namespace=intern(meta.namespace),
        name=meta.name,
        node=intern(spec.node_name),
        status=intern(cells.status),
        ready=cells.ready,
        containers=cells.containers,
        restarts=cells.restarts,
        restarted=cells.restarted,
        created=parse_time(meta.creation_timestamp) or 0.0,
        ip=status.pod_ips[0].ip if status.pod_ips else "",
        requests=requests_of(spec),
        labels=labels_text(meta.labels),
        owner=_owner(meta.owner_references),
        counted=status.phase not in ("Succeeded", "Failed"),
        nominated=intern(status.nominated_node_name or ""),
        gates=_gates(spec, status.conditions) if spec.readiness_gates else "",
        older=cells.older,
    )


def lease_row(lease: Lease) -> LeaseRow:
    """A lease's row."""
    meta, spec = lease.metadata, lease.spec or _NO_LEASE
    return LeaseRow(
        namespace=intern(meta.namespace),
        name=intern(meta.name),  # a node's lease has the node's name
        uid=intern(meta.uid),  # the same for every heartbeat
        holder=intern(spec.holder_identity or ""),
        renewed=parse_time(spec.renew_time),
        acquired=parse_time(spec.acquire_time),
        duration=spec.lease_duration_seconds or 0,
        transitions=spec.lease_transitions or 0,
        identity=intern((meta.labels or {}).get(_IDENTITY, "")),
    )


def event_row(event: Event) -> EventRow:
    """An event's row, whichever of the old and the new fields its reporter filled in."""
    meta, about = event.metadata, event.involved_object or _NO_OBJECT
    series, source = event.series, event.source or _NO_SOURCE
    happened = parse_time(event.event_time)
    seen = parse_time(series.last_observed_time) if series else None
    return EventRow(
        uid=meta.uid,
        namespace=intern(meta.namespace),
        name=meta.name,
        about=f"{about.kind}/{about.namespace or ''}/{about.name}",
        type=intern(event.type or ""),
        reason=intern(event.reason or ""),
        message=event.message or "",
        source=intern(source.component or event.reporting_component or ""),
        count=(series.count if series else event.count) or 1,
        first=parse_time(event.first_timestamp) or happened,
        last=seen or parse_time(event.last_timestamp) or happened,
    )


def row_of(kind: Kind, shape: Shape) -> Row:
    """The row of an object of a kind."""
    row: Row = _PROJECTIONS[kind](shape)  # type: ignore[operator]  # the kind decides the shape
    return row


def labels_text(labels: dict[str, str] | None) -> str:
    """The interned `k=v,k=v` form, sorted by key."""
    if not labels:
        return ""
    return intern(",".join([f"{key}={labels[key]}" for key in sorted(labels)]))


def _shared_labels(labels: dict[str, str] | None) -> dict[str, str]:
    return {intern(key): intern(value) for key, value in (labels or {}).items()}


def condition_row(cond: Cond) -> Condition:
    """A condition of a node, or of what has conditions as nodes have them."""
    return Condition(
        type=intern(cond.type),
        status=intern(cond.status),
        reason=intern(cond.reason or ""),
        message=intern(cond.message or ""),
        heartbeat=parse_time(cond.last_heartbeat_time),
        transition=parse_time(cond.last_transition_time),
    )


def _taint(taint: TaintSpec) -> Taint:
    return Taint(intern(taint.key), intern(taint.value or ""), intern(taint.effect))


def _node_amounts(amounts: NodeAmounts | None) -> Amounts:
    if amounts is None:
        return Amounts()
    return Amounts(
        cpu=cpu_milli(amounts.cpu),
        memory=size_bytes(amounts.memory),
        pods=size_bytes(amounts.pods),
        storage=size_bytes(amounts.storage),
    )


def _address(addresses: list[Address] | None, kind: str) -> str:
    return next((each.address for each in addresses or () if each.type == kind), "")


def _owner(owners: list[Owner] | None) -> str:
    for owner in owners or ():
        if owner.controller:
            return intern(f"{owner.kind}/{owner.name}")
    return ""


def _gates(spec: PodSpec, conditions: list[PodCond] | None) -> str:
    """The readiness gates that are open, of all: `1/2`."""
    gates = spec.readiness_gates or ()
    states = {each.type: each.status for each in reversed(conditions or ())}
    passed = sum(states.get(gate.condition_type) == "True" for gate in gates)
    return intern(f"{passed}/{len(gates)}")


_PROJECTIONS = {
    Kind.NODE: node_row,
    Kind.POD: pod_row,
    Kind.LEASE: lease_row,
    Kind.EVENT: event_row,
}
