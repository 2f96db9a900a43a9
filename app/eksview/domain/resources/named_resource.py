"""The names of a resource of the API, as all that reads one needs them."""

from typing import Protocol

from eksview.domain.live.messages import TableKey


class NamedResource(Protocol):
    """A resource by its table, its plural and group, and its paths."""

    @property
    def kind(self) -> TableKey: ...
    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...
    def path(self, namespace: str = "", name: str = "") -> str: ...
