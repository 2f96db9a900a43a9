"""The control plane's cards: each says only what can be seen, and what can't be and why."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Permission
from eksview.domain.control_plane.components import Component, components, short_holder
from eksview.domain.control_plane.distribution import EKS
from eksview.domain.control_plane.evidence import Evidence
from eksview.domain.rows.kube import LeaseRow, PodRow, Requests
from eksview.domain.rows.server import Check, Probe, ServerVersion

NOW = 1_000_000.0
ETCD_CHECKS = (Check("ping", True), Check("etcd", True), Check("etcd-readiness", True))
STORAGE_ONLY = (Check("ping", True), Check("poststarthook/storage-readiness", True))


def readyz(ok: bool | None = True, *, name: str = "readyz", age: float = 1, **more: Any) -> Probe:
    status = {True: 200, False: 500, None: None}[ok]
    return Probe(**{"name": name, "at": NOW - age, "ok": ok, "status": status} | more)


def leases_read(ok: bool | None = True, *, age: float = 1, **more: Any) -> Probe:
    return readyz(ok, name="leases", age=age, **more)


REFUSED = {
    "status": 403,
    "missing": Permission("list", "leases", "coordination.k8s.io", "kube-system"),
    "reason": "you may not list leases in kube-system",
}


def lease(name: str, age: float | None = 2, *, identity: str = "", duration: int = 15) -> LeaseRow:
    renewed = None if age is None else NOW - age
    holder = "ip-10-0-7-21.us-west-2.compute.internal_39c82220-dcaf"
    return LeaseRow("kube-system", name, name, holder, renewed, None, duration, 0, identity)


def identity(name: str, age: float) -> LeaseRow:
    return lease(f"apiserver-{name}", age, identity="kube-apiserver", duration=3600)


def static_pod(component: str, status: str = "Running", name: str = "") -> PodRow:
    return PodRow(
        uid=name or component,
        namespace="kube-system",
        name=name or f"{component}-cp1",
        node="cp1",
        status=status,
        ready=int(status == "Running"),
        containers=1,
        restarts=0,
        restarted=None,
        created=0.0,
        ip="",
        requests=Requests(),
        labels=f"component={component},tier=control-plane",
        owner="Node/cp1",
        counted=True,
    )


def seen(*probes: Probe, **more: Any) -> Evidence:
    return Evidence(now=NOW, probes={probe.name: probe for probe in probes}, **more)


def card(name: str, evidence: Evidence) -> Component:
    return next(each for each in components(evidence) if each.name == name)


def test_the_cloud_has_a_card_only_with_its_lease() -> None:
    names = [each.name for each in components(seen())]
    assert names == ["kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager"]
    with_cloud = components(seen(leases=[lease("cloud-controller-manager")]))
    assert with_cloud[-1].title == "cloud-controller"


def test_nothing_seen_is_never_a_green_guess() -> None:
    for evidence in (seen(), seen(distribution=EKS), seen(readyz(None), leases_read(None))):
        assert Health.OK not in {each.health for each in components(evidence)}
        assert all(each.lines for each in components(evidence))


# kube-apiserver


@pytest.mark.parametrize(
    ("probes", "health", "line"),
    [
        ([readyz(latency=0.0114, checks=ETCD_CHECKS)], Health.OK, "11 ms  3/3 checks"),
        ([readyz()], Health.OK, "ready"),
        (
            [readyz(False, checks=(Check("ping", True), Check("etcd", False)))],
            Health.BAD,
            "failed: etcd  1/2 checks",
        ),
        ([readyz(), readyz(False, name="livez")], Health.BAD, "ready"),
        ([readyz(None, reason="connection refused")], Health.BAD, "connection refused"),
        ([readyz(None)], Health.BAD, "no answer"),
        ([readyz(None, reason="a plugin", asked=False)], Health.UNKNOWN, "not asked: a plugin"),
        ([readyz(None, status=403, reason="not allowed")], Health.UNKNOWN, "not allowed"),
        ([readyz(age=61)], Health.UNKNOWN, "last answer 61s ago"),
        ([], Health.UNKNOWN, "loading"),
    ],
)
def test_the_apiserver_is_as_ready_as_it_says(
    probes: list[Probe], health: Health, line: str
) -> None:
    component = card("kube-apiserver", seen(*probes))
    assert component.health is health
    assert component.lines == (line,)
    assert bool(component.why_unseen) == (health is Health.UNKNOWN)


def test_the_apiservers_instances_are_counted_by_their_identity_leases() -> None:
    evidence = seen(
        readyz(),
        leases_read(),
        leases=[identity("b", 9), identity("a", 3), identity("gone", 1800), lease("other")],
        version=ServerVersion("v1.33.4-eks-1a2b3c4"),
    )
    component = card("kube-apiserver", evidence)
    assert component.lines[0] == "2 instances  v1.33.4-eks-1a2b3c4"
    assert [(each.name, each.age, each.health) for each in component.instances] == [
        ("apiserver-a", 3, Health.OK),
        ("apiserver-b", 9, Health.OK),
        ("apiserver-gone", 1800, Health.WARN),
    ]


# etcd


@pytest.mark.parametrize(
    ("evidence", "health", "line"),
    [
        (seen(readyz(checks=ETCD_CHECKS)), Health.OK, "via /readyz  2/2 checks"),
        (
            seen(readyz(False, checks=(Check("etcd", False), Check("etcd-readiness", True)))),
            Health.BAD,
            "failed: etcd",
        ),
        (
            seen(readyz(checks=STORAGE_ONLY), leases_read(), leases=[lease("kube-scheduler", 2)]),
            Health.OK,
            "via /readyz  last write 2s ago",
        ),
        (seen(readyz(checks=STORAGE_ONLY), leases_read()), Health.UNKNOWN, "not visible to you"),
        (
            seen(readyz(checks=STORAGE_ONLY), leases_read(), leases=[lease("kube-scheduler", 90)]),
            Health.UNKNOWN,
            "not visible to you",
        ),
        (seen(readyz(checks=ETCD_CHECKS, age=90)), Health.UNKNOWN, "unknown"),
        (seen(readyz(checks=(Check("ping", True),))), Health.UNKNOWN, "not visible to you"),
        (seen(readyz(None)), Health.UNKNOWN, "unknown"),
        (seen(static_pods=[static_pod("etcd")]), Health.OK, "1/1 static pods"),
        (
            seen(readyz(checks=ETCD_CHECKS), static_pods=[static_pod("etcd", "CrashLoopBackOff")]),
            Health.BAD,
            "via /readyz  2/2 checks",
        ),
    ],
)
def test_etcd_is_judged_by_what_the_apiserver_says_of_it(
    evidence: Evidence, health: Health, line: str
) -> None:
    component = card("etcd", evidence)
    assert component.health is health
    assert component.lines[0] == line


DEAD_ETCD = (Check("ping", True), Check("etcd", False))
SLOW = {"reason": "https://api answers /livez/ping, but not /readyz within 6 s."}


@pytest.mark.parametrize(
    ("evidence", "health", "line"),
    [
        (
            seen(readyz(None, **SLOW), readyz(False, name="livez", checks=DEAD_ETCD)),
            Health.BAD,
            "failed: etcd",
        ),
        (
            seen(readyz(checks=ETCD_CHECKS), readyz(False, name="livez", checks=DEAD_ETCD)),
            Health.BAD,
            "failed: etcd",
        ),
        (
            seen(
                readyz(None, status=403, missing=Permission("get", "/readyz")),
                readyz(name="livez", checks=ETCD_CHECKS),
            ),
            Health.OK,
            "via /livez  2/2 checks",
        ),
        (
            seen(readyz(age=90, checks=ETCD_CHECKS), readyz(name="livez", checks=ETCD_CHECKS)),
            Health.OK,
            "via /livez  2/2 checks",
        ),
    ],
)
def test_etcd_is_judged_by_livez_where_readyz_is_silent_hidden_or_better(
    evidence: Evidence, health: Health, line: str
) -> None:
    component = card("etcd", evidence)
    assert component.health is health
    assert component.lines[0] == line


def test_a_health_endpoint_that_hangs_fails_the_apiserver_and_cuts_nothing_off() -> None:
    """The network is fine while the server answers /livez/ping: leases are as fresh as ever."""
    evidence = seen(
        readyz(None, **SLOW),
        readyz(None, name="livez", **SLOW),
        readyz(name="ping"),
        leases_read(),
        leases=[lease("kube-scheduler", 2)],
    )
    apiserver = card("kube-apiserver", evidence)
    assert apiserver.health is Health.BAD
    assert "answers /livez/ping" in " ".join(apiserver.lines)
    assert card("kube-scheduler", evidence).health is Health.OK


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (
            seen(readyz(checks=(Check("ping", True),)), distribution=EKS),
            "/readyz has no etcd check because Amazon EKS doesn't expose it",
        ),
        (
            seen(readyz(checks=STORAGE_ONLY)),
            "/readyz reports only that storage was ready when the API server started",
        ),
        (seen(readyz(None)), "the API server doesn't answer"),
        (seen(), "loading"),
    ],
)
def test_an_unseen_etcd_says_why(evidence: Evidence, reason: str) -> None:
    assert card("etcd", evidence).why_unseen == reason


@pytest.mark.parametrize(
    ("probes", "word"),
    [
        ([], "unknown"),  # a credential plugin runs, so nothing was asked yet
        ([leases_read(None)], "unknown"),
        ([readyz(), leases_read()], "not visible to you"),
        ([readyz(None, status=403), leases_read(None, **REFUSED)], "not visible to you"),
    ],
)
@pytest.mark.parametrize("name", ["etcd", "kube-scheduler", "kube-controller-manager"])
def test_what_was_not_asked_yet_is_unknown_and_not_refused(
    name: str, probes: list[Probe], word: str
) -> None:
    component = card(name, seen(*probes))
    assert (component.health, component.lines[0]) == (Health.UNKNOWN, word)
    assert component.unseen == word


# the ones that elect a leader


@pytest.mark.parametrize(
    ("age", "health"),
    [
        (2, Health.OK),
        (15, Health.OK),
        (17, Health.WARN),
        (45, Health.WARN),
        (47, Health.BAD),
        (None, Health.UNKNOWN),
    ],
)
def test_a_leader_is_judged_by_its_leases_age(age: float | None, health: Health) -> None:
    evidence = seen(leases_read(age=0), leases=[lease("kube-scheduler", age)])
    assert card("kube-scheduler", evidence).health is health


def test_a_leaders_card_names_it_and_its_leases_age() -> None:
    evidence = seen(leases_read(), leases=[lease("kube-controller-manager", 2)])
    component = card("kube-controller-manager", evidence)
    assert component.lines == ("leader ip-10-0-7-21", "lease 2s")
    assert (component.leader, component.lease_age) == ("ip-10-0-7-21", 2)
    assert component.title == "controller-manager"


def test_polling_slowly_is_not_held_against_a_leader() -> None:
    evidence = seen(leases_read(age=20), leases=[lease("kube-scheduler", 22)])
    component = card("kube-scheduler", evidence)
    assert (component.health, component.lease_age) == (Health.OK, 22)


@pytest.mark.parametrize(
    ("probe", "leases", "reason"),
    [
        (leases_read(None, **REFUSED), [], "you may not list leases in kube-system"),
        (leases_read(), [], "no lease kube-scheduler in kube-system"),
        (leases_read(age=90), [lease("kube-scheduler", 91)], "leases not read for 90s"),
        (leases_read(None, reason="timed out"), [lease("kube-scheduler", 3)], "timed out"),
        (leases_read(None, age=11), [], "leases in kube-system not read yet"),
    ],
)
def test_a_leader_without_a_fresh_lease_is_unknown_and_says_why(
    probe: Probe, leases: list[LeaseRow], reason: str
) -> None:
    component = card("kube-scheduler", seen(probe, leases=leases))
    assert component.health is Health.UNKNOWN
    assert component.why_unseen == reason


@pytest.mark.parametrize("own", [[], [static_pod("kube-scheduler")]])
def test_nothing_stays_green_once_the_apiserver_stops_answering(own: list[PodRow]) -> None:
    silent = readyz(None, reason="it doesn't answer")
    leases = [lease("kube-scheduler", 3), identity("a", 3)]
    found = components(seen(silent, leases_read(age=2), leases=leases, static_pods=own))
    assert Health.OK not in {each.health for each in found}
    assert {each.health for each in found[0].instances} == {Health.UNKNOWN}
    scheduler = next(each for each in found if each.name == "kube-scheduler")
    assert scheduler.why_unseen == "leases not read for 2s"


@pytest.mark.parametrize(
    ("lease_age", "pods", "health"),
    [
        (2, ["Running"], Health.OK),
        (2, ["Running", "CrashLoopBackOff"], Health.WARN),
        (2, ["CrashLoopBackOff"], Health.BAD),
        (60, ["Running"], Health.BAD),
        (None, ["Running"], Health.OK),
        (None, ["CrashLoopBackOff"], Health.BAD),
    ],
)
def test_static_pods_add_their_evidence(
    lease_age: float | None, pods: list[str], health: Health
) -> None:
    own = [static_pod("kube-scheduler", status, f"s-{n}") for n, status in enumerate(pods)]
    evidence = seen(
        leases_read(age=0), leases=[lease("kube-scheduler", lease_age)], static_pods=own
    )
    assert card("kube-scheduler", evidence).health is health


def test_leases_of_other_namespaces_are_nobodys() -> None:
    stray = LeaseRow("default", "kube-scheduler", "u", "evil", NOW, None, 15, 0)
    assert card("kube-scheduler", seen(leases_read(), leases=[stray])).leader == ""


@pytest.mark.parametrize(
    ("holder", "host"),
    [
        ("vm_170c9131-3b16", "vm"),
        ("ip-10-0-7-21.us-west-2.compute.internal_39c8", "ip-10-0-7-21"),
        ("\x1b[2Jx_1", "\\x1b[2Jx"),
        ("10.0.7.21_39c8", "10.0.7.21"),
        ("", ""),
    ],
)
def test_a_holder_is_shown_by_its_host(holder: str, host: str) -> None:
    assert short_holder(holder) == host
