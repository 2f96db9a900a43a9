"""Text that a command writes to stderr was cleaned: it quotes no secret, and moves no cursor."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "app" / "eksview"
CLEANED = {"clean"}
OURS = {"_undecoded", "_no_resources"}
"""Functions whose text has nothing foreign in it but what they clean, which is looked at too."""


def written() -> Iterator[tuple[str, ast.expr]]:
    """Yield every text that is written to stderr, with its place, and what the functions return."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="write" | "writelines" | "write_stderr")):
                    if "stderr" in ast.unparse(node.func) and node.args:
                        yield f"{path.name}:{node.lineno}", node.args[0]
                case ast.FunctionDef(name=name) if name in OURS:
                    for part in ast.walk(node):
                        if isinstance(part, ast.Return) and part.value is not None:
                            yield f"{path.name}:{part.lineno}", part.value


def unclean(text: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a text that weren't cleaned; a number with a format has no secret."""
    match text:
        case ast.Constant() | ast.Name(id="sentence"):
            return
        case ast.Call(func=ast.Name(id=name)) if name in CLEANED | OURS:
            return
        case ast.FormattedValue(format_spec=ast.JoinedStr()):
            return
        case ast.GeneratorExp(elt=part):
            yield from unclean(part)
        case (
            ast.Call(func=ast.Attribute(attr="encode", value=part))
            | ast.Call(func=ast.Attribute(attr="join"), args=[part])
            | ast.FormattedValue(value=part)
        ):
            yield from unclean(part)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from unclean(part)
        case _:
            yield text


def test_everything_on_stderr_was_cleaned() -> None:
    texts = list(written())
    assert len(texts) > 8
    foreign = [(place, ast.unparse(part)) for place, text in texts for part in unclean(text)]
    assert foreign == []
