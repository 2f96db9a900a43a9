"""The fields that eksview reads of the API's JSON; msgspec skips the rest without building it.

Whatever Kubernetes often sends as null or leaves out has a default, so that bookmarks (a pod
without containers) and old servers decode too; `go_json` decodes what is refused then. Field names
are the wire's, in snake case.
"""

from typing import Generic, TypeVar

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import shared
from eksview.domain.kube.go_json import Identity, Quantity
from eksview.domain.rows.kube import Condition


class Marks(Struct, gc=False):
    """The annotation that a reflector needs; the others of a pod can be many kilobytes."""

    initial_events_end: str = field(name="k8s.io/initial-events-end", default="")


class OwnerReference(Struct, rename="camel", gc=False):
    api_version: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


def controller_of(owners: list[OwnerReference] | None) -> OwnerReference | None:
    """Return the owner that manages an object; source: `metav1.GetControllerOf`."""
    return next((owner for owner in owners or () if owner.controller), None)


class Meta(Struct, rename="camel", gc=False):
    name: Identity = ""
    namespace: Identity = ""
    uid: Identity = ""
    resource_version: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: Marks | None = None
    owner_references: list[OwnerReference] | None = None

    @property
    def controller(self) -> OwnerReference | None:
        """The owner that manages it."""
        return controller_of(self.owner_references)


class Cond(Struct, rename="camel", gc=False):
    """A condition of a node or a pod."""

    type: str = ""
    status: str = ""
    reason: str | None = None
    message: str | None = None
    last_heartbeat_time: str | None = None
    last_transition_time: str | None = None


# pods


class Quantities(Struct, gc=False):
    cpu: Quantity | None = None
    memory: Quantity | None = None


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
    """An object without a field that is read."""


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
    message: str | None = None


class PodStatus(Struct, rename="camel", gc=False):
    phase: str = ""
    reason: str | None = None
    message: str | None = None
    nominated_node_name: str | None = None
    pod_ips: list[PodAddress] | None = field(name="podIPs", default=None)
    conditions: list[PodCond] | None = None
    init_container_statuses: list[ContainerStatus] | None = None
    container_statuses: list[ContainerStatus] | None = None


class Pod(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    spec: PodSpec | None = None
    status: PodStatus | None = None


# lists, watches and errors


class ListMeta(Struct, rename="camel", gc=False):
    resource_version: str = ""
    continue_: str = field(name="continue", default="")
    remaining_item_count: int | None = None


class StatusCause(Struct, gc=False):
    reason: str | None = None


class StatusDetails(Struct, rename="camel", gc=False):
    retry_after_seconds: int | None = None
    causes: list[StatusCause] | None = None
    name: str | None = None  # of the object that the error is about


class Status(Struct, gc=False):
    """An error of the API, as an answer or as the object of an ERROR event."""

    message: str | None = None
    reason: str | None = None
    code: int | None = None
    details: StatusDetails | None = None
    error: str | None = None  # of Prometheus behind the proxy, instead of a message


T = TypeVar("T")


class Listed(Struct, Generic[T], gc=False):
    """A page of a list."""

    metadata: ListMeta = field(default_factory=ListMeta)
    items: list[T] | None = None


class WatchEvent(Struct, Generic[T], gc=False):
    """A line of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, and its object."""

    type: str
    object: T


def labels_text(labels: dict[str, str] | None) -> str:
    """Return labels in the form `k=v,k=v`, sorted by key."""
    if not labels:
        return ""
    return ",".join([f"{key}={labels[key]}" for key in sorted(labels)])


def condition_row(cond: Cond) -> Condition:
    """Return the row of a condition, of a node or of a NodeClaim."""
    return Condition(
        type=shared(cond.type),
        status=shared(cond.status),
        reason=shared(cond.reason or ""),
        message=shared(cond.message or ""),
        heartbeat=parse_time(cond.last_heartbeat_time),
        transition=parse_time(cond.last_transition_time),
    )
