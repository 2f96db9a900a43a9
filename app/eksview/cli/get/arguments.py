"""The arguments of `eksview get`: which objects are printed, and how."""

from argparse import Namespace
from collections.abc import Sequence
from itertools import groupby

from eksview.cli.get.output_format import output_of
from eksview.cli.get.query import Query, Selection
from eksview.cli.parser import (
    CLUSTERS,
    DRAIN_PLAN,
    ECS_CLUSTERS,
    ECS_INSTANCES,
    ECS_SERVICES,
    ECS_TASKS,
    INSTANCES,
)
from eksview.config.option_types import UsageError
from eksview.domain.kube.server_table import ObjectTableKey
from eksview.domain.live.messages import TableKey
from eksview.domain.resources.registry import PRINTED
from eksview.domain.rows.kube import Kind

_KIND_OF_NAMES = {
    INSTANCES: Kind.INSTANCE,
    CLUSTERS: Kind.INSTANCE,
    DRAIN_PLAN: Kind.INSTANCE,
    ECS_CLUSTERS: Kind.ECS_CLUSTER,
    ECS_SERVICES: Kind.ECS_SERVICE,
    ECS_INSTANCES: Kind.ECS_INSTANCE,
    ECS_TASKS: Kind.ECS_TASK,
}
"""The names of what eksview prints beside the resources of the API server, with its table."""
RESOURCE_NAMES = (*(resource.get for resource in PRINTED), *_KIND_OF_NAMES)
"""The names of each resource: the plural, the singular, short ones."""
LONG_NAMES = tuple(name for names in RESOURCE_NAMES for name in names[:2])
_OF_EKSVIEW = {name: kind for names, kind in _KIND_OF_NAMES.items() for name in names}
_KINDS = {name: printed.kind for printed in PRINTED for name in printed.get}


def query_of(args: Namespace) -> tuple[str, Query]:
    """Return the first resource as it was typed, and the query; raises `UsageError`."""
    selections = selections_of(args.words)
    _check_alone([resource for resource, _ in selections])
    query = Query(
        selections=tuple(Selection(kind_of(resource), names) for resource, names in selections),
        output=output_of(args.output),
        labels=args.selector,
        fields=args.field_selector,
        all_namespaces=args.all_namespaces,
        headers=not args.no_headers,
        sort_by=args.sort_by,
        label_columns=tuple(key for keys in args.label_columns for key in keys.split(",") if key),
        show_labels=args.show_labels,
        watch=args.follow or args.watch_only,
        listed=not args.watch_only,
        missing_is_fine=args.ignore_not_found,
        timeout=args.request_timeout,
    )
    resource = selections[0][0]
    _check(resource, query)
    return resource, query


def kind_of(resource: str) -> TableKey:
    """Return the table of a resource; one of the server's for a word that isn't known here."""
    return _OF_EKSVIEW.get(resource) or _KINDS.get(resource) or ObjectTableKey(resource)


def selections_of(words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return each resource as it was typed with its names; raises `UsageError`.

    Source: `kubectl get --help`, whose TYPE/NAME arguments stand for themselves, and whose names
    are those of each TYPE.
    """
    if not words:
        raise UsageError("the following arguments are required: RESOURCE; see eksview get --help")
    if any("/" in word for word in words):
        runs = groupby(map(_pair, words), key=lambda pair: _group(pair[0]))
        return [_merged(list(run)) for _, run in runs]
    resources = {_group(name): name for name in map(_resource, words[0].split(","))}
    return [(resource, tuple(words[1:])) for resource in resources.values()]


def _group(resource: str) -> tuple[str, ...]:
    """Return all names of a resource."""
    return next((names for names in RESOURCE_NAMES if resource in names), (resource,))


def _merged(pairs: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """Return the resource of pairs, and their names."""
    return pairs[0][0], tuple(name for _, name in pairs)


def _pair(word: str) -> tuple[str, str]:
    resource, _, name = word.partition("/")
    if not (resource and name) or "/" in name:
        raise UsageError(
            "write each object as RESOURCE/NAME, or the resource once before the names"
        )
    return _resource(resource), name


def _resource(word: str) -> str:
    """Return the name of a resource; the server knows those that eksview doesn't."""
    # As in kubectl, whose short names are in lower case only.
    return word.lower() if word.lower() in LONG_NAMES else word


def _check_alone(resources: Sequence[str]) -> None:
    """Raise `UsageError` for what isn't of the Kubernetes API beside another resource."""
    for resource in resources:
        if resource in _OF_EKSVIEW and len(resources) > 1:
            raise UsageError(f"{resource} can't be printed together with another resource")


def _check(resource: str, query: Query) -> None:
    """Raise `UsageError` for arguments that contradict each other."""
    check(query)
    if resource not in _OF_EKSVIEW:
        return
    if query.labels or query.fields:
        raise UsageError(f"{resource} have no selectors; use names instead")
    if query.watch or query.show_labels or query.label_columns:
        raise UsageError(f"{resource} have no labels and can't be watched; leave these flags out")


def check(query: Query) -> None:
    """Raise `UsageError` for arguments that contradict each other, as kubectl does."""
    selector = query.labels or query.fields
    if query.names and selector:
        raise UsageError("a name can't be combined with a selector; leave one of them out")
    if query.names and query.all_namespaces and query.namespaced:
        raise UsageError("a name belongs to one namespace; use -n instead of -A")
    several = len(query.kinds) > 1
    if query.watch and (several or len(query.names) > 1):
        raise UsageError("one object or all of a resource can be watched; name only one")
    if query.watch and query.sort_by:
        raise UsageError("--sort-by needs all objects, so it can't be combined with --watch")
    if several and query.sort_by and query.is_table:
        raise UsageError("--sort-by can't sort tables of several resources; name only one")
