"""Types of option declarations: an option is a struct field annotated with an `Option`.

Its flag, environment variable, configuration key and documentation are derived from that field.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import inf, isfinite
from types import NoneType, UnionType
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from msgspec import Struct

from eksview.domain.base.go_duration import duration
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean

PREFIX = "EKSVIEW_"
Environment: TypeAlias = Mapping[str, str]

_SWITCHES = {"1": True, "true": True, "yes": True, "on": True}
_SWITCHES |= {"0": False, "false": False, "no": False, "off": False}
# In a pod beside a Service named eksview-serve, Kubernetes sets EKSVIEW_SERVE_PORT=tcp://...
_SERVICE_LINKS = ("tcp://", "udp://", "sctp://")


class UsageError(Exception):
    """A mistake on the command line, in the environment or in the file, as one sentence."""


class Group(Struct, frozen=True):
    """A heading of the help, and the commands that take its options; "" is the dashboard."""

    title: str
    commands: tuple[str, ...]


class Option(Struct, frozen=True, kw_only=True):
    """The part of a declaration that a field's name, type and default don't hold.

    `commands` replaces those of the group. `parse` raises ValueError with a sentence.
    `default_of` derives a default from the environment, and `unset` describes the default in words.
    `example` is a value of the new configuration file for an option that has no default.
    A value from the environment or the file yields to a `rivals` option from a stronger source.
    An option with `per_context` may also be in a section of the file for some contexts. A `live`
    one is taken over at once when the file changes, others at the next start.
    """

    help: str  # {default} is replaced by the field's default
    group: Group
    commands: tuple[str, ...] = ()
    metavar: str = "NAME"
    example: str = ""
    short: str = ""
    parse: Callable[[str], Any] = str
    default_of: Callable[[Environment], Any] | None = None
    unset: str = ""
    flag_only: bool = False
    rivals: tuple[str, ...] = ()
    per_context: bool = False
    live: bool = False


class FileTable(Struct, frozen=True, kw_only=True):
    """The declaration of a table of the file: a field that no flag and no variable sets.

    The field's type is a struct, whose fields are the keys, or a mapping of any keys to values of
    one type. `example` is lines of TOML. `per_context` and `live` are as in `Option`.
    """

    help: str
    example: str = ""
    per_context: bool = False
    live: bool = True


class Declaration(Struct, frozen=True):
    """An option with its field's name, type and default; `table` is its table in the file."""

    name: str
    type: Any
    default: Any
    option: Option
    table: str = ""

    @property
    def commands(self) -> tuple[str, ...]:
        return self.option.commands or self.option.group.commands

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def key(self) -> str:
        return f"{self.table}.{self.name}" if self.table else self.name

    @property
    def variable(self) -> str:
        return PREFIX + self.key.replace(".", "_").upper()

    @property
    def is_list(self) -> bool:
        """True for an option of several texts: with commas in a text, an array in the file."""
        return get_origin(self.type) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The only values that are accepted; empty for any value."""
        limited = not self.is_list and issubclass(self.type, StrEnum)
        return tuple(map(str, self.type)) if limited else ()

    @property
    def help(self) -> str:
        default = self.default
        shown = f"{default:g}" if isinstance(default, float) else default
        return self.option.help.format(default=shown)

    def read(self, text: str) -> Any:
        """Return the value of a text; raises ValueError with a sentence."""
        if self.type is bool:
            if text.lower() not in _SWITCHES:
                raise ValueError(f"{text!r} is neither true nor false")
            return _SWITCHES[text.lower()]
        if self.choices:
            if text not in self.choices:
                choices = ", ".join(self.choices)
                raise ValueError(f"invalid choice: {_short(text)} (choose from {choices})")
            return self.type(text)
        if self.is_list:
            return tuple(
                self.option.parse(part) for part in map(str.strip, text.split(",")) if part
            )
        return self.option.parse(text)

    def read_toml(self, value: object) -> Any:
        """Return the value of a TOML value; raises ValueError with a sentence."""
        if self.is_list:
            if not (isinstance(value, list) and all(type(part) is str for part in value)):
                raise ValueError(f"{_short(value)} isn't a list of strings in quotes")
            return tuple(map(self.option.parse, value))
        types = {bool: (bool,), int: (int,), float: (int, float)}.get(self.type, (str,))
        if type(value) not in types:
            names = {bool: "true or false", int: "a whole number", float: "a number"}
            raise ValueError(f"{_short(value)} isn't {names.get(self.type, 'a string in quotes')}")
        return value if self.type is bool else self.read(str(value))


def declarations(struct: type[Struct], table: str = "") -> tuple[Declaration, ...]:
    """Return the options that a struct's fields declare, in order."""
    defaults = struct()
    return tuple(
        Declaration(name, _plain(get_args(hint)[0]), getattr(defaults, name), option, table)
        for name, hint in get_type_hints(struct, include_extras=True).items()
        for option in getattr(hint, "__metadata__", ())
        if isinstance(option, Option)
    )


