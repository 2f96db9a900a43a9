"""metrics.k8s.io as metrics-server serves it: the usage of nodes and of pods.

Source: metrics-server `pkg/api/node.go` and `pod.go`: no pages, the labels of the object, and
selectors of labels and of the name.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api import access, lists
from eksview_demo.api.access import User
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.load import Load, PodLoads, Scrape, node_load, scrape_of
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.storage.resources import NODES, PODS, Resource
from eksview_demo.storage.status import not_found
from eksview_demo.storage.storage import Stored
from eksview_demo.storage.template import rfc3339

GROUP = "metrics.k8s.io"
VERSION = "v1beta1"
NODE_METRICS = Resource("nodes", "NodeMetrics", "", (), GROUP, namespaced=False, version=VERSION)
POD_METRICS = Resource("pods", "PodMetrics", "", (), GROUP, version=VERSION)
_ROOT = f"/apis/{GROUP}/{VERSION}/"
_OF = {NODE_METRICS.kind: NODES, POD_METRICS.kind: PODS}
_CHUNK = 200  # objects joined into one write


class _Target(Struct, frozen=True):
    """What a path names; without a name, a list."""

    resource: Resource
    namespace: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def asks(path: str) -> bool:
    """Return whether a path belongs to this API."""
    return _target(path) is not None


def _target(path: str) -> _Target | None:
    if not path.startswith(_ROOT):
        return None
    match path.removeprefix(_ROOT).rstrip("/").split("/"):
        case ["nodes", *name] if len(name) < 2:
            return _Target(NODE_METRICS, "", *name)
        case ["pods"]:
            return _Target(POD_METRICS)
        case ["namespaces", namespace, "pods", *name] if len(name) < 2:
            return _Target(POD_METRICS, namespace, *name)
    return None


def answer(cluster: DemoCluster, user: User, path: str, query: dict[str, str]) -> Iterable[bytes]:
    """Return the body for a path that `asks` accepts, in pieces. Raises StatusError."""
    target = _target(path)
    assert target is not None  # noqa: S101 - checked by the caller
    verb = "get" if target.name else "list"
    resource = target.resource
    access.check(user, Attributes(verb, resource.name, GROUP, target.namespace, target.name))
    about = {"kind": resource.kind, "apiVersion": f"{GROUP}/{VERSION}"}
    if not target.name:
        return _list(about, _items(cluster, resource, _stored(cluster, target, query)))
    one = cluster.storage.table(_OF[resource.kind]).objects.get(target.key)
    item = next(_items(cluster, resource, [one]), None) if one else None
    if item is None:
        raise not_found(f"{resource.kind.lower()}.{GROUP}", target.key)
    return (msgspec.json.encode(about | item) + b"\n",)


def _stored(cluster: DemoCluster, target: _Target, query: dict[str, str]) -> list[Stored]:
    """Return the nodes or pods of a list, by namespace and name."""
    chosen = lists.Query(
        field_selector=query.get("fieldSelector", ""),
        label_selector=query.get("labelSelector", ""),
    )
    matches = lists.selector(target.resource, chosen)
    whole = lists.Query(namespace=target.namespace)
    items = lists.page(cluster.storage, _OF[target.resource.kind], whole).items
    return [stored for stored in items if matches is None or matches(stored)]


def _list(about: dict[str, str], items: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    head = about | {"kind": f"{about['kind']}List", "metadata": {}}
    yield msgspec.json.encode(head)[:-1] + b',"items":['
    comma = b""
    while chunk := [msgspec.json.encode(item) for item in islice(items, _CHUNK)]:
        yield comma + b",".join(chunk)
        comma = b","
    yield b"]}\n"


def _items(
    cluster: DemoCluster, resource: Resource, stored: Iterable[Stored]
) -> Iterator[dict[str, Any]]:
    now = cluster.clock()
    if resource is NODE_METRICS:
        return _nodes(cluster, stored, now)
    return _pods(cluster, stored, now)


def _nodes(cluster: DemoCluster, stored: Iterable[Stored], now: float) -> Iterator[dict[str, Any]]:
    for each in stored:
        node = cluster.nodes.get(each.name)
        scrape = scrape_of(node, now) if node else None
        if node is not None and scrape is not None:
            yield _described(each, scrape, now) | {"usage": _usage(node_load(node, scrape))}


def _pods(cluster: DemoCluster, stored: Iterable[Stored], now: float) -> Iterator[dict[str, Any]]:
    loads = PodLoads(cluster, now)
    for each in stored:
        pod = cluster.pods.get(each.key)
        scrape = loads.scrape_of(pod) if pod else None
        if pod is not None and scrape is not None:
            containers = [
                {"name": name, "usage": _usage(load)} for name, load in loads.containers(pod)
            ]
            yield _described(each, scrape, now) | {"containers": containers}


def _described(stored: Stored, scrape: Scrape, now: float) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": stored.name}
    if stored.namespace:
        metadata["namespace"] = stored.namespace
    metadata |= {"creationTimestamp": rfc3339(now), "labels": stored.labels}
    window = f"{10 + scrape.phase:.3f}s"
    return {"metadata": metadata, "timestamp": rfc3339(scrape.at), "window": window}


def _usage(load: Load) -> dict[str, str]:
    return {"cpu": f"{round(load.cpu * 1e6)}n", "memory": f"{round(load.memory * 1024)}Ki"}
