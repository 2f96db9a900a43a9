"""The tables' columns, in one place to import them from."""

from eksview.domain.column import (
    Column,
    NodeColumn,
    NodeContext,
    PodColumn,
    PodContext,
)
from eksview.domain.node_columns import NODE_COLUMNS
from eksview.domain.pod_columns import POD_COLUMNS

__all__ = [
    "NODE_COLUMNS",
    "POD_COLUMNS",
    "Column",
    "NodeColumn",
    "NodeContext",
    "PodColumn",
    "PodContext",
]
