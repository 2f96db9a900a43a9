"""All resources of the Kubernetes API that eksview reads: each is the module of its kind's name."""

from importlib import import_module
from typing import Any, TypeAlias

from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import KUBE_KINDS, Kind

AnyResource: TypeAlias = Resource[Any, Any]


def _declared(kind: Kind) -> AnyResource:
    resource: AnyResource = import_module(f"eksview.domain.resources.{kind.value}").RESOURCE
    return resource


RESOURCES: dict[Kind, AnyResource] = {kind: _declared(kind) for kind in KUBE_KINDS}
WATCHED = tuple(resource for resource in RESOURCES.values() if resource.period is None)
POLLED = tuple(resource for resource in RESOURCES.values() if resource.period is not None)
PRINTED = tuple(resource for resource in RESOURCES.values() if resource.get)
"""Those that `eksview get` prints."""
