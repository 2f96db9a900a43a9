"""`eksview get clusters`: prints the EKS clusters of the account and region."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Mapping

from eksview.cli.get_output import Query
from eksview.cli.kubectl_format import Object, documents, table, timestamp
from eksview.config.settings import Settings
from eksview.domain.base.age import age
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import ClusterEntry
from eksview.engine.connect import list_clusters

TITLES = ("NAME", "REGION", "STATUS", "VERSION", "PLATFORM", "AGE", "ENDPOINT")


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the clusters and return 0. Raises `UserError` if EKS can't list them."""
    clusters = asyncio.run(list_clusters(settings, environ))
    if query.names:
        clusters = tuple(cluster for cluster in clusters if cluster.name in query.names)
    sys.stdout.writelines(_lines(query, clusters, time.time()))
    present = {cluster.name for cluster in clusters}
    if missing := [name for name in query.names if name not in present]:
        raise UserError(
            "; ".join(
                f"There is no EKS cluster {name} in this account and region." for name in missing
            )
        )
    if not clusters and query.output in ("table", "wide"):
        sys.stderr.write("No EKS clusters found in this account and region.\n")
    return 0


def _lines(query: Query, clusters: tuple[ClusterEntry, ...], now: float) -> Iterator[str]:
    match query.output:
        case "json" | "yaml":
            single = len(query.names) == 1 == len(clusters)
            yield from documents(query.output, map(_object, clusters), single=single)
        case "name":
            yield from (f"cluster/{clean(cluster.name)}\n" for cluster in clusters)
        case _ if clusters:
            titles = TITLES if query.headers else ()
            yield from table(titles, [_cells(cluster, now) for cluster in clusters])


def _cells(entry: ClusterEntry, now: float) -> tuple[str, ...]:
    cells = (entry.name, entry.region, entry.status or "Unknown", entry.version, entry.platform)
    shown = tuple(clean(cell) or "-" for cell in cells)
    return (*shown, age(now, entry.created), clean(entry.endpoint or entry.reason) or "-")


def _object(entry: ClusterEntry) -> Object:
    return {
        "name": entry.name,
        "region": entry.region,
        "status": entry.status or None,
        "version": entry.version or None,
        "platformVersion": entry.platform or None,
        "endpoint": entry.endpoint or None,
        "createdAt": timestamp(entry.created),
        "why": entry.reason or None,
    }
