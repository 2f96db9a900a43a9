"""The control plane's components; one without visible evidence is UNKNOWN, never OK."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.plural import plural
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.control_plane.evidence import (
    NAMESPACE,
    OLD,
    Evidence,
    answer_line,
    by_component,
    cut_reason,
    is_cut,
    is_hidden,
    is_old,
    is_silent,
    join,
    lease_health,
    lease_reading,
    pods_health,
    pods_line,
    probe_health,
    read_at,
    unknown_reason,
)
from eksview.domain.kube.node_status import heartbeat_age
from eksview.domain.rows.kube import LeaseRow, PodRow
from eksview.domain.rows.server import Check, Probe

APISERVER, ETCD = "kube-apiserver", "etcd"
LEADERS = ("kube-scheduler", "kube-controller-manager", "cloud-controller-manager")
"""Components that elect a leader with a lease of their own name."""

NOT_VISIBLE, NOT_KNOWN = Clean("not visible to you"), Clean("unknown")

_TITLES = {
    "kube-controller-manager": "controller-manager",
    "cloud-controller-manager": "cloud-controller",
}
_ETCD_CHECKS = frozenset({"etcd", "etcd-readiness", "storage-readiness"})


class ServerInstance(Struct, frozen=True):
    """An API server with its identity lease, which it renews every ten seconds."""

    name: Clean
    age: float | None  # seconds since it was renewed
    health: Health


class Component(Struct, frozen=True):
    """A component; names of checks and pods are as the cluster has them, other texts are clean."""

    name: str
    title: str
    health: Health
    lines: tuple[Clean, ...]  # the evidence, the most important first
    leader: Clean = EMPTY
    lease_age: float | None = None
    instances: tuple[ServerInstance, ...] = ()
    checks: tuple[Check, ...] = ()
    pods: tuple[PodRow, ...] = ()
    latency: float | None = None  # of the last probe, seconds
    why_unseen: Clean = EMPTY  # why something isn't visible
    hidden: bool = False  # by missing rights or by the distribution; else it may only be unknown

    @property
    def unseen(self) -> str:
        """Return the word for what UNKNOWN means here."""
        return NOT_VISIBLE if self.hidden else NOT_KNOWN


def components(evidence: Evidence) -> tuple[Component, ...]:
    """Return all components; the cloud controller manager only if it has a lease."""
    own = (lease for lease in evidence.leases if lease.namespace == NAMESPACE)
    leases: dict[str, LeaseRow] = {lease.name: lease for lease in own}
    pods = by_component(evidence.static_pods)
    result = [
        _apiserver(evidence, leases.values(), pods.get(APISERVER, ())),
        _etcd(evidence, leases.values(), pods.get(ETCD, ())),
    ]
    for name in LEADERS:
        if name != "cloud-controller-manager" or name in leases:
            result.append(_leader(name, evidence, leases.get(name), pods.get(name, ())))
    return tuple(result)


def short_holder(holder: str) -> Clean:
    """Return `ip-10-0-7-21` for `ip-10-0-7-21.us-west-2.compute.internal_39c82220-…`."""
    host = holder.split("_", 1)[0]
    short = host.split(".", 1)[0]
    return clean(host if short.isdigit() else short)  # an address has no domain


def _apiserver(
    evidence: Evidence, leases: Iterable[LeaseRow], own: tuple[PodRow, ...]
) -> Component:
    ready, live = evidence.probes.get("readyz"), evidence.probes.get("livez")
    judged = probe_health(ready, evidence.now)
    if live is not None and live.ok is False and not is_old(live, evidence.now):
        judged = Health.BAD
    instances = _instances(evidence, leases)
    serving = sum(instance.health is Health.OK for instance in instances)
    count = plural(serving, "instance") if serving else ""
    version = evidence.version.git if evidence.version else ""
    return Component(
        name=APISERVER,
        title=APISERVER,
        health=_with_pods(judged, own, instead=False),
        lines=_nonempty(
            join(count, version),
            answer_line(ready, evidence.now, evidence.unopened),
            pods_line(own),
        ),
        instances=instances,
        checks=ready.checks if ready else (),
        pods=own,
        latency=ready.latency if ready else None,
        why_unseen=clean(unknown_reason(ready, evidence.now, evidence.unopened))
        if judged is Health.UNKNOWN
        else EMPTY,
        hidden=ready is not None and is_hidden(ready),
    )


def _instances(evidence: Evidence, leases: Iterable[LeaseRow]) -> tuple[ServerInstance, ...]:
    own = sorted((row for row in leases if row.identity == APISERVER), key=lambda row: row.name)
    return tuple(
        ServerInstance(row.name, heartbeat_age(row, evidence.now), _instance_health(row, evidence))
        for row in own
    )


def _instance_health(lease: LeaseRow, evidence: Evidence) -> Health:
    # It lasts an hour but is renewed every ten seconds, so an old one is of a server that is gone.
    if lease.renewed is None or lease_reading(evidence) != "fresh":
        return Health.UNKNOWN
    return Health.OK if read_at(evidence) - lease.renewed <= OLD else Health.WARN


def _etcd(evidence: Evidence, leases: Iterable[LeaseRow], own: tuple[PodRow, ...]) -> Component:
    probe = _etcd_probe(evidence)
    checks = _etcd_checks(probe)
    judged, line = _storage(checks, probe, evidence, leases)
    hidden = _is_etcd_hidden(evidence, checks)
    return Component(
        name=ETCD,
        title=ETCD,
        health=_with_pods(judged, own, instead=not is_cut(evidence)),
        lines=_nonempty(line, pods_line(own)) or (NOT_VISIBLE if hidden else NOT_KNOWN,),
        checks=checks,
        pods=own,
        why_unseen=clean(_no_etcd_reason(evidence, checks)) if judged is Health.UNKNOWN else EMPTY,
        hidden=hidden,
    )


def etcd_fails(probes: Mapping[str, Probe]) -> bool:
    """Check for a failed check of etcd: nothing can be written then, nor a lease renewed."""
    return not all(check.ok for probe in probes.values() for check in _etcd_checks(probe))


def _etcd_probe(evidence: Evidence) -> Probe | None:
    """Return the answer that judges etcd: one with a failed check, else the readiness.

    /readyz is slower than /livez while etcd hangs, and may be hidden where that isn't.
    """
    probes = [evidence.probes.get(name) for name in ("readyz", "livez")]
    probed = [probe for probe in probes if _etcd_checks(probe)]
    fresh = [probe for probe in probed if probe and not is_old(probe, evidence.now)]
    failed = [probe for probe in fresh if not all(check.ok for check in _etcd_checks(probe))]
    return next(iter((*failed, *fresh)), probes[0])


def _etcd_checks(probe: Probe | None) -> tuple[Check, ...]:
    return tuple(check for check in probe.checks if _is_etcd(check)) if probe else ()


def _is_etcd(check: Check) -> bool:
    return check.name.rsplit("/", 1)[-1] in _ETCD_CHECKS


def _storage(
    checks: tuple[Check, ...], probe: Probe | None, evidence: Evidence, leases: Iterable[LeaseRow]
) -> tuple[Health, str]:
    """Return the health and evidence of etcd from the API server's checks.

    `storage-readiness` alone reports only that the storage was ready when the server started. Then
    a lease that was just renewed must prove a successful write.
    """
    if probe is None or not checks or is_old(probe, evidence.now):
        return Health.UNKNOWN, ""
    failed = [check.name for check in checks if not check.ok]
    if failed:
        return Health.BAD, f"failed: {clean(', '.join(failed))}"
    if any(check.name.startswith(ETCD) for check in checks):
        return Health.OK, f"via /{probe.name}  {len(checks)}/{len(checks)} checks"
    write = max((lease.renewed for lease in leases if lease.renewed), default=None)
    if write is None or lease_reading(evidence) != "fresh" or read_at(evidence) - write > OLD:
        return Health.UNKNOWN, ""
    return (
        Health.OK,
        f"via /readyz  last write {human_duration(max(0.0, evidence.now - write))} ago",
    )


def _is_etcd_hidden(evidence: Evidence, checks: tuple[Check, ...]) -> bool:
    """Check for an answer that is refused or has nothing about etcd; none or an old one hasn't."""
    probe = evidence.probes.get("readyz")
    if probe is None or is_cut(evidence) or is_old(probe, evidence.now):
        return False
    return bool(checks) or not is_silent(probe)


