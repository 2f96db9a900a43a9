"""The resources of `eksview get` that only the API server knows: what the words of a query mean."""

from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from eksview.cli.get.arguments import check
from eksview.cli.get.query import Query, Selection
from eksview.domain.base.errors import UserError
from eksview.domain.kube.api_resource import ApiResource, ApiResources, unknown_resource
from eksview.domain.kube.server_table import ObjectTableKey
from eksview.kube.client.connection import Connection
from eksview.kube.discovery import read_resources


class ServedResource(Struct, frozen=True, dict=True):
    """A resource as its objects are printed; a Secret's without its values."""

    of: ApiResource

    @cached_property
    def kind(self) -> ObjectTableKey:
        return ObjectTableKey(self.of.qualified)

    @property
    def name(self) -> str:
        return self.of.name

    @property
    def group(self) -> str:
        return self.of.group

    @property
    def api(self) -> str:
        return self.of.api

    @property
    def object_kind(self) -> str:
        return self.of.kind

    @property
    def namespaced(self) -> bool:
        return self.of.namespaced

    @property
    def secret(self) -> bool:
        return self.of.is_secret

    def path(self, namespace: str = "", name: str = "") -> str:
        return self.of.path(namespace, name)


async def served(query: Query, connection: Connection) -> Query:
    """Return a query with what the server takes its words for; raises `UserError`."""
    resources = await read_resources(connection)
    selections: list[Selection] = []
    for selection in query.selections:
        for resource in _resources(resources, selection.kind_name):
            _add(selections, Selection(resource.kind, selection.names, resource))
    found = replace(query, selections=tuple(selections))
    check(found)
    return found


def _resources(resources: ApiResources, word: str) -> list[ServedResource]:
    """Return the resource of a word, or those of a category such as `all`."""
    if category := resources.category(word):
        return list(map(ServedResource, category))
    resource = resources.find(word)
    if resource is None:
        raise UserError(unknown_resource(resources, word))
    return [ServedResource(resource)]


def _add(selections: list[Selection], selection: Selection) -> None:
    """Add a selection unless it is there; objects of one resource in a row are one selection.

    Source: cli-runtime's `Builder`, which visits each resource once.
    """
    if any((each.kind, each.names) == (selection.kind, selection.names) for each in selections):
        return
    if selections and selections[-1].kind == selection.kind:
        before = selections.pop()
        selection = replace(before, names=before.names + selection.names)
    selections.append(selection)
