"""The decoding of the configuration file: every value is checked, and every fault has its line."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

from eksview import __version__
from eksview.config.file_values import FileConfig, Values
from eksview.config.option_types import Declaration
from eksview.config.settings import ALL_OPTIONS, SECTIONS
from eksview.config.toml_entries import Fault, TomlEntry, entries
from eksview.domain.base.near_names import either, near_names

CONTEXT = ("context", "contexts")
"""The table whose keys are patterns of contexts, by both its names.

TOML has no table of the name of a value, and `context` is an option too.
"""


def decoded(text: str) -> tuple[FileConfig, list[Fault]]:
    """Return what is valid of a file's text, and every fault in the order of lines."""
    found, faults = entries(text)
    whole = _Decoder(faults)
    contexts: dict[str, _Decoder] = {}
    for entry in found:
        if entry.path[0] in CONTEXT and len(entry.path) > 1:
            table, pattern = entry.path[:2]
            decoder = contexts.setdefault(pattern, _Decoder(faults, f'[{table}."{pattern}"]'))
            decoder.take(TomlEntry(entry.path[2:], entry.value, entry.line))
        elif not (entry.path[0] == CONTEXT[1] and entry.value == {}):
            whole.take(entry)
    sections = tuple((pattern, decoder.values) for pattern, decoder in contexts.items())
    lines = {".".join(_canonical(entry.path)): entry.line for entry in found}
    return FileConfig(whole.values, sections, lines), sorted(faults)


def _canonical(path: tuple[str, ...]) -> tuple[str, ...]:
    return (CONTEXT[1], *path[1:]) if path[0] in CONTEXT and len(path) > 1 else path


class _Decoder:
    """The decoder of the whole file, or of the section of a pattern; it collects the faults."""

    def __init__(self, faults: list[Fault], table: str = "") -> None:
        self._options: dict[str, Any] = {}
        self._sections: dict[str, dict[str, Any]] = {}
        self._faults = faults
        self._unknown: set[str] = set()  # tables, whose keys are no further faults
        self._table = table  # of the section as it is written; empty for the whole file
        self.values = Values(self._options, self._sections)

    def take(self, entry: TomlEntry) -> None:
        """Take a value, or add the reason why it can't be taken to the faults."""
        try:
            self._take(entry.path, entry.value)
        except (ValueError, msgspec.ValidationError) as error:
            self._faults.append(Fault(entry.line, f"{self._table} {error}".lstrip()))

    def _take(self, path: tuple[str, ...], value: object) -> None:
        name, key = path[0] if path else "", ".".join(path)
        if not path and value != {}:
            raise ValueError("it is a table")
        if name in SECTIONS:
            if len(path) > 1:
                section = self._sections.setdefault(name, {})
                section[key.partition(".")[2]] = self._value_of(name, key, value)
            elif value != {}:
                raise ValueError(f"{name}: it is a table: [{name}]")
        elif option := self._option(key):
            try:
                self._options[key] = option.read_toml(value)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        elif (value != {} or (key and key not in _TABLES)) and name not in self._unknown:
            self._unknown.update({name} if value == {} else ())
            raise ValueError(f"unknown option {key}{self._hint(key)}")

    def _option(self, key: str) -> Declaration | None:
        option = _BY_KEY.get(key)
        if option is not None and option.option.flag_only:
            raise ValueError(f"{key}: it can only be set by the flag {option.flag}")
        if option is not None and self._table and not option.option.per_context:
            raise ValueError(f"{key}: it can't be set for some contexts only")
        return option

    def _value_of(self, name: str, key: str, value: object) -> Any:
        hint, section = SECTIONS[name]
        if self._table and not section.per_context:
            raise ValueError(f"{key}: it can't be set for some contexts only")
        expected = section_types(hint).get(key.partition(".")[2]) or _any_key(hint)
        if expected is None:
            raise ValueError(f"unknown option {key}{self._hint(key)}")
        try:
            return msgspec.convert(value, expected, strict=True)
        except msgspec.ValidationError as error:
            raise ValueError(f"{key}: {_lower(str(error))}") from None

    def _hint(self, key: str) -> str:
        near = near_names(key, known_keys(per_context=bool(self._table)), 1)
        if near:
            return f"; did you mean {either(near)}?"
        return f": eksview {__version__} has no such option"


def section_types(hint: Any) -> Mapping[str, Any]:
    """Return the types of a section's keys; empty for a mapping of any keys."""
    named = isinstance(hint, type) and issubclass(hint, Struct)
    return get_type_hints(hint, include_extras=True) if named else {}


def _any_key(hint: Any) -> Any:
    arguments = get_args(hint)
    return arguments[1] if arguments else None


def known_keys(*, per_context: bool = False) -> Iterator[str]:
    """Yield the keys that a file may have, or its sections of contexts."""
    for key, option in _BY_KEY.items():
        if not option.option.flag_only and (option.option.per_context or not per_context):
            yield key
    for name, (hint, section) in SECTIONS.items():
        if section.per_context or not per_context:
            yield from (f"{name}.{key}" for key in section_types(hint))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_BY_KEY = {option.key: option for option in ALL_OPTIONS}
_TABLES = frozenset(option.table for option in ALL_OPTIONS) - {""}
