"""READY, STATUS and RESTARTS of pods as kubectl prints them.

The cases follow kubernetes' own TestPrintPod and its kin for restartable init containers.
"""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from eksview.domain.base.age import parse_time
from eksview.domain.base.health import Health
from eksview.domain.kube.api_types import Pod
from eksview.domain.kube.pod_status import (
    health_of_pod,
    printed,
    restarts_text,
    status_health,
    status_text,
)
from eksview.domain.resources.pods import pod_row
from eksview.domain.rows.kube import PodRow

T1, T2, T3 = "2026-11-23T07:00:00Z", "2026-11-23T07:10:00Z", "2026-11-23T07:20:00Z"
NOW = parse_time("2026-11-23T07:25:00Z") or 0.0

RUNNING: dict[str, Any] = {"running": {"startedAt": T1}}
Json = dict[str, Any]


def waiting(reason: str) -> Json:
    return {"waiting": {"reason": reason}}


def ended(reason: str = "", code: int = 0, signal: int = 0) -> Json:
    return {"terminated": {"reason": reason, "exitCode": code, "signal": signal, "finishedAt": T1}}


def container(
    state: Json | None = None,
    *,
    name: str = "main",
    ready: bool = False,
    restarts: int = 0,
    last_end: str | None = None,
    started: bool | None = None,
) -> Json:
    last = {"terminated": {"exitCode": 1, "finishedAt": last_end}} if last_end else {}
    return {
        "name": name,
        "state": state or {},
        "lastState": last,
        "ready": ready,
        "restartCount": restarts,
        "started": started,
    }


UP = container(RUNNING, ready=True)
SIDECAR = {"name": "proxy", "restartPolicy": "Always"}
INIT = {"name": "setup"}


def pod(
    *statuses: Json,
    phase: str = "Running",
    reason: str = "",
    init: tuple[Json, ...] = (),
    init_statuses: tuple[Json, ...] = (),
    conditions: dict[str, str] | None = None,
    deleting: bool = False,
    containers: int | None = None,
) -> Pod:
    count = len(statuses) if containers is None else containers
    raw = {
        "metadata": {"name": "p", "deletionTimestamp": T1 if deleting else None},
        "spec": {
            "containers": [{"name": f"c{number}"} for number in range(count)],
            "initContainers": list(init),
        },
        "status": {
            "phase": phase,
            "reason": reason,
            "conditions": [
                {"type": kind, "status": status} for kind, status in (conditions or {}).items()
            ],
            "containerStatuses": list(statuses),
            "initContainerStatuses": list(init_statuses),
        },
    }
    return msgspec.convert(raw, Pod)


MAIN_CASES = [
    ("running", pod(UP, UP), "2/2 Running"),
    ("one of two ready", pod(UP, container(RUNNING)), "1/2 Running"),
    ("nothing reported yet", pod(phase="Pending", containers=2), "0/2 Pending"),
    ("creating", pod(container(waiting("ContainerCreating"))), "0/1 ContainerCreating"),
    ("crashing", pod(container(waiting("CrashLoopBackOff"))), "0/1 CrashLoopBackOff"),
    ("waiting without a reason", pod(container({"waiting": {}}), phase="Pending"), "0/1 Pending"),
    ("completed", pod(container(ended("Completed")), phase="Succeeded"), "0/1 Completed"),
    ("out of memory", pod(container(ended("OOMKilled", 137))), "0/1 OOMKilled"),
    ("ended by a signal", pod(container(ended(signal=9))), "0/1 Signal:9"),
    ("ended with a code", pod(container(ended(code=3)), phase="Failed"), "0/1 ExitCode:3"),
    ("ended with nothing said", pod(container(ended())), "0/1 ExitCode:0"),
    (
        "the first container's reason wins",
        pod(container(waiting("A")), container(waiting("B"))),
        "0/2 A",
    ),
    ("evicted", pod(phase="Failed", reason="Evicted", containers=1), "0/1 Evicted"),
    (
        "one completed, one running and ready",
        pod(container(ended("Completed")), UP, conditions={"Ready": "True"}),
        "1/2 Running",
    ),
    (
        "one completed, one running, pod not ready",
        pod(container(ended("Completed")), UP, conditions={"Ready": "False"}),
        "1/2 NotReady",
    ),
    ("leaving", pod(UP, deleting=True), "1/1 Terminating"),
    ("leaving a lost node", pod(UP, reason="NodeLost", deleting=True), "1/1 Unknown"),
    (
        "leaving after its end",
        pod(container(ended("Completed")), phase="Succeeded", deleting=True),
        "0/1 Completed",
    ),
    ("leaving after its failure", pod(phase="Failed", deleting=True, containers=1), "0/1 Failed"),
    ("never scheduled", pod(phase="Pending", reason="Unschedulable"), "0/0 Unschedulable"),
]

