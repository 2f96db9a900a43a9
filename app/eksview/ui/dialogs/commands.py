"""What can be typed after `:`. Pure: text in, what is meant or why not out."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from eksview.ui.base.registry import SCREENS


class Spec(Struct, frozen=True):
    """One command. `argument` names what may follow it; `needed` when it must."""

    name: str
    help: str
    argument: str = ""
    needed: bool = False


COMMANDS = (
    *(Spec(screen.name, screen.help, screen.argument) for screen in SCREENS),
    Spec("ns", "one namespace's pods, or all", argument="namespace"),
    Spec("theme", "other colours", argument="theme", needed=True),
    Spec("help", "all keys and commands"),
    Spec("quit", "leave eksview"),
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
    """What is meant: a command's name and what it is about."""

    name: str
    argument: str = ""


class CommandError(Struct, frozen=True):
    """Why the text means nothing, in one sentence."""

    why: str


def parse(text: str, choices: Mapping[str, Sequence[str]]) -> Command | CommandError:
    """Understand a line. `choices` holds, by kind of argument, the names there are.

    A kind without an entry takes any name. A beginning that fits one name alone stands for it.
    """
    word, _, rest = text.strip().removeprefix(":").strip().partition(" ")
    argument = rest.strip()
    found = _one(ALIASES.get(word.lower(), word.lower()), list(_BY_NAME))
    if found is None:
        return CommandError(f"There is no command {word}; Tab shows which there are.")
    spec = _BY_NAME[found]
    if argument and not spec.argument:
        return CommandError(f"{spec.name} takes nothing after it.")
    if not argument:
        missing = f"{spec.name} wants the name of a {spec.argument}."
        return CommandError(missing) if spec.needed else Command(spec.name)
    names = choices.get(spec.argument)
    if names is None:
        return Command(spec.name, argument)
    chosen = _one(argument, names)
    if chosen is None:
        return CommandError(f"There is no {spec.argument} {argument}.")
    return Command(spec.name, chosen)


def complete(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The whole lines that the text may be the beginning of, the likeliest first."""
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


def _one(text: str, names: Sequence[str]) -> str | None:
    """The name itself, or the only one that begins so."""
    if text in names:
        return text
    begin = [name for name in names if text and name.startswith(text)]
    return begin[0] if len(begin) == 1 else None
