"""Pods as a log view needs them: their containers, and whether these have started."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean, clean_name
from eksview.domain.kube.api_types import Container, ContainerState, ContainerStatus, Pod
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind


class LogContainer(Struct, frozen=True):
    """A container; `state` says how it ended or what it waits for, empty while it runs."""

    name: str
    restarts: int = 0
    running: bool = False
    state: Clean = EMPTY


class LogPod(Struct, frozen=True):
    """A pod by its uid; `owner` is `ReplicaSet/web-7d876db474`."""

    key: str
    namespace: str
    name: str
    owner: str
    containers: tuple[LogContainer, ...]
    undecoded: Clean = EMPTY

    def container(self, name: str) -> LogContainer:
        """Return a container by its name."""
        return next((each for each in self.containers if each.name == name), LogContainer(name))


def log_pod(pod: Pod) -> LogPod:
    """Return a pod with its init containers first, as `kubectl logs --all-containers` has them."""
    meta, spec, status = pod.metadata, pod.spec, pod.status
    owners = (owner for owner in meta.owner_references or () if owner.controller)
    owner = next((f"{owner.kind}/{owner.name}" for owner in owners), "")
    init = _containers(
        (spec.init_containers if spec else None) or (),
        (status.init_container_statuses if status else None) or (),
    )
    own = _containers(
        (spec.containers if spec else None) or (),
        (status.container_statuses if status else None) or (),
    )
    return LogPod(meta.uid, meta.namespace, meta.name, owner, (*init, *own))


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
