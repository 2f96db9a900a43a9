"""The names of a cluster that complete a command line.

Each function offers names for the beginning of a word; it may offer others too.
"""

import argparse
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from eksview.cli.parser import (
    CLUSTERS,
    DRAIN_PLAN,
    ECS_CLUSTERS,
    ECS_INSTANCES,
    ECS_SERVICES,
    ECS_TASKS,
    INSTANCES,
)
from eksview.config.settings import GET, LOGS, TOP
from eksview.domain.kube.api_resource import ApiResources
from eksview.kube.client.connection import Connection
from eksview.kube.discovery import read_resources
from eksview.kube.objects import AS_METADATA_LIST

MOST = 500  # names offered; a shell asks before it prints more than a hundred
_OF_ECS = (ECS_INSTANCES, ECS_SERVICES, ECS_TASKS, ECS_CLUSTERS)
OF_EKSVIEW = tuple(names[0] for names in (INSTANCES, CLUSTERS, DRAIN_PLAN, *_OF_ECS))
"""What `eksview get` prints beside the resources of the server."""
JOURNALS = ("kubelet", "containerd")
"""The services of a node whose journals are read most."""

Names: TypeAlias = Iterable[str]
Read: TypeAlias = Callable[[Connection, argparse.Namespace, str], Awaitable[Names]]


async def namespaces(connection: Connection, _: argparse.Namespace, __: str) -> Names:
    return await _named(connection, "/api/v1/namespaces")


async def nodes(connection: Connection, _: argparse.Namespace, __: str) -> Names:
    return await _named(connection, "/api/v1/nodes")


async def words(connection: Connection, args: argparse.Namespace, prefix: str) -> Names:
    """Return what follows the words of `get`, `top` and `logs`: resources, then names."""
    given: Sequence[str] = args.words
    if args.command == TOP and not given:
        return ("nodes", "pods")
    if (args.command == LOGS and given) or (args.command == TOP and len(given) > 1):
        return ()
    kind, slash, _ = prefix.partition("/")
    if slash and args.command != TOP:
        return [f"{kind}/{name}" for name in await _of_kind(connection, args, kind)]
    if args.command == LOGS:
        return await _of_kind(connection, args, "pods")
    if args.command == GET and not given:
        return _listed(await read_resources(connection), prefix)
    return set(await _of_kind(connection, args, given[0])) - {*given[1:]}


async def containers(connection: Connection, args: argparse.Namespace, _: str) -> Names:
    """Return the containers of the pod or the workload whose logs are printed."""
    kind, slash, name = args.words[0].partition("/")
    if not slash:
        kind, name = "pods", kind
    resource = (await read_resources(connection)).find(kind)
    if resource is None or resource.is_secret:
        return ()
    if resource.qualified == "nodes":
        return JOURNALS
    body = await connection.get_json(resource.path(_namespace(connection, args), name))
    spec = _pod_spec(body)
    lists = (spec.get(key) or () for key in ("containers", "initContainers", "ephemeralContainers"))
    return [container["name"] for each in lists for container in each]


def _pod_spec(body: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a pod, or that in the template of a workload or a CronJob."""
    spec: dict[str, Any] = body["spec"]
    spec = spec.get("jobTemplate", body)["spec"]
    return spec.get("template", {"spec": spec})["spec"]  # type: ignore[no-any-return]


def _listed(resources: ApiResources, prefix: str) -> Names:
    """Return the resources that can be listed, after those before the last comma."""
    before, comma, _ = prefix.rpartition(",")
    own = () if comma else OF_EKSVIEW
    names = {resource.name for resource in resources.resources if "list" in resource.verbs}
    return [f"{before}{comma}{name}" for name in names.difference(before.split(",")).union(own)]


async def _of_kind(connection: Connection, args: argparse.Namespace, kind: str) -> Names:
    """Return the names of a resource's objects; of what eksview adds, those of the nodes."""
    kind = "nodes" if kind in INSTANCES + DRAIN_PLAN else kind
    resource = (await read_resources(connection)).find(kind)
    if resource is None or kind in CLUSTERS:
        return ()
    everywhere = getattr(args, "all_namespaces", False)
    namespace = "" if everywhere else _namespace(connection, args)
    return await _named(connection, resource.path(namespace))


def _namespace(connection: Connection, args: argparse.Namespace) -> str:
    return getattr(args, "namespace", None) or connection.target.namespace or "default"


async def _named(connection: Connection, path: str) -> Names:
    body = await connection.get_json(path, {"limit": str(MOST)}, accept=AS_METADATA_LIST)
    return [item["metadata"]["name"] for item in body["items"]]


READS: Mapping[str, Read] = {
    "namespace": namespaces,
    "words": words,
    "container": containers,
    "node": nodes,
}
"""What completes the flags and words of these names."""
