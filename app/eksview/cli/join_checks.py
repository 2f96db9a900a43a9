"""The join checks of `eksview get instances NAME` and `eksview doctor --node NAME`."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from time import time
from typing import Any, TextIO

from msgspec import Struct

from eksview.cli.announced import run_announced
from eksview.cli.kubectl_format import Object, Table, escaped_json
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.join.checks import JoinCheck, Result, why_not_joined
from eksview.domain.join.conclusion import Advice, conclusion
from eksview.domain.join.join_facts import worst_first
from eksview.domain.join.node_instance import MappingRow, RowKind, why_at, word_at
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.domain.live.messages import Fanout
from eksview.domain.rows.aws import InstanceDetail
from eksview.domain.rows.server import IN_CLUSTER
from eksview.engine.aws_source import AwsSource
from eksview.engine.connect import open_cluster, target_of
from eksview.engine.join_evidence import JoinEvidence
from eksview.engine.one_shot import LIMIT, OneShotStore, read_joined, unread_reasons
from eksview.kube.client.connection import Connection, Limits
from eksview.process.waits import WAITS
from eksview.store.selectors.join_review import review_joins
from eksview.store.selectors.machine import (
    is_checked,
    join_facts,
    machine_of_instance,
    unread_of_doubt,
)
from eksview.store.store import Store

AWS_LIMIT = 18.0  # seconds for all calls to AWS of `doctor --node`
DOCTOR_LIMIT = 38.0  # seconds for all of it; the list of nodes may have many pages
_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
MARKS: Mapping[Result, tuple[str, str]] = {
    "passed": ("✔", "ok"),
    "failed": ("✖", "XX"),
    "warned": ("▲", "!!"),
    "unknown": ("○", "??"),
}
"""The marks of `doctor`, in Unicode and in ASCII."""
TITLES = ("INSTANCE", "CHECK", "RESULT", "EVIDENCE")


class Findings(Struct, frozen=True):
    """The checks of an instance, and where to look next if none failed."""

    checks: tuple[JoinCheck, ...]
    advice: tuple[Advice, ...] = ()


NO_FINDINGS: Mapping[str, Findings] = {}


class Joined(Struct, frozen=True):
    """Nodes and instances, the findings by instance, and the API server's time."""

    store: Store
    findings: Mapping[str, Findings]
    now: float


Choose = Callable[[Store], Iterable[str]]
"""Returns the instances to check."""


async def read_checked(
    settings: Settings,
    environ: Mapping[str, str],
    names: Sequence[str],
    choose: Choose,
    limits: Limits,
    limit: float = LIMIT,
) -> Joined:
    """Read nodes and instances, and check those that are chosen once they are joined."""
    async with await open_cluster(settings, environ, limits) as connection:
        target = target_of(settings, environ, connection.access)
        evidence: list[JoinEvidence] = []

        def aws(messages: Fanout) -> AwsSource:
            source = AwsSource(target, messages, environ)
            source.look_for(filter(_INSTANCE.fullmatch, names))
            evidence.append(JoinEvidence(connection, source, choose))
            return source

        async def more(reader: OneShotStore) -> None:
            await evidence[0].read(reader)

        store = await read_joined(connection, aws, limit=limit, more=more)
        now = connection.server_clock()
        review_joins(store, now)
        commands = _commands(connection, environ, target.region, target.profile)
        findings = _findings(store, choose(store), evidence[0].details, commands, now)
        return Joined(store, findings, now)


def _commands(
    connection: Connection, environ: Mapping[str, str], region: str, profile: str
) -> CommandContext:
    access = connection.access
    return context_of(
        environ,
        context="" if access.source == IN_CLUSTER else access.context,
        files=access.files,
        region=region,
        profile=profile,
    )


def _findings(
    store: Store,
    instances: Iterable[str],
    details: Mapping[str, InstanceDetail],
    commands: CommandContext,
    now: float,
) -> dict[str, Findings]:
    findings = {}
    for instance in instances:
        machine = machine_of_instance(store, instance)
        if machine.instance is None:
            continue
        facts = join_facts(store, machine, details.get(instance), now, commands)
        checks = why_not_joined(facts)
        joined = machine.node is not None
        findings[instance] = Findings(checks, () if joined else conclusion(checks, facts))
    return findings


def unjoined(store: Store, names: Sequence[str]) -> list[str]:
    """Return the instances of these names that have no node and should have one, or may."""
    return [
        row.instance
        for row in store.mapping.rows.values()
        if row.instance in names and is_checked(store, row)
    ]