def _no_etcd_reason(evidence: Evidence, checks: tuple[Check, ...]) -> str:
    probe = evidence.probes.get("readyz")
    if is_cut(evidence):
        return cut_reason(evidence)
    if probe is None or is_hidden(probe) or is_old(probe, evidence.now):
        return unknown_reason(probe, evidence.now, evidence.unopened)
    if checks:
        return "/readyz reports only that storage was ready when the API server started"
    return f"/readyz has no etcd check{_managed(evidence)}"


def _leader(
    name: str, evidence: Evidence, lease: LeaseRow | None, own: tuple[PodRow, ...]
) -> Component:
    fresh = lease is not None and lease_reading(evidence) == "fresh"
    judged = (
        lease_health(lease, read_at(evidence)) if lease is not None and fresh else Health.UNKNOWN
    )
    reason = EMPTY if fresh else clean(_no_lease_reason(name, evidence, lease))
    age = heartbeat_age(lease, evidence.now)
    holder = short_holder(lease.holder) if lease else EMPTY
    hidden = _is_lease_hidden(evidence, lease)
    return Component(
        name=name,
        title=_TITLES.get(name, name),
        health=_with_pods(judged, own, instead=not is_cut(evidence)),
        lines=_nonempty(
            *_lease_lines(lease, holder, age, NOT_VISIBLE if hidden else NOT_KNOWN), pods_line(own)
        ),
        leader=holder,
        lease_age=age,
        pods=own,
        why_unseen=reason,
        hidden=hidden,
    )


