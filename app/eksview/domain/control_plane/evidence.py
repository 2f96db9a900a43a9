"""The evidence about the control plane, and its freshness."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.control_plane.distribution import UNKNOWN, Distribution
from eksview.domain.kube.pod_status import health_of_pod
from eksview.domain.rows.kube import LeaseRow, PodRow
from eksview.domain.rows.server import Probe, ServerVersion

NAMESPACE = "kube-system"

OLD = 60
"""Seconds until an answer is too old to judge by."""

Freshness: TypeAlias = Literal["fresh", "old", "hidden"]


class Evidence(Struct, frozen=True):
    """The evidence; `leases` may be of any namespace, and `probes` are by name."""

    now: float
    probes: Mapping[str, Probe]
    leases: Iterable[LeaseRow] = ()
    static_pods: Iterable[PodRow] = ()
    version: ServerVersion | None = None
    distribution: Distribution = UNKNOWN
    unopened: Clean = EMPTY  # why no API server is asked at all


def is_old(probe: Probe, now: float) -> bool:
    """Check whether an answer is too old to judge by."""
    return now - probe.at > OLD


def is_hidden(probe: Probe) -> bool:
    """Check for an answer without a state: permission is missing, or a proxy answered."""
    return probe.ok is None and (probe.status is not None or probe.missing is not None)


def is_silent(probe: Probe) -> bool:
    """Check for no answer."""
    return probe.status is None and not probe.ok and not is_hidden(probe)


def is_cut(evidence: Evidence) -> bool:
    """Check whether the API server has stopped answering, which makes all evidence old.

    A health endpoint that hangs isn't enough while `/livez/ping` answers.
    """
    probes = [evidence.probes.get(name) for name in ("ping", "readyz", "livez")]
    probed = [probe for probe in probes if probe is not None]
    return bool(probed) and all(map(is_silent, probed))


def cut_reason(evidence: Evidence) -> str:
    """Return why nothing is known of what the API server reports about, where `is_cut`."""
    probe = evidence.probes.get("ping") or evidence.probes.get("readyz")
    if probe is not None and not probe.asked:
        return "the API server isn't asked without credentials"
    return (probe.reason if probe else "") or "the API server doesn't answer"


def failing_checks(probes: Mapping[str, Probe]) -> tuple[str, ...]:
    """Return the names of the API server's checks that fail, of /readyz and /livez."""
    answers = [probes[name] for name in ("readyz", "livez") if name in probes]
    return tuple(
        dict.fromkeys(check.name for probe in answers for check in probe.checks if not check.ok)
    )


def probe_health(probe: Probe | None, now: float) -> Health:
    """Return BAD for a bad answer or none; UNKNOWN for one that is hidden or old."""
    if probe is None or not probe.asked or is_old(probe, now) or is_hidden(probe):
        return Health.UNKNOWN
    return Health.OK if probe.ok else Health.BAD


def unknown_reason(probe: Probe | None, now: float, unopened: str = "") -> str:
    """Return the reason for UNKNOWN in a few words."""
    if probe is None:
        return unopened or "loading"
    if is_hidden(probe):
        return probe.reason or "not visible to you"
    if not probe.asked:
        return f"not asked: {clean(probe.reason)}"
    if is_silent(probe):
        return probe.reason or "the API server doesn't answer"
    return f"last answer {human_duration(now - probe.at)} ago"


def answer_line(probe: Probe | None, now: float, unopened: str = "") -> str:
    """Return `11 ms  62/62 checks`, or what is wrong."""
    if probe is None or probe_health(probe, now) is Health.UNKNOWN:
        return unknown_reason(probe, now, unopened)
    if is_silent(probe):
        return probe.reason or "no answer"  # a name or a proxy may be at fault
    failed = [check.name for check in probe.checks if not check.ok]
    wrong = f"failed: {clean(', '.join(failed))}" if failed else ""
    took = "" if probe.latency is None else f"{probe.latency * 1000:.0f} ms"
    total = len(probe.checks)
    passed = f"{total - len(failed)}/{total} checks" if total else ""
    return join(wrong, took, passed) or ("ready" if probe.ok else "not ready")


def lease_reading(evidence: Evidence) -> Freshness:
    """Return the freshness of kube-system's leases; without a probe they count as fresh.

    Leases of a server that no longer answers are old at once.
    """
    probe = evidence.probes.get("leases")
    if probe is not None and is_hidden(probe):
        return "hidden"
    if is_cut(evidence) or (probe is not None and (not probe.ok or is_old(probe, evidence.now))):
        return "old"
    return "fresh"


def read_at(evidence: Evidence) -> float:
    """Return when the leases were read; judging by that time ignores the polling period."""
    probe = evidence.probes.get("leases")
    return probe.at if probe is not None else evidence.now


def lease_health(lease: LeaseRow, at: float) -> Health:
    """Return WARN after a lease's duration, and BAD after three times that.

    A leader renews well within it: by client-go's defaults every 2 s of 15 s.
    """
    if lease.renewed is None:
        return Health.UNKNOWN
    age, duration = at - lease.renewed, lease.duration or 15
    if age > 3 * duration:
        return Health.BAD
    return Health.WARN if age > duration else Health.OK


def by_component(pods: Iterable[PodRow]) -> dict[str, tuple[PodRow, ...]]:
    """Return the static pods by the label `component` of kubeadm, kind and minikube."""
    pods_of: dict[str, list[PodRow]] = {}
    for pod in pods:
        for label in pod.labels.split(","):
            if label.startswith("component="):
                pods_of.setdefault(label.removeprefix("component="), []).append(pod)
    return {name: tuple(sorted(own, key=lambda pod: pod.name)) for name, own in pods_of.items()}


def pods_health(own: tuple[PodRow, ...]) -> Health:
    """Return the worst health, but WARN while one pod is well; UNKNOWN for no pods."""
    healths = [health_of_pod(pod) for pod in own]
    some_well = Health.OK in healths
    return Health.WARN if some_well and worst(*healths) is not Health.OK else worst(*healths)


def pods_line(own: tuple[PodRow, ...]) -> str:
    """Return `2/3 static pods  CrashLoopBackOff`; empty for no pods."""
    if not own:
        return ""
    unwell = [pod for pod in own if health_of_pod(pod) is not Health.OK]
    state = unwell[0].status if unwell else ""
    return join(f"{len(own) - len(unwell)}/{len(own)} static pods", state)


def join(*parts: str) -> str:
    """Join the parts that aren't empty with two spaces."""
    return "  ".join(part for part in parts if part)