def row_named(store: Store, name: str) -> MappingRow | None:
    """Return the row of a node or an instance."""
    rows = store.mapping.rows.values()
    return next((row for row in rows if name and name in (row.node, row.instance)), None)


def table_lines(findings: Mapping[str, Findings], *, headers: bool) -> Iterator[str]:
    """Yield a second table, of the checks, as kubectl prints several resources."""
    rows = [
        [instance, check.name, check.result, check.evidence]
        for instance, found in findings.items()
        for check in worst_first(found.checks)
    ]
    if not rows:
        return
    if headers:
        yield "\n"
    yield from Table(TITLES if headers else ()).lines(rows)
    for found in findings.values():
        yield from _advice_lines(found.advice)


def _advice_lines(advice: Sequence[Advice]) -> Iterator[str]:
    for each in advice:
        yield f"{each.text}\n"
        if each.command:
            yield f"    {clean(each.command)}\n"


def findings_object(findings: Findings | None) -> Object:
    """Return the checks as JSON, null where they weren't made."""
    if findings is None:
        return {"joinChecks": None, "advice": None}
    advice = [{"text": each.text, "command": each.command or None} for each in findings.advice]
    return {
        "joinChecks": [
            {"name": check.name, "result": check.result, "evidence": check.evidence}
            for check in findings.checks
        ],
        "advice": advice,
    }


def run(
    settings: Settings, name: str, *, as_json: bool, environ: Mapping[str, str] = os.environ
) -> int:
    """Print the checks of a node or an instance; return 1 if one failed or none could be made.

    Raises `UserError` for a name that neither the cluster nor EC2 has.
    """

    def choose(store: Store) -> list[str]:
        row = row_named(store, name)
        return [row.instance] if row and row.instance and row.kind is not RowKind.NO_NODE else []

    limits = Limits(DOCTOR_LIMIT)
    work = read_checked(settings, environ, (name,), choose, limits, AWS_LIMIT)
    joined = run_announced(_bounded(work, DOCTOR_LIMIT))
    row = row_named(joined.store, name)
    if row is None:
        reasons = unread_reasons(joined.store)
        raise UserError(" ".join(reasons) or f"There is no node or instance {name}.")
    found = joined.findings.get(row.instance)
    unread = unread_of_doubt(joined.store) if row.doubt else ()
    reason = " ".join(filter(None, (why_at(row, joined.now), *unread)))
    write = _write_json if as_json else _write_lines
    write(row, found, word_at(row, joined.now), reason, sys.stdout, ascii_only=settings.ascii)
    return _code(row, found)


async def _bounded(work: Awaitable[Joined], limit: float) -> Joined:
    """Return the result; raises `UserError` after so many seconds."""
    began = time()
    try:
        async with asyncio.timeout(limit):
            return await work
    except TimeoutError:
        held_up = WAITS.held_up(began)
        raise UserError(f"No answer within {limit:.0f} s{held_up}.") from None


def _code(row: MappingRow, found: Findings | None) -> int:
    if found is None:
        return int(row.kind not in (RowKind.NOT_EC2, RowKind.NO_NODE))
    return int(any(check.result == "failed" for check in found.checks))


def _head(row: MappingRow, word: str, reason: str) -> str:
    """Return `i-0abc: failed to join. Launched 25m ago, …`."""
    both = " on ".join(filter(None, (row.node, row.instance)))
    return clean(f"{both}: {word}. {reason}".rstrip(". ") + ".")


def _write_lines(
    row: MappingRow,
    found: Findings | None,
    word: str,
    reason: str,
    out: TextIO,
    *,
    ascii_only: bool,
) -> None:
    out.write(f"{_head(row, word, reason)}\n")
    if found is None:
        return
    width = max(len(check.name) for check in found.checks)
    for check in worst_first(found.checks):
        mark = MARKS[check.result][ascii_only]
        out.write(f"{mark} {check.name.ljust(width)}  {check.evidence}\n")
    out.writelines(_advice_lines(found.advice))


def _write_json(
    row: MappingRow,
    found: Findings | None,
    word: str,
    reason: str,
    out: TextIO,
    *,
    ascii_only: bool,
) -> None:
    document: dict[str, Any] = {
        "ok": not _code(row, found),
        "node": row.node or None,
        "instance": row.instance or None,
        "state": word,
        "why": reason or None,
        **findings_object(found),
    }
    text = json.dumps(document, indent=2, ensure_ascii=ascii_only)
    out.write(escaped_json(text) + "\n")
