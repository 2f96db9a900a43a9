"""What is known about the control plane, and how far each piece of it can be trusted."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.text import clean
from eksview.domain.control_plane.distribution import UNKNOWN, Distribution
from eksview.domain.kube.pod_status import health_of_pod
from eksview.domain.rows.kube import LeaseRow, PodRow
from eksview.domain.rows.server import Probe, ServerVersion

NAMESPACE = "kube-system"

OLD = 60
"""Seconds after which an answer no longer speaks for now."""

Freshness: TypeAlias = Literal["fresh", "old", "hidden"]


class Evidence(Struct, frozen=True):
    """All that is known. `leases` may hold others than kube-system's; `probes` are by name."""

    now: float
    probes: Mapping[str, Probe]
    leases: Iterable[LeaseRow] = ()
    static_pods: Iterable[PodRow] = ()
    version: ServerVersion | None = None
    flavour: Distribution = UNKNOWN


# probes


def is_old(probe: Probe, now: float) -> bool:
    """Whether an answer is too old to speak for now."""
    return now - probe.at > OLD


def is_hidden(probe: Probe) -> bool:
    """The server answered, but not with its state: no permission, or not through a proxy."""
    return probe.ok is None and (probe.status is not None or probe.missing is not None)


def is_silent(probe: Probe) -> bool:
    """Nothing answered at all."""
    return probe.status is None and not probe.ok and not is_hidden(probe)


def is_cut(seen: Evidence) -> bool:
    """The API server has stopped answering: nothing that it told before speaks for now."""
    probe = seen.probes.get("readyz")
    return probe is not None and is_silent(probe)


def probe_health(probe: Probe | None, now: float) -> Health:
    """BAD when the server says so or doesn't answer; UNKNOWN when it may not tell us."""
    if probe is None or is_old(probe, now) or is_hidden(probe):
        return Health.UNKNOWN
    return Health.OK if probe.ok else Health.BAD


def why_unknown(probe: Probe | None, now: float) -> str:
    """The reason for an UNKNOWN, in a few words."""
    if probe is None:
        return "not asked yet"
    if is_hidden(probe):
        return clean(probe.why) or "not visible to you"
    if is_silent(probe):
        return clean(probe.why) or "the API server doesn't answer"
    return f"last answer {human_duration(now - probe.at)} ago"


def answer_line(probe: Probe | None, now: float) -> str:
    """`11 ms  62/62 checks`, or what is wrong with it."""
    if probe is None or probe_health(probe, now) is Health.UNKNOWN:
        return why_unknown(probe, now)
    if is_silent(probe):
        return f"no answer: {clean(probe.why)}" if probe.why else "no answer"
    failed = [check.name for check in probe.checks if not check.ok]
    wrong = f"failed: {clean(', '.join(failed))}" if failed else ""
    took = "" if probe.latency is None else f"{probe.latency * 1000:.0f} ms"
    total = len(probe.checks)
    passed = f"{total - len(failed)}/{total} checks" if total else ""
    return join(wrong, took, passed) or ("ready" if probe.ok else "not ready")


# leases


def lease_reading(seen: Evidence) -> Freshness:
    """Whether kube-system's leases were read lately; without a probe, taken as they come.

    What was read from a server that no longer answers is old at once.
    """
    probe = seen.probes.get("leases")
    if probe is not None and is_hidden(probe):
        return "hidden"
    if is_cut(seen) or (probe is not None and (not probe.ok or is_old(probe, seen.now))):
        return "old"
    return "fresh"


def read_at(seen: Evidence) -> float:
    """When the leases were last read: they are judged by that time, not by how slowly we poll."""
    probe = seen.probes.get("leases")
    return probe.at if probe is not None else seen.now


def lease_health(lease: LeaseRow, at: float) -> Health:
    """A leader renews well within its lease's duration (every 2 s of 15; client-go's defaults):
    past it WARN, past three times BAD."""
    if lease.renewed is None:
        return Health.UNKNOWN
    age, duration = at - lease.renewed, lease.duration or 15
    if age > 3 * duration:
        return Health.BAD
    return Health.WARN if age > duration else Health.OK


def lease_age(lease: LeaseRow | None, now: float) -> float | None:
    """Seconds since a lease was renewed, for showing."""
    if lease is None or lease.renewed is None:
        return None
    return max(0.0, now - lease.renewed)


# static pods


def by_component(pods: Iterable[PodRow]) -> dict[str, tuple[PodRow, ...]]:
    """The static pods that kubeadm, kind and minikube label with `component`."""
    found: dict[str, list[PodRow]] = {}
    for pod in pods:
        for label in pod.labels.split(","):
            if label.startswith("component="):
                found.setdefault(label.removeprefix("component="), []).append(pod)
    return {name: tuple(sorted(own, key=lambda pod: pod.name)) for name, own in found.items()}


def pods_health(own: tuple[PodRow, ...]) -> Health:
    """One of several that is down is a WARN: the others carry on. UNKNOWN for none."""
    healths = [health_of_pod(pod) for pod in own]
    some_well = Health.OK in healths
    return Health.WARN if some_well and worst(*healths) is not Health.OK else worst(*healths)


def pods_line(own: tuple[PodRow, ...]) -> str:
    """`2/3 static pods  CrashLoopBackOff`; empty for none."""
    if not own:
        return ""
    unwell = [pod for pod in own if health_of_pod(pod) is not Health.OK]
    state = clean(unwell[0].status) if unwell else ""
    return join(f"{len(own) - len(unwell)}/{len(own)} static pods", state)


def join(*parts: str) -> str:
    """The parts that say something, two spaces apart."""
    return "  ".join(part for part in parts if part)
