"""`eksview get ecs-instances` and the other lists of ECS: reads them once, and prints them."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from eksview.cli.announced import run_announced
from eksview.cli.get.ecs.tables import ECS_TABLES, AnyEcsTable
from eksview.cli.get.output import lines, print_each, raise_each
from eksview.cli.get.query import Query
from eksview.config.settings import Settings
from eksview.domain.aws.poll_plan import ECS
from eksview.domain.aws.unread import capitalized
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.ecs import EcsClusterRow, EcsInstanceRow, cluster_name
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.engine.ecs_once import read_ecs
from eksview.engine.one_shot import late_reasons
from eksview.store.selectors.readings import unread_parts
from eksview.store.store import Store

IN_CLUSTER = "in the ECS cluster {cluster}"
IN_REGION = "in this account and region"


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the rows; return 1 if a part of them couldn't be read, else 0.

    Raises `UserError` if there is no region or no such cluster.
    """
    (selection,) = query.selections
    assert isinstance(selection.kind, Kind)  # noqa: S101 - the arguments have no other
    table, cluster = ECS_TABLES[selection.kind], cluster_name(settings.ecs_cluster)
    store = run_announced(
        read_ecs(settings, environ, table.links, whole=selection.kind is not Kind.ECS_CLUSTER)
    )
    return print_store(query, table, store, cluster, sys.stdout)


def print_store(query: Query, table: AnyEcsTable, store: Store, cluster: str, out: TextIO) -> int:
    """Print the rows of a store, then what couldn't be read; return the exit code."""
    rows = table.sorted_rows(store, cluster)
    chosen = [row for row in rows if not query.names or {*table.names(row)} & {*query.names}]
    _print_rows(query, table, chosen, store, out, several=not cluster)
    out.flush()
    reasons = _unread(store, table)
    print_each(reasons)
    present = {name for row in chosen for name in table.names(row)}
    where = IN_CLUSTER.format(cluster=cluster) if cluster else IN_REGION
    missing = [name for name in query.names if name not in present]
    if not reasons:  # an unread list may have them
        raise_each([f"There is no {table.noun} {name} {where}." for name in missing], out)
    if not rows and query.is_table and not reasons:
        sentence = clean(f"No {table.noun}s found {where}.")
        sys.stderr.write(f"{sentence}\n")
    return int(bool(reasons))


def _unread(store: Store, table: AnyEcsTable) -> list[Clean]:
    """Return a sentence for each part of a table that wasn't read.

    Nothing is asked about the clusters of a region that has none, or isn't known to have any.
    """
    clusters = bool(store.table(EcsClusterRow))
    kinds = dict.fromkeys((Kind.ECS_CLUSTER, *table.kinds)) if clusters else (Kind.ECS_CLUSTER,)
    unread = unread_parts(store, [kind.part for kind in kinds], store.time.now())
    late = late_reasons(store, table.links if clusters else (ECS,))
    return [*map(capitalized, unread), *late]


def _print_rows(
    query: Query,
    table: AnyEcsTable,
    rows: Sequence[Any],
    store: Store,
    out: TextIO,
    *,
    several: bool,
) -> None:
    shown = query.shown(namespace=several)
    columns = [column for column in table.columns if column.kubectl in shown]
    now = store.time.now()
    context = EcsContext(now, store.table(EcsInstanceRow).get)
    out.writelines(
        lines(
            query,
            rows,
            [column.title for column in columns],
            cells=lambda row: [column.cell(row, context) for column in columns],
            name=lambda row: f"{table.word}/{clean(table.names(row)[0])}",
            item=lambda row: table.item(row, now),
        )
    )
