"""The text of a new configuration file: every option, commented out, with its default."""

from collections.abc import Iterator
from typing import Any

import msgspec

from eksview.config.option_types import Declaration
from eksview.config.settings import ALL_OPTIONS, SECTIONS, Settings

_HEAD = """\
# Options of eksview. Each line that begins with `#` and a key is an option with its default, or
# with an example where it has none; remove the `#` to set it. Flags and variables EKSVIEW_NAME come
# before this file.
# `eksview config --check` names every fault with its line.
"""
_CONTEXTS = """
# Options for some contexts: the section whose pattern has the most literal characters comes first,
# an equal name before all patterns. Where `context` is set above, write [contexts."..."] here.
# [contexts."*prod*"]
# namespace = "shop"
# profile = "prod"
# jump = "ops@bastion"
"""


def template() -> str:
    """Return the text of a file that sets nothing."""
    return "".join((_HEAD, *_options(), *_sections(), _CONTEXTS))


def _options() -> Iterator[str]:
    table = ""
    for option in ALL_OPTIONS:
        if option.option.flag_only:
            continue
        if option.table != table:
            table = option.table
            yield f"\n# [{table}]\n"
        yield f"\n# {option.help}\n" if not table else f"# {option.help}\n"
        yield f"# {option.name} = {toml_value(_default(option))}\n"


def _default(option: Declaration) -> Any:
    """Return the default; of an option without one, the example of its declaration."""
    if option.default in (None, "", ()):
        return (option.option.example,) if option.is_list else option.option.example
    return option.default


def _sections() -> Iterator[str]:
    for name, (_, section) in SECTIONS.items():
        yield f"\n# {section.help[0].upper()}{section.help[1:]}.\n# [{name}]\n"
        yield from (f"# {line}\n" for line in section.example.splitlines())
        default = getattr(Settings(), name)
        if isinstance(default, msgspec.Struct):
            yield from (
                f"# {field.name} = {toml_value(field.default)}  # {described(field)}\n"
                for field in msgspec.structs.fields(default)
            )


def described(field: msgspec.structs.FieldInfo) -> str:
    """Return the description in a field's `Meta`."""
    parts = [part.description or "" for part in getattr(field.type, "__metadata__", ())]
    return next(filter(None, parts), "")


def toml_value(value: Any) -> str:
    """Return a value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case int():
            return str(value)
        case tuple() | list():
            return f"[{', '.join(map(toml_value, value))}]"
        case _:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
