"""The ECS cluster that screens show, its rows, and why some of them aren't read."""

from collections.abc import Mapping
from typing import TypeVar

from eksview.domain.base.reading import why_unread
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.trust import awaited
from eksview.domain.rows.ecs import (
    EcsClusterRow,
    EcsInstanceRow,
    EcsMachineRow,
    EcsServiceRow,
    EcsTaskRow,
    cluster_name,
)
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs import unread_sentence_of
from eksview.store.selectors.readings import unread_parts
from eksview.store.store import Store

MemberT = TypeVar("MemberT", EcsInstanceRow, EcsMachineRow, EcsServiceRow, EcsTaskRow)


def shown_cluster(store: Store, wanted: str) -> EcsClusterRow | None:
    """Return the wanted cluster, by name or ARN; for none the one with most tasks.

    None while it isn't read, or where there is none.
    """
    rows = store.table(EcsClusterRow).values()
    if wanted:
        return next((row for row in rows if row.name == cluster_name(wanted)), None)
    return max(rows, key=lambda row: (row.running + row.pending, row.instances), default=None)


def shown_name(store: Store, wanted: str) -> Clean:
    """Return the name of the cluster that is shown; empty while none is known."""
    row = shown_cluster(store, wanted)
    return row.name if row is not None else cluster_name(wanted)


def members(store: Store, row: type[MemberT], cluster: str) -> Mapping[str, MemberT]:
    """Return the rows of a table that are a cluster's, by key."""
    return {key: each for key, each in store.table(row).items() if each.cluster == cluster}


def why_no_clusters(store: Store, wanted: str) -> Clean:
    """Return why no cluster is shown; empty while they are being read."""
    unusable = why_unread(store.facts.aws_identity)
    if unusable and not store.table(EcsClusterRow):
        return clean(unusable)
    if awaited(store.links.get(Kind.ECS_CLUSTER.link)):
        return EMPTY
    if unread := unread_sentence_of(store, Kind.ECS_CLUSTER):
        return unread
    name = cluster_name(wanted)
    return clean(f"There is no ECS cluster {name}." if name else "This region has no ECS cluster.")


def unread_tables(store: Store, now: float, *kinds: Kind) -> tuple[Clean, ...]:
    """Return a sentence for each table that wasn't read or not as a whole."""
    return unread_parts(store, [kind.part for kind in kinds], now)
