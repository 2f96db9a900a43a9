"""The `eksview doctor --node NAME` subcommand: why a node or an instance doesn't join."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Mapping
from time import time
from typing import Any, TextIO

from eksview.cli.announced import run_announced
from eksview.cli.doctor.output import MARKS, json_text
from eksview.cli.join_checks import (
    Findings,
    Joined,
    absent,
    advice_lines,
    claim_findings,
    findings_object,
    read_checked,
    row_named,
)
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.join.checks.join_facts import HEALTH_OF, worst_first
from eksview.domain.join.mapping_row import MappingRow, RowKind, why_at, word_at
from eksview.engine.one_shot import unread_reasons
from eksview.kube.client.connection import Limits
from eksview.process.waits import WAITS
from eksview.store.selectors.machine import unread_of_doubt
from eksview.store.store import Store

AWS_LIMIT = 18.0  # seconds for all calls to AWS
LIMIT = 38.0  # seconds for all of it; the list of nodes may have many pages


def run(
    settings: Settings, name: str, *, as_json: bool, environ: Mapping[str, str] = os.environ
) -> int:
    """Print the checks of a node, an instance or a NodeClaim.

    Returns 1 if one failed or none could be made. Raises `UserError` for a name that was found
    neither in the cluster nor in EC2.
    """

    def choose(store: Store) -> list[str]:
        row = row_named(store, name)
        return [row.instance] if row and row.instance and row.kind is not RowKind.NO_NODE else []

    limits = Limits(LIMIT)
    work = read_checked(settings, environ, (name,), choose, limits, AWS_LIMIT)
    joined = run_announced(_bounded(work, LIMIT))
    row = row_named(joined.store, name)
    if row is None:
        reasons = unread_reasons(joined.store)
        raise UserError(" ".join((*reasons, absent(joined.store, name))))
    findings = joined.findings.get(row.instance) or claim_findings(joined.store, row)
    unread = unread_of_doubt(joined.store) if row.doubt else ()
    reason = " ".join(filter(None, (why_at(row, joined.now), *unread)))
    write = _write_json if as_json else _write_lines
    write(row, findings, word_at(row, joined.now), reason, sys.stdout, ascii_only=settings.ascii)
    return _code(row, findings)


async def _bounded(work: Awaitable[Joined], limit: float) -> Joined:
    """Return the result; raises `UserError` after so many seconds."""
    began = time()
    try:
        async with asyncio.timeout(limit):
            return await work
    except TimeoutError:
        held_up = WAITS.held_up(began)
        raise UserError(f"No answer within {limit:.0f} s{held_up}.") from None


def _code(row: MappingRow, findings: Findings | None) -> int:
    if findings is None:
        return int(row.kind not in (RowKind.NOT_EC2, RowKind.NO_NODE))
    return int(any(check.result == "failed" for check in findings.checks))


def _head(row: MappingRow, word: str, reason: str) -> str:
    """Return `i-0abc: failed to join. Launched 25m ago, …`."""
    both = " on ".join(filter(None, (row.node, row.instance))) or row.key
    return clean(f"{both}: {word}. {reason}".rstrip(". ") + ".")


def _write_lines(
    row: MappingRow,
    findings: Findings | None,
    word: str,
    reason: str,
    out: TextIO,
    *,
    ascii_only: bool,
) -> None:
    out.write(f"{_head(row, word, reason)}\n")
    if findings is None:
        return
    width = max(len(check.name) for check in findings.checks)
    for check in worst_first(findings.checks):
        mark = MARKS[HEALTH_OF[check.result]][ascii_only]
        out.write(f"{mark} {check.name.ljust(width)}  {check.evidence}\n")
    out.writelines(advice_lines(findings.advice))


def _write_json(
    row: MappingRow,
    findings: Findings | None,
    word: str,
    reason: str,
    out: TextIO,
    *,
    ascii_only: bool,
) -> None:
    document: dict[str, Any] = {
        "ok": not _code(row, findings),
        "node": row.node or None,
        "instance": row.instance or None,
        "state": word,
        "why": reason or None,
        **findings_object(findings),
    }
    out.write(json_text(document, ascii_only=ascii_only))
