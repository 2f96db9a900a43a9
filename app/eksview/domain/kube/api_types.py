"""The fields eksview reads of the API's JSON; msgspec skips the rest without building it.

Whatever Kubernetes may send as null or leave out has a default, so that bookmarks (a pod without
containers) and old servers decode too. Field names are the wire's, in snake case.
"""

from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from eksview.domain.rows.kube import Kind


class Marks(Struct, gc=False):
    """The one annotation a reflector needs; a pod's others can be many kilobytes."""

    initial_events_end: str = field(name="k8s.io/initial-events-end", default="")


class Owner(Struct, gc=False):
    kind: str = ""
    name: str = ""
    controller: bool | None = None


class Meta(Struct, rename="camel", gc=False):
    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: Marks | None = None
    owner_references: list[Owner] | None = None


class Cond(Struct, rename="camel", gc=False):
    """A condition of a node or a pod."""

    type: str = ""
    status: str = ""
    reason: str | None = None
    message: str | None = None
    last_heartbeat_time: str | None = None
    last_transition_time: str | None = None


# nodes


class TaintSpec(Struct, gc=False):
    key: str = ""
    value: str | None = None
    effect: str = ""


class NodeSpec(Struct, gc=False):
    unschedulable: bool | None = None
    taints: list[TaintSpec] | None = None
    provider_id: str = field(name="providerID", default="")


class NodeAmounts(Struct, gc=False):
    cpu: str = "0"
    memory: str = "0"
    pods: str = "0"
    storage: str = field(name="ephemeral-storage", default="0")


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


# pods


class Quantities(Struct, gc=False):
    cpu: str | None = None
    memory: str | None = None


class Resources(Struct, gc=False):
    requests: Quantities | None = None
    limits: Quantities | None = None


class Container(Struct, rename="camel", gc=False):
    name: str = ""
    restart_policy: str | None = None
    resources: Resources | None = None


class SchedulingGate(Struct, rename="camel", gc=False):
    condition_type: str = ""


class PodSpec(Struct, rename="camel", gc=False):
    node_name: str = ""
    containers: list[Container] | None = None
    init_containers: list[Container] | None = None
    overhead: Quantities | None = None
    resources: Resources | None = None
    readiness_gates: list[SchedulingGate] | None = None


class Waiting(Struct, gc=False):
    reason: str | None = None


class Running(Struct, gc=False):
    """That it is there is all there is to know."""


class Terminated(Struct, rename="camel", gc=False):
    exit_code: int = 0
    signal: int | None = None
    reason: str | None = None
    finished_at: str | None = None


class ContainerState(Struct, gc=False):
    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None


class ContainerStatus(Struct, rename="camel", gc=False):
    name: str = ""
    state: ContainerState | None = None
    last_state: ContainerState | None = None
    ready: bool = False
    started: bool | None = None
    restart_count: int = 0


class PodAddress(Struct, gc=False):
    ip: str = ""


class PodCond(Struct, gc=False):
    type: str = ""
    status: str = ""
    reason: str | None = None


class PodStatus(Struct, rename="camel", gc=False):
    phase: str = ""
    reason: str | None = None
    nominated_node_name: str | None = None
    pod_ips: list[PodAddress] | None = field(name="podIPs", default=None)
    conditions: list[PodCond] | None = None
    init_container_statuses: list[ContainerStatus] | None = None
    container_statuses: list[ContainerStatus] | None = None


class Pod(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    spec: PodSpec | None = None
    status: PodStatus | None = None


# leases and events


class LeaseSpec(Struct, rename="camel", gc=False):
    holder_identity: str | None = None
    renew_time: str | None = None
    acquire_time: str | None = None
    lease_duration_seconds: int | None = None
    lease_transitions: int | None = None


class Lease(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    spec: LeaseSpec | None = None


class ObjectRef(Struct, gc=False):
    kind: str = ""
    namespace: str | None = None
    name: str = ""


class EventSource(Struct, gc=False):
    component: str | None = None


class EventSeries(Struct, rename="camel", gc=False):
    count: int = 0
    last_observed_time: str | None = None


class Event(Struct, rename="camel", gc=False):
    metadata: Meta = field(default_factory=Meta)
    involved_object: ObjectRef | None = None
    type: str | None = None
    reason: str | None = None
    message: str | None = None
    source: EventSource | None = None
    reporting_component: str | None = None
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: EventSeries | None = None


# what carries them


class ListMeta(Struct, rename="camel", gc=False):
    resource_version: str = ""
    continue_: str = field(name="continue", default="")
    remaining_item_count: int | None = None


class StatusCause(Struct, gc=False):
    reason: str | None = None


class StatusDetails(Struct, rename="camel", gc=False):
    retry_after_seconds: int | None = None
    causes: list[StatusCause] | None = None


class Status(Struct, gc=False):
    """The API's own error, as an answer or as the object of an ERROR event."""

    message: str | None = None
    reason: str | None = None
    code: int | None = None
    details: StatusDetails | None = None


Shape: TypeAlias = Node | Pod | Lease | Event
T = TypeVar("T")


class Listed(Struct, Generic[T], gc=False):
    """A page of a list."""

    metadata: ListMeta = field(default_factory=ListMeta)
    items: list[T] | None = None


class WatchEvent(Struct, Generic[T], gc=False):
    """A line of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, and its object."""

    type: str
    object: T


NodeList: TypeAlias = Listed[Node]
PodList: TypeAlias = Listed[Pod]
LeaseList: TypeAlias = Listed[Lease]
EventList: TypeAlias = Listed[Event]

_LISTS: dict[Kind, Decoder[Any]] = {
    Kind.NODE: Decoder(NodeList),
    Kind.POD: Decoder(PodList),
    Kind.LEASE: Decoder(LeaseList),
    Kind.EVENT: Decoder(EventList),
}
_WATCHES: dict[Kind, Decoder[Any]] = {
    Kind.NODE: Decoder(WatchEvent[Node]),
    Kind.POD: Decoder(WatchEvent[Pod]),
    Kind.LEASE: Decoder(WatchEvent[Lease]),
    Kind.EVENT: Decoder(WatchEvent[Event]),
}
_ERROR = Decoder(WatchEvent[Status])
_TYPE = Decoder(WatchEvent[msgspec.Raw])


def decode_list(kind: Kind, body: bytes) -> Listed[Any]:
    """A page of a list of a kind; `msgspec.DecodeError` when it isn't one."""
    page: Listed[Any] = _LISTS[kind].decode(body)
    return page


def decode_watch(kind: Kind, line: bytes) -> WatchEvent[Any]:
    """A line of a watch; the object of an ERROR is a `Status`. `msgspec.DecodeError` if bad.

    One pass with the expected type is twice as fast as reading the type first. An ERROR fails it
    (its `status` is a word, not an object) or comes out empty, and is then read for what it is.
    """
    try:
        event: WatchEvent[Any] = _WATCHES[kind].decode(line)
    except msgspec.ValidationError:
        if _TYPE.decode(line).type != "ERROR":
            raise
    else:
        if event.type != "ERROR":
            return event
    return _ERROR.decode(line)
