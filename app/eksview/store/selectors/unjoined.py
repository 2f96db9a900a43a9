"""The instance or NodeClaim without a node that is looked at first."""

from msgspec import Struct

from eksview.domain.base.plural import plural
from eksview.domain.base.reading import value_of
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks.claims import failed_claims
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.mapping_row import MappingRow, RowKind, failed_at, why_at, word_at
from eksview.domain.join.unjoined import LoneState
from eksview.domain.live.command_context import CommandContext
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.store import Store

_JOINING, _OTHER, _FAILED_CLAIM, _FAILED = range(4)
"""In the order of urgency."""


class Unjoined(Struct, frozen=True):
    """An instance without a node, or a NodeClaim without one: failed ones first, joining ones last.

    Of equals, the newest instance comes first. `key` is its row's; `reason` is that of its first
    failed check, else the row's; `count` is of all such instances and NodeClaims.
    """

    key: Clean
    word: Clean
    reason: Clean
    count: int
    failed: bool


def first_unjoined(store: Store, now: float, commands: CommandContext) -> Unjoined | None:
    """Return it; None where every instance has a node or none was read."""
    counts = store.mapping.counts
    if not counts[RowKind.NOT_JOINED] and not counts[RowKind.CLAIM]:
        return None
    claims = failed_claims(store.mapping.rows.values(), now)
    rows = [row for row in store.mapping.rows.values() if row.kind is RowKind.NOT_JOINED]
    if not rows and not claims:
        return None
    row = max([*rows, *claims], key=lambda row: (_rank(row, now), *_launched(store, row)))
    failed = _rank(row, now) >= _FAILED_CLAIM
    words = clean(word_at(row, now)), _reason(store, row, now, commands)
    return Unjoined(clean(row.key), *words, len(rows) + len(claims), failed)


def _rank(row: MappingRow, now: float) -> int:
    if row.kind is RowKind.CLAIM:
        return _FAILED_CLAIM
    if failed_at(row, now):
        return _FAILED
    return _JOINING if word_at(row, now) == LoneState.JOINING else _OTHER


def _launched(store: Store, row: MappingRow) -> tuple[float, str]:
    instance = store.instances.get(row.instance)
    return (instance.launched or 0.0) if instance else 0.0, row.instance


def _reason(store: Store, row: MappingRow, now: float, commands: CommandContext) -> Clean:
    machine = machine_of_instance(store, row.instance)
    if machine.instance is None or not failed_at(row, now):
        return clean(why_at(row, now))
    reading = value_of(store.facts.opened_instances)
    opened = reading.details if reading else {}
    checks = why_not_joined(join_facts(store, machine, opened.get(row.instance), now, commands))
    failed = [check for check in checks if check.result == "failed"]
    if not failed:
        return clean(why_at(row, now))
    others = len(failed) - 1
    more = f" {plural(others, 'more check')} failed." if others else ""
    return clean(f"{failed[0].name}: {failed[0].evidence}{more}")
