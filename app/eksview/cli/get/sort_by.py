"""The order of `--sort-by`. Source: kubectl's sorting printer."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from eksview.config.option_types import UsageError
from eksview.domain.base.errors import UserError
from eksview.domain.base.jsonpath import JsonPathError, expression
from eksview.domain.base.quantity import quantity

Values: TypeAlias = list[Any]


def sorted_order(objects: Sequence[Any], by: str) -> list[int]:
    """Return the indexes of objects in the order of the values at a path; those without come first.

    Quantities are compared by amount, other values as texts. Raises `UsageError`
    for a path that can't be one, and `UserError` for one that leads to nothing.
    """
    try:
        path = expression(by)
        values = [path.values(item)[:1] for item in objects]
    except JsonPathError as error:
        raise UsageError(f"--sort-by: {error}") from None
    if objects and not any(values):
        raise UserError(f"couldn't find any field with path {by} in the list of objects")
    unsortable = next((each for (each, *_) in filter(None, values) if _is_tree(each)), None)
    if unsortable is not None:
        kind = "map" if isinstance(unsortable, dict) else "list"
        raise UserError(f"Field {by} is an unsortable type: {kind}")
    keys = _keys(values)
    return sorted(range(len(objects)), key=keys.__getitem__)


def _keys(values: Sequence[Values]) -> list[tuple[bool, Any]]:
    """Return comparable keys, of one type for all values."""
    present = [value[0] for value in values if value]
    if all(isinstance(value, (int, float)) for value in present):
        return [(bool(value), value[0] if value else 0) for value in values]
    amounts = [_amount(value) for value in present]
    if None not in amounts:
        rest = iter(amounts)
        return [(bool(value), next(rest) if value else Fraction(0)) for value in values]
    return [(bool(value), str(value[0]) if value else "") for value in values]


def _is_tree(value: Any) -> bool:
    """Return whether a value has no order, which kubectl refuses to sort by."""
    return isinstance(value, (dict, list))


def _amount(value: Any) -> Fraction | None:
    return quantity(value) if isinstance(value, str) else None
