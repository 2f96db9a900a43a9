"""The keys that the configuration file sets, by the ids of the bindings."""

import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from importlib import import_module

from msgspec import Struct
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys
from textual.screen import ModalScreen

from eksview import ui
from eksview.domain.base.near_names import near_names

_MODIFIERS = ("ctrl+", "alt+", "shift+", "super+")
_NAMED = frozenset(key.value for key in Keys) | {"space"}
_CLOSING = frozenset({"escape", "q"})
"""Keys that close any dialog."""


class KeyFault(Struct, frozen=True):
    """What is wrong with the key of a binding, in a sentence."""

    id: str
    sentence: str


class BindingOwner(Struct, frozen=True):
    """A widget, a screen or the application, with the keys of each id of its bindings."""

    name: str
    keys: Mapping[str, frozenset[str]]
    everywhere: bool
    modal: bool
    """Whether it is a dialog, in which the application's other keys do nothing."""
    urgent: frozenset[str]
    """The ids of the bindings that work in dialogs too."""


@cache
def owners() -> tuple[BindingOwner, ...]:
    """Return all that has bindings. Every module of the screens is imported for it."""
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        import_module(module.name)
    return tuple(_owner(owner) for owner in _subclasses(DOMNode) if _is_ours(owner))


@cache
def binding_ids() -> Mapping[str, str]:
    """Return what each binding does by its id."""
    bindings = (
        binding for owner in _subclasses(DOMNode) if _is_ours(owner) for binding in _bound(owner)
    )
    return {binding.id or "": binding.tooltip or binding.description for binding in bindings}


def first_keys() -> Mapping[str, str]:
    """Return the first key of each binding by its id."""
    owners()  # imports what has ids
    keys: dict[str, str] = {}
    for owner in _subclasses(DOMNode):
        for binding in _bound(owner) if _is_ours(owner) else ():
            keys.setdefault(binding.id or "", binding.key)
    return keys


def _subclasses(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for derived in dict.fromkeys(base.__subclasses__()):
        yield derived
        yield from _subclasses(derived)


def _is_ours(owner: type[DOMNode]) -> bool:
    return owner.__module__.startswith(f"{ui.__name__}.")


def _bound(owner: type[DOMNode]) -> Iterator[Binding]:
    for part in owner.__mro__:
        made = Binding.make_bindings(vars(part).get("BINDINGS", ()))
        yield from (binding for binding in made if binding.id)


def _owner(owner: type[DOMNode]) -> BindingOwner:
    keys: dict[str, set[str]] = {}
    for binding in _bound(owner):
        keys.setdefault(binding.id or "", set()).add(binding.key)
    return BindingOwner(
        owner.__name__,
        {id_: frozenset(set_) for id_, set_ in keys.items()},
        everywhere=any(id_.startswith("app.") for id_ in keys),
        modal=issubclass(owner, ModalScreen),
        urgent=frozenset(binding.id or "" for binding in _bound(owner) if binding.priority),
    )


def keys_of(text: str) -> list[str]:
    """Return the keys of a text with commas, by Textual's names: `question_mark` for `?`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [binding.key for binding in Binding.make_bindings([(part, "", "") for part in parts])]


def key_map(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the map that Textual takes for the keys of the file.

    With a binding's old key Textual forgets the other bindings that share it, such as those of
    `q`; so these are listed too, with the keys that they have anyway. A dialog closes by the new
    key of what opens it, too.
    """
    if not keys:
        return {}
    new = {id_: frozenset(keys_of(text)) for id_, text in keys.items()}
    kept: dict[str, set[str]] = {}
    for owner in owners():
        for id_, set_ in owner.keys.items():
            moved = [other for other in new if set_ & owner.keys.get(other, frozenset())]
            opening = _opening(set_, new) if owner.modal and id_.endswith(".back") else ()
            if id_ not in new and (moved or opening):
                kept.setdefault(id_, set()).update(set_, *(new[other] for other in opening))
    return {id_: ",".join(sorted(set_)) for id_, set_ in kept.items()} | {
        id_: ",".join(keys_of(text)) for id_, text in keys.items()
    }


def _opening(keys: Set[str], ids: Iterable[str]) -> Sequence[str]:
    """Return those of the ids that open a dialog which closes by these keys: they share one."""
    general = next(owner for owner in owners() if owner.everywhere).keys
    return [id_ for id_ in ids if id_ in general and keys & general[id_] - _CLOSING]


def key_faults(keys: Mapping[str, str]) -> Iterator[KeyFault]:
    """Yield the unknown ids and keys, and the keys that mean two things in one place."""
    if not keys:
        return
    owners()  # imports what has ids
    known = binding_ids()
    for id_, text in keys.items():
        if id_ not in known:
            near = near_names(id_, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield KeyFault(id_, f"no key has the id {id_}{hint}")
        elif not keys_of(text):
            yield KeyFault(id_, "it has no key")
        for key in keys_of(text):
            if not is_key(key):
                near = near_names(key, sorted(_NAMED), 1)
                yield KeyFault(
                    id_, f"unknown key {key}{f'; did you mean {near[0]}?' if near else ''}"
                )
    yield from dict.fromkeys(_clashes(keys))


def is_key(key: str) -> bool:
    """Return whether a terminal can send a key of this name."""
    for modifier in _MODIFIERS:
        key = key.removeprefix(modifier)
    return key in _NAMED or len(key) == 1 or keys_of(key) != [key] or _is_character_name(key)


def _is_character_name(key: str) -> bool:
    """Return whether a key is one of those that Textual names by their Unicode name."""
    return any(keys_of(chr(code)) == [key] for code in range(33, 127))


def _clashes(keys: Mapping[str, str]) -> Iterator[KeyFault]:
    known = binding_ids()
    new = {id_: frozenset(keys_of(text)) for id_, text in keys.items()}
    general = next(owner for owner in owners() if owner.everywhere)
    for owner in owners():
        shared = general.urgent if owner.modal else general.keys
        old = {**{id_: general.keys[id_] for id_ in shared}, **owner.keys}
        now = {id_: new.get(id_, set_) for id_, set_ in old.items()}
        for id_ in new.keys() & now.keys():
            for other, set_ in now.items():
                both = now[id_] & set_
                if other != id_ and both and not old[id_] & old[other]:
                    what = f"{other} ({known[other]})"
                    yield KeyFault(id_, f"{min(both)} is also the key of {what}")
