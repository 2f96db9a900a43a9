"""`eksview get instances`: prints the nodes joined with their EC2 instances."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from eksview.cli.announced import run_announced
from eksview.cli.get.output import lines, print_each, raise_each
from eksview.cli.get.query import Query
from eksview.cli.join_checks import (
    NO_FINDINGS,
    Findings,
    absent,
    findings_object,
    names_of,
    read_checked,
    table_lines,
    unjoined,
)
from eksview.cli.kubectl_format import Object, timestamp
from eksview.config.settings import Settings
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import clean
from eksview.domain.join.mapping_row import MappingContext, MappingRow, RowKind, why_at, word_at
from eksview.domain.tables.mapping_columns import (
    MAPPING_COLUMNS,
    capacity,
    claim_of,
    instance_state,
    manager,
    node_state,
    open_event,
    type_of,
    zone,
)
from eksview.engine.one_shot import unread_reasons
from eksview.store.store import Store


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the rows; return 1 if something of AWS couldn't be read, else 0.

    Instances that are named and have no node are printed with their join checks: in a second table
    with `-o wide`, and in JSON and YAML. AWS errors are printed on stderr. Raises `UserError` if
    the nodes can't be listed.
    """
    checked = query.output.format not in ("table", "name")

    def choose(store: Store) -> list[str]:
        return unjoined(store, query.names) if checked else []

    joined = run_announced(read_checked(settings, environ, query.names, choose, query.limits))
    store = joined.store
    rows, missing = select_rows(store.mapping.rows.values(), query.names)
    print_rows(query, rows, store.mapping.context(joined.now), sys.stdout, joined.findings)
    sys.stdout.flush()
    reasons = unread_reasons(store)
    print_each(reasons)
    raise_each([absent(store, name) for name in missing], sys.stdout)
    if not rows and query.is_table and not reasons:
        sys.stderr.write("No resources found\n")
    return int(bool(reasons) or any(row.kind is RowKind.UNKNOWN for row in rows))


def print_rows(
    query: Query,
    rows: list[MappingRow],
    ctx: MappingContext,
    out: TextIO,
    findings: Mapping[str, Findings] = NO_FINDINGS,
) -> None:
    """Print sorted rows in the query's output format, with the join checks made of some."""
    shown = query.shown(namespace=False)
    columns = [column for column in MAPPING_COLUMNS if column.kubectl in shown]
    titles = [column.title for column in columns]

    def cells(row: MappingRow) -> list[str]:
        return [column.cell(row, ctx) for column in columns]

    def item(row: MappingRow) -> Object:
        return row_object(row, ctx) | findings_object(findings.get(row.instance))

    out.writelines(lines(query, rows, titles, cells=cells, name=_name, item=item))
    if query.is_table:
        out.writelines(table_lines(findings, headers=query.headers))


def select_rows(
    rows: Iterable[MappingRow], names: tuple[str, ...]
) -> tuple[list[MappingRow], list[str]]:
    """Return the sorted rows of these nodes and instances, and the names without a row.

    No names select all rows.
    """
    ordered = sorted(rows, key=_sort_key)
    if not names:
        return ordered, []
    wanted = set(names)
    selected = [row for row in ordered if names_of(row) & wanted]
    present = {name for row in selected for name in names_of(row)}
    return selected, [name for name in names if name not in present]


def _sort_key(row: MappingRow) -> tuple[bool, str, str, str]:
    """Return the key that sorts by node, as kubectl does, with instances without a node last."""
    return not row.node, natural_key(row.node), row.instance, row.key


def _name(row: MappingRow) -> str:
    if row.instance:
        return clean(f"instance/{row.instance}")
    return clean(f"node/{row.node}" if row.node else row.key)


def row_object(row: MappingRow, ctx: MappingContext) -> Object:
    """Return a row as JSON: times in RFC 3339, null for unknown values."""
    instance, status = ctx.instance(row.instance), ctx.status(row.instance)
    membership = ctx.membership(row.instance)
    image = ctx.image(instance.image) if instance else None
    managed_by, claim = manager(row, ctx), claim_of(row, ctx)
    fields: dict[str, Any] = {
        "kind": row.kind.value,
        "node": row.node,
        "instance": row.instance,
        "nodeClaim": claim.name if claim else "",
        "state": word_at(row, ctx.now),
        "why": why_at(row, ctx.now),
        "matchedBy": row.match,
        "nodeState": node_state(row, ctx),
        "instanceState": instance_state(row, ctx),
        "systemStatus": status.system if status else None,
        "instanceStatus": status.instance if status else None,
        "type": type_of(row, ctx),
        "zone": zone(row, ctx),
        "capacity": capacity(row, ctx),
        "launched": timestamp(instance.launched) if instance else None,
        "managedBy": {"kind": managed_by.kind, "name": managed_by.name}
        if managed_by.kind != "none"
        else None,
        "autoScalingGroup": membership.group.name if membership else None,
        "lifecycle": membership.member.lifecycle if membership else None,
        "launchTemplate": membership.member.template if membership else None,
        "image": instance.image if instance else None,
        "imageCreated": timestamp(image.created) if image else None,
        "privateIP": instance.private_ip if instance else None,
        "publicIP": instance.public_ip if instance else None,
    }
    events = [
        {
            "code": event.code,
            "description": event.description,
            "notBefore": timestamp(event.not_before),
        }
        for event in (status.events if status else ())
        if open_event(event.description)
    ]
    return {name: value if value != "" else None for name, value in fields.items()} | {
        "events": events if status else None
    }
