"""The control plane's components, each judged only by what can be seen of it.

A component nothing is seen of is UNKNOWN with the reason, never a green guess: on a managed cluster
the machines belong to the provider, and what remains are the API server's own checks and the
leases the others renew in kube-system.
"""

from collections.abc import Iterable

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.text import clean
from eksview.domain.control_plane.evidence import (
    NAMESPACE,
    OLD,
    Evidence,
    answer_line,
    by_component,
    is_cut,
    is_hidden,
    is_old,
    join,
    lease_age,
    lease_health,
    lease_reading,
    pods_health,
    pods_line,
    probe_health,
    read_at,
    why_unknown,
)
from eksview.domain.rows.kube import LeaseRow, PodRow
from eksview.domain.rows.server import Check, Probe

APISERVER, ETCD = "kube-apiserver", "etcd"
LEADERS = ("kube-scheduler", "kube-controller-manager", "cloud-controller-manager")
"""Components that elect a leader by a lease of their own name."""

NOT_VISIBLE, NOT_KNOWN = "not visible to you", "not known now"

_TITLES = {
    "kube-controller-manager": "controller-manager",
    "cloud-controller-manager": "cloud-controller",
}
_ETCD_CHECKS = frozenset({"etcd", "etcd-readiness", "storage-readiness"})


class ServerInstance(Struct, frozen=True):
    """One API server, by the identity lease it renews every ten seconds."""

    name: str
    age: float | None  # seconds since it was renewed
    health: Health


class Component(Struct, frozen=True):
    """A card, and what its detail shows. Names of checks and pods are as the cluster has them;
    every other text is clean."""

    name: str
    title: str
    health: Health
    lines: tuple[str, ...]  # the evidence, short, the most telling first
    leader: str = ""
    lease_age: float | None = None
    instances: tuple[ServerInstance, ...] = ()
    checks: tuple[Check, ...] = ()
    pods: tuple[PodRow, ...] = ()
    latency: float | None = None  # of the last probe, seconds
    why_unseen: str = ""  # set where something isn't visible: what and why


def components(seen: Evidence) -> tuple[Component, ...]:
    """kube-apiserver, etcd, kube-scheduler, kube-controller-manager; the cloud's where it is."""
    leases = {lease.name: lease for lease in seen.leases if lease.namespace == NAMESPACE}
    pods = by_component(seen.static_pods)
    found = [
        _apiserver(seen, leases.values(), pods.get(APISERVER, ())),
        _etcd(seen, leases.values(), pods.get(ETCD, ())),
    ]
    for name in LEADERS:
        if name != "cloud-controller-manager" or name in leases:
            found.append(_leader(name, seen, leases.get(name), pods.get(name, ())))
    return tuple(found)


def short_holder(holder: str) -> str:
    """The host of `ip-10-0-7-21.us-west-2.compute.internal_39c82220-…`, without its domain."""
    host = holder.split("_", 1)[0]
    short = host.split(".", 1)[0]
    return clean(host if short.isdigit() else short)  # an address has no domain


def _apiserver(seen: Evidence, leases: Iterable[LeaseRow], own: tuple[PodRow, ...]) -> Component:
    ready, live = seen.probes.get("readyz"), seen.probes.get("livez")
    judged = probe_health(ready, seen.now)
    if live is not None and live.ok is False and not is_old(live, seen.now):
        judged = Health.BAD
    instances = _instances(seen, leases)
    serving = sum(instance.health is Health.OK for instance in instances)
    count = f"{serving} instance{'s' * (serving != 1)}" if serving else ""
    version = clean(seen.version.git) if seen.version else ""
    return Component(
        name=APISERVER,
        title=APISERVER,
        health=_with_pods(judged, own, instead=False),
        lines=_said(join(count, version), answer_line(ready, seen.now), pods_line(own)),
        instances=instances,
        checks=ready.checks if ready else (),
        pods=own,
        latency=ready.latency if ready else None,
        why_unseen=why_unknown(ready, seen.now) if judged is Health.UNKNOWN else "",
    )


def _instances(seen: Evidence, leases: Iterable[LeaseRow]) -> tuple[ServerInstance, ...]:
    own = sorted((each for each in leases if each.identity == APISERVER), key=lambda it: it.name)
    return tuple(
        ServerInstance(clean(each.name), lease_age(each, seen.now), _instance_health(each, seen))
        for each in own
    )


def _instance_health(lease: LeaseRow, seen: Evidence) -> Health:
    # It lasts an hour but is renewed every ten seconds, so an old one is a server that has left.
    if lease.renewed is None or lease_reading(seen) != "fresh":
        return Health.UNKNOWN
    return Health.OK if read_at(seen) - lease.renewed <= OLD else Health.WARN


