"""How old a reading of metrics.k8s.io may be.

Source: metrics-server, "FAQ".
"""

from typing import TypeVar

from eksview.domain.rows.kube import PodUsageRow, UsageRow

ReadingT = TypeVar("ReadingT", UsageRow, PodUsageRow)

RESOLUTION = 15.0
"""Seconds between two readings that metrics-server takes, unless it is configured otherwise."""
KEPT = 120.0
"""Seconds after which a reading is obsolete: eight newer ones didn't come."""


def fresh(row: ReadingT | None, now: float) -> ReadingT | None:
    """Return a reading, or None for an obsolete one."""
    return row if row is not None and now - row.at < KEPT else None
