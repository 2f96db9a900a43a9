"""The runs of a pod's containers: when they start and end, and how long the kubelet waits.

Source of the back-off: `client-go/util/flowcontrol/backoff.go` with the kubelet's 10 s and 5 m.
"""

from eksview_demo.cluster.pods.pod_state import PodState, Stage

SHORTEST, LONGEST = 10.0, 300.0  # seconds of back-off
FORGOTTEN = 600.0  # seconds of a run after which the back-off begins at the shortest again
RUN = 3.5  # seconds until the crashing workload fails
BROKEN = frozenset({Stage.ERROR, Stage.OOM})


def backoff_of(restarts: int) -> float:
    """Return the wait after so many restarts of a container that always fails at once."""
    return min(LONGEST, SHORTEST * 2.0 ** min(restarts - 1, 9)) if restarts else 0.0


def duration(seconds: float) -> str:
    """Return whole seconds as Go prints a duration: `10s`, `1m20s`, `5m0s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def backs_off(pod: PodState, now: float) -> bool:
    """Return whether the kubelet would wait before it restarts a container that fails now."""
    return bool(pod.backoff) and now - pod.started <= FORGOTTEN


def start(pod: PodState, now: float) -> None:
    """Start all containers for the first time."""
    pod.up = pod.started = now


def end_run(pod: PodState) -> None:
    """Make the run that ended the last one; the kubelet looks after the pod again."""
    if pod.since - pod.started > FORGOTTEN:
        pod.backoff = 0.0
    pod.ran, pod.restarted, pod.failure = pod.started, pod.since, pod.stage


def restart(pod: PodState, now: float) -> None:
    """Start the first container again; the next wait is twice as long."""
    pod.restarts += 1
    pod.started = now
    pod.backoff = min(LONGEST, 2 * pod.backoff) if pod.backoff else SHORTEST


def restarted(pod: PodState, ended: float) -> None:
    """Let all runs of a running pod but the present one have taken equally long until `ended`."""
    pod.restarted, pod.failure = ended, Stage.ERROR
    pod.ran = ended - (ended - pod.up) / pod.restarts
    pod.started = ended + 1
    pod.since = pod.turned = ended + 3
    pod.backoff = SHORTEST


def fail_again(pod: PodState, ended: float) -> None:
    """Let a pod have failed at once after each of its restarts, the last time at `ended`."""
    pod.since = pod.turned = ended
    pod.started = ended - RUN
    pod.restarted = pod.started - backoff_of(pod.restarts - 1) - 1
    pod.ran, pod.failure = pod.restarted - RUN, pod.stage
    pod.backoff = backoff_of(pod.restarts)


def first_wait(pod: PodState) -> float:
    """Return when a pod was first backed off that has failed at once after each restart."""
    last = pod.restarted if pod.stage is Stage.CRASH_LOOP else pod.started
    return last - sum(backoff_of(restarts) + RUN + 1 for restarts in range(1, pod.restarts))


def reboot(pod: PodState, stopped: float, now: float) -> None:
    """Start all containers again: their node was stopped and has booted."""
    if pod.stage in BROKEN:
        end_run(pod)
    elif pod.stage is not Stage.CRASH_LOOP:
        pod.ran, pod.restarted, pod.failure = pod.started, stopped, Stage.REBOOTED
    pod.was_up, pod.stopped = pod.up, stopped
    pod.up = pod.started = now
    pod.reboots += 1
    pod.restarts += 1
    pod.backoff = 0.0  # a kubelet keeps it in memory only
