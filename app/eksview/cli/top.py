"""`eksview top nodes|pods`: prints usage as `kubectl top` does."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from msgspec import Struct

from eksview.cli.announced import run_announced
from eksview.cli.get.query import limits_of
from eksview.cli.top_table import (
    Amount,
    Measured,
    PodOptions,
    SortBy,
    node_lines,
    pod_lines,
    total_of,
)
from eksview.config.option_types import UsageError
from eksview.config.settings import Settings
from eksview.domain.base.age import parse_time
from eksview.domain.base.errors import UserError
from eksview.domain.base.quantity import quantity
from eksview.domain.base.text import clean
from eksview.domain.kube.go_json import Undecoded
from eksview.domain.resources.nodes import RESOURCE as NODES
from eksview.domain.resources.pod_usage import NANO, figures
from eksview.domain.resources.pod_usage import RESOURCE as POD_USAGE
from eksview.domain.resources.pods import RESOURCE as PODS
from eksview.domain.resources.registry import AnyResource
from eksview.domain.resources.usage import RESOURCE as NODE_USAGE
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import Page, checked, pages, readable

NODE_NAMES, POD_NAMES = ("nodes", "node", "no"), ("pods", "pod", "po")
NOT_FOUND = 404
NOT_YET = "metrics not available yet"
NEW = 120.0
"""Seconds after its creation in which a pod needn't have metrics. Source: kubectl's top_pod.go."""


class TopQuery(Struct, frozen=True, kw_only=True):
    """The arguments of `eksview top`; an empty `name` stands for all."""

    pods: bool
    name: str = ""
    labels: str = ""
    fields: str = ""
    everywhere: bool = False
    options: PodOptions = PodOptions()
    capacity: bool = False
    timeout: float | None = None


def top_query(args: Namespace) -> TopQuery:
    """Return the query of the arguments; raises `UsageError` as kubectl does."""
    word, *names = args.words or [""]
    if word not in NODE_NAMES + POD_NAMES:
        known = "eksview top nodes or eksview top pods"
        raise UsageError(f"unknown resource {word!r}; use {known}" if word else f"use {known}")
    pods = word in POD_NAMES
    if len(names) > 1:
        raise UsageError(f"{word} [NAME | -l label]: only one NAME can be provided")
    if args.sort_by not in ("", "cpu", "memory"):
        raise UsageError("--sort-by accepts only cpu or memory")
    if names and (args.selector or args.field_selector):
        raise UsageError(
            f"only one of NAME or {'selector' if pods else '--selector'} can be provided"
        )
    if names and args.all_namespaces and pods:
        raise UsageError("a name belongs to one namespace; use -n instead of -A")
    flags = {"--containers": args.containers, "--sum": args.sum, "-A": args.all_namespaces}
    flags |= {"--field-selector": args.field_selector}
    _refuse(flags if not pods else {"--show-capacity": args.show_capacity}, word)
    sort_by: SortBy = args.sort_by
    return TopQuery(
        pods=pods,
        name=names[0] if names else "",
        labels=args.selector,
        fields=args.field_selector,
        everywhere=args.all_namespaces,
        options=PodOptions(
            sort_by, not args.no_headers, args.all_namespaces, args.containers, args.sum
        ),
        capacity=args.show_capacity,
        timeout=args.request_timeout,
    )


def _refuse(flags: Mapping[str, object], word: str) -> None:
    """Raise `UsageError` for the first of these flags that is set."""
    for flag, value in flags.items():
        if value:
            raise UsageError(f"{flag} isn't a flag of top {word}")


def run(settings: Settings, query: TopQuery, environ: Mapping[str, str] = os.environ) -> int:
    """Print the usage and return 0. Raises `UserError` where there is none."""
    run_announced(_run(settings, query, environ, sys.stdout))
    return 0


async def _run(
    settings: Settings, query: TopQuery, environ: Mapping[str, str], out: TextIO
) -> None:
    async with await open_cluster(settings, environ, limits_of(query.timeout)) as connection:
        try:
            if query.pods:
                namespace = settings.namespace or connection.target.namespace or "default"
                lines = await _pods(connection, query, namespace)
            else:
                lines = await _nodes(connection, query)
        except RequestError as failed:
            if failed.failure.status == NOT_FOUND and await _is_absent(connection):
                raise UserError("Metrics API not available") from None
            raise
    out.writelines(lines)


async def _is_absent(connection: Connection) -> bool:
    try:
        await connection.get_bytes(f"/apis/{POD_USAGE.group}")
    except RequestError as failed:
        return failed.failure.status == NOT_FOUND
    return False


async def _nodes(connection: Connection, query: TopQuery) -> Iterable[str]:
    usage = [
        Measured(clean(item.metadata.name), _amount(item.usage))
        for item in await _objects(connection, NODE_USAGE, query)
    ]
    if not usage:
        raise UserError(NOT_YET)
    sizes: dict[str, Amount] = {}
    for item in await _objects(connection, NODES, query):
        row = NODES.to_row(item)
        size = row.capacity if query.capacity else row.allocatable
        sizes[row.name] = Amount(size.cpu * (NANO // 1000), size.memory)
    options = query.options
    return node_lines(usage, sizes, options.sort_by, headers=options.headers)


async def _pods(connection: Connection, query: TopQuery, namespace: str) -> Iterable[str]:
    place = "" if query.everywhere else namespace
    pods = [_measured(item) for item in await _objects(connection, POD_USAGE, query, place)]
    if not pods:
        await _explain_none(connection, query, place)
        where = "" if query.everywhere else f" in {namespace} namespace."
        sys.stderr.write(f"No resources found{clean(where)}\n")
    return pod_lines(pods, query.options) if pods else ()


def _measured(item: Any) -> Measured:
    """Return a pod's usage with that of its containers."""
    containers = tuple(
        (clean(container.name), _amount(container.usage)) for container in item.containers or ()
    )
    meta = item.metadata
    total = total_of(amount for _, amount in containers)
    return Measured(clean(meta.name), total, clean(meta.namespace), containers)


