"""Classes and functions stay small enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[1] / "app"
METHODS, LINES = 25, 50
LARGE_CLASSES = {"Store"}


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            yield path.relative_to(APP), node


def test_no_class_has_more_than_25_methods() -> None:
    counted = {
        f"{path}: {node.name}": sum(
            isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) for member in node.body
        )
        for path, node in nodes()
        if isinstance(node, ast.ClassDef) and node.name not in LARGE_CLASSES
    }
    assert len(counted) > 100
    assert {name: count for name, count in counted.items() if count > METHODS} == {}


def test_no_function_has_more_than_50_lines() -> None:
    counted = {
        f"{path}: {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(counted) > 1000
    assert {name: count for name, count in counted.items() if count > LINES} == {}
