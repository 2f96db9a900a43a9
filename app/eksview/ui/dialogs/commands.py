"""The `:` commands: their names, parsing and completion."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct

from eksview.ui.base.screen_registry import SCREENS


class Spec(Struct, frozen=True):
    """A command; `argument` is the kind of name that may follow it, or must if `needed`."""

    name: str
    help: str
    argument: str = ""
    needed: bool = False


COMMANDS = (
    *(Spec(screen.name, screen.help, screen.argument) for screen in SCREENS),
    Spec("ns", "pods of one or all namespaces", argument="namespace"),
    Spec("theme", "change the theme", argument="theme", needed=True),
    Spec("help", "all keys and commands"),
    Spec("quit", "quit eksview"),
)
ALIASES: Mapping[str, str] = {
    "namespace": "ns",
    "?": "help",
    "q": "quit",
    "q!": "quit",
    "exit": "quit",
} | {alias: screen.name for screen in SCREENS for alias in screen.aliases}
_BY_NAME = {spec.name: spec for spec in COMMANDS}


class Command(Struct, frozen=True):
    """A parsed command: its name and its argument."""

    name: str
    argument: str = ""


class CommandError(Struct, frozen=True):
    """The reason why a text isn't a command, in one sentence."""

    reason: str


def parse(text: str, choices: Mapping[str, Sequence[str]]) -> Command | CommandError:
    """Parse a line; `choices` has the existing names by kind of argument.

    A kind without an entry accepts any name. A unique prefix of a name is accepted for it.
    """
    word, _, rest = text.strip().removeprefix(":").strip().partition(" ")
    argument = rest.strip()
    name = _match(ALIASES.get(word.lower(), word.lower()), list(_BY_NAME))
    if name is None:
        similar = get_close_matches(word.lower(), [*_BY_NAME, *ALIASES], 1)
        hint = f" (did you mean {similar[0]}?)" if similar else ""
        return CommandError(f"Unknown command {word}{hint}; `?` lists all.")
    spec = _BY_NAME[name]
    if argument and not spec.argument:
        return CommandError(f":{spec.name} takes no argument.")
    if not argument:
        usage = f"Usage: :{spec.name} {spec.argument.upper()}"
        if spec.argument in choices:
            usage += f" ({', '.join(choices[spec.argument])})"
        return CommandError(usage) if spec.needed else Command(spec.name)
    names = choices.get(spec.argument)
    if names is None:
        return Command(spec.name, argument)
    chosen = _match(argument, names)
    if chosen is None:
        return CommandError(f"Unknown {spec.argument} {argument}.")
    return Command(spec.name, chosen)


def complete(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the complete lines that the text may become, the most likely first."""
    word, space, rest = text.lstrip().partition(" ")
    if not space:
        return tuple(spec.name for spec in COMMANDS if spec.name.startswith(word.lower()))
    spec = _BY_NAME.get(ALIASES.get(word.lower(), word.lower()))
    if spec is None:
        return ()
    wanted = rest.strip().lower()
    names = choices.get(spec.argument, ())
    begin = [name for name in names if name.lower().startswith(wanted)]
    hold = [name for name in names if wanted in name.lower() and name not in begin]
    return tuple(f"{spec.name} {name}" for name in (*begin, *hold))


def _match(text: str, names: Sequence[str]) -> str | None:
    """Return the name that equals the text, or the only one that begins with it."""
    if text in names:
        return text
    begin = [name for name in names if text and name.startswith(text)]
    return begin[0] if len(begin) == 1 else None
