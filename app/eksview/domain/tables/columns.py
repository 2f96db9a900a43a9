"""The tables' columns, in one place to import them from."""

from eksview.domain.tables.column import Column, NodeColumn, NodeContext, PodColumn, PodContext
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS

__all__ = [
    "NODE_COLUMNS",
    "POD_COLUMNS",
    "Column",
    "NodeColumn",
    "NodeContext",
    "PodColumn",
    "PodContext",
]
