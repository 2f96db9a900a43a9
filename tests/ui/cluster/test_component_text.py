"""A component's evidence in lines: what failed, what is hidden, and why."""

import msgspec
import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Permission
from eksview.domain.base.text import cells
from eksview.domain.control_plane.components import Component, components
from eksview.domain.control_plane.distribution import EKS, UNKNOWN
from eksview.domain.control_plane.evidence import Evidence
from eksview.domain.rows.kube import LeaseRow
from eksview.domain.rows.server import Check, Probe, ServerVersion
from eksview.ui.cluster.component_text import ComponentFacts, component_lines
from eksview.ui.text.glyphs import ASCII, UNICODE
from tests.ui.harness import NOW, pod

CHECKS = tuple(Check(name, True) for name in ("ping", "log", "etcd", "etcd-readiness"))
READY = Probe("readyz", NOW - 1, True, 0.011, 200, CHECKS)
LIVE = Probe("livez", NOW - 1, True, 0.009, 200, CHECKS[:2])
FAILED = msgspec.structs.replace(
    READY, ok=False, status=500, checks=(*CHECKS, Check("informer-sync", False, "reason withheld"))
)
HIDDEN = Probe(
    "readyz", NOW - 1, None, 0.01, 403, reason="You may not get /readyz.",
    missing=Permission("get", "/readyz"),
)  # fmt: skip
LEASES_HIDDEN = Probe(
    "leases", NOW - 1, None, 0.01, 403, reason="You may not list leases in kube-system.",
    missing=Permission("list", "leases", "coordination.k8s.io", "kube-system"),
)  # fmt: skip


def lease(name: str, renewed: float | None = NOW - 2, **fields) -> LeaseRow:
    values = {"holder": "ip-10-0-7-21.internal_39c8", "acquired": NOW - 7200, "duration": 15}
    return LeaseRow("kube-system", name, name, **{**values, "renewed": renewed, "transitions": 1234,
                                                 **fields})  # fmt: skip


def component_facts(
    name: str, *probes: Probe, leases: tuple[LeaseRow, ...] = (), **fields
) -> ComponentFacts:
    probed = {probe.name: probe for probe in probes}
    seen = Evidence(
        NOW, probed, leases, (), ServerVersion("v1.33.4"), fields.get("distribution", UNKNOWN)
    )
    component = next(each for each in components(seen) if each.name == name)
    values = {
        "component": component,
        "probes": probed,
        "latencies": {"readyz": (0.01, 0.02, 0.4), "livez": ()},
        "lease": next((each for each in leases if each.name == name), None),
        "distribution": UNKNOWN,
        "user": "ops",
        "now": NOW,
    }
    return ComponentFacts(**{**values, **fields})


def text(facts: ComponentFacts, width: int = 100, glyphs=UNICODE) -> list[str]:
    return [
        "".join(text for text, _ in line) for line in component_lines(facts, width, glyphs, "c")
    ]


def tone(facts: ComponentFacts, word: str) -> str:
    lines = component_lines(facts, 100, UNICODE, "c")
    return next(tone for line in lines for text, tone in line if word in text)


def test_every_check_stands_with_its_state_and_they_are_counted():
    lines = text(component_facts("kube-apiserver", READY, LIVE))
    assert any("Checks of /readyz  4/4 passed" in line for line in lines)
    assert any("Checks of /livez  2/2 passed" in line for line in lines)
    for name in ("ping", "log", "etcd-readiness"):
        assert any(f"● {name}" in line for line in lines)


def test_a_failed_check_comes_first_with_what_the_server_says():
    lines = text(component_facts("kube-apiserver", FAILED))
    at = next(at for at, line in enumerate(lines) if "Checks of /readyz  4/5 passed" in line)
    assert lines[at + 1] == "  ✖ informer-sync  reason withheld"
    assert tone(component_facts("kube-apiserver", FAILED), "informer-sync") == "bad"
    assert tone(component_facts("kube-apiserver", FAILED), "4/5 passed") == "bad"


