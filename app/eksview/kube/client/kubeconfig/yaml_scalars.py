"""Scalars of a mapping in a YAML text, replaced where they are: comments and layout stay."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from eksview.kube.client.kubeconfig.go_yaml import GoLoader, first_document

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9._~/+-]{8,}")  # no other type, and no indicator of YAML
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def with_provider_values(data: bytes, user: str, values: Mapping[str, str]) -> bytes:
    """Return a kubeconfig with values of a user's auth-provider set, and nothing else changed.

    Raises `ValueError` where that isn't possible, such as for a value with an anchor.
    """
    expected = first_document(data)
    _config_of(expected, user).update(values)
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    text = data[len(mark) :].decode(encoding)
    try:
        for key, value in values.items():
            text = _with_value(text, user, key, value)
        changed = mark + text.encode(encoding)
        same = first_document(changed) == expected
    except yaml.YAMLError:
        same = False
    if not same:
        raise ValueError("its YAML has anchors or another form that eksview doesn't change")
    return changed


def _config_of(document: Any, user: str) -> dict[str, Any]:
    """Return the values of the user's auth-provider; raises `ValueError` without any."""
    try:
        entries = [entry for entry in document["users"] if entry and entry.get("name") == user]
        config: dict[str, Any] = entries[0]["user"]["auth-provider"]["config"]
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError(f"it has no user {user!r} with an auth-provider any more") from None
    return config


def _with_value(text: str, user: str, key: str, value: str) -> str:
    config = _config_node(text, user)
    for name, node in reversed(config.value):
        if name.value == key:
            return _replaced(text, node, value)
    return _inserted(text, config, key, value)


def _config_node(text: str, user: str) -> yaml.MappingNode:
    loader = GoLoader(text)
    try:
        root = loader.get_node() if loader.check_node() else None
    finally:
        loader.dispose()
    for entry in _items(_at(root, "users")):
        name = _at(entry, "name")
        if isinstance(name, yaml.ScalarNode) and name.value == user:
            config = _at(_at(_at(entry, "user"), "auth-provider"), "config")
            if isinstance(config, yaml.MappingNode) and config.value:
                return config
    raise ValueError("its YAML has a form that eksview doesn't change")


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    yield from node.value if isinstance(node, yaml.SequenceNode) else ()


def _at(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return a mapping's value; the last of a key counts, as in Go."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in reversed(pairs) if name.value == key), None)


def _replaced(text: str, node: yaml.Node, value: str) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    end = start + len(text[start:end].rstrip())  # a block scalar ends where the next token begins
    space = " " if text[start - 1 : start] == ":" else ""  # an absent value
    plain = not getattr(node, "style", None)
    return f"{text[:start]}{space}{_scalar(value, plain=plain)}{text[end:]}"


def _inserted(text: str, config: yaml.MappingNode, key: str, value: str) -> str:
    """Return the text with a pair before the first one."""
    first = config.value[0][0].start_mark
    if config.flow_style:
        pair = f"{json.dumps(key)}: {json.dumps(value)}, "
    else:
        pair = f"{key}: {_scalar(value, plain=True)}\n{' ' * first.column}"
    return f"{text[: first.index]}{pair}{text[first.index :]}"


def _scalar(value: str, *, plain: bool) -> str:
    """Return a scalar: without quotes where that is a string, else as in JSON."""
    return value if plain and _PLAIN.fullmatch(value) else json.dumps(value)
