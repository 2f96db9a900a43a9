"""`eksview get clusters`: prints the EKS clusters of the account and region."""

import os
import sys
from collections.abc import Mapping
from functools import partial

from eksview.cli.announced import run_announced
from eksview.cli.get.output import lines, print_each, raise_each
from eksview.cli.get.query import Query
from eksview.cli.kubectl_format import Object, timestamp
from eksview.config.settings import Settings
from eksview.domain.base.age import age
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import ClusterEntry
from eksview.engine.connect import dated_clusters

TITLES = ("NAME", "REGION", "STATUS", "VERSION", "PLATFORM", "AGE", "ENDPOINT")


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the clusters; return 1 if one of them can't be described, else 0.

    Raises `UserError` if EKS can't list them.
    """
    clusters, now = run_announced(dated_clusters(settings, environ))
    if query.names:
        clusters = tuple(cluster for cluster in clusters if cluster.name in query.names)
    cells = partial(_cells, now=now)
    sys.stdout.writelines(lines(query, clusters, TITLES, cells=cells, name=_name, item=_object))
    sys.stdout.flush()
    reasons = dict.fromkeys(cluster.reason for cluster in clusters if cluster.reason)
    print_each(reasons)
    present = {cluster.name for cluster in clusters}
    missing = [name for name in query.names if name not in present]
    raise_each(
        [f"There is no EKS cluster {name} in this account and region." for name in missing],
        sys.stdout,
    )
    if not clusters and query.is_table:
        sys.stderr.write("No EKS clusters found in this account and region.\n")
    return int(bool(reasons))


def _name(entry: ClusterEntry) -> str:
    return f"cluster/{clean(entry.name)}"


def _cells(entry: ClusterEntry, now: float) -> tuple[str, ...]:
    cells = (entry.name, entry.region, entry.status or "Unknown", entry.version, entry.platform)
    shown = tuple(clean(cell) or "-" for cell in cells)
    return (*shown, age(now, entry.created), entry.endpoint or entry.reason or "-")


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
