"""The fields of what a screen shows, as far as the store knows them."""

from collections.abc import Iterator

from eksview.domain.aws.arn import console_url
from eksview.domain.base.reading import NotAsked, last_of, why_unread
from eksview.domain.fields.aws_fields import (
    CLUSTER_FIELDS,
    INSTANCE_FIELDS,
    NODEGROUP_FIELDS,
    instance_arn,
)
from eksview.domain.fields.field import FieldValue, values_of
from eksview.domain.fields.kube_fields import NODE_FIELDS, POD_FIELDS, REF_FIELDS
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.aws import InstanceRow, NodegroupRow
from eksview.store.selectors.readings import cluster_reading, table_reading
from eksview.store.store import Store


def object_fields(store: Store, ref: ObjectRef) -> Iterator[FieldValue]:
    """Yield the fields of an object; of a node those of its instance too."""
    yield from values_of(REF_FIELDS, ref)
    if ref.plural == "pods" and (pod := store.pods.get(ref.uid)):
        yield from values_of(POD_FIELDS, pod)
    if ref.plural == "nodes" and (node := store.nodes.get(ref.name)):
        yield from values_of(NODE_FIELDS, node)
        row = store.mapping.of_node(node.name)
        if instance := row.instance if row else instance_id(node.provider_id):
            yield from instance_fields(store, instance)


def instance_fields(store: Store, instance: str) -> Iterator[FieldValue]:
    """Yield the fields of an EC2 instance, and why others aren't known."""
    if not instance.startswith("i-"):
        return  # a NodeClaim without an instance
    identity, mismatch = last_of(store.facts.aws_identity), store.mapping.mismatch
    if mismatch is not None:
        yield FieldValue("Instance ARN", "", mismatch.reason)
    elif identity is not None and identity.account:
        yield FieldValue("Instance ARN", instance_arn(identity, instance))
        if url := console_url(identity.region, instance):
            yield FieldValue("Console URL", url)
    else:
        yield FieldValue("Instance ARN", "", _why_no_account(store))
    row = store.table(InstanceRow).get(instance)
    if row is not None:
        yield from values_of(INSTANCE_FIELDS, row)
        return
    yield FieldValue("Instance ID", instance)
    reading = table_reading(store, InstanceRow)
    unlisted = "EC2 doesn't list this instance."
    reason = "EC2 wasn't read." if isinstance(reading, NotAsked) else unlisted
    yield FieldValue("EC2 fields", "", why_unread(reading) or reason)


def group_fields(store: Store, name: str) -> Iterator[FieldValue]:
    """Yield the fields of a nodegroup or an Auto Scaling group."""
    yield FieldValue("Name", name)
    if group := store.table(NodegroupRow).get(name):
        yield from values_of(NODEGROUP_FIELDS, group)


def cluster_fields(store: Store) -> Iterator[FieldValue]:
    """Yield the fields of the EKS cluster; none where EKS didn't describe it."""
    cluster = last_of(cluster_reading(store))
    if cluster is not None:
        yield from values_of(CLUSTER_FIELDS, cluster)


def _why_no_account(store: Store) -> str:
    return why_unread(store.facts.aws_identity) or "The AWS account wasn't read."
