"""The texts of a service: its counts, deployments and events."""

from collections.abc import Iterator

from eksview.domain.base.age import age
from eksview.domain.base.text import Clean, clean, fit
from eksview.domain.ecs.service_status import (
    deployment_health,
    deployment_words,
    service_health,
)
from eksview.domain.rows.ecs import EcsDeployment, EcsServiceRow, last_part
from eksview.domain.tables.ecs_service_columns import service_type
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import beside
from eksview.ui.text.sections import Figure, figures, marked, since
from eksview.ui.text.words import Words

LAST = 8
"""Cells of the column of ages."""


def service_lines(row: EcsServiceRow, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the service, then its deployments, the newest first."""
    yield from figures("Service", _service(row, now, glyphs), width)
    for deployment in row.deployments:
        title = f"Deployment {deployment.status}"
        yield from figures(title, _deployment(deployment, now, glyphs), width)


def service_event_lines(row: EcsServiceRow, now: float, width: int) -> Iterator[Words]:
    """Yield the events, the newest first; ECS keeps the last hundred."""
    for event in row.events:
        head: Words = ((f"  {fit(age(now, event.at), LAST)}", "dim"),)
        yield from beside(head, event.message, "text", width)
    if not row.events:
        yield (("ECS reports no event of this service.", "dim"),)


def _service(row: EcsServiceRow, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    health, words = service_health(row, now)
    yield "Name", row.name, "strong"
    yield "Status", row.status, "text"
    yield marked("Tasks", health, words, glyphs)
    yield "Pending", clean(f"{row.pending:,}") if row.pending else Clean(""), "warn"
    yield "Scheduling", row.scheduling, "text"
    yield "Runs on", clean(service_type(row)), "text"
    yield "Definition", last_part(row.definition), "text"
    yield "Created", since(now, row.created), "text"
    yield "ECS Exec", clean("enabled" if row.exec_enabled else "not enabled"), "text"
    yield "Cluster", row.cluster, "text"
    yield "ARN", row.arn, "text"


def _deployment(row: EcsDeployment, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    yield marked("State", deployment_health(row), deployment_words(row, now) or row.status, glyphs)
    counts = f"{row.running:,} running, {row.desired:,} desired, {row.pending:,} pending"
    failed = f", {row.failed:,} failed" if row.failed else ""
    yield "Tasks", clean(f"{counts}{failed}"), "text"
    yield "Definition", last_part(row.definition), "text"
    yield "Reason", row.reason, "text"
    yield "Created", since(now, row.created), "text"
    yield "Updated", since(now, row.updated), "text"
    yield "ID", row.id, "dim"
