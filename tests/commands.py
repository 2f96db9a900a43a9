"""The places in the source where commands are made, and those that were reached."""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import eksview
from eksview.domain.live.command_context import CommandContext

SOURCE = Path(eksview.__file__).parent
MAKERS = ("aws", "aws_words", "kubectl", "kubectl_words", "login")
"""The methods of `CommandContext` that make a command."""
WRITTEN = re.compile(r"(?<=`)(?:aws|kubectl|eksctl) [^`{]+|^(?:aws|eksctl) .+")
"""A command in backticks, or one that is a text of its own."""
Place = tuple[str, int]  # a file below `SOURCE`, and the first line of the call


@cache
def places(folder: str = "") -> dict[Place, int]:
    """Return every call that makes a command, with its last line."""
    return {
        (str(path.relative_to(SOURCE)), node.lineno): node.end_lineno or node.lineno
        for path in sorted((SOURCE / folder).rglob("*.py"))
        if path.name != "command_context.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in MAKERS
    }


@contextmanager
def recorded() -> Iterator[set[Place]]:
    """Yield the places that make a command while this is open."""
    known, reached = places(), set[Place]()

    def recording(name: str) -> Any:
        real = getattr(CommandContext, name)

        def made(self: CommandContext, *words: str) -> Any:
            frame = sys._getframe(1)
            file, line = Path(frame.f_code.co_filename), frame.f_lineno
            reached.update(
                place
                for place, last in known.items()
                if file == SOURCE / place[0] and place[1] <= line <= last
            )
            return real(self, *words)

        return made

    with pytest.MonkeyPatch.context() as patch:
        for name in MAKERS:
            patch.setattr(CommandContext, name, recording(name))
        yield reached


@cache
def written() -> dict[str, str]:
    """Return the commands that are written in texts, not made, each with its file."""
    texts: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in documentation:
                continue
            for match in WRITTEN.finditer(str(node.value)):
                texts[match[0].rstrip()] = str(path.relative_to(SOURCE))
    return texts
