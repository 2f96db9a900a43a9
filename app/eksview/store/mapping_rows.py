"""The rows of the join of nodes and instances, as they were judged last."""

from collections import Counter
from collections.abc import Container, Sequence

from eksview.domain.join.mapping_row import MappingRow, RowKind


class MappingRows:
    """The rows of the join by key, by node and by the subject they were judged for."""

    def __init__(self, nodes: Container[str]) -> None:
        self._nodes = nodes
        self.rows: dict[str, MappingRow] = {}
        self.counts: Counter[RowKind] = Counter()
        self._keys_of: dict[str, tuple[str, ...]] = {}
        self._subject_of: dict[str, str] = {}
        self._key_of_node: dict[str, str] = {}

    def of_node(self, name: str) -> MappingRow | None:
        """Return the row of a node."""
        return self.rows.get(self._key_of_node.get(name, ""))

    def first_of(self, subject: str) -> MappingRow | None:
        """Return the first row of a subject."""
        keys = self._keys_of.get(subject)
        return self.rows.get(keys[0]) if keys else None

    def replace(
        self, subject: str, rows: Sequence[MappingRow]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Replace the rows of a subject; return the former keys and the new ones."""
        before = self._keys_of.pop(subject, ())
        for key in before:
            if self._subject_of.get(key) == subject:
                self._remove(key)
        for row in rows:
            self._place(row, subject)
        keys = tuple(row.key for row in rows)
        if keys:
            self._keys_of[subject] = keys
        return before, keys

    def _place(self, row: MappingRow, subject: str) -> None:
        if row.key in self.rows:  # a node without an instance that has one from now on
            self._remove(row.key)
        self.rows[row.key] = row
        self.counts[row.kind] += 1
        self._subject_of[row.key] = subject
        if row.node:
            self._key_of_node[row.node] = row.key

    def _remove(self, key: str) -> None:
        row = self.rows.pop(key)
        self.counts[row.kind] -= 1
        del self._subject_of[key]
        if row.node not in self._nodes:
            self._key_of_node.pop(row.node, None)
