"""Readings of tables, and the inputs of the access chain."""

from collections.abc import Mapping

from eksview.domain.access.access_step import Inputs
from eksview.domain.base.reading import (
    NOT_ASKED,
    Read,
    ReadFailed,
    Reading,
    Refused,
    last_of,
    value_of,
)
from eksview.domain.control_plane.evidence import failing_checks
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.kube import KIND_OF, Kind, RowT
from eksview.domain.rows.link import Phase
from eksview.store.store import Store


def table_reading(store: Store, row: type[RowT]) -> Reading[Mapping[str, RowT]]:
    """Return how a table was read; it is empty only if a list said so."""
    link = store.links.get(KIND_OF[row].link)
    rows = dict(store.table(row))
    if link is not None and link.phase is Phase.REFUSED:
        return Refused(link.reason, link.missing, link.since, rows or None)
    if link is not None and (link.heard is not None or link.phase is Phase.LIVE):
        return Read(rows, link.heard or link.since)
    if rows:  # of the first page, or of a stream that covers part of the table
        return Read(rows, link.since if link else 0.0)
    if link is None or link.phase in (Phase.CONNECTING, Phase.LISTING):
        return NOT_ASKED
    return ReadFailed(link.reason, link.since)


def rows_of(store: Store, row: type[RowT]) -> tuple[RowT, ...] | None:
    """Return the rows that were last read of a table; None while it is unread."""
    rows = last_of(table_reading(store, row))
    return None if rows is None else tuple(rows.values())


def access_entries(store: Store) -> tuple[AccessEntryRow, ...] | None:
    """Return the access entries; None where they couldn't be read."""
    return rows_of(store, AccessEntryRow)


def known_roles(store: Store) -> frozenset[str] | None:
    """Return the ARNs of the account's roles; None where they couldn't be read."""
    roles = last_of(store.facts.iam_roles)
    return roles.arns if roles is not None else None


def chain_inputs(store: Store, now: float, commands: CommandContext, *, eks: bool) -> Inputs:
    link = store.links.get(Kind.NODE)
    live = link is not None and link.phase is Phase.LIVE
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
        aws=store.facts.aws_identity,
        cluster=last_of(store.facts.cluster),
        entries=access_entries(store),
        auth=value_of(store.facts.aws_auth),
        roles=known_roles(store),
        nodes=len(store.nodes) if live else None,
        link=link,
        links=store.links,
        commands=commands,
    )