def _amount(usage: Mapping[str, str] | None) -> Amount:
    """Return an amount in which a figure that is missing counts as zero, as in kubectl.

    Raises `UserError`, as kubectl does, for one that isn't a quantity.
    """
    for name, text in (usage or {}).items():
        if quantity(text) is None:
            raise UserError(clean(f"metrics.k8s.io has {text!r} as {name}, which isn't a quantity"))
    cpu, memory = figures(usage)
    return Amount(cpu or 0, memory or 0)


async def _explain_none(connection: Connection, query: TopQuery, namespace: str) -> None:
    """Raise `UserError` where there are pods without a figure; return where there are none."""
    pods = await _objects(connection, PODS, query, namespace)
    now = connection.server_clock()
    for pod in pods:
        created = parse_time(pod.metadata.creation_timestamp)
        if created is not None and now - created > NEW:
            name = clean(f"{pod.metadata.namespace}/{pod.metadata.name}")
            raise UserError(f"Metrics not available for pod {name}, age: {_go(now - created)}")
    if pods:
        raise UserError(NOT_YET)


def _go(seconds: float) -> str:
    """Return whole seconds as Go prints a duration: `73h4m5s`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m{rest}s" if hours else f"{minutes}m{rest}s"


async def _objects(
    connection: Connection, resource: AnyResource, query: TopQuery, namespace: str = ""
) -> list[Any]:
    """Return the decoded objects of a name, or those that the selectors choose."""
    if query.name:
        body = await connection.get_bytes(resource.path(namespace, query.name))
        with readable(f"a {resource.object_kind}"):
            return [_whole(resource.decode(body))]
    selectors = {"labelSelector": query.labels, "fieldSelector": query.fields}
    chosen = {name: value for name, value in selectors.items() if value}
    objects: list[Any] = []

    def read(body: bytes) -> Page[Any]:
        page = resource.decode_list(body)
        return [_whole(item) for item in page.items or ()], page.metadata.continue_

    reader = checked(resource.object_kind, resource.name, read)
    async for items in pages(connection, resource.path(namespace), reader, chosen):
        objects += items
    return objects


def _whole(item: Any) -> Any:
    """Return what could be decoded of an object."""
    return item.object if isinstance(item, Undecoded) else item
