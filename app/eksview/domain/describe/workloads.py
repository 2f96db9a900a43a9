"""Workloads from deployments to cron jobs, as kubectl words them."""

from eksview.domain.base.age import human_duration, parse_time
from eksview.domain.base.json_values import Json, at, items, number, word
from eksview.domain.describe.claims import storage_class_of
from eksview.domain.describe.common import (
    Lines,
    Related,
    amount,
    conditions,
    controlled_by,
    head,
    labels,
    labels_and_annotations,
    map_text,
    moment,
    named,
    pods_status,
    selector_text,
)
from eksview.domain.describe.pod_template import pod_template

INDEXES = 50
"""Characters of the completed indexes of a job that are printed."""


def deployment(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    created = word(whole, "metadata", "creationTimestamp")
    yield f"CreationTimestamp:\t{moment(created, related.zone)}"
    yield from labels_and_annotations(whole)
    yield f"Selector:\t{selector_text(at(spec, 'selector'), '')}"
    counts = (f"{number(status, field)} {title}" for field, title in _REPLICAS)
    yield f"Replicas:\t{number(spec, 'replicas')} desired | {' | '.join(counts)}"
    yield f"StrategyType:\t{word(spec, 'strategy', 'type')}"
    yield f"MinReadySeconds:\t{number(spec, 'minReadySeconds')}"
    if (rolling := at(spec, "strategy", "rollingUpdate")) is not None:
        unavailable, surge = (word(rolling, key, empty="<nil>") for key in _ROLLING)
        yield f"RollingUpdateStrategy:\t{unavailable} max unavailable, {surge} max surge"
    yield from pod_template(at(spec, "template"))
    yield from conditions(whole)
    if related.new_replicas is not None and (related.new_replicas or related.old_replicas):
        yield f"OldReplicaSets:\t{', '.join(related.old_replicas) or '<none>'}"
        yield f"NewReplicaSet:\t{', '.join(related.new_replicas) or '<none>'}"


_REPLICAS = (
    ("updatedReplicas", "updated"),
    ("replicas", "total"),
    ("availableReplicas", "available"),
    ("unavailableReplicas", "unavailable"),
)
_ROLLING = "maxUnavailable", "maxSurge"


def replica_set(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    yield f"Selector:\t{selector_text(at(spec, 'selector'))}"
    yield from labels_and_annotations(whole)
    yield from controlled_by(whole)
    yield from _current_and_wanted(spec, status, related)
    yield from pod_template(at(spec, "template"))
    yield from conditions(whole)


def replication_controller(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    yield f"Selector:\t{map_text(at(spec, 'selector'))}"
    yield from labels_and_annotations(whole)
    yield from _current_and_wanted(spec, status, related)
    yield from pod_template(at(spec, "template"))
    yield from conditions(whole)


def _current_and_wanted(spec: Json, status: Json, related: Related) -> Lines:
    wanted = number(spec, "replicas")
    yield f"Replicas:\t{number(status, 'replicas')} current / {wanted} desired"
    yield f"Pods Status:\t{pods_status(related)}"


def daemon_set(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    yield f"Selector:\t{selector_text(at(spec, 'selector'), '')}"
    yield f"Node-Selector:\t{map_text(at(spec, 'template', 'spec', 'nodeSelector'))}"
    yield from labels_and_annotations(whole)
    for title, field in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        yield f"{title}: {number(status, field)}"
    yield f"Pods Status:\t{pods_status(related)}"
    yield from pod_template(at(spec, "template"))


def stateful_set(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    created = word(whole, "metadata", "creationTimestamp")
    yield f"CreationTimestamp:\t{moment(created, related.zone)}"
    yield f"Selector:\t{selector_text(at(spec, 'selector'), '')}"
    yield from labels_and_annotations(whole)
    yield f"Replicas:\t{number(spec, 'replicas')} desired | {number(status, 'replicas')} total"
    yield f"Update Strategy:\t{word(spec, 'updateStrategy', 'type')}"
    partition = at(spec, "updateStrategy", "rollingUpdate", "partition")
    if partition is not None:
        yield f"  Partition:\t{partition}"
    yield f"Pods Status:\t{pods_status(related)}"
    yield from pod_template(at(spec, "template"))
    yield from _claims(whole)


def _claims(whole: Json) -> Lines:
    claims = items(whole, "spec", "volumeClaimTemplates")
    if not claims:
        yield "Volume Claims:\t<none>"
        return
    yield "Volume Claims:"
    for claim in claims:
        yield f"  Name:\t{word(claim, 'metadata', 'name')}"
        yield f"  StorageClass:\t{storage_class_of(claim)}"
        yield from labels("Labels", at(claim, "metadata", "labels"), "  ")
        yield from labels("Annotations", at(claim, "metadata", "annotations"), "  ")
        size = amount(claim, "spec", "resources", "requests", "storage", empty="<default>")
        yield f"  Capacity:\t{size}"
        yield f"  Access Modes:\t{word(claim, 'spec', 'accessModes', empty='[]')}"


def job(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from named(whole)
    yield f"Selector:\t{selector_text(at(spec, 'selector'), '')}"
    yield from labels_and_annotations(whole)
    yield from controlled_by(whole)
    yield from _optional(spec, ("Parallelism", "parallelism", ""))
    yield f"Completions:\t{word(spec, 'completions', empty='<unset>')}"
    yield from _optional(
        spec,
        ("Completion Mode", "completionMode", ""),
        ("Suspend", "suspend", ""),
        ("Backoff Limit", "backoffLimit", ""),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished", ""),
    )
    yield from _times(status, related)
    yield from _optional(spec, ("Active Deadline Seconds", "activeDeadlineSeconds", "s"))
    ready = at(status, "ready")
    active = f"{number(status, 'active')} Active{'' if ready is None else f' ({ready} Ready)'}"
    ended = f"{number(status, 'succeeded')} Succeeded / {number(status, 'failed')} Failed"
    yield f"Pods Statuses:\t{active} / {ended}"
    if word(spec, "completionMode") == "Indexed":
        yield f"Completed Indexes:\t{_indexes(word(status, 'completedIndexes'))}"
    yield from pod_template(at(spec, "template"))


def _optional(spec: Json, *fields: tuple[str, str, str]) -> Lines:
    """Yield the fields that are set: title, name and unit."""
    for title, field, unit in fields:
        if at(spec, field) is not None:
            yield f"{title}:\t{word(spec, field)}{unit}"


def _times(status: Json, related: Related) -> Lines:
    start, end = word(status, "startTime"), word(status, "completionTime")
    if start:
        yield f"Start Time:\t{moment(start, related.zone)}"
    if end:
        yield f"Completed At:\t{moment(end, related.zone)}"
    started, ended = parse_time(start), parse_time(end)
    if started is not None and ended is not None:
        yield f"Duration:\t{human_duration(ended - started)}"


def _indexes(text: str) -> str:
    comma = text.find(",", INDEXES)
    return (text if comma < 0 else f"{text[: comma + 1]}...") or "<none>"


def cron_job(whole: Json, related: Related) -> Lines:
    spec, status = at(whole, "spec"), at(whole, "status")
    yield from head(whole)
    yield f"Schedule:\t{word(spec, 'schedule')}"
    yield f"Concurrency Policy:\t{word(spec, 'concurrencyPolicy')}"
    suspend = at(spec, "suspend")
    yield f"Suspend:\t{'<unset>' if suspend is None else str(suspend)}"
    for title, field, unit in (
        ("Successful Job History Limit", "successfulJobsHistoryLimit", ""),
        ("Failed Job History Limit", "failedJobsHistoryLimit", ""),
        ("Starting Deadline Seconds", "startingDeadlineSeconds", "s"),
    ):
        value = at(spec, field)
        yield f"{title}:\t{'<unset>' if value is None else f'{value}{unit}'}"
    yield from _job_template(at(spec, "jobTemplate", "spec"))
    last = word(status, "lastScheduleTime")
    yield f"Last Schedule Time:\t{moment(last, related.zone) if last else '<unset>'}"
    active = [word(row, "name") for row in items(status, "active")]
    yield f"Active Jobs:\t{', '.join(active) or '<none>'}"


def _job_template(spec: Json) -> Lines:
    selector = at(spec, "selector")
    yield f"Selector:\t{'<unset>' if selector is None else selector_text(selector, '')}"
    yield f"Parallelism:\t{word(spec, 'parallelism', empty='<unset>')}"
    yield f"Completions:\t{word(spec, 'completions', empty='<unset>')}"
    yield from _optional(spec, ("Active Deadline Seconds", "activeDeadlineSeconds", "s"))
    yield from pod_template(at(spec, "template"))
