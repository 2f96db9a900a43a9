"""Decoding of objects that a strict decoder refuses, as leniently as client-go's.

Source: Go's encoding/json and sigs.k8s.io/json, which client-go decodes with. null leaves a field's
zero value; a value of another type leaves it too, but is an error, and the rest is decoded; keys
are case-sensitive and unknown ones skipped; what isn't UTF-8 becomes U+FFFD. apimachinery's
`resource.Quantity` takes numbers as well as text.
"""

import re
from functools import cache
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, inspect

T = TypeVar("T")

Quantity: TypeAlias = Annotated[str, msgspec.Meta(extra={"number": "valid"})]
"""The text of a `resource.Quantity`."""
Identity: TypeAlias = Annotated[str, msgspec.Meta(extra={"number": "kept"})]
"""A name or uid. A number there is an error as elsewhere, but its text is kept to name the row."""

UNREAD = msgspec.DecodeError, UnicodeDecodeError, RecursionError
"""The errors of msgspec for text that it can't decode."""

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F]..)|.)",
    re.DOTALL,
)
"""An escape of a string; the group is half of a surrogate pair."""


class Undecoded(Struct, Generic[T], frozen=True):
    """An object as far as it could be decoded, and why the rest couldn't."""

    object: T
    problem: str

    @property
    def metadata(self) -> Any:
        return getattr(self.object, "metadata")  # noqa: B009 - the type is a parameter


def valid(text: bytes) -> bytes:
    """Return JSON with U+FFFD for bytes that aren't UTF-8 and for halves of surrogate pairs."""
    return _ESCAPE.sub(_whole_escape, text.decode(errors="replace").encode())


def _whole_escape(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if match[1] else match[0]


def parse(text: bytes, shape: type[T]) -> T:
    """Decode JSON, also if it isn't UTF-8; raises `msgspec.DecodeError` for anything else."""
    try:
        return msgspec.json.decode(valid(text), type=shape)
    except RecursionError:
        raise msgspec.DecodeError("JSON is nested too deeply") from None


def fit(value: Any, shape: type[T]) -> T | Undecoded[T]:
    """Return plain values as an object of a type, `Undecoded` where Go reports an error."""
    problems: list[str] = []
    hashable: Any = shape
    fitted = _Fitting(problems).fit(value, _type_of(hashable), "")
    done: T = shape() if fitted is None else fitted
    return Undecoded(done, problems[0]) if problems else done


def fitting(value: Any, shape: type[T]) -> T:
    """Return plain values as an object of a type, without what doesn't fit."""
    fitted = fit(value, shape)
    return fitted.object if isinstance(fitted, Undecoded) else fitted


@cache
def _type_of(shape: Any) -> inspect.Type:
    return inspect.type_info(shape)


class _Fitting:
    """The values of one object, each fitted to its type; None for null and what doesn't fit."""

    def __init__(self, problems: list[str]) -> None:
        self._problems = problems

    def fit(self, value: Any, info: inspect.Type, path: str) -> Any:
        if isinstance(info, inspect.UnionType):
            info = _some(info)
        if value is None or isinstance(info, inspect.AnyType):
            return value
        match info:
            case inspect.StructType():
                return self._struct(value, info, path)
            case inspect.ListType() | inspect.VarTupleType():
                return self._list(value, info, path)
            case inspect.DictType():
                return self._dict(value, info, path)
            case inspect.Metadata():
                return self._number(value, info, path)
        return value if self._is(_PLAIN[type(info)], value, path) else None

    def _struct(self, value: Any, info: inspect.StructType, path: str) -> Any:
        if self._is(dict, value, path):
            fields = (
                (field.name, self.fit(value[field.encode_name], field.type, _below(path, field)))
                for field in info.fields
                if field.encode_name in value
            )
            return info.cls(**{name: fitted for name, fitted in fields if fitted is not None})
        return None

    def _list(
        self, value: Any, info: inspect.ListType | inspect.VarTupleType, path: str
    ) -> list[Any] | None:
        if self._is(list, value, path):
            return [self._item(item, info.item_type, path) for item in value]
        return None

    def _dict(self, value: Any, info: inspect.DictType, path: str) -> dict[str, Any] | None:
        if self._is(dict, value, path):
            return {key: self._item(item, info.value_type, path) for key, item in value.items()}
        return None

    def _item(self, value: Any, info: inspect.Type, path: str) -> Any:
        fitted = self.fit(value, info, f"{path}[]")
        return _zero(info) if fitted is None else fitted

    def _number(self, value: Any, info: inspect.Metadata, path: str) -> Any:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return value if self._is(str, value, path) else None
        if info.extra == {"number": "kept"}:
            self._is(str, value, path)
        return str(value)

    def _is(self, wanted: type[Any], value: Any, path: str) -> bool:
        """Check the type of a value; another one is a problem."""
        if type(value) is wanted:
            return True
        names = f"{_NAMES[type(value)]} instead of {_NAMES[wanted]}"
        self._problems.append(f"{path or 'the object'}: {names}")
        return False


_PLAIN: dict[type[inspect.Type], type[Any]] = {
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.BoolType: bool,
}
_NAMES = {
    bool: "a boolean",
    int: "a whole number",
    float: "a number with a fraction",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def _some(info: inspect.UnionType) -> inspect.Type:
    return next(some for some in info.types if not isinstance(some, inspect.NoneType))


def _zero(info: inspect.Type) -> Any:
    """Return what Go has for null in an array or a map."""
    if isinstance(info, inspect.StructType):
        return info.cls()
    if isinstance(info, inspect.AnyType):
        return None
    return "0" if isinstance(info, inspect.Metadata) else _PLAIN[type(info)]()


def _below(path: str, field: inspect.Field) -> str:
    return f"{path}.{field.encode_name}" if path else field.encode_name
