"""The query of `eksview get`: the objects that are printed, and how."""

from collections.abc import Sequence
from math import isfinite
from typing import Protocol

from msgspec import Struct

from eksview.cli.get.output_format import Output
from eksview.domain.live.messages import TableKey
from eksview.domain.resources.named_resource import NamedResource
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.kube import Kind
from eksview.kube.client.connection import RETRIES, Limits

_TABLE = Output()
SILENCE = 65.0  # seconds; an API server itself ends a request with 504 after 60 s


class PrintedResource(NamedResource, Protocol):
    """A resource as its objects are printed."""

    @property
    def api(self) -> str: ...
    @property
    def object_kind(self) -> str: ...
    @property
    def namespaced(self) -> bool: ...
    @property
    def secret(self) -> bool:
        """Whether its objects hold values that are never requested."""


class Selection(Struct, frozen=True):
    """The objects of a resource: all of them, or those with the names.

    `kind` is a word that only the server knows until `served_resources` has found what it means.
    """

    kind: TableKey
    names: tuple[str, ...] = ()
    served: PrintedResource | None = None

    @property
    def resource(self) -> PrintedResource:
        """The resource, if it is one of the Kubernetes API."""
        if self.served is not None:
            return self.served
        assert isinstance(self.kind, Kind)  # noqa: S101 - other words have been looked up
        return RESOURCES[self.kind]

    @property
    def kind_name(self) -> str:
        """The word for the resource."""
        return self.kind.value if isinstance(self.kind, Kind) else self.kind.resource

    @property
    def namespaced(self) -> bool:
        if self.served is not None:
            return self.served.namespaced
        return self.kind in RESOURCES and self.resource.namespaced


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
    def shows_labels(self) -> bool:
        return self.show_labels or bool(self.label_columns)

    @property
    def is_single(self) -> bool:
        """Return whether one object was named, which isn't printed as a list."""
        return len(self.selections) == len(self.names) == 1

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for selection in self.selections for name in selection.names)

    @property
    def kinds(self) -> Sequence[TableKey]:
        """The kinds, each once."""
        return list(dict.fromkeys(selection.kind for selection in self.selections))

    @property
    def namespaced(self) -> bool:
        """Return whether one of the resources is."""
        return any(each.namespaced for each in self.selections)

    @property
    def all_namespaced(self) -> bool:
        return all(each.namespaced for each in self.selections)

    def shown(self, *, namespace: bool) -> set[str]:
        """Return the marks of the columns that a table has."""
        marks = {"default"}
        marks |= {"wide"} if self.output.format == "wide" else set()
        marks |= {"namespace"} if namespace else set()
        return marks

    @property
    def is_served(self) -> bool:
        """Return whether a word is one that only the server knows."""
        return not all(isinstance(each.kind, Kind) for each in self.selections)


def limits_of(timeout: float | None) -> Limits:
    """Return the limits of requests by --request-timeout, in seconds; infinity is for none."""
    if timeout is None:
        return Limits(SILENCE, retries=RETRIES)
    return Limits(None, timeout if isfinite(timeout) else None, RETRIES)