INIT_CASES = [
    (
        "the first of two runs",
        pod(
            phase="Pending",
            init=(INIT, INIT),
            init_statuses=(container(RUNNING), container()),
            containers=1,
        ),
        "0/1 Init:0/2",
    ),
    (
        "the second of two runs",
        pod(
            phase="Pending",
            init=(INIT, INIT),
            init_statuses=(container(ended()), container(RUNNING)),
            containers=1,
        ),
        "0/1 Init:1/2",
    ),
    (
        "crashing",
        pod(
            phase="Pending",
            init=(INIT,),
            init_statuses=(container(waiting("CrashLoopBackOff")),),
            containers=1,
        ),
        "0/1 Init:CrashLoopBackOff",
    ),
    (
        "waiting for its turn",
        pod(
            phase="Pending",
            init=(INIT,),
            init_statuses=(container(waiting("PodInitializing")),),
            containers=1,
        ),
        "0/1 Init:0/1",
    ),
    (
        "failed with a reason",
        pod(init=(INIT,), init_statuses=(container(ended("Error", 1)),), containers=1),
        "0/1 Init:Error",
    ),
    (
        "failed with a code",
        pod(init=(INIT,), init_statuses=(container(ended(code=7)),), containers=1),
        "0/1 Init:ExitCode:7",
    ),
    (
        "failed by a signal",
        pod(init=(INIT,), init_statuses=(container(ended(code=7, signal=6)),), containers=1),
        "0/1 Init:Signal:6",
    ),
    (
        "all through",
        pod(
            container(waiting("PodInitializing")), init=(INIT,), init_statuses=(container(ended()),)
        ),
        "0/1 PodInitializing",
    ),
    (
        "run again after the pod was initialized",
        pod(
            UP,
            init=(INIT,),
            init_statuses=(container(RUNNING),),
            conditions={"Initialized": "True"},
        ),
        "1/1 Init:0/1",
    ),
]

SIDECAR_CASES = [
    (
        "not started",
        pod(
            phase="Pending",
            init=(SIDECAR,),
            init_statuses=(container(RUNNING, name="proxy", started=False),),
            containers=1,
        ),
        "0/2 Init:0/1",
    ),
    (
        "started, then the next init container",
        pod(
            phase="Pending",
            init=(SIDECAR, INIT),
            init_statuses=(
                container(RUNNING, name="proxy", started=True, ready=True),
                container(RUNNING, name="setup"),
            ),
            containers=1,
        ),
        "1/2 Init:1/2",
    ),
    (
        "ready beside the main container",
        pod(
            UP,
            init=(SIDECAR,),
            init_statuses=(container(RUNNING, name="proxy", started=True, ready=True),),
        ),
        "2/2 Running",
    ),
    (
        "started but not ready",
        pod(UP, init=(SIDECAR,), init_statuses=(container(RUNNING, name="proxy", started=True),)),
        "1/2 Running",
    ),
    (
        "through after the pod's end",
        pod(
            container(ended("Completed")),
            phase="Succeeded",
            init=(SIDECAR,),
            init_statuses=(container(ended("Completed"), name="proxy", started=False),),
        ),
        "0/2 Completed",
    ),
]