def _is_lease_hidden(evidence: Evidence, lease: LeaseRow | None) -> bool:
    """Check for leases that are refused, or that were read without this one."""
    if "leases" not in evidence.probes:
        return False
    reading = lease_reading(evidence)
    return reading == "hidden" or (reading == "fresh" and lease is None)


def _lease_lines(
    lease: LeaseRow | None, holder: str, age: float | None, unseen: str
) -> tuple[str, ...]:
    if lease is None:
        return (unseen,)
    leader = f"leader {holder}" if holder else "no leader"
    return (leader, "never renewed" if age is None else f"lease {human_duration(age)}")


def _no_lease_reason(name: str, evidence: Evidence, lease: LeaseRow | None) -> str:
    probe, reading = evidence.probes.get("leases"), lease_reading(evidence)
    if probe is None:
        return evidence.unopened or f"leases in {NAMESPACE} not read yet"
    if reading == "hidden":
        return probe.reason or f"you may not read leases in {NAMESPACE}"
    if reading == "old" and probe.ok is None:
        return probe.reason or f"leases in {NAMESPACE} not read yet"
    if reading == "old":
        since = human_duration(max(0.0, evidence.now - probe.at))
        return probe.reason or f"leases not read for {since}"
    return "" if lease else f"no lease {name} in {NAMESPACE}{_managed(evidence)}"


def _managed(evidence: Evidence) -> str:
    by = evidence.distribution
    return f" because {by.label} doesn't expose it" if by.managed else ""


def _with_pods(judged: Health, own: tuple[PodRow, ...], *, instead: bool) -> Health:
    if not own:
        return judged
    if judged is Health.UNKNOWN and instead:
        return pods_health(own)
    return worst(judged, pods_health(own))


def _nonempty(*lines: str) -> tuple[Clean, ...]:
    return tuple(clean(line) for line in lines if line)
