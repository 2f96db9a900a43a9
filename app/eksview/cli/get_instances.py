"""`eksview get instances`: the join of nodes and EC2 instances, printed once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from eksview.cli.kubectl_format import JsonList, Object, YamlList, json_object, table
from eksview.cli.output import Query
from eksview.domain.base.text import clean
from eksview.domain.base.yaml_text import yaml_object
from eksview.domain.join.node_instance import MappingContext, MappingRow, why_at, word_at
from eksview.domain.kube.node_labels import natural_key
from eksview.domain.tables.mapping_columns import (
    MAPPING_COLUMNS,
    capacity,
    instance_state,
    manager,
    node_state,
    open_event,
    type_of,
    zone,
)


def print_rows(question: Query, rows: list[MappingRow], ctx: MappingContext, out: TextIO) -> None:
    """All rows in the form asked for; they come sorted."""
    match question.output:
        case "json" | "yaml":
            out.writelines(_objects(question, rows, ctx))
        case "name":
            out.writelines(f"{_name(row)}\n" for row in rows)
        case _ if rows:
            out.writelines(_table(question, rows, ctx))


def chosen(
    rows: Iterable[MappingRow], names: tuple[str, ...]
) -> tuple[list[MappingRow], list[str]]:
    """The rows of these nodes and instances (of all, when none is named), and what isn't there."""
    ordered = sorted(rows, key=_order)
    if not names:
        return ordered, []
    found = [row for row in ordered if row.node in names or row.instance in names]
    there = {row.node for row in found} | {row.instance for row in found}
    return found, [name for name in names if name not in there]


def _order(row: MappingRow) -> tuple[bool, str, str]:
    """By node, as kubectl has it; instances without one come last."""
    return not row.node, natural_key(row.node), row.instance


def _table(question: Query, rows: list[MappingRow], ctx: MappingContext) -> Iterator[str]:
    wanted = {"default", "wide"} if question.output == "wide" else {"default"}
    columns = [column for column in MAPPING_COLUMNS if column.kubectl in wanted]
    titles = [column.title for column in columns] if question.headers else []
    return table(titles, [tuple(each.cell(row, ctx) for each in columns) for row in rows])


def _name(row: MappingRow) -> str:
    return clean(f"instance/{row.instance}" if row.instance else f"node/{row.node}")


def _objects(question: Query, rows: list[MappingRow], ctx: MappingContext) -> Iterator[str]:
    as_json = question.output == "json"
    if len(question.names) == 1 and len(rows) == 1:
        item = row_object(rows[0], ctx)
        yield json_object(item) + "\n" if as_json else yaml_object(item)
        return
    form = JsonList() if as_json else YamlList()
    for row in rows:
        yield form.item(row_object(row, ctx))
    yield form.end()


def row_object(row: MappingRow, ctx: MappingContext) -> Object:
    """A row for a program: times in RFC 3339, null where it isn't known."""
    instance, status = ctx.instance(row.instance), ctx.status(row.instance)
    membership = ctx.membership(row.instance)
    image = ctx.image(instance.image) if instance else None
    kept = manager(row, ctx)
    fields: dict[str, Any] = {
        "kind": row.kind.value,
        "node": row.node,
        "instance": row.instance,
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
        "launched": _time(instance.launched) if instance else None,
        "managedBy": {"kind": kept.kind, "name": kept.name} if kept.kind != "none" else None,
        "autoScalingGroup": membership.group.name if membership else None,
        "lifecycle": membership.member.lifecycle if membership else None,
        "launchTemplate": membership.member.template if membership else None,
        "image": instance.image if instance else None,
        "imageCreated": _time(image.created) if image else None,
        "privateIP": instance.private_ip if instance else None,
        "publicIP": instance.public_ip if instance else None,
    }
    events = [
        {"code": each.code, "description": each.description, "notBefore": _time(each.not_before)}
        for each in (status.events if status else ())
        if open_event(each.description)
    ]
    return {name: value if value != "" else None for name, value in fields.items()} | {
        "events": events
    }


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
