"""The lines of one component of the control plane."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from eksview.domain.access.error_messages import rbac_yaml
from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.control_plane.components import APISERVER, LEADERS, Component, ServerInstance
from eksview.domain.control_plane.distribution import Distribution
from eksview.domain.kube.pod_status import health_of_pod
from eksview.domain.rows.kube import LeaseRow, PodRow
from eksview.domain.rows.server import Check, EksMetrics, Probe
from eksview.ui.text.bars import FAST, milliseconds, spark
from eksview.ui.text.control_metrics import metrics_lines
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold, section
from eksview.ui.text.words import TONE_OF, Tone, Words

HISTORY = 60  # probes in a sparkline at most
_INDENT = "  "


class ComponentFacts(Struct, frozen=True):
    """The input of a component's lines; `latencies` are in seconds, oldest first, by probe."""

    component: Component
    probes: Mapping[str, Probe]
    latencies: Mapping[str, tuple[float, ...]]
    lease: LeaseRow | None
    distribution: Distribution
    user: str
    now: float
    metrics: EksMetrics | None = None


def component_lines(
    facts: ComponentFacts, width: int, glyphs: Glyphs, copy_key: str
) -> Iterator[Words]:
    """Yield what this user may not read and the rule that grants it, then the evidence."""
    component = facts.component
    yield from _hidden(facts, width, glyphs, copy_key)
    if component.name == APISERVER:
        yield from _latency(facts, width, glyphs)
        yield from _instances(component.instances, glyphs)
    if component.name in LEADERS:
        yield from _leader(facts, width)
        yield from metrics_lines(facts.metrics, component.name, facts.now, width, glyphs)
    yield from _pods(component.pods, facts, glyphs)
    yield from _checks("/readyz", component.checks, width, glyphs)
    live = facts.probes.get("livez")
    if component.name == APISERVER and live is not None:
        yield from _checks("/livez", live.checks, width, glyphs)
    if facts.distribution.managed:
        label = facts.distribution.label
        yield ((f"{label} runs it: its machines, pods and logs aren't in the cluster.", "faint"),)


def _hidden(facts: ComponentFacts, width: int, glyphs: Glyphs, copy_key: str) -> Iterator[Words]:
    reason = facts.component.why_unseen
    if not reason:
        return
    first, *rest = fold(clean(f"{facts.component.unseen.capitalize()}: {reason}"), width - 2)
    yield ((f"{glyphs.unknown} ", "unknown"), (first, "text"))
    for line in rest:
        yield ((_INDENT + line, "text"),)
    yield ()
    if rule := missing_rule(facts):
        yield ((f"A cluster administrator can grant it ({copy_key} copies it):", "dim"),)
        for granted in rule.splitlines():
            yield ((_INDENT + clean(granted), "text"),)
        yield ()


def missing_rule(facts: ComponentFacts) -> str:
    """Return the RBAC objects that would show the component; empty if no right is missing."""
    if not facts.component.why_unseen:
        return ""
    source = "leases" if facts.component.name in LEADERS else "readyz"
    probe = facts.probes.get(source)
    missing = probe.missing if probe is not None else None
    return "" if missing is None else rbac_yaml(missing, facts.user)


def _latency(facts: ComponentFacts, width: int, glyphs: Glyphs) -> Iterator[Words]:
    measured = [(name, took) for name, took in facts.latencies.items() if took]
    if not measured:
        return
    yield (("Latency", "strong"),)
    for name, took in measured:
        room = min(HISTORY, max(8, width - 64))
        drawn = spark(took, min(room, len(took)), glyphs.spark, least=FAST).rjust(room)
        yield (
            (f"{_INDENT}{'/' + name:<9}", "dim"),
            (drawn, "accent"),
            (f"  last {milliseconds(took[-1]):>7}", "text"),
            (_spread(took), "dim"),
        )
    yield ()


def _spread(took: Sequence[float]) -> str:
    least, middle, most = min(took), sorted(took)[len(took) // 2], max(took)
    figures = (("min", least), ("p50", middle), ("max", most))
    return "".join(f"  {name} {milliseconds(value):>7}" for name, value in figures)


def _instances(instances: Iterable[ServerInstance], glyphs: Glyphs) -> Iterator[Words]:
    rows = list(instances)
    if not rows:
        return
    yield (("Instances", "strong"), ("  from their identity leases in kube-system", "faint"))
    column = max(cells(row.name) for row in rows) + 2
    for row in rows:
        renewed = "never" if row.age is None else f"{human_duration(row.age)} ago"
        yield (
            (f"{_INDENT}{glyphs.mark(row.health)} ", TONE_OF[row.health]),
            (fit(row.name, column), "text"),
            (f"renewed {renewed}", "dim"),
        )
    yield ()


def _leader(facts: ComponentFacts, width: int) -> Iterator[Words]:
    lease, now = facts.lease, facts.now
    if lease is None:
        return
    entries = (
        ("holder", clean(lease.holder)),
        ("renewed", _ago(now, lease.renewed)),
        ("elected", _ago(now, lease.acquired)),
        ("lease", f"{lease.duration or 15} s, {clean(lease.key)}"),
        ("transitions", f"{lease.transitions:,}"),
    )
    yield from section("Leader", entries, width)


def _ago(now: float, then: float | None) -> str:
    return "never" if then is None else f"{human_duration(max(0.0, now - then))} ago"


def _pods(pods: Sequence[PodRow], facts: ComponentFacts, glyphs: Glyphs) -> Iterator[Words]:
    if not pods:
        return
    yield (("Static pods", "strong"),)
    names = [pod.name for pod in pods]
    column = max(map(cells, names)) + 2
    for name, pod in zip(names, pods, strict=True):
        health = health_of_pod(pod)
        figures = f"restarts {pod.restarts:<5} age {age(facts.now, pod.created):<7} on "
        yield (
            (f"{_INDENT}{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(name, column), "text"),
            (fit(pod.status, 18, more=glyphs.more), TONE_OF[health]),
            (f" {pod.ready}/{pod.containers} ready  ", "dim"),
            (figures + pod.node, "dim"),
        )
    yield ()


def _checks(path: str, checks: Sequence[Check], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the failed checks in full, then the passed ones in columns."""
    if not checks:
        return
    failed = [check for check in checks if not check.ok]
    passed = [clean(check.name) for check in checks if check.ok]
    count = f"{len(passed)}/{len(checks)} passed"
    yield ((f"Checks of {path}  ", "strong"), (count, "bad" if failed else "dim"))
    for check in failed:
        # kube-apiserver withholds the reason of most checks: only its own log has it.
        detail = f"  {clean(check.detail)}" if check.detail else ""
        yield (
            (f"{_INDENT}{glyphs.mark(Health.BAD)} {clean(check.name)}", "bad"),
            (detail, "text"),
        )
    yield from _columns(passed, width, glyphs)
    yield ()


def _columns(names: Sequence[str], width: int, glyphs: Glyphs) -> Iterator[Words]:
    if not names:
        return
    column = max(map(cells, names)) + 5
    many = max(1, (width - 2) // column)
    height = -(-len(names) // many)
    for row in range(height):
        words: list[tuple[str, Tone]] = []
        for name in names[row::height]:
            words += [(f"{_INDENT}{glyphs.ok} ", "ok"), (fit(name, column - 4), "text")]
        yield tuple(words)