def test_latencies_are_drawn_with_their_spread_and_those_never_measured_are_not():
    lines = text(component_facts("kube-apiserver", READY))
    (line,) = [line for line in lines if "/readyz" in line and "last" in line]
    for figure in ("last  400 ms", "min   10 ms", "p50   20 ms", "max  400 ms"):
        assert figure in line
    assert not any("/livez" in line and "last" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "probe", "words"),
    [
        (
            "kube-apiserver",
            HIDDEN,
            ("Not visible to you: You may not get /readyz.", "nonResourceURLs", "ops"),
        ),
        (
            "kube-scheduler",
            LEASES_HIDDEN,
            ("Not visible to you: You may not list leases", "leases", "coordination.k8s.io", "ops"),
        ),
    ],
)
def test_what_isnt_visible_is_said_with_the_rule_that_grants_it(name, probe, words):
    lines = "\n".join(text(component_facts(name, probe)))
    assert "can grant it" in lines
    for word in words:
        assert word in lines


def test_a_leader_is_shown_with_its_lease():
    facts = component_facts("kube-scheduler", leases=(lease("kube-scheduler"),))
    lines = "\n".join(text(facts))
    for word in ("holder", "ip-10-0-7-21.internal_39c8", "renewed", "2s ago", "elected", "120m ago",
                 "15 s, kube-system/kube-scheduler", "1,234"):  # fmt: skip
        assert word in lines


def test_a_lease_never_renewed_is_said_to_be():
    facts = component_facts("kube-scheduler", leases=(lease("kube-scheduler", None),))
    assert any("renewed" in line and "never" in line for line in text(facts))


def test_instances_of_the_api_server_have_an_age_each():
    own = [
        lease(f"apiserver-{name}", NOW - age, identity="kube-apiserver", duration=3600)
        for name, age in (("aaa", 4), ("bbb", 1800))
    ]
    lines = text(component_facts("kube-apiserver", READY, leases=tuple(own)))
    assert any("● apiserver-aaa" in line and "renewed 4s ago" in line for line in lines)
    assert any("▲ apiserver-bbb" in line and "renewed 30m ago" in line for line in lines)


def test_static_pods_are_shown_with_status_and_host():
    own = msgspec.structs.replace(
        pod(7, "cp1"), namespace="kube-system", labels="component=etcd", name="etcd-cp1"
    )
    component = Component("etcd", "etcd", Health.BAD, (), pods=(own,))
    lines = text(msgspec.structs.replace(component_facts("etcd", READY), component=component))
    (line,) = [line for line in lines if "etcd-cp1" in line]
    for word in ("✖", "CrashLoopBackOff", "0/1 ready", "restarts 12", "on cp1"):
        assert word in line


def test_who_runs_it_is_said_where_its_machines_cant_be_seen():
    assert "Amazon EKS runs it" in text(component_facts("etcd", READY, distribution=EKS))[-1]
    assert not any("runs it" in line for line in text(component_facts("etcd", READY)))


@pytest.mark.parametrize("width", [20, 40, 76, 200])
@pytest.mark.parametrize("name", ["kube-apiserver", "etcd", "kube-scheduler"])
def test_checks_stay_inside_and_ascii_is_ascii(name, width):
    facts = component_facts(name, READY, LIVE, leases=(lease("kube-scheduler"),))
    lines = text(facts, width, ASCII)
    assert "\n".join(lines).isascii()
    checks = [line for line in lines if "etcd-readiness" in line or "o ping" in line]
    assert all(cells(line) <= max(width, 24) for line in checks)


def test_nothing_of_the_servers_words_reaches_the_terminal_raw():
    evil = "x\x1b[31m[bold]\n\u202e"
    probe = msgspec.structs.replace(
        READY, checks=(Check(evil, True), Check(evil, False, evil)), ok=False, status=500
    )
    facts = component_facts("kube-scheduler", probe, leases=(lease("kube-scheduler", holder=evil),))
    for case in (facts, component_facts("kube-apiserver", probe)):
        assert all(line.isprintable() for line in text(case))
