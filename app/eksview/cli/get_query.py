"""The query of `eksview get`: the objects that are printed, and how."""

from collections.abc import Sequence
from math import isfinite

from msgspec import Struct

from eksview.cli.output_format import Output
from eksview.domain.resources.registry import RESOURCES, AnyResource
from eksview.domain.rows.kube import Kind
from eksview.kube.client.connection import RETRIES, Limits

_TABLE = Output()
SILENCE = 65.0  # seconds; an API server itself ends a request with 504 after 60 s


class Selection(Struct, frozen=True):
    """The objects of a resource: all of them, or those with the names."""

    kind: Kind
    names: tuple[str, ...] = ()

    @property
    def resource(self) -> AnyResource:
        """The resource, if it is one of the Kubernetes API."""
        return RESOURCES[self.kind]


class Query(Struct, frozen=True):
    """The arguments of `eksview get`.

    `labels` and `fields` are selectors of the API server. `label_columns` are keys of labels that
    have a column each, `show_labels` adds one of all labels. `sort_by` is a path. `watch` goes on
    with the changes, `listed` prints what there is before them. `timeout` is in seconds for each
    request; None for the default, infinity for no limit.
    """

    selections: tuple[Selection, ...]
    output: Output = _TABLE
    labels: str = ""
    fields: str = ""
    all_namespaces: bool = False
    headers: bool = True
    sort_by: str = ""
    label_columns: tuple[str, ...] = ()
    show_labels: bool = False
    watch: bool = False
    listed: bool = True
    missing_is_fine: bool = False
    timeout: float | None = None

    @property
    def limits(self) -> Limits:
        return limits_of(self.timeout)

    @property
    def is_table(self) -> bool:
        return self.output.is_table

    @property
    def is_single(self) -> bool:
        """Return whether one object was named, which isn't printed as a list."""
        return len(self.selections) == len(self.names) == 1

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for selection in self.selections for name in selection.names)

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kinds, each once."""
        return list(dict.fromkeys(selection.kind for selection in self.selections))

    @property
    def namespaced(self) -> bool:
        """Return whether one of the resources is."""
        return any(map(_is_namespaced, self.kinds))

    @property
    def all_namespaced(self) -> bool:
        return all(map(_is_namespaced, self.kinds))

    def shown(self, *, namespace: bool) -> set[str]:
        """Return the marks of the columns that a table has."""
        marks = {"default"}
        marks |= {"wide"} if self.output.format == "wide" else set()
        marks |= {"namespace"} if namespace else set()
        return marks


def limits_of(timeout: float | None) -> Limits:
    """Return the limits of requests by --request-timeout, in seconds; infinity is for none."""
    if timeout is None:
        return Limits(SILENCE, retries=RETRIES)
    return Limits(None, timeout if isfinite(timeout) else None, RETRIES)


def _is_namespaced(kind: Kind) -> bool:
    resource = RESOURCES.get(kind)
    return resource is not None and resource.namespaced