@pytest.mark.parametrize(
    ("pod", "shown"),
    [
        pytest.param(pod, shown, id=f"{group}: {name}")
        for group, cases in (("main", MAIN_CASES), ("init", INIT_CASES), ("sidecar", SIDECAR_CASES))
        for name, pod, shown in cases
    ],
)
def test_ready_and_status_read_as_kubectl_prints_them(pod: Pod, shown: str) -> None:
    cells = printed(pod)
    assert f"{cells.ready}/{cells.containers} {cells.status}" == shown


DONE, FAILED, READY = ended("Completed"), ended("Error", code=1), {"Ready": "True"}


@pytest.mark.parametrize(
    ("pod", "by_minor"),
    [
        (pod(UP), {30: "Running", 34: "Running", 36: "Running"}),
        (pod(container(DONE), container(FAILED)), {30: "Completed", 34: "Completed", 35: "Error"}),
        (pod(container(DONE), container(FAILED), UP), {34: "NotReady", 35: "Error"}),
        (
            pod(container(DONE), container(FAILED), UP, conditions=READY),
            {34: "Running", 35: "Running"},
        ),
        (
            pod(container(DONE), container(FAILED), phase="Failed", deleting=True),
            {30: "Terminating", 31: "Completed", 34: "Completed", 35: "Error"},
        ),
        (
            pod(container(DONE), container(FAILED), UP, deleting=True),
            {30: "Terminating", 34: "Terminating", 35: "Terminating"},
        ),
    ],
)
def test_status_reads_as_the_version_of_the_server_prints_it(
    pod: Pod, by_minor: dict[int, str]
) -> None:
    row = pod_row(pod)
    assert {minor: status_text(row, minor) for minor in by_minor} == by_minor


def test_a_gated_pod_says_so() -> None:
    gated = {
        "metadata": {},
        "spec": {"containers": [{}]},
        "status": {
            "phase": "Pending",
            "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
            ],
        },
    }
    assert printed(msgspec.convert(gated, Pod)).status == "SchedulingGated"


@pytest.mark.parametrize(
    ("pod", "text"),
    [
        (pod(UP), "0"),
        (pod(container(RUNNING, restarts=3, last_end=T3)), "3 (5m ago)"),
        (pod(container(RUNNING, restarts=3)), "3"),
        (pod(container(RUNNING, last_end=T3)), "0"),
        (
            pod(
                container(RUNNING, restarts=1, last_end=T1),
                container(RUNNING, restarts=2, last_end=T2),
            ),
            "3 (15m ago)",
        ),
        # While it initializes, its init containers' restarts count ...
        (
            pod(
                init=(INIT,),
                init_statuses=(container(waiting("CrashLoopBackOff"), restarts=4, last_end=T3),),
            ),
            "4 (5m ago)",
        ),
        # ... then no more ...
        (pod(UP, init=(INIT,), init_statuses=(container(ended(), restarts=4, last_end=T3),)), "0"),
        # ... but a sidecar's always do.
        (
            pod(
                container(RUNNING, restarts=1, last_end=T1),
                init=(SIDECAR,),
                init_statuses=(
                    container(RUNNING, name="proxy", started=True, restarts=2, last_end=T3),
                ),
            ),
            "3 (5m ago)",
        ),
        # ... up to the first that isn't up.
        (
            pod(
                container(RUNNING, restarts=1),
                init=(SIDECAR, {**SIDECAR, "name": "log"}),
                init_statuses=(
                    container(waiting("CrashLoopBackOff"), name="proxy", restarts=2),
                    container(RUNNING, name="log", started=True, restarts=8, last_end=T3),
                ),
                conditions={"Initialized": "True"},
            ),
            "3",
        ),
    ],
)
def test_restarts_read_as_kubectl_prints_them(pod: Pod, text: str) -> None:
    assert restarts_text(pod_row(pod), NOW) == text