def _plain(hint: Any) -> Any:
    """Return T of `T | None`."""
    if get_origin(hint) is UnionType:
        return next(part for part in get_args(hint) if part is not NoneType)
    return hint


def resolved(
    options: Sequence[Declaration],
    command: str,
    flags: Mapping[str, Any],
    environ: Environment,
    config: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the values that were set: flags before the environment, before the file.

    An option that the command doesn't take gets no value from the environment and the file.
    `config` has values by key. Raises `UsageError` for a variable with a wrong value.
    """
    taken = [option for option in options if command in option.commands]
    values = {option.name: flags[option.name] for option in options if option.name in flags}
    for source in (dict(_from_environment(taken, environ)), _from_file(taken, config)):
        stronger = frozenset(values)
        for option in taken:
            if option.name in source and stronger.isdisjoint((option.name, *option.option.rivals)):
                values[option.name] = source[option.name]
    for option in options:
        if option.name not in values and option.option.default_of is not None:
            values[option.name] = option.option.default_of(environ)
    return values


def _from_environment(
    options: Sequence[Declaration], environ: Environment
) -> Iterator[tuple[str, Any]]:
    for option in options:
        text = environ.get(option.variable, "")
        if not text or option.option.flag_only or text.startswith(_SERVICE_LINKS):
            continue
        try:
            yield option.name, option.read(text)
        except ValueError as error:
            raise UsageError(f"{option.variable} in the environment: {error}") from None


def _from_file(options: Sequence[Declaration], config: Mapping[str, Any]) -> dict[str, Any]:
    return {option.name: config[option.key] for option in options if option.key in config}


def to_argv(options: Sequence[Declaration], command: str, flags: Mapping[str, Any]) -> list[str]:
    """Return the given flags that a command takes, as command-line arguments."""
    argv: list[str] = []
    for option in options:
        if option.name not in flags or command not in option.commands:
            continue
        match flags[option.name]:
            case False:
                argv.append(f"--no-{option.flag[2:]}")
            case True:
                argv.append(option.flag)
            case tuple() as values:
                argv += [option.flag, ",".join(values)]
            case value:
                argv += [option.flag, str(value)]
    return argv


def whole_number(text: str) -> int:
    """Return a whole number that isn't negative."""
    number = _number(text, int)
    if number < 0:
        raise ValueError(f"{number} is negative")
    return int(number)


def request_timeout(text: str) -> float | None:
    """Return the seconds of a --request-timeout: infinity for no limit, None for the default.

    Source: kubectl, which takes whole seconds and Go's durations; not above zero is no limit.
    """
    if not text:
        return None
    whole = text.removeprefix("+")
    seconds = float(whole) if whole.isdecimal() and whole.isascii() else duration(text)
    if seconds is None:
        raise ValueError(f"{text} isn't a number of seconds, nor a time such as 30s or 1m30s")
    return seconds if seconds > 0 else inf


def event_rate(text: str) -> float:
    number = _number(text, float)
    if not (isfinite(number) and number >= 0):
        raise ValueError(f"{text} isn't a number of events per second")
    return number


def frame_rate(text: str) -> float:
    number = _number(text, float)
    if not 0.1 <= number <= 30:
        raise ValueError(f"{number:g} isn't between 0.1 and 30 frames per second")
    return number


def port_number(text: str) -> int:
    """Return the number of a TCP port; 0 means any free port."""
    number = _number(text, int)
    if not 0 <= number <= 65535:
        raise ValueError(f"{number} isn't a port: ports are 0 to 65535")
    return int(number)


def plain_word(text: str) -> str:
    """Return a word that no program can mistake for a flag."""
    if not text or text.startswith("-") or len(text.split()) != 1 or text != text.strip():
        raise ValueError(f"{text!r} isn't a name")
    return text


def prometheus_endpoint(text: str) -> str:
    """Return a URL or a service of the cluster."""
    from eksview.domain.history.prometheus import endpoint_of  # noqa: PLC0415 - seldom used

    if text and endpoint_of(text) is None:
        raise ValueError(f"{clean(mask(text))!r} is neither a URL nor NAMESPACE/SERVICE:PORT")
    return text


def pattern(text: str) -> str:
    """Return a pattern of names, in which `*`, `?` and `[...]` stand for other characters."""
    if not text.strip():
        raise ValueError("it has an empty pattern, which no name matches")
    return text.strip()


def _number(text: str, kind: type[int] | type[float]) -> float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"invalid number {_short(text)}") from None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
