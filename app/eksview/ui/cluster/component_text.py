"""One component of the control plane: all that can be seen of it, and why the rest can't."""

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

HISTORY = 60  # answers in a sparkline at most
_INDENT = "  "


class ComponentFacts(Struct, frozen=True):
    """What a component's lines are made of; `latencies` are in seconds, oldest first, by probe."""

    component: Component
    probes: Mapping[str, Probe]
    latencies: Mapping[str, tuple[float, ...]]
    lease: LeaseRow | None
    flavour: Distribution
    user: str
    now: float
    metrics: EksMetrics | None = None


def component_lines(known: ComponentFacts, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """What is wrong, what is hidden and why, then the evidence."""
    component = known.component
    yield from _hidden(known, width, glyphs)
    if component.name == APISERVER:
        yield from _latency(known, width, glyphs)
        yield from _instances(component.instances, glyphs)
    if component.name in LEADERS:
        yield from _leader(known, width)
        yield from metrics_lines(known.metrics, component.name, known.now, width, glyphs)
    yield from _pods(component.pods, known, glyphs)
    yield from _checks("/readyz", component.checks, width, glyphs)
    live = known.probes.get("livez")
    if component.name == APISERVER and live is not None:
        yield from _checks("/livez", live.checks, width, glyphs)
    if known.flavour.managed:
        said = f"{known.flavour.label} runs it: its machines, pods and logs aren't in the cluster."
        yield ((said, "faint"),)


def _hidden(known: ComponentFacts, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """What isn't visible to this user, and the rules that would show it."""
    why = known.component.why_unseen
    if not why:
        return
    first, *rest = fold(f"Not visible to you: {why}", width - 2)
    yield ((f"{glyphs.unknown} ", "unknown"), (first, "text"))
    for line in rest:
        yield ((_INDENT + line, "text"),)
    yield ()
    source = "leases" if known.component.name in LEADERS else "readyz"
    probe = known.probes.get(source)
    if probe is not None and probe.missing is not None:
        yield (("Somebody who administers the cluster can grant it:", "dim"),)
        for line in rbac_yaml(probe.missing, known.user).splitlines():
            yield ((_INDENT + clean(line), "text"),)
        yield ()


def _latency(known: ComponentFacts, width: int, glyphs: Glyphs) -> Iterator[Words]:
    measured = [(name, took) for name, took in known.latencies.items() if took]
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
    found = list(instances)
    if not found:
        return
    yield (("Instances", "strong"), ("  by their identity leases in kube-system", "faint"))
    column = max(cells(each.name) for each in found) + 2
    for each in found:
        renewed = "never" if each.age is None else f"{human_duration(each.age)} ago"
        yield (
            (f"{_INDENT}{glyphs.mark(each.health)} ", TONE_OF[each.health]),
            (fit(each.name, column), "text"),
            (f"renewed {renewed}", "dim"),
        )
    yield ()


def _leader(known: ComponentFacts, width: int) -> Iterator[Words]:
    lease, now = known.lease, known.now
    if lease is None:
        return
    entries = (
        ("holder", clean(lease.holder)),
        ("renewed", _ago(now, lease.renewed)),
        ("elected", _ago(now, lease.acquired)),
        ("lease", f"{lease.duration or 15} s, {clean(lease.key)}"),
        ("changes of leader", f"{lease.transitions:,}"),
    )
    yield from section("Leader", entries, width)


def _ago(now: float, then: float | None) -> str:
    return "never" if then is None else f"{human_duration(max(0.0, now - then))} ago"


def _pods(pods: Sequence[PodRow], known: ComponentFacts, glyphs: Glyphs) -> Iterator[Words]:
    if not pods:
        return
    yield (("Static pods", "strong"),)
    names = [clean(pod.name) for pod in pods]
    column = max(map(cells, names)) + 2
    for name, pod in zip(names, pods, strict=True):
        health = health_of_pod(pod)
        said = f"restarts {pod.restarts:<5} age {age(known.now, pod.created):<7} on "
        yield (
            (f"{_INDENT}{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(name, column), "text"),
            (fit(clean(pod.status), 18, more=glyphs.more), TONE_OF[health]),
            (f" {pod.ready}/{pod.containers} ready  ", "dim"),
            (said + clean(pod.node), "dim"),
        )
    yield ()


def _checks(path: str, checks: Sequence[Check], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Each check with its state: those that failed first and in full, the others in columns."""
    if not checks:
        return
    failed = [each for each in checks if not each.ok]
    passed = [clean(each.name) for each in checks if each.ok]
    count = f"{len(passed)}/{len(checks)} passed"
    yield ((f"Checks of {path}  ", "strong"), (count, "bad" if failed else "dim"))
    for each in failed:
        mark = glyphs.mark(Health.BAD)
        yield ((f"{_INDENT}{mark} {clean(each.name)}", "bad"), (_because(each), "text"))
    yield from _columns(passed, width, glyphs)
    yield ()


def _because(check: Check) -> str:
    # The API server doesn't tell why: "reason withheld" stands in its logs only.
    return f"  {clean(check.detail)}" if check.detail else ""


def _columns(names: Sequence[str], width: int, glyphs: Glyphs) -> Iterator[Words]:
    """As many columns as fit, filled from top to bottom."""
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