@pytest.mark.parametrize(
    ("status", "all_ready", "health"),
    [
        ("Running", True, Health.OK),
        ("Running", False, Health.WARN),
        ("Completed", False, Health.OK),
        ("Succeeded", False, Health.OK),
        ("Pending", False, Health.WARN),
        ("ContainerCreating", False, Health.WARN),
        ("Init:1/2", False, Health.WARN),
        ("Init:PodInitializing", False, Health.WARN),
        ("Terminating", True, Health.WARN),
        ("SchedulingGated", False, Health.WARN),
        ("CrashLoopBackOff", False, Health.BAD),
        ("Init:CrashLoopBackOff", False, Health.BAD),
        ("Init:ExitCode:1", False, Health.BAD),
        ("ImagePullBackOff", False, Health.BAD),
        ("Evicted", False, Health.BAD),
        ("OOMKilled", False, Health.BAD),
        ("ExitCode:0", False, Health.OK),
        ("Unknown", True, Health.UNKNOWN),
        ("", False, Health.UNKNOWN),
    ],
)
def test_health_follows_the_text_that_is_shown(
    status: str, all_ready: bool, health: Health
) -> None:
    assert status_health(status, all_ready=all_ready) is health


def test_a_pod_that_runs_unready_is_a_warning() -> None:
    row: PodRow = pod_row(pod(UP, container(RUNNING)))
    assert health_of_pod(row) is Health.WARN


def test_health_is_judged_by_how_many_are_ready_of_how_many() -> None:
    ready = pod_row(pod(UP))
    assert health_of_pod(ready) is Health.OK
    assert health_of_pod(replace(ready, ready=0)) is Health.WARN
    assert health_of_pod(replace(ready, ready=2)) is Health.OK


def test_a_scheduled_pod_is_not_gated() -> None:
    scheduled = pod(UP, conditions={"PodScheduled": "True"})
    assert printed(scheduled).status == "Running"


def test_restarts_of_init_containers_add_up() -> None:
    through = [container(ended(), name=name, restarts=2) for name in ("one", "two")]
    starting = pod(init=(INIT, INIT, INIT), init_statuses=(*through, container(name="three")))
    assert printed(starting).restarts == 4


def test_restarts_of_sidecars_add_up_with_those_of_the_containers() -> None:
    names = ("a", "b")
    up = pod(
        container(RUNNING, ready=True, restarts=1),
        init=tuple(SIDECAR | {"name": name} for name in names),
        init_statuses=tuple(
            container(RUNNING, name=name, restarts=2, started=True) for name in names
        ),
    )
    assert printed(up).restarts == 5


def test_a_container_without_a_state_hides_none_of_the_others() -> None:
    unknown = container(name="new") | {"state": None}
    row = printed(pod(UP, unknown))
    assert (row.ready, row.containers, row.status) == (1, 2, "Running")


def test_a_pod_without_a_spec_or_a_container_without_states_reads_all_the_same() -> None:
    bare = printed(msgspec.convert({"status": {"phase": "Pending"}}, Pod))
    assert (bare.ready, bare.containers, bare.status) == (0, 0, "Pending")
    stateless = container(name="setup") | {"state": None, "lastState": None}
    assert printed(pod(init=(INIT,), init_statuses=(stateless,))).status == "Init:0/1"


@pytest.mark.parametrize(("states", "ready"), [("FT", 0), ("TF", 1)])
def test_of_several_initialized_conditions_the_first_counts(states: str, ready: int) -> None:
    """As kubernetes' `isPodInitializedConditionTrue`; `hasPodReadyCondition` takes any Ready."""
    raw = {
        "spec": {"containers": [{"name": "main"}], "initContainers": [INIT]},
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "Initialized", "status": {"T": "True", "F": "False"}[state]}
                for state in states
            ],
            "initContainerStatuses": [container({}, name="setup")],
            "containerStatuses": [UP],
        },
    }
    assert pod_row(msgspec.convert(raw, Pod)).ready == ready
