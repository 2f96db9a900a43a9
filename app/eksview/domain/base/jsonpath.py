"""JSONPath templates as kubectl has them: parsed once, evaluated on decoded JSON.

Source: Kubernetes "JSONPath Support" and client-go's util/jsonpath. Missing keys are empty.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

from msgspec import Struct

Json: TypeAlias = Any
"""A value as the JSON decoder gave it."""
Values: TypeAlias = list[Json]
Step: TypeAlias = Callable[[Values], Values]
"""Returns the values that a step of a path leads to."""


class JsonPathError(ValueError):
    """A template that can't be parsed or evaluated, as a sentence without a final dot."""


class Literal(Struct, frozen=True):
    """A text, number or boolean of a template."""

    value: Json


class Path(Struct, frozen=True):
    """Steps from the current value."""

    steps: tuple[Step, ...]

    def values(self, current: Json) -> Values:
        reached = [current]
        for step in self.steps:
            reached = step(reached)
        return reached


class Range(Struct, frozen=True):
    """Parts that are repeated for each value of a path."""

    path: Path
    body: tuple["Part", ...]


Part: TypeAlias = Literal | Path | Range


def template(text: str) -> tuple[Part, ...]:
    """Return the parts of a template such as `{.metadata.name}{"\\n"}`."""
    return tuple(_TemplateReader(text).parts())


def expression(text: str) -> Path:
    """Return the path of a relaxed expression: `a.b`, `.a.b`, `{a.b}` or `{.a.b}`.

    Source: kubectl's RelaxedJSONPathExpression, for custom columns and --sort-by.
    """
    match = re.fullmatch(r"\{\.?([^{}]+)\}|\.?([^{}]+)", text.strip())
    if match is None:
        raise JsonPathError(
            f"unexpected path {text!r}: it should be like .metadata.name or {{.metadata.name}}"
        )
    parts = template(f"{{.{match[1] or match[2]}}}")
    if len(parts) != 1 or not isinstance(parts[0], Path):
        raise JsonPathError(f"{text!r} is not one path")
    return parts[0]


def printed(parts: Sequence[Part], value: Json) -> str:
    """Return the text of a template for an object or a list."""
    return "".join(_texts(parts, value))


def _texts(parts: Sequence[Part], current: Json) -> Iterator[str]:
    for part in parts:
        match part:
            case Literal(text):
                yield text if isinstance(text, str) else _text(text)
            case Path():
                yield " ".join(map(_text, part.values(current)))
            case Range(path, body):
                for item in path.values(current):
                    yield from _texts(body, item)


