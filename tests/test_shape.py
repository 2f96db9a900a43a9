"""Classes and functions stay small enough to be read at once, and their names lead to one place."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
METHODS, LINES = 25, 50
WIDGETS = ("textual.widget", "textual.widgets", "textual.screen")


def nodes(folder: str = "") -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((APP / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            yield path.relative_to(APP), node


def test_no_class_has_more_than_25_methods() -> None:
    counted = {
        f"{path}: {node.name}": sum(
            isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) for member in node.body
        )
        for path, node in nodes()
        if isinstance(node, ast.ClassDef)
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


@pytest.mark.parametrize("package", ["eksview", "eksview_demo"])
def test_no_two_classes_share_a_name(package: str) -> None:
    counted = Counter(node.name for _, node in nodes(package) if isinstance(node, ast.ClassDef))
    assert len(counted) > 50
    assert {name for name, count in counted.items() if count > 1} == set()


def test_painted_text_imports_no_widget() -> None:
    imported = {
        name
        for _, node in nodes("eksview/ui/text")
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported_modules(node)
    }
    assert "textual.strip" in imported
    assert {
        name for name in imported if name in WIDGETS or name.startswith("textual.widgets.")
    } == (set())


def imported_modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.Import):
        return names
    return [node.module or "", *(f"{node.module}.{name}" for name in names)]
