"""The type of text from outside: what the type checker refuses to put into a message.

A message is all that the data thread gives to the screens, so what has the type `Clean` there was
cleaned before. Keys of maps are cleaned too, but typed as text: they are looked up by name.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NewType, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Struct

import eksview
from eksview.domain.access.access_step import AccessStep
from eksview.domain.access.iam_map import MapRow
from eksview.domain.access.iam_mapping import Match
from eksview.domain.aws.cluster_health import ClusterPart
from eksview.domain.aws.errors import AwsRefusal
from eksview.domain.base.health import Remark
from eksview.domain.base.reading import ReadFailed, Refused
from eksview.domain.base.text import Clean
from eksview.domain.control_plane.components import Component
from eksview.domain.join.checks.join_facts import JoinCheck
from eksview.domain.join.manager import Manager
from eksview.domain.join.nodegroups import GroupRow
from eksview.domain.join.timeline import TimelineStep
from eksview.domain.join.version_skew import Skew
from eksview.domain.kube.node_labels import NodeGroup
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import Fact, Facts
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link

FACTS = {name: fact.key.value for name, fact in vars(Facts).items() if isinstance(fact, Fact)}
OURS = {
    "AccessRequest.group", "AccessRequest.name", "AccessRequest.path", "AccessRequest.resource",
    "AccessRequest.verb", "AccessStep.id", "AccessStep.todo", "ApiCall.parameters",
    "ApiCall.source",
    "ApiCall.verb", "Hop.evidence", "Component.name", "Component.title", "JoinCheck.name",
    "Link.name", "Permission.group", "Permission.resource",
    "Permission.verb", "Probe.name",
}  # fmt: skip
"""Names that the code itself gives, of evidence and parameters their names; and commands of several
lines, which are cleaned line by line."""
COMPARED = {"AwsIdentity.key_id", "CredentialFact.key_id"}
"""Access key ids, which are compared and never shown: `clean` would mask them."""
AS_THEY_ARE = {"target"}
"""The context of kubectl's commands and the kubeconfig's paths, which must be found again."""
PLACES = {
    **{kind.value: kind.row for kind in Kind},
    **{name: value for name, value in FACTS.items() if name not in AS_THEY_ARE},
    "an opened instance": InstanceDetail,
    "a cluster of :clusters": ClusterEntry,
    "a link": Link,
    "a call": ApiCall,
    "a step of the access chain": AccessStep,
    "a mapping of IAM": MapRow,
    "a match of IAM": Match,
    "a remark": Remark,
    "a component": Component,
    "a check of a join": JoinCheck,
    "a group of nodes": GroupRow,
    "the group of a node": NodeGroup,
    "the manager of a node": Manager,
    "a version skew": Skew,
    "a part of the cluster's health": ClusterPart,
    "a step of a node's life": TimelineStep,
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
    assert sorted(set(loose(PLACES[place])) - OURS - COMPARED) == []


@pytest.mark.parametrize("room", ["ui", "cli", "sshserver"])
def test_no_screen_and_no_command_reads_what_is_only_compared(room: str) -> None:
    names = {field.partition(".")[2] for field in COMPARED}
    reading = [
        f"{path.name}:{node.lineno}"
        for path in (Path(eksview.__file__).parent / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in names
    ]
    assert reading == []


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
    base = package / "domain" / "base"
    giving = {base / "text.py", base / "age.py", base / "quantity.py"}  # the last two: of numbers
    calls = [call for path in set(package.rglob("*.py")) - giving for call in uncleaned(path)]
    assert calls == []


REFUSED = """
from eksview.domain.base.reading import ReadFailed
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.access import Subject
from eksview.domain.rows.aws import Issue
from eksview.domain.rows.kube import UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Check, Identity, ServerVersion
from eksview.domain.tables.column import Column
from eksview.domain.tables.trace_columns import TraceContext
from eksview.ui.text.layout import beside, fold, listed

foreign: str = input()
link = Link("nodes", Phase.CONNECTING, 0.0)
shown = clean(foreign)

Issue(code=shown, message=foreign)  # refused
UsageRow(name=foreign, at=0.0, cpu=1, memory=1)  # refused
Link("nodes", Phase.OFF, 0.0, foreign)  # refused
link.entered(Phase.RETRYING, 0.0, reason=foreign)  # refused
ReadFailed[None](foreign, 0.0)  # refused
Check("etcd", ok=True)  # refused
Check(shown, ok=True, detail=f"{shown}, {foreign}")  # refused
ServerVersion(foreign)  # refused
Identity(shown, (foreign,))  # refused
Subject(Clean("User"), foreign)  # refused
Column[str, TraceContext](
    id="a",
    title="A",
    cell=lambda row, _: row,  # refused
    sort=lambda row, _: row,
    width=9,
    tier=0,
    key="A",
)
fold(f"Failed: {foreign}", 80)  # refused
listed("Images", [foreign], 80)  # refused
beside((), foreign, "text", 80)  # refused

fold(clean(f"Failed: {foreign}"), 80)
Issue(code=shown, message=clean(foreign))
Link("nodes", Phase.OFF, 0.0, shown)
link.entered(Phase.RETRYING, 0.0, reason=shown)
ReadFailed[None](shown, 0.0)
Check(Clean("etcd"), ok=True, detail=clean(f"{shown}, {foreign}"))
Identity(shown, (shown,))
"""


def test_the_type_checker_refuses_foreign_text(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(REFUSED)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
    # A process of its own: mypy raises the limit of recursion.
    checked = subprocess.run(
        [*command, f"--cache-dir={tmp_path}", str(program)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not checked.stderr
    wanted = [n for n, line in enumerate(REFUSED.split("\n"), 1) if line.endswith("# refused")]
    refused = {int(line) for line in re.findall(r"program\.py:(\d+): error", checked.stdout)}
    assert (sorted(refused), wanted) == (wanted, wanted), checked.stdout
