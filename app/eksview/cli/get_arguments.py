"""The arguments of `eksview get`: which objects are printed, and how."""

from argparse import Namespace
from collections.abc import Sequence

from eksview.cli.get_output import Query
from eksview.cli.output_format import output_of
from eksview.cli.parser import CLUSTERS, GETTABLE, INSTANCES
from eksview.config.option_types import UsageError
from eksview.domain.resources.registry import PRINTED
from eksview.domain.rows.kube import Kind

_KINDS = {name: printed.kind for printed in PRINTED for name in printed.get}


def query_of(args: Namespace) -> tuple[str, Query]:
    """Return the resource as it was typed, and the query; raises `UsageError`."""
    resource, names = resource_and_names(args.words)
    query = Query(
        kind=_KINDS.get(resource, Kind.INSTANCE),
        names=names,
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
    )
    _check(resource, query)
    return resource, query


def resource_and_names(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the resource as it was typed and the names; raises `UsageError`.

    Source: `kubectl get --help`, whose TYPE/NAME arguments stand for themselves.
    """
    if not words:
        raise UsageError("the following arguments are required: RESOURCE; see eksview get --help")
    resource, names = words[0], tuple(words[1:])
    if any("/" in word for word in words):
        pairs = [word.partition("/") for word in words]
        if not all(before and name for before, _, name in pairs):
            raise UsageError(
                "write each object as RESOURCE/NAME, or the resource once before the names"
            )
        if len({_KINDS.get(before, before) for before, _, _ in pairs}) > 1:
            raise UsageError("only objects of one resource can be printed at a time")
        resource, names = pairs[0][0], tuple(name for _, _, name in pairs)
    if "," in resource:
        raise UsageError("only one resource can be printed at a time")
    if resource not in GETTABLE:
        choices = ", ".join(map(repr, GETTABLE))
        raise UsageError(f"invalid choice: {resource!r} (choose from {choices})")
    return resource, names


def _check(resource: str, query: Query) -> None:
    """Raise `UsageError` for arguments that contradict each other, as kubectl does."""
    selector = query.labels or query.fields
    if query.names and selector:
        raise UsageError("a name can't be combined with a selector; leave one of them out")
    if query.names and query.all_namespaces and query.namespaced:
        raise UsageError("a name belongs to one namespace; use -n instead of -A")
    if query.watch and len(query.names) > 1:
        raise UsageError("one object or all of a resource can be watched; name only one")
    if query.watch and query.sort_by:
        raise UsageError("--sort-by needs all objects, so it can't be combined with --watch")
    if resource not in INSTANCES + CLUSTERS:
        return
    if selector:
        raise UsageError(f"{resource} have no selectors; use names instead")
    if query.watch or query.show_labels or query.label_columns:
        raise UsageError(f"{resource} have no labels and can't be watched; leave these flags out")
