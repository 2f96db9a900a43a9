"""Whole objects of the API; of a Secret only the metadata: its values are never requested."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import ApiResource, resource_gone, resource_of
from eksview.domain.kube.api_types import Listed
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import METADATA_KIND
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.secret_values import without_values
from eksview.kube.client.connection import JSON, Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import decoded, pages, read_object_as
from eksview.kube.discovery import Discovery

MOST_LISTED = 5_000
AS_METADATA = f"{JSON};as={METADATA_KIND};v=v1;g=meta.k8s.io"
"""The Accept header for an object without its fields; there is no other form to fall back on."""
AS_METADATA_LIST = f"{JSON};as={METADATA_KIND}List;v=v1;g=meta.k8s.io"
"""The same for a list."""


async def read_object(
    connection: Connection, discovery: Discovery, ref: ObjectRef
) -> dict[str, Any]:
    """Return an object by its reference, a list for one without a name; raises `UserError`."""
    resource = await _resource(discovery, ref)
    with _existing(resource):
        return await _read(connection, resource, ref)


@contextmanager
def _existing(resource: ApiResource) -> Iterator[None]:
    """Name a resource that the server doesn't have; of a missing object it says so itself."""
    try:
        yield
    except RequestError as error:
        if error.failure.status != HTTPStatus.NOT_FOUND or error.absent:
            raise
        raise RequestError(resource_gone(resource.name, resource.group), error.failure) from None


async def _read(connection: Connection, resource: ApiResource, ref: ObjectRef) -> dict[str, Any]:
    if not ref.name and not resource.is_secret:
        return {"items": await _list(connection, resource.kind, resource.path(ref.namespace))}
    accept = AS_METADATA if resource.is_secret else JSON
    path = resource.path(ref.namespace, ref.name)
    kinds = (METADATA_KIND, resource.kind) if resource.is_secret else (resource.kind,)
    body = await connection.get_bytes(path, accept=accept)
    whole: dict[str, Any] = read_object_as(body, dict[str, Any], *kinds)
    return without_values(whole) if resource.is_secret else whole


async def _list(connection: Connection, kind: str, path: str) -> list[dict[str, Any]]:
    """Return the objects of a list, at most `MOST_LISTED`."""
    objects: list[dict[str, Any]] = []
    name = path.rpartition("/")[2]
    read = decoded(kind, name, lambda body: parse(body, Listed[dict[str, Any]]))
    async for page in pages(connection, path, read):
        objects += page
        if len(objects) > MOST_LISTED:
            raise UserError(f"There are more than {MOST_LISTED:,}.")
    return objects


async def _resource(discovery: Discovery, ref: ObjectRef) -> ApiResource:
    """Return the resource of a reference, which is known or named by its kind."""
    if ref.plural:
        return resource_of(ref)
    for again in (False, True):
        resource = (await discovery.resources(again=again)).of_kind(ref.api, ref.kind)
        if resource is not None:
            return resource
    raise UserError(f"The server has no resource of kind {clean(ref.kind)} in {clean(ref.api)}.")
