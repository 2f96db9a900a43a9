"""The type of text from outside: what the type checker refuses to put into a message.

A message is all that the data thread gives to the screens, so what has the type `Clean` there was
cleaned before. Keys of maps are cleaned too, but typed as text: they are looked up by name.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NewType, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Struct

import eksview
from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.base.reading import ReadFailed, Refused
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import Fact, Facts
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link

FACTS = {name: fact.key.value for name, fact in vars(Facts).items() if isinstance(fact, Fact)}
OURS = {
    "AccessRequest.group", "AccessRequest.name", "AccessRequest.path", "AccessRequest.resource",
    "AccessRequest.verb", "Hop.evidence", "Link.name", "Permission.group", "Permission.resource",
    "Permission.verb", "Probe.name",
}  # fmt: skip
"""Names that the code itself gives; of evidence the names, its texts are foreign."""
AS_THEY_ARE = {"target"}
"""The context of kubectl's commands and the kubeconfig's paths, which must be found again."""
PLACES = {
    **{kind.value: kind.row for kind in Kind},
    **{name: value for name, value in FACTS.items() if name not in AS_THEY_ARE},
    "an opened instance": InstanceDetail,
    "a cluster of :clusters": ClusterEntry,
    "a link": Link,
    "a refusal of AWS": AwsRefusal,
    "a reading refused": Refused,
    "a reading failed": ReadFailed,
}


def loose(hint: Any, where: str = "") -> Iterator[str]:
    """The places in a type where text isn't known to be clean."""
    if hint is str:
        yield where
    elif isinstance(hint, type) and issubclass(hint, Struct):
        hints = get_type_hints(hint)
        for field in msgspec.structs.fields(hint):
            yield from loose(hints[field.name], f"{hint.__name__}.{field.name}")
    else:
        arguments = get_args(hint)
        origin = get_origin(hint)
        if isinstance(origin, type) and issubclass(origin, Struct):
            yield from loose(origin, where)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            arguments = arguments[1:]
        for each in arguments:
            yield from loose(each, where)


@pytest.mark.parametrize("place", PLACES)
def test_no_field_takes_text_that_was_not_cleaned(place: str) -> None:
    assert sorted(set(loose(PLACES[place])) - OURS) == []


def test_a_field_that_takes_any_text_is_seen() -> None:
    class Part(Struct):
        good: Clean
        bad: str

    class Whole(Struct):
        parts: tuple[Part, ...]
        labels: Mapping[str, Clean]
        either: Part | None

    assert set(loose(Whole)) == {"Part.bad"}
    assert isinstance(Clean, NewType)


def uncleaned(path: Path) -> Iterator[str]:
    """The calls that give text the type without cleaning it, but for texts of our own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        own = all(isinstance(each, ast.Constant) for each in node.args)
        if isinstance(node.func, ast.Name) and node.func.id == "Clean" and not own:
            yield f"{path.name}:{node.lineno}: {ast.unparse(node)}"
        cast = isinstance(node.func, ast.Name) and node.func.id == "cast"
        if cast and any("Clean" in ast.unparse(each) for each in node.args):
            yield f"{path.name}:{node.lineno}: {ast.unparse(node)}"


def test_only_the_cleaning_functions_give_text_the_type() -> None:
    package = Path(eksview.__file__).parent
    cleaning = package / "domain" / "base" / "text.py"
    calls = [call for path in package.rglob("*.py") if path != cleaning for call in uncleaned(path)]
    assert calls == []
