"""The values of a configuration file, and those that count for a context."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct


class Values(Struct, frozen=True):
    """The values of a file, or of its section for a pattern of contexts.

    `options` has them by the option's key, `sections` by the table's name and its key.
    """

    options: Mapping[str, Any] = {}
    sections: Mapping[str, Mapping[str, Any]] = {}


class FileConfig(Struct, frozen=True):
    """The values of a file, those of its sections by pattern, and the line of each key."""

    values: Values = Values()
    contexts: tuple[tuple[str, Values], ...] = ()
    lines: Mapping[str, int] = {}  # `contexts.PATTERN.key` in a section

    @property
    def tables(self) -> Sequence[tuple[str, Values]]:
        """The values, each with what precedes its keys in `lines`."""
        return (
            ("", self.values),
            *((f"contexts.{pattern}.", values) for pattern, values in self.contexts),
        )

    def for_context(self, context: str) -> Values:
        """Return the values for a context: a section's before those of the whole file.

        Of several sections, the one whose pattern has the most literal characters comes first, an
        equal name before all patterns, and of equals the last in the file.
        """
        matching = [
            (_specificity(pattern), values)
            for pattern, values in self.contexts
            if matches(context, pattern)
        ]
        merged = self.values
        for _, values in sorted(matching, key=lambda pair: pair[0]):
            merged = _merged(merged, values)
        return merged


def matches(context: str, pattern: str) -> bool:
    """Return whether a pattern is for a context: `*`, `?` and `[...]`, or its very name."""
    return context == pattern or fnmatchcase(context, pattern)


def _specificity(pattern: str) -> tuple[bool, int]:
    wild = sum(character in "*?[" for character in pattern)
    return not wild, len(pattern) - wild


def _merged(weaker: Values, stronger: Values) -> Values:
    names = weaker.sections.keys() | stronger.sections.keys()
    sections = {
        name: {**weaker.sections.get(name, {}), **stronger.sections.get(name, {})} for name in names
    }
    return Values({**weaker.options, **stronger.options}, sections)
