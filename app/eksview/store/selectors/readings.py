"""Readings of tables, and the inputs of the access chain."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from eksview.domain.access.access_step import Inputs
from eksview.domain.access.iam_mapping import MappingSources
from eksview.domain.access.node_role import NodeRole
from eksview.domain.access.node_role import node_roles as roles_in_use
from eksview.domain.aws.parts import FOUND_BY, LINK_OF, SUBJECTS
from eksview.domain.aws.poll_plan import ACCESS, EKS, NETWORK
from eksview.domain.aws.unread import unread_sentence
from eksview.domain.base.reading import (
    NOT_ASKED,
    NotAsked,
    Read,
    ReadFailed,
    Reading,
    Refused,
    last_of,
    value_of,
    why_unread,
    with_value,
)
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.control_plane.evidence import failing_checks
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.facts import Answered
from eksview.domain.rows.aws import (
    AccessEntryRow,
    AwsIdentity,
    ClusterInfo,
    FargateRow,
    NodegroupRow,
)
from eksview.domain.rows.kube import KIND_OF, Kind, RowT
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store

_OF_CLUSTER = frozenset({EKS, ACCESS, NETWORK})
"""The links whose calls have the name of the cluster, or what DescribeCluster answered."""


def other_cluster(store: Store) -> Clean:
    """Return why EKS describes another cluster of the same name; empty where it is this one.

    A name is unique in an account and region only, the endpoint everywhere.
    """
    mismatch, cluster = store.mapping.mismatch, last_of(store.facts.cluster)
    identity = last_of(store.facts.aws_identity)
    if mismatch is None or mismatch.kind == "instances" or cluster is None or identity is None:
        return EMPTY
    if identity.server.rstrip("/").lower() == cluster.endpoint.rstrip("/").lower():
        return EMPTY
    where = f"account {identity.account} and {identity.region}"
    return clean(f"EKS describes the cluster {cluster.name} of {where}, which isn't this one.")


def cluster_reading(store: Store) -> Reading[ClusterInfo]:
    """Return how this cluster was read; another one of its name isn't it."""
    if reason := other_cluster(store):
        return ReadFailed(reason, 0.0)
    return store.facts.cluster


def part_reading(store: Store, part: str) -> Reading[Answered]:
    """Return how a part of the AWS account was read, by its name in `domain.aws.parts`.

    It is read only while its link works, and as far as the parts are read that it is found by.
    """
    reading = _own_reading(store, part)
    if not isinstance(reading, Read):
        return reading
    for name in FOUND_BY.get(part, ()):
        found = part_reading(store, name)
        if isinstance(found, Refused | ReadFailed):
            return replace(found, last=reading.value, read_at=None)
    return reading


def unread_parts(store: Store, parts: Iterable[str], now: float) -> tuple[Clean, ...]:
    """Return a sentence for each part that failed; several that share a reason have one."""
    subjects: dict[Clean, list[str]] = {}
    readings: dict[Clean, Reading[Answered]] = {}
    for part in parts:
        reading = part_reading(store, part)
        if reason := why_unread(reading):
            subjects.setdefault(reason, []).append(SUBJECTS[part])
            readings.setdefault(reason, reading)
    return tuple(
        unread_sentence(_listed_words(subjects[reason]), reading, now)
        for reason, reading in readings.items()
    )


def _listed_words(words: list[str]) -> str:
    """Return `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _own_reading(store: Store, part: str) -> Reading[Answered]:
    if LINK_OF[part] in _OF_CLUSTER and (reason := other_cluster(store)):
        return ReadFailed(reason, 0.0)
    reading, link = store.facts.part(part), store.links.get(LINK_OF[part])
    if link is None:
        return reading
    if link.phase in (Phase.RETRYING, Phase.OFF) and isinstance(reading, Read):
        return ReadFailed(link.reason, link.since, reading.value, reading.at)
    if not isinstance(reading, NotAsked):
        return reading
    if link.phase in (Phase.RETRYING, Phase.OFF, Phase.REFUSED):
        return ReadFailed(link.reason, link.since)
    return reading if link.heard is None else Read(Answered(), link.heard)


def table_reading(store: Store, row: type[RowT]) -> Reading[Mapping[str, RowT]]:
    """Return how a table was read; it is empty only if a list said so."""
    return _reading_of(store, row, dict(store.table(row)))


def count_reading(store: Store, row: type[RowT]) -> Reading[int]:
    """Return the number of rows of a table, and how they were read, without a copy of them."""
    reading = _reading_of(store, row, store.table(row))
    rows = last_of(reading)
    return with_value(reading, len(rows or ()), known=bool(rows))


def _reading_of(
    store: Store, row: type[RowT], rows: Mapping[str, RowT]
) -> Reading[Mapping[str, RowT]]:
    kind = KIND_OF[row]
    link = store.links.get(kind.link)
    if kind.link in _OF_CLUSTER and other_cluster(store):
        rows = {}
    if kind.part:
        reading = with_value(part_reading(store, kind.part), rows, known=bool(rows))
    else:
        reading = _listed(link, rows)
    if isinstance(reading, NotAsked) and rows:  # of the first page
        return Read(rows, link.since if link else 0.0)
    return reading


def _listed(link: Link | None, rows: Mapping[str, RowT]) -> Reading[Mapping[str, RowT]]:
    """Return how a stream's table was read; rows may be those of a part of the table."""
    if link is None:
        return NOT_ASKED
    if link.phase is Phase.REFUSED:
        return Refused(link.reason, link.missing, link.since, rows or None)
    if link.heard is not None or link.phase is Phase.LIVE:
        return Read(rows, link.heard or link.since)
    if rows or link.phase in (Phase.CONNECTING, Phase.LISTING):
        return NOT_ASKED
    return ReadFailed(link.reason, link.since)


