"""The output formats of `eksview get`, by kubectl's names."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.cli.get.custom_columns import CustomColumn, custom_columns, custom_columns_of_file
from eksview.config.option_types import UsageError
from eksview.domain.base.jsonpath import JsonPathError, Part, template

Format: TypeAlias = Literal["table", "wide", "json", "yaml", "name", "jsonpath", "custom-columns"]
NAMES: tuple[Format, ...] = ("table", "wide", "json", "yaml", "name")
OUTPUTS = (*NAMES, "jsonpath=TEMPLATE", "custom-columns=SPEC")


class Output(Struct, frozen=True):
    """A format, with the parts of a template or the columns of a specification."""

    format: Format = "table"
    template: tuple[Part, ...] = ()
    columns: tuple[CustomColumn, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.format in ("table", "wide")


def output_of(text: str) -> Output:
    """Return the output of an `-o` argument; raises `UsageError`."""
    name, _, argument = text.partition("=")
    if name in NAMES and "=" not in text:
        return Output(name)
    if name not in _READERS:
        choices = ", ".join(OUTPUTS)
        raise UsageError(f"argument -o/--output: invalid choice: {text!r} (choose from {choices})")
    if not argument:
        raise UsageError(f"-o {name} needs an argument, such as -o {_EXAMPLES[name]}")
    return _READERS[name](argument)


def _of_template(text: str) -> Output:
    try:
        return Output("jsonpath", template=template(text))
    except JsonPathError as error:
        raise UsageError(f"error parsing jsonpath {text}, {error}") from None


def _of_columns(spec: str) -> Output:
    return Output("custom-columns", columns=custom_columns(spec))


def _of_columns_file(path: str) -> Output:
    return Output("custom-columns", columns=custom_columns_of_file(_read(path)))


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
        raise UsageError(f"{path} can't be read: {reason}") from None


_READERS: dict[str, Callable[[str], Output]] = {
    "jsonpath": _of_template,
    "jsonpath-file": lambda path: _of_template(_read(path)),
    "custom-columns": _of_columns,
    "custom-columns-file": _of_columns_file,
}
_EXAMPLES = {
    "jsonpath": "jsonpath='{.items[*].metadata.name}'",
    "jsonpath-file": "jsonpath-file=template.txt",
    "custom-columns": "custom-columns=NAME:.metadata.name",
    "custom-columns-file": "custom-columns-file=columns.txt",
}