def _etcd(seen: Evidence, leases: Iterable[LeaseRow], own: tuple[PodRow, ...]) -> Component:
    probe = seen.probes.get("readyz")
    checks = tuple(each for each in probe.checks if _is_etcd(each)) if probe else ()
    judged, line = _storage(checks, probe, seen, leases)
    return Component(
        name=ETCD,
        title=ETCD,
        health=_with_pods(judged, own, instead=not is_cut(seen)),
        lines=_said(line, pods_line(own)) or (NOT_KNOWN if is_cut(seen) else NOT_VISIBLE,),
        checks=checks,
        pods=own,
        why_unseen=_why_no_etcd(seen, checks) if judged is Health.UNKNOWN else "",
    )


def _is_etcd(check: Check) -> bool:
    return check.name.rsplit("/", 1)[-1] in _ETCD_CHECKS


def _storage(
    checks: tuple[Check, ...], probe: Probe | None, seen: Evidence, leases: Iterable[LeaseRow]
) -> tuple[Health, str]:
    """What the API server's checks say of its storage.

    `storage-readiness` alone only says that the storage was ready once, when the server started:
    then a lease that was just renewed is wanted beside it, for that is a write that went through.
    """
    if probe is None or not checks or is_old(probe, seen.now):
        return Health.UNKNOWN, ""
    failed = [check.name for check in checks if not check.ok]
    if failed:
        return Health.BAD, f"failed: {clean(', '.join(failed))}"
    if any(check.name.startswith(ETCD) for check in checks):
        return Health.OK, f"via /readyz  {len(checks)}/{len(checks)} checks"
    write = max((lease.renewed for lease in leases if lease.renewed), default=None)
    if write is None or lease_reading(seen) != "fresh" or read_at(seen) - write > OLD:
        return Health.UNKNOWN, ""
    return Health.OK, f"via /readyz  write {human_duration(max(0.0, seen.now - write))} ago"


def _why_no_etcd(seen: Evidence, checks: tuple[Check, ...]) -> str:
    probe = seen.probes.get("readyz")
    if is_cut(seen):
        return "the API server doesn't answer"  # why, its own card says
    if probe is None or is_hidden(probe) or is_old(probe, seen.now):
        return why_unknown(probe, seen.now)
    if checks:
        return "/readyz only says that the storage was ready when the API server started"
    return f"/readyz has no check of etcd here{_managed(seen)}"


def _leader(
    name: str, seen: Evidence, lease: LeaseRow | None, own: tuple[PodRow, ...]
) -> Component:
    fresh = lease is not None and lease_reading(seen) == "fresh"
    judged = lease_health(lease, read_at(seen)) if lease is not None and fresh else Health.UNKNOWN
    why = "" if fresh else _why_no_lease(name, seen, lease)
    age = lease_age(lease, seen.now)
    holder = short_holder(lease.holder) if lease else ""
    return Component(
        name=name,
        title=_TITLES.get(name, name),
        health=_with_pods(judged, own, instead=not is_cut(seen)),
        lines=_said(*_lease_lines(lease, holder, age), pods_line(own)),
        leader=holder,
        lease_age=age,
        pods=own,
        why_unseen=why,
    )


def _lease_lines(lease: LeaseRow | None, holder: str, age: float | None) -> tuple[str, ...]:
    if lease is None:
        return (NOT_VISIBLE,)
    leader = f"leader {holder}" if holder else "no leader"
    return (leader, "never renewed" if age is None else f"lease {human_duration(age)}")


def _why_no_lease(name: str, seen: Evidence, lease: LeaseRow | None) -> str:
    probe, reading = seen.probes.get("leases"), lease_reading(seen)
    if probe is None:
        return f"leases in {NAMESPACE} not read yet"
    if reading == "hidden":
        return clean(probe.why) or f"you may not read leases in {NAMESPACE}"
    if reading == "old":
        since = human_duration(max(0.0, seen.now - probe.at))
        return clean(probe.why) or f"leases not read for {since}"
    return "" if lease else f"no lease {name} in {NAMESPACE}{_managed(seen)}"


def _managed(seen: Evidence) -> str:
    return f", and {seen.flavour.label} runs it out of sight" if seen.flavour.managed else ""


def _with_pods(judged: Health, own: tuple[PodRow, ...], *, instead: bool) -> Health:
    """Static pods in trouble count; well ones stand in for what isn't known, if they may."""
    if not own:
        return judged
    if judged is Health.UNKNOWN and instead:
        return pods_health(own)
    return worst(judged, pods_health(own))


def _said(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
