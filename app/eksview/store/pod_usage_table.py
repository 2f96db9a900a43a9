"""The usage of pods, by namespace and name: a snapshot that each poll replaces."""

from collections.abc import Iterator, Sequence
from typing import Any

from eksview.domain.rows.kube import PodUsageRow, in_scope
from eksview.domain.rows.usage_age import fresh

SLICE = 5_000
"""Rows taken before the loop may handle a key."""


class PodUsageTable:
    """The rows of a table in which every row changes with each list.

    A list replaces them without a comparison, and without naming the keys that changed.
    """

    def __init__(self, rows: dict[str, Any]) -> None:
        self._rows: dict[str, PodUsageRow] = rows
        self.at = 0.0
        """The time of the newest figure; 0 without any."""

    def of(self, namespace: str, name: str, now: float) -> PodUsageRow | None:
        """Return a pod's usage; None where it is unread or too old."""
        return fresh(self._rows.get(f"{namespace}/{name}"), now)

    def replace(self, rows: Sequence[Any], scope: str) -> Iterator[None]:
        """Replace all rows, or those of a namespace, in one step at the end of the iteration."""
        newer: dict[str, PodUsageRow] = {}
        for start in range(0, len(rows), SLICE):
            newer.update((row.key, row) for row in rows[start : start + SLICE])
            yield
        if scope:
            rest = self._rows.items()
            newer = {key: row for key, row in rest if not in_scope(row, scope)} | newer
        self.clear()
        self._rows.update(newer)
        self.at = max((row.at for row in newer.values()), default=0.0)

    def clear(self) -> None:
        """Forget all rows."""
        self._rows.clear()
        self.at = 0.0
