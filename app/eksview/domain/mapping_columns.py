"""The table of nodes and their EC2 instances; a cell that AWS or Kubernetes leaves open is `-`."""

from eksview.domain.column import Column, MappingColumn, text_or
from eksview.domain.groups import natural_key
from eksview.domain.mapping import word_at

MAPPING_COLUMNS: tuple[MappingColumn, ...] = (
    Column(
        id="kind",
        title="KIND",
        cell=lambda row, _: row.kind.value,
        sort=lambda row, _: row.kind.value,
        width=9,
        tier=0,
        key="D",
        kubectl="default",
    ),
    Column(
        id="node",
        title="NODE",
        cell=lambda row, _: text_or(row.node, "-"),
        sort=lambda row, _: natural_key(row.node),
        width=42,
        tier=0,
        key="N",
        kubectl="default",
    ),
    Column(
        id="state",
        title="STATE",
        cell=lambda row, ctx: word_at(row, ctx.now),
        sort=lambda row, ctx: word_at(row, ctx.now),
        width=16,
        tier=0,
        key="S",
        kubectl="default",
    ),
    Column(
        id="instance",
        title="INSTANCE",
        cell=lambda row, _: row.instance or "-",
        sort=lambda row, _: row.instance,
        width=19,
        tier=0,
        key="I",
        kubectl="default",
    ),
)
