"""The cells that `kubectl get` prints of Deployments, ReplicaSets and the other workloads.

Source: kubernetes `pkg/printers/internalversion/printers.go`.
"""

from typing import Any

from eksview_demo.api.tables.printing import Cells, Printer
from eksview_demo.storage.resources import (
    CRON_JOBS,
    DAEMON_SETS,
    DEPLOYMENTS,
    JOBS,
    REPLICA_SETS,
    STATEFUL_SETS,
)
from eksview_demo.times import human_duration, parse_time


def selector(labels: dict[str, str] | None) -> str:
    """Return labels as `FormatLabels` does."""
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) if labels else "<none>"


def _containers(item: Any) -> list[str]:
    """Return the cells Containers and Images."""
    containers = item["spec"]["template"]["spec"]["containers"]
    return [",".join(each[key] for each in containers) for key in ("name", "image")]


def _selected(item: Any) -> str:
    return selector(item["spec"]["selector"]["matchLabels"])


def _deployment(item: Any, printer: Printer) -> list[Any]:
    status, desired = item["status"], item["spec"]["replicas"]
    return [
        item["metadata"]["name"],
        f"{status.get('readyReplicas', 0)}/{desired}",
        str(status.get("updatedReplicas", 0)),
        str(status.get("availableReplicas", 0)),
        printer.age_of(item),
        *_containers(item),
        _selected(item),
    ]


def _replica_set(item: Any, printer: Printer) -> list[Any]:
    status = item["status"]
    return [
        item["metadata"]["name"],
        item["spec"]["replicas"],
        status["replicas"],
        status.get("readyReplicas", 0),
        printer.age_of(item),
        *_containers(item),
        _selected(item),
    ]


def _stateful_set(item: Any, printer: Printer) -> list[Any]:
    ready, desired = item["status"].get("readyReplicas", 0), item["spec"]["replicas"]
    name = item["metadata"]["name"]
    return [name, f"{ready}/{desired}", printer.age_of(item), *_containers(item)]


def _daemon_set(item: Any, printer: Printer) -> list[Any]:
    status = item["status"]
    return [
        item["metadata"]["name"],
        status["desiredNumberScheduled"],
        status["currentNumberScheduled"],
        status["numberReady"],
        status.get("updatedNumberScheduled", 0),
        status.get("numberAvailable", 0),
        selector(item["spec"]["template"]["spec"].get("nodeSelector")),
        printer.age_of(item),
        *_containers(item),
        _selected(item),
    ]


def _job(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    return [
        item["metadata"]["name"],
        _job_status(status),
        f"{status.get('succeeded', 0)}/{spec['completions']}",
        _job_duration(status, printer.now),
        printer.age_of(item),
        *_containers(item),
        _selected(item),
    ]


def _job_status(status: Any) -> str:
    true = {each["type"] for each in status.get("conditions", ()) if each["status"] == "True"}
    for condition in ("Complete", "Failed", "Suspended"):
        if condition in true:
            return condition
    if "FailureTarget" in true:
        return "FailureTarget"
    return "SuccessCriteriaMet" if "SuccessCriteriaMet" in true else "Running"


def _job_duration(status: Any, now: float) -> str:
    started = parse_time(status.get("startTime"))
    if started is None:
        return ""
    ended = parse_time(status.get("completionTime"))
    failed = next((each for each in status.get("conditions", ()) if each["type"] == "Failed"), None)
    if ended is None and failed is not None:
        ended = parse_time(failed["lastTransitionTime"])
    return human_duration((now if ended is None else ended) - started)


def _cron_job(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    last = status.get("lastScheduleTime")
    template = {"spec": spec["jobTemplate"]["spec"]}
    return [
        item["metadata"]["name"],
        spec["schedule"],
        spec.get("timeZone", "<none>"),
        "True" if spec["suspend"] else "False",
        len(status.get("active", ())),
        printer.age(last) if last else "<none>",
        printer.age_of(item),
        *_containers(template),
        "<none>",
    ]


_WIDE = "Containers,Images,Selector"
VIEWS: dict[str, tuple[str, str, Cells]] = {
    DEPLOYMENTS.name: ("Name,Ready,Up-to-date,Available,Age", _WIDE, _deployment),
    REPLICA_SETS.name: (
        "Name,Desired:integer,Current:integer,Ready:integer,Age",
        _WIDE,
        _replica_set,
    ),
    STATEFUL_SETS.name: ("Name,Ready,Age", "Containers,Images", _stateful_set),
    DAEMON_SETS.name: (
        "Name,Desired:integer,Current:integer,Ready:integer,Up-to-date:integer,"
        "Available:integer,Node Selector,Age",
        _WIDE,
        _daemon_set,
    ),
    JOBS.name: ("Name,Status,Completions,Duration,Age", _WIDE, _job),
    CRON_JOBS.name: (
        "Name,Schedule,Timezone,Suspend,Active:integer,Last Schedule,Age",
        _WIDE,
        _cron_job,
    ),
}
"""The columns, their types, those of `-o wide` only, and the function that returns the cells."""
