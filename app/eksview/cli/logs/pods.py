"""The pods and containers whose logs `eksview logs` prints, chosen as kubectl chooses them.

Source: kubectl's `polymorphichelpers/logsforobject.go` and `podutils.ByLogging`.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from eksview.cli.logs.query import LogsQuery
from eksview.domain.base.age import parse_time
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import unknown_resource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.kube.client.connection import Connection
from eksview.kube.discovery import read_resources
from eksview.kube.logs.pod_set import selection_of

PodObject = dict[str, Any]
_DEFAULT = "kubectl.kubernetes.io/default-container"
_PHASES = {"Running": 0, "Unknown": 1, "Pending": 2}


class LogOf(Struct, frozen=True):
    """A container whose log is printed."""

    namespace: str
    pod: str
    container: str

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/pods/{self.pod}/log"

    @property
    def prefix(self) -> bytes:
        """Return `[pod/web-1/nginx] `."""
        return f"[pod/{self.pod}/{self.container}] ".encode()


async def logs_of(connection: Connection, query: LogsQuery, namespace: str) -> list[LogOf]:
    """Return the containers; says on stderr which are chosen where there are several."""
    pods = await _pods(connection, query, namespace)
    logs = [log for pod in pods for log in _containers(pod, query)]
    if not logs:
        sys.stderr.write(f"No resources found in {clean(namespace)} namespace.\n")
    return logs


async def _pods(connection: Connection, query: LogsQuery, namespace: str) -> list[PodObject]:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    if query.selector:
        return await _listed(connection, pods, query.selector)
    if query.kind in ("pods", "pod", "po"):
        return [await connection.get_json(f"{pods}/{query.name}")]
    resources = await read_resources(connection)
    resource = resources.find(query.kind)
    if resource is None:
        raise UserError(unknown_resource(resources, query.kind))
    ref = ObjectRef(resource.api, resource.kind, resource.name, query.name, namespace)
    selection = await selection_of(connection, ref)
    if not selection.source.labels:
        raise UserError(f"cannot get the logs from {resource.kind}: selector is not defined")
    found = sorted(await _listed(connection, pods, selection.source.labels), key=_by_logging)
    if not found:
        raise UserError(f"no pods of {query.kind}/{query.name} found")
    if query.all_pods or len(found) == 1:
        return found
    sentence = f"Found {len(found)} pods, using pod/{found[0]['metadata']['name']}"
    sys.stderr.write(f"{clean(sentence)}\n")
    return found[:1]


async def _listed(connection: Connection, path: str, selector: str) -> list[PodObject]:
    body = await connection.get_json(path, {"labelSelector": selector})
    return list(body.get("items") or ())


def _containers(pod: PodObject, query: LogsQuery) -> Iterator[LogOf]:
    meta, spec = pod["metadata"], pod.get("spec") or {}
    init = _names(spec.get("initContainers"))
    own = _names(spec.get("containers"))
    extra = _names(spec.get("ephemeralContainers"))
    if query.container and query.container not in (*init, *own, *extra):
        raise UserError(f"container {query.container} is not valid for pod {meta['name']}")
    chosen = [query.container] if query.container else own[:1]
    if query.all_containers:
        chosen = [*init, *own, *extra]
    elif not query.container:
        marked = (meta.get("annotations") or {}).get(_DEFAULT, "")
        if marked in own:
            chosen = [marked]
        elif len(own) + len(init) + len(extra) > 1:
            names = [*own, *(f"{name} (init)" for name in init), *(f"{n} (ephem)" for n in extra)]
            _say_default(own[0], names)
    for name in chosen:
        yield LogOf(meta["namespace"], meta["name"], name)


def _say_default(name: str, names: Iterable[str]) -> None:
    sys.stderr.write(f'Defaulted container "{clean(name)}" out of: {clean(", ".join(names))}\n')


def _names(containers: list[dict[str, Any]] | None) -> list[str]:
    return [container["name"] for container in containers or ()]


def _by_logging(pod: PodObject) -> tuple[bool, int, bool, float, int, float]:
    """Return what pods are sorted by: one that runs, is ready and has been so for long is first."""
    status, meta = pod.get("status") or {}, pod["metadata"]
    conditions = {each.get("type"): each for each in status.get("conditions") or ()}
    ready = conditions.get("Ready", {})
    is_ready = ready.get("status") == "True"
    since = (parse_time(ready.get("lastTransitionTime")) or float("inf")) if is_ready else 0.0
    restarts = [each.get("restartCount", 0) for each in status.get("containerStatuses") or ()]
    return (
        not (pod.get("spec") or {}).get("nodeName"),
        _PHASES.get(status.get("phase", ""), 0),
        not is_ready,
        since,
        -max(restarts, default=0),
        parse_time(meta.get("creationTimestamp")) or float("inf"),
    )
