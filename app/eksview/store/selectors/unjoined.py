"""The instance without a node that is looked at first."""

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks import why_not_joined
from eksview.domain.join.node_instance import MappingRow, RowKind, why_at, word_at
from eksview.domain.live.command_context import CommandContext
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.store import Store

FAILED = "failed to join"
_RANKS = {FAILED: 2, "joining": 0}


class Unjoined(Struct, frozen=True):
    """An instance without a node: failed ones come first, joining ones last; of equals, the newest.

    `reason` is that of its first failed check, else the row's; `count` is of all such instances.
    """

    instance: Clean
    word: Clean
    reason: Clean
    count: int

    @property
    def failed(self) -> bool:
        return self.word == FAILED


def first_unjoined(store: Store, now: float, commands: CommandContext) -> Unjoined | None:
    """Return it; None where every instance has a node or none was read."""
    if not store.mapping.counts[RowKind.NOT_JOINED]:
        return None
    rows = [row for row in store.mapping.rows.values() if row.kind is RowKind.NOT_JOINED]
    row = max(rows, key=lambda row: (_RANKS.get(word_at(row, now), 1), *_launched(store, row)))
    word = clean(word_at(row, now))
    return Unjoined(clean(row.instance), word, _reason(store, row, now, commands), len(rows))


def _launched(store: Store, row: MappingRow) -> tuple[float, str]:
    instance = store.instances.get(row.instance)
    return (instance.launched or 0.0) if instance else 0.0, row.instance


def _reason(store: Store, row: MappingRow, now: float, commands: CommandContext) -> Clean:
    machine = machine_of_instance(store, row.instance)
    if machine.instance is None or word_at(row, now) != FAILED:
        return clean(why_at(row, now))
    checks = why_not_joined(join_facts(store, machine, None, now, commands))
    failed = [check for check in checks if check.result == "failed"]
    if not failed:
        return clean(why_at(row, now))
    others = len(failed) - 1
    more = f" {others} more check{'s' * (others != 1)} failed." if others else ""
    return clean(f"{failed[0].name}: {failed[0].evidence}{more}")
