"""The fields of Kubernetes objects: of a row, and of a whole object by kubectl's JSONPath."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from eksview.domain.base.jsonpath import expression
from eksview.domain.base.text import clean, clean_name
from eksview.domain.fields.field import Field, FieldValue, pairs
from eksview.domain.kube.node_labels import (
    group_of,
    instance_id,
    instance_type_of,
    zone_of,
)
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import NodeRow, PodRow


def printed_name(ref: ObjectRef) -> str:
    """Return `deployment.apps/web`, as `kubectl get -o name` prints it."""
    kind = f"{ref.kind}.{ref.group}" if ref.group else ref.kind
    return f"{kind.lower()}/{ref.name}"


REF_FIELDS: tuple[Field[ObjectRef], ...] = (
    Field("Name", lambda ref: ref.name),
    Field("Namespace/name", lambda ref: f"{ref.namespace}/{ref.name}" if ref.namespace else ""),
    Field("Kind/name", printed_name),
    Field("UID", lambda ref: ref.uid),
)

NODE_FIELDS: tuple[Field[NodeRow], ...] = (
    Field("Internal IP", lambda row: row.internal_ip),
    Field("External IP", lambda row: row.external_ip),
    Field("Provider ID", lambda row: row.provider_id),
    Field("Instance ID", lambda row: instance_id(row.provider_id)),
    Field("Instance type", lambda row: instance_type_of(row.labels)),
    Field("Zone", lambda row: zone_of(row.labels)),
    Field("Group", lambda row: group_of(row.labels, row.provider_id).name),
    Field("Version", lambda row: row.kubelet),
    Field("OS image", lambda row: row.os_image),
    Field("Labels", lambda row: pairs(row.labels)),
)

POD_FIELDS: tuple[Field[PodRow], ...] = (
    Field("IP", lambda row: row.ip),
    Field("Node", lambda row: row.node),
    Field("Owner", lambda row: row.owner),
    Field("Labels", lambda row: row.labels),
)


class ObjectField(Struct, frozen=True):
    """A field of a whole object: the values at all of its paths, one a line.

    Paths that an object doesn't have give nothing, so one table serves every kind.
    """

    title: str
    paths: tuple[str, ...]
    show: Callable[[Any], str]

    def read(self, whole: Mapping[str, Any]) -> str:
        """Return the clean values."""
        found = (value for path in self.paths for value in expression(path).values(whole))
        return "\n".join(dict.fromkeys(filter(None, map(self.show, found))))


def _text(value: Any) -> str:
    """Return a text, or a list such as a command as JSON."""
    if value is None:
        return ""
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _labels(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return clean_name(pairs({str(key): str(value[key]) for key in value}))


def _selector(value: Any) -> str:
    """Return the labels of a Service's selector; a workload's has them in `matchLabels`."""
    plain = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return _labels(value) if plain else ""


def _owner(value: Any) -> str:
    return clean(f"{value.get('kind')}/{value.get('name')}") if isinstance(value, dict) else ""


def _field(title: str, *paths: str, show: Callable[[Any], str] = _text) -> ObjectField:
    return ObjectField(title, paths, show)


_POD_SPECS = (".spec", ".spec.template.spec", ".spec.jobTemplate.spec.template.spec")


def _of_pods(*paths: str) -> Iterator[str]:
    """Yield the paths in a pod, in the template of a workload, and in that of a CronJob."""
    for spec in _POD_SPECS:
        yield from (f"{spec}{path}" for path in paths)


OBJECT_FIELDS: tuple[ObjectField, ...] = (
    _field("UID", ".metadata.uid"),
    _field("Owner", ".metadata.ownerReferences[*]", show=_owner),
    _field("Labels", ".metadata.labels", show=_labels),
    _field("Selector", ".spec.selector.matchLabels", ".spec.selector", show=_selector),
    _field("Node", ".spec.nodeName"),
    _field("Images", *_of_pods(".initContainers[*].image", ".containers[*].image")),
    _field("Command", *_of_pods(".containers[*].command")),
    _field("Arguments", *_of_pods(".containers[*].args")),
    _field("Service account", *_of_pods(".serviceAccountName")),
    _field("Pod IPs", ".status.podIPs[*].ip"),
    _field("Container IDs", ".status.containerStatuses[*].containerID"),
    _field("Addresses", ".status.addresses[*].address"),
    _field("Provider ID", ".spec.providerID", ".status.providerID"),
    _field("Cluster IP", ".spec.clusterIP"),
    _field(
        "Load balancer",
        ".status.loadBalancer.ingress[*].hostname",
        ".status.loadBalancer.ingress[*].ip",
    ),
    _field("Hosts", ".spec.rules[*].host"),
    _field("Volume", ".spec.volumeName"),
    _field("Volume handle", ".spec.csi.volumeHandle"),
)


def object_values(whole: Mapping[str, Any]) -> Iterator[FieldValue]:
    """Yield the fields that a whole object has."""
    for field in OBJECT_FIELDS:
        if text := field.read(whole):
            yield FieldValue(field.title, text)
