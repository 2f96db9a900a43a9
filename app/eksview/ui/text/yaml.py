"""A whole object as YAML, with dimmed keys."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eksview.domain.base.text import clean
from eksview.domain.base.yaml_text import yaml_object
from eksview.ui.text.words import Words

_KEY = re.compile(r"""(?P<lead>\s*(?:- )*)(?P<key>"[^"]*"|'[^']*'|[^\s"'#-][^:]*|-[^\s:][^:]*):"""
                  r"""(?:$|\s(?P<value>.*))""")  # fmt: skip
_BLOCK = re.compile(r"[|>][-+0-9]*")
_LISTED_BLOCK = re.compile(r"\s*(?:- )+[|>][-+0-9]*")


def yaml_lines(whole: Mapping[str, Any]) -> Iterator[Words]:
    """Yield the lines as kubectl prints them, without `metadata.managedFields`."""
    metadata = whole.get("metadata")
    shown = dict(whole)
    if isinstance(metadata, Mapping):
        shown["metadata"] = {key: metadata[key] for key in metadata if key != "managedFields"}
    block: int | None = None  # the indent of the key of a multi-line text
    for line in yaml_object(shown).splitlines():
        indent = len(line) - len(line.lstrip())
        if block is not None and (indent > block or not line):
            yield ((clean(line), "text"),)
            continue
        block = indent if _LISTED_BLOCK.fullmatch(line) else None
        match = _KEY.fullmatch(line)
        if match is None:
            yield _plain(line)
            continue
        value = match["value"] or ""
        if _BLOCK.fullmatch(value):
            block = len(match["lead"])
        yield (
            (match["lead"], "faint"),
            (f"{clean(match['key'])}:", "dim"),
            (f" {clean(value)}" if value else "", "text"),
        )


def _plain(line: str) -> Words:
    text = line.lstrip()
    lead = line[: len(line) - len(text)]
    if text.startswith("- "):
        return ((f"{lead}- ", "faint"), (clean(text[2:]), "text"))
    return ((lead, "text"), (clean(text), "text"))
