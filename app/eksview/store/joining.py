"""Gathers from the store what the checks of an instance look at, and the groups' table."""

from typing import cast

from eksview.domain.aws_rows import (
    AccessEntryRow,
    AutoScalingRow,
    ImageRow,
    InstanceDetail,
    NodegroupRow,
    SecurityGroupRow,
    StatusRow,
    SubnetRow,
    UpdateRow,
)
from eksview.domain.join_checks import kubelet_of_image
from eksview.domain.join_facts import JoinFacts
from eksview.domain.lifecycle import Step, timeline
from eksview.domain.nodegroups import GroupRow, group_rows
from eksview.domain.reading import last_of, value_of
from eksview.domain.rows import Kind, SigningRow
from eksview.store.store import Store


def join_facts(
    store: Store, instance: str, now: float, detail: InstanceDetail | None = None
) -> JoinFacts | None:
    """None when the instance isn't there. A table whose link never answered counts as unread."""
    row = store.instances().get(instance)
    if row is None:
        return None
    group = store.table(Kind.NODEGROUP).get(row.tags.get("eks:nodegroup-name", ""))
    nodegroup = cast(NodegroupRow | None, group)
    image = cast(ImageRow | None, store.table(Kind.IMAGE).get(row.image))
    role = detail.role if detail and detail.role else nodegroup.role if nodegroup else ""
    entries = cast(list[AccessEntryRow], list(store.table(Kind.ACCESS_ENTRY).values()))
    signing = cast(list[SigningRow], list(store.table(Kind.SIGNING).values()))
    network = _answered(store, "network")
    return JoinFacts(
        instance=row,
        now=now,
        status=cast(StatusRow | None, store.table(Kind.STATUS).get(instance)),
        cluster=last_of(store.facts.cluster),
        role=role,
        entries=tuple(entries) if _answered(store, "access-entries") else None,
        auth=value_of(store.facts.aws_auth),
        groups=cast(dict[str, SecurityGroupRow], store.table(Kind.SECURITY_GROUP))
        if network
        else None,
        subnets=cast(dict[str, SubnetRow], store.table(Kind.SUBNET)) if network else None,
        signing=tuple(signing) if _answered(store, "signing") else None,
        kubelet=kubelet_of_image(image.name if image else "")
        or (nodegroup.version if nodegroup else ""),
    )


def lifecycle(store: Store, node: str, instance: str, now: float) -> tuple[Step, ...]:
    """The timeline of a node, of an instance, or of both; either name may be empty."""
    claim = store.mapping.claim(node) or store.mapping.claim(instance)
    events = store.events_about(f"Node//{node}") if node else []
    return timeline(
        store.nodes.get(node),
        store.instances().get(instance),
        store.lease_of(node),
        claim,
        events,
        now,
    )


def groups(store: Store, now: float) -> tuple[GroupRow, ...]:
    """The groups' table; walks everything, so not for every event."""
    return group_rows(
        cast(list[NodegroupRow], list(store.table(Kind.NODEGROUP).values())),
        cast(dict[str, AutoScalingRow], store.table(Kind.AUTOSCALING)),
        cast(list[UpdateRow], list(store.table(Kind.UPDATE).values())),
        store.mapping.rows.values(),
        store.mapping.context(now),
    )


def _answered(store: Store, link: str) -> bool:
    known = store.links.get(link)
    return known is not None and known.heard is not None