def rows_reading(store: Store, row: type[RowT]) -> Reading[tuple[RowT, ...]]:
    """Return the rows of a table, and how they were read."""
    reading = table_reading(store, row)
    rows = last_of(reading)
    return with_value(reading, tuple(rows.values()) if rows else (), known=bool(rows))


def rows_of(store: Store, row: type[RowT]) -> tuple[RowT, ...] | None:
    """Return the rows that were last read of a table; None while it is unread."""
    rows = last_of(table_reading(store, row))
    return None if rows is None else tuple(rows.values())


def access_entries(store: Store) -> Reading[tuple[AccessEntryRow, ...]]:
    """Return how the access entries were read."""
    reading = table_reading(store, AccessEntryRow)
    rows = last_of(reading)
    return with_value(reading, tuple((rows or {}).values()), known=rows is not None)


def node_roles(store: Store) -> tuple[NodeRole, ...]:
    """Return the roles of the nodegroups and Fargate profiles, as far as they were read."""
    groups, profiles = table_reading(store, NodegroupRow), table_reading(store, FargateRow)
    return roles_in_use((last_of(groups) or {}).values(), (last_of(profiles) or {}).values())


def node_roles_unread(store: Store) -> tuple[str, ...]:
    """Return why tables with roles of nodes are unread, in sentences."""
    readings = (table_reading(store, NodegroupRow), table_reading(store, FargateRow))
    return tuple(dict.fromkeys(filter(None, map(why_unread, readings))))


def mapping_sources(store: Store) -> MappingSources:
    """Return the sources of the IAM mapping, as they were read."""
    reading = cluster_reading(store)
    cluster = last_of(reading)
    return MappingSources(
        mode=cluster.authentication if cluster else "",
        mode_reason=why_unread(reading),
        entries=access_entries(store),
        auth=store.facts.aws_auth,
        roles_created=roles_created(store),
    )


def roles_created(store: Store) -> dict[str, float]:
    """Return when the account's roles were created, by ARN, as far as they were read."""
    roles = last_of(store.facts.iam_roles)
    return {str(arn): at for arn, at in roles.created.items()} if roles is not None else {}


def known_roles(store: Store) -> frozenset[str] | None:
    """Return the ARNs of the account's roles; None where they couldn't be read."""
    roles = last_of(store.facts.iam_roles)
    return roles.arns if roles is not None else None


def aws_identity(store: Store) -> Reading[AwsIdentity]:
    """Return how the identity was read, with what contradicts the nodes among its warnings."""
    reading, mismatch = store.facts.aws_identity, store.mapping.mismatch
    identity = last_of(reading)
    if identity is None or mismatch is None or mismatch.kind == "account":  # it is one of them
        return reading
    warned = replace(identity, warnings=(mismatch.reason, *identity.warnings))
    return with_value(reading, warned, known=True)


def chain_inputs(store: Store, now: float, commands: CommandContext, *, eks: bool) -> Inputs:
    link = store.links.get(Kind.NODE)
    live = link is not None and link.phase is Phase.LIVE
    cluster = cluster_reading(store)
    return Inputs(
        now=now,
        ahead=store.time.ahead,
        failing=failing_checks(store.facts.probes()),
        eks=eks,
        kubeconfig=value_of(store.facts.kubeconfig),
        credential=value_of(store.facts.credential),
        endpoint=value_of(store.facts.endpoint),
        who=value_of(store.facts.who),
        rights=value_of(store.facts.rights),
        rbac=value_of(store.facts.rbac),
        aws=aws_identity(store),
        cluster=last_of(cluster),
        cluster_reason=why_unread(cluster),
        entries=access_entries(store),
        auth=store.facts.aws_auth,
        node_roles=node_roles(store),
        roles_unread=node_roles_unread(store),
        roles=known_roles(store),
        roles_created=roles_created(store),
        nodes=len(store.nodes) if live else None,
        link=link,
        links=store.links,
        commands=commands,
    )
