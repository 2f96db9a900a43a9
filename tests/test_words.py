"""Names say what a value is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
VAGUE = re.compile(
    "_*(found|said|told|each|one|others?|here|there|known|why|which|who|whoever|what|asked|asking|"
    "apart|anew)_*"
)
ROOMS = {str(path.parent.relative_to(APP)) for path in APP.glob("*/**/*.py")}
"""Every folder with code."""


def bindings(tree: ast.AST) -> Iterator[str]:
    """Yield the names that code binds; those of comprehensions are free."""
    free = {
        id(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in free:
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name


def test_a_name_is_found_wherever_it_is_bound() -> None:
    code = "def found(said):\n  self.told = [each for each in (here := said)]\nclass Why: pass"
    assert sorted(bindings(ast.parse(code))) == ["Why", "found", "here", "said", "told"]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_under_1_percent_of_bindings_have_a_vague_name(room: str) -> None:
    names = [
        (path.name, name)
        for path in sorted((APP / room).rglob("*.py"))
        for name in bindings(ast.parse(path.read_text()))
    ]
    vague = [(file, name) for file, name in names if VAGUE.fullmatch(name)]
    assert len(names) > 20
    assert len(vague) < len(names) / 100, vague
