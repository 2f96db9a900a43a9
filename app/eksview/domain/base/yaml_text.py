"""Objects as YAML in Go's style, as `kubectl get -o yaml` prints them."""

import re
from typing import Any

import yaml

from eksview.domain.base.text import visible

_GO_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_GO_BOOL = frozenset({"y", "Y", "n", "N"})
"""Words that Go's YAML reads as a number or a boolean and PyYAML doesn't."""


def yaml_object(item: Any) -> str:
    """Return an object or a list as Go writes YAML; what a terminal interprets is escaped."""
    text = _dump(item, unicode=True)
    return text if visible(text) == text else _dump(item, unicode=False)


_BASE = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # in C where PyYAML was built with it
_Dumper: Any = type("_Dumper", (_BASE,), {"ignore_aliases": lambda *_: True})
"""A dumper that quotes as Go's YAML does and writes no aliases."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None
    if "\n" in text:
        style = "|"
    elif text in _GO_BOOL or _GO_FLOAT.fullmatch(text) or _is_other_type(dumper, text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_other_type(dumper: Any, text: str) -> bool:
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False))
    return bool(tag != "tag:yaml.org,2002:str")


_Dumper.add_representer(str, _text_node)


def _dump(item: Any, *, unicode: bool) -> str:
    text: str = yaml.dump(item, Dumper=_Dumper, allow_unicode=unicode, default_flow_style=False)
    return text
