"""`eksview get instances` and `get clusters`: what AWS is needed for, printed once."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from eksview.cli.get_instances import chosen, print_rows
from eksview.cli.kubectl_format import JsonList, YamlList, json_object, table
from eksview.cli.output import Query
from eksview.config.settings import Settings
from eksview.domain.aws.target import place_of
from eksview.domain.base.age import age
from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean
from eksview.domain.base.yaml_text import yaml_object
from eksview.domain.join.node_instance import RowKind
from eksview.domain.live.messages import Fanout
from eksview.domain.rows.aws import ClusterEntry
from eksview.engine.aws import AwsSide
from eksview.engine.connect import clues_of, clusters, flags_of, open_cluster
from eksview.engine.one_shot import complaints, joined
from eksview.store.store import Store

TITLES = ("NAME", "REGION", "STATUS", "VERSION", "PLATFORM", "AGE", "ENDPOINT")


def instances(settings: Settings, question: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the join of nodes and instances. `UserError` when the nodes can't be listed.

    What AWS refused is said on stderr; the rows say what they lack. 1 when EC2 couldn't be read.
    """
    store = asyncio.run(_joined(settings, environ))
    found, missing = chosen(store.mapping.rows.values(), question.names)
    print_rows(question, found, store.mapping.context(time.time()), sys.stdout)
    sys.stdout.flush()
    for sentence in complaints(store):
        sys.stderr.write(f"eksview: {clean(sentence)}\n")
    if missing:
        raise UserError("; ".join(f"There is no node or instance {name}." for name in missing))
    if not found and question.output in ("table", "wide"):
        sys.stderr.write("No resources found\n")
    return int(any(row.kind is RowKind.UNREAD for row in found))


async def _joined(settings: Settings, environ: Mapping[str, str]) -> Store:
    async with await open_cluster(settings, environ) as connection:
        place = place_of(clues_of(connection.access), flags_of(settings), environ)

        def aws(messages: Fanout) -> AwsSide:
            return AwsSide(place, messages, environ)

        return await joined(connection, aws)


def list_clusters(
    settings: Settings, question: Query, environ: Mapping[str, str] = os.environ
) -> int:
    """Print the EKS clusters of the account and region; 0. `UserError` when EKS said no."""
    entries = asyncio.run(clusters(settings, environ))
    wanted = [each for each in entries if not question.names or each.name in question.names]
    _print(question, wanted, sys.stdout, time.time())
    there = {each.name for each in wanted}
    if missing := [name for name in question.names if name not in there]:
        raise UserError("; ".join(f"There is no EKS cluster {name} here." for name in missing))
    if not wanted and question.output in ("table", "wide"):
        sys.stderr.write("No EKS clusters found in this account and region.\n")
    return 0


def _print(question: Query, entries: list[ClusterEntry], out: TextIO, now: float) -> None:
    match question.output:
        case "json" | "yaml":
            form = JsonList() if question.output == "json" else YamlList()
            if len(question.names) == 1 and len(entries) == 1:
                item = _object(entries[0])
                out.write(json_object(item) + "\n" if question.output == "json"
                          else yaml_object(item))  # fmt: skip
                return
            out.writelines(form.item(_object(each)) for each in entries)
            out.write(form.end())
        case "name":
            out.writelines(f"cluster/{clean(each.name)}\n" for each in entries)
        case _ if entries:
            titles = TITLES if question.headers else ()
            out.writelines(table(titles, [_cells(each, now) for each in entries]))


def _cells(entry: ClusterEntry, now: float) -> tuple[str, ...]:
    cells = (entry.name, entry.region, entry.status or "Unknown", entry.version, entry.platform)
    shown = tuple(clean(cell) or "-" for cell in cells)
    return (*shown, age(now, entry.created), clean(entry.endpoint or entry.why) or "-")


def _object(entry: ClusterEntry) -> dict[str, Any]:
    created = None if entry.created is None else _rfc3339(entry.created)
    return {
        "name": entry.name,
        "region": entry.region,
        "status": entry.status or None,
        "version": entry.version or None,
        "platformVersion": entry.platform or None,
        "endpoint": entry.endpoint or None,
        "createdAt": created,
        "why": entry.why or None,
    }


def _rfc3339(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
