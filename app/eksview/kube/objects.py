"""Whole objects of the API; of a Secret only the metadata: its values are never requested."""

from typing import Any

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.secret_values import without_values
from eksview.kube.client.connection import JSON, Connection
from eksview.kube.discovery import Discovery

AS_METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
"""The Accept header for an object without its fields; there is no other form to fall back on."""


async def read_object(
    connection: Connection, discovery: Discovery, ref: ObjectRef
) -> dict[str, Any]:
    """Return an object by its reference; raises `UserError`."""
    resource = await _resource(discovery, ref)
    accept = AS_METADATA if resource.is_secret else JSON
    path = resource.path(ref.namespace, ref.name)
    body: dict[str, Any] = await connection.get_json(path, accept=accept)
    return without_values(body) if resource.is_secret else body


async def _resource(discovery: Discovery, ref: ObjectRef) -> ApiResource:
    """Return the resource of a reference, which is known or named by its kind."""
    group, _, version = ref.api.rpartition("/")
    if ref.plural:
        return ApiResource(group, version, ref.plural, ref.kind, namespaced=bool(ref.namespace))
    for again in (False, True):
        resource = (await discovery.resources(again=again)).of_kind(ref.api, ref.kind)
        if resource is not None:
            return resource
    raise UserError(f"The server has no resource of kind {clean(ref.kind)} in {clean(ref.api)}.")
