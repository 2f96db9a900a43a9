"""The keys of a screen, read from its bindings."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen

from eksview.domain.filter.syntax import SYNTAX
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.dialogs.commands import COMMANDS

_WORDS = {"⏎": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right", "⇥": "tab"}


def readable(shown: str) -> str:
    """Return a key's name in ASCII, for locales without UTF-8."""
    return _WORDS.get(shown, shown)


class KeyLine(Struct, frozen=True):
    """An action and its keys."""

    keys: str
    text: str


class Section(Struct, frozen=True):
    """The actions of one widget or screen."""

    title: str
    lines: tuple[KeyLine, ...]


def sections(screen: Screen[object], show: Callable[[Binding], str]) -> tuple[Section, ...]:
    """Return the keys that work at the focus, innermost first, then filters and commands.

    A key that an inner widget takes isn't listed again for an outer one. The marks of a screen
    are below its own keys.
    """
    places: dict[DOMNode, dict[str, list[ActiveBinding]]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.system and (binding.tooltip or binding.description):
            actions = places.setdefault(active.node, {})
            actions.setdefault(binding.action, []).append(active)
    keys = [
        Section(_title(node, screen), tuple(_lines(actions.values(), show)))
        for node, actions in places.items()
    ]
    marks = screen.legend() if isinstance(screen, LiveScreen) else ()
    legend = Section("Marks", tuple(KeyLine(*mark) for mark in marks))
    commands = tuple(KeyLine(spec.usage, spec.help) for spec in COMMANDS)
    syntax = tuple(KeyLine(example, meaning) for example, meaning in SYNTAX)
    if legend.lines:
        keys.insert(len(keys) - (screen.app in places), legend)
    return (*keys, Section("Filters, after /", syntax), Section("Commands", commands))


def _title(node: DOMNode, screen: Screen[object]) -> str:
    if node is screen.app:
        return "Everywhere"
    if node is screen:
        return screen.title or "This screen"
    return str(getattr(node, "border_title", None) or node.BINDING_GROUP_TITLE or "Focused widget")


def _lines(
    actions: Iterable[list[ActiveBinding]], show: Callable[[Binding], str]
) -> Iterator[KeyLine]:
    for group in actions:
        keys = " ".join(dict.fromkeys(show(active.binding) for active in group))
        binding = group[0].binding
        yield KeyLine(keys, binding.tooltip or binding.description)
