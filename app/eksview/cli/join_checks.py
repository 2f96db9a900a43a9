"""The join checks for `eksview get instances NAME` and `eksview doctor --node NAME`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from eksview.cli.kubectl_format import Object, Table
from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.base.text import clean
from eksview.domain.join.checks.claims import claim_checks, claim_key
from eksview.domain.join.checks.conclusion import Advice, conclusion
from eksview.domain.join.checks.join_facts import JoinCheck, worst_first
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.mapping_row import MappingRow, RowKind
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.messages import Fanout
from eksview.domain.rows.aws import InstanceDetail, InstanceRow
from eksview.engine.aws_source import AwsSource
from eksview.engine.connect import commands_for, open_cluster, target_of
from eksview.engine.join_evidence import JoinEvidence
from eksview.engine.one_shot import LIMIT, OneShotStore, read_joined
from eksview.kube.client.connection import Limits
from eksview.store.selectors.join_review import review_joins
from eksview.store.selectors.machine import (
    is_checked,
    join_facts,
    machine_of_instance,
)
from eksview.store.selectors.readings import table_reading
from eksview.store.store import Store

_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
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
        commands = commands_for(connection.access, target, environ)
        findings = _findings(store, choose(store), evidence[0].details, commands, now)
        return Joined(store, findings, now)


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
    """Return the row of a node, an instance, or a NodeClaim that has neither."""
    rows = store.mapping.rows.values()
    return next((row for row in rows if name in names_of(row)), None)


def names_of(row: MappingRow) -> set[str]:
    """Return the names by which a row is selected; a NodeClaim is `NAME` or `nodeclaim/NAME`."""
    return {row.node, row.instance, row.key, row.key.removeprefix(claim_key(""))} - {""}


def claim_findings(store: Store, row: MappingRow) -> Findings | None:
    """Return the conditions of a NodeClaim without an instance as checks; None for another row."""
    claim = store.mapping.claim(row.key) if row.kind is RowKind.CLAIM else None
    return Findings(tuple(claim_checks(claim))) if claim else None


def absent(store: Store, name: str) -> str:
    """Return the sentence for a name without a row; what EC2 has is known only if it was read."""
    if isinstance(table_reading(store, InstanceRow), Read):
        return f"There is no node or instance {name}."
    return f"There is no node {name}; whether EC2 has such an instance isn't known."


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
        yield from advice_lines(found.advice)


def advice_lines(advice: Sequence[Advice]) -> Iterator[str]:
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
