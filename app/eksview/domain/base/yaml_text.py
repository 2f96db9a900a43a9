"""Objects as YAML, written as Go writes it: what `kubectl get -o yaml` prints."""

import re
from typing import Any

import yaml

OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What JSON and YAML may hold as it is but a terminal obeys: C1 controls, bidi, zero width."""

_GO_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_GO_BOOL = frozenset({"y", "Y", "n", "N"})
"""Words that Go's YAML takes for a number or a truth value and PyYAML doesn't."""


def yaml_object(item: Any) -> str:
    """One object, or a list of them, as Go writes YAML."""
    text = _dump(item, as_it_is=True)
    return _dump(item, as_it_is=False) if OBEYED.search(text) else text


_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # in C where PyYAML was built with it


class _Dumper(_BASE):  # type: ignore[misc]  # chosen at run time
    """Quotes as Go's YAML does, and never refers back to an equal object."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _text_node(dumper: Any, text: str) -> yaml.Node:
    style = None
    if "\n" in text:
        style = "|"
    elif text in _GO_BOOL or _GO_FLOAT.fullmatch(text) or _means_more(dumper, text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # type: ignore[no-any-return]


def _means_more(dumper: Any, text: str) -> bool:
    """Whether YAML would read the bare word as something else than text."""
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False))
    return bool(tag != "tag:yaml.org,2002:str")


_Dumper.add_representer(str, _text_node)


def _dump(item: Any, as_it_is: bool) -> str:
    text: str = yaml.dump(item, Dumper=_Dumper, allow_unicode=as_it_is, default_flow_style=False)
    return text
