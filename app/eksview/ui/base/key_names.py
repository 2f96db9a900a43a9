"""The keys that sentences name, by the ids of their bindings, which the file may move."""

import re
from collections.abc import Mapping

from textual.keys import key_to_character

USUAL = {
    "app.actions": "a",
    "app.back": "escape",
    "app.command": "colon",
    "app.copy": "c",
    "app.delete": "ctrl+d",
    "app.explain": "f1",
    "app.help": "question_mark",
    "app.instances": "4",
    "app.leave": "q",
    "app.logs": "l",
    "app.owner": "J",
    "app.owners": "o",
    "app.previous": "minus",
    "app.refresh": "ctrl+r",
    "choices.pick": "enter",
    "clusters.refresh": "r",
    "control-plane-logs.copy": "c",
    "drain.close": "escape",
    "drain.end": "escape",
    "ecs.clusters": "n",
    "explain.measure": "m",
    "explain.node": "n",
    "explain.open": "enter",
    "explain.replay": "r",
    "forwards.close": "ctrl+d",
    "help.back": "escape",
    "home.decline": "escape",
    "instances.all": "0",
    "logs.previous": "p",
    "picker.back": "escape",
    "pods.all": "0",
    "question.n": "n",
    "question.no": "escape",
    "question.yes": "y",
    "resource.all": "0",
    "table.clear": "escape",
    "table.mark": "space",
    "table.open": "enter",
    "table.wide": "w",
    "trace.pause": "p",
    "ways.copy": "c",
    "workers.open": "enter",
}
"""The first key of each, where the file has none."""
_WORDS = {"escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "minus": "-"}
_ID = re.compile(r"\{([a-z-]+\.[a-z_-]+)\}")


def key_name(key: str) -> str:
    """Return a key as sentences name it: `c`, `?`, `f10`, `Enter`, `Ctrl-y`."""
    *modifiers, last = key.strip().split("+")
    name = _WORDS.get(last) or key_to_character(last) or last
    return "-".join([*(modifier.capitalize() for modifier in modifiers), name])


def first_key(id_: str, usual: str, keys: Mapping[str, str]) -> str:
    """Return a binding's first key by Textual's name; `keys` has those of the file."""
    return keys.get(id_, usual).partition(",")[0].strip()


def key_of(id_: str, keys: Mapping[str, str]) -> str:
    """Return the name of a binding's first key; `keys` has those of the file."""
    return key_name(first_key(id_, USUAL[id_], keys))


def keyed(text: str, keys: Mapping[str, str]) -> str:
    """Return a sentence with the keys for the ids in braces: `{app.copy} copies it`."""
    return _ID.sub(lambda found: key_of(found[1], keys) if found[1] in USUAL else found[0], text)
