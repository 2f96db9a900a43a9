"""Pods as a log view needs them: their containers, and whether these have started."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean, clean_name
from eksview.domain.kube.api_types import (
    Container,
    ContainerState,
    ContainerStatus,
    Pod,
    PodStatus,
)
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind


class LogContainer(Struct, frozen=True):
    """A container; `state` says how it ended or what it waits for, empty while it runs."""

    name: str
    restarts: int = 0
    running: bool = False
    state: Clean = EMPTY


class LogPod(Struct, frozen=True):
    """A pod by its uid; `owner` is `ReplicaSet/web-7d876db474`.

    `bound` says whether it has a node, `ended` whether none of its containers starts again;
    `stopped` why none of its containers runs, such as
    `Pending, Unschedulable: 0/3 nodes are available: ...`, where the pod itself has a reason.
    """

    key: str
    namespace: str
    name: str
    owner: str
    containers: tuple[LogContainer, ...]
    bound: bool = True
    ended: bool = False
    stopped: Clean = EMPTY
    undecoded: Clean = EMPTY

    def container(self, name: str) -> LogContainer:
        """Return a container by its name."""
        return next((each for each in self.containers if each.name == name), LogContainer(name))


def log_pod(pod: Pod) -> LogPod:
    """Return a pod with its init containers first, as `kubectl logs --all-containers` has them."""
    meta, spec, status = pod.metadata, pod.spec, pod.status
    owner = meta.controller
    init = _containers(
        (spec.init_containers if spec else None) or (),
        (status.init_container_statuses if status else None) or (),
    )
    own = _containers(
        (spec.containers if spec else None) or (),
        (status.container_statuses if status else None) or (),
    )
    return LogPod(
        meta.uid,
        meta.namespace,
        meta.name,
        f"{owner.kind}/{owner.name}" if owner else "",
        (*init, *own),
        bound=bool(spec and spec.node_name),
        ended=bool(status and status.phase in ("Failed", "Succeeded")),
        stopped=_stopped(pod),
    )


def _stopped(pod: Pod) -> Clean:
    """Return why a pod runs none of its containers; empty where its containers say it."""
    status = pod.status or PodStatus()
    if status.reason:  # such as Evicted, NodeLost or Shutdown
        return _because(f"{status.phase or 'the pod'}, {status.reason}", status.message)
    if pod.spec is not None and pod.spec.node_name:
        return EMPTY
    conditions = status.conditions or ()
    scheduled = next((each for each in conditions if each.type == "PodScheduled"), None)
    if scheduled is None or not scheduled.reason:
        return Clean("Pending: not scheduled to a node yet")
    return _because(f"Pending, {scheduled.reason}", scheduled.message)


def _because(words: str, message: str | None) -> Clean:
    return clean(f"{words}: {message.strip().rstrip('.')}" if message else words)


def _containers(
    containers: Iterable[Container], statuses: Iterable[ContainerStatus]
) -> Iterator[LogContainer]:
    by_name = {status.name: status for status in statuses}
    for container in containers:
        status = by_name.get(container.name) or ContainerStatus()
        state = status.state or ContainerState()
        yield LogContainer(
            container.name, status.restart_count, state.running is not None, _state(state)
        )


def _state(state: ContainerState) -> Clean:
    """Return `ended: Error, exit code 1` or `waiting: CrashLoopBackOff`."""
    if state.terminated is not None:
        reason = clean_name(state.terminated.reason or "terminated")
        return clean(f"ended: {reason}, exit code {state.terminated.exit_code}")
    if state.waiting is not None:
        return clean(f"waiting: {clean_name(state.waiting.reason or 'to start')}")
    return EMPTY


LOG_PODS = Resource(kind=Kind.POD, object_kind="Pod", shape=Pod, row=log_pod)