def _text(value: Json) -> str:
    """Return a value as Go prints it: JSON for objects and lists."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if isinstance(value, (dict, list)):
        for character in "<>&":
            text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class _TemplateReader:
    """A template's text, and the position up to which it is read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._inside = False

    def parts(self, *, until_end: bool = False) -> Iterator[Part]:
        """Yield the parts up to {end}, or to the end of the text."""
        while self._at < len(self._text):
            if not self._inside:
                if literal := self._take(r"[^{]+"):
                    yield Literal(literal)
                if self._take(r"\{\s*\}"):
                    yield Path(())
                self._inside = bool(self._take(r"\{"))
            elif self._take(r"\s*\}"):
                self._inside = False
            elif self._take(r"\s*range(?=\s)"):
                self._take(r"\s+")
                path = self.path()
                yield Range(path, tuple(self.parts(until_end=True)))
            elif self._take(r"\s*end(?=\s*\})"):
                if not until_end:
                    raise JsonPathError("not in range, nothing to end")
                return
            else:
                self._take(r"\s+")
                yield self._operand()
        if self._inside:
            raise JsonPathError("unclosed action")

    def _operand(self) -> Literal | Path:
        if quoted := self._take(_QUOTED):
            return Literal(_unquoted(quoted))
        if number := self._take(r"-?\d+(\.\d*)?(?![\w.])"):
            return Literal(float(number) if "." in number else int(number))
        if word := self._take(r"(true|false)(?![\w.])"):
            return Literal(word == "true")
        return self.path()

    def path(self) -> Path:
        """Return the path that begins here; in quotes and brackets its dots count as well."""
        start, begun = self._take(r"[$@]"), self._at
        steps: list[Step] = []
        while True:
            if self._take(r"\.\."):
                steps.append(_descend)
                if name := self._take(_NAME):
                    steps.append(_field_of(name))
            elif self._take(r"\["):
                steps.append(self._bracket())
            elif name := self._take(rf"\.(?:{_NAME})" if steps or start else rf"\.?(?:{_NAME})"):
                steps.append(_field_of(name.removeprefix(".")))
            elif not self._take(r"\.(?=[\[}\s]|$)"):
                break
        if self._at == begun and not start:
            rest = self._text[self._at :][:10]
            raise JsonPathError(f"unrecognized character in action: {rest!r}")
        return Path(tuple(steps))

    def _bracket(self) -> Step:
        """Return the step in brackets; the opening one is read already."""
        if self._take(r"\?\("):
            step = self._filter()
            self._want(r"\s*\)\s*\]", "unterminated filter")
            return step
        branches = [self._index()]
        while self._take(r"\s*,\s*"):
            branches.append(self._index())
        self._want(r"\]", "unterminated array")
        return branches[0] if len(branches) == 1 else partial(_union, branches)

    def _index(self) -> Step:
        if self._take(r"\*"):
            return _all
        if quoted := self._take(r"'[^']*'"):
            return _steps_of(_TemplateReader(f".{quoted[1:-1]}").path())
        numbers = self._take(r"-?\d*(:-?\d*){0,2}").split(":")
        try:
            if len(numbers) == 1:
                return partial(_item, int(numbers[0]))
            chosen = slice(*(int(number) if number else None for number in numbers))
            [][chosen]  # raises ValueError for a step of zero
        except ValueError:
            raise JsonPathError("invalid array index") from None
        return partial(_items, chosen)

    def _filter(self) -> Step:
        self._take(r"\s*")
        left = self._operand()
        compared = self._take(r"\s*(==|!=|<=|>=|<|>)\s*").strip()
        if not compared:
            return partial(_having, left)
        return partial(_compared, left, _OPERATORS[compared], self._operand())

    def _take(self, pattern: str) -> str:
        """Return what matches here and go behind it; empty for nothing."""
        match = re.compile(pattern).match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _want(self, pattern: str, problem: str) -> None:
        if not self._take(pattern):
            raise JsonPathError(problem)


_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_NAME = r"\*|(?:\\.|[^\s.\[\]{}'\"$@,|()=!<>\\])+"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def _steps_of(path: Path) -> Step:
    return lambda values: [reached for value in values for reached in path.values(value)]


def _field_of(name: str) -> Step:
    return _all if name == "*" else partial(_field, re.sub(r"\\(.)", r"\1", name))


def _field(name: str, values: Values) -> Values:
    return [value[name] for value in values if isinstance(value, dict) and name in value]


def _all(values: Values) -> Values:
    return [item for value in values for item in _children(value)]


def _children(value: Json) -> Values:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _descend(values: Values) -> Values:
    """Return the values and all that is below them."""
    reached: Values = []
    for value in values:
        reached.append(value)
        reached += _descend(_children(value))
    return reached


def _item(index: int, values: Values) -> Values:
    reached = []
    for value in _lists(values):
        if not -len(value) <= index < len(value):
            raise JsonPathError(f"array index out of bounds: index {index}, length {len(value)}")
        reached.append(value[index])
    return reached


def _items(chosen: slice, values: Values) -> Values:
    return [item for value in _lists(values) for item in value[chosen]]


def _lists(values: Values) -> Iterator[list[Json]]:
    for value in values:
        if value is None:
            continue
        if not isinstance(value, list):
            raise JsonPathError(f"{_text(value)} is not a list")
        yield value


def _union(branches: Sequence[Step], values: Values) -> Values:
    return [item for branch in branches for item in branch(values)]


def _having(operand: Literal | Path, values: Values) -> Values:
    """Return the items of lists that have a value at a path."""
    return [item for value in _lists(values) for item in value if _operands(operand, item)]


def _compared(
    left: Literal | Path,
    compare: Callable[[Any, Any], bool],
    right: Literal | Path,
    values: Values,
) -> Values:
    """Return the items of lists for which a comparison holds; without a value it doesn't."""
    return [
        item
        for value in _lists(values)
        for item in value
        if _holds(_operands(left, item), compare, _operands(right, item))
    ]


def _operands(operand: Literal | Path, item: Json) -> Values:
    return [operand.value] if isinstance(operand, Literal) else operand.values(item)


def _holds(left: Values, compare: Callable[[Any, Any], bool], right: Values) -> bool:
    if not left or not right:
        return False
    try:
        return compare(left[0], right[0])
    except TypeError:
        raise JsonPathError("incompatible types for comparison") from None
