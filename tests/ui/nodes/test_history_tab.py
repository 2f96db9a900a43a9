"""The tab of a node's usage over time."""

from eksview.domain.history.prometheus import WINDOWS, Series, UsageHistory
from eksview.domain.rows.kube import Kind, PodUsageRow, UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.engine.history import NO_PROMETHEUS
from eksview.store.usage_rings import UsageRings
from tests.ui.harness import NOW, TestedApp
from tests.ui.shell.test_app import running, shows


async def test_the_history_of_a_node_is_drawn_and_a_missing_prometheus_is_said() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "h")
        await shows(app, "No Prometheus.")
        points = tuple((NOW - 3600 + n * 30, 1.0 + n % 2) for n in range(120))
        series = tuple(Series(window, NOW, points) for window in WINDOWS)
        app.fake.past = UsageHistory("monitoring/prometheus", series, series)
        await press("escape", "enter", "h")
        await shows(app, "CPU, last hour", "Memory, last day", "allocatable")


def seen(app: TestedApp) -> UsageRings:
    """Let half an hour of readings have come in, and say what a cluster without Prometheus says."""
    rings = app.view.store.usage_rings
    app.fake.no_history = NO_PROMETHEUS
    for pod in app.view.store.pods.values():
        rings.keep_pod(f"{pod.namespace}/{pod.name}")
    time = app.view.store.time
    for number in range(120, -1, -1):
        at = NOW - number * 15
        time.set_ahead(time.now() + time.ahead - at)
        for node in app.view.store.nodes:
            rings.change(None, UsageRow(node, at, 400 + number, 2**30))
        for key in rings.pods:
            rings.add_pod(PodUsageRow(key, at, 40, 2**25))
    time.set_ahead(0.0)
    return rings


async def test_without_prometheus_a_node_has_what_was_seen_since_start_and_the_reason() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        seen(app)
        await press("2", "enter", "h")
        await shows(
            app, "Seen since 08:23 UTC (eksview keeps nothing on disk)",
            "CPU, since start  now 400m, max 520m", "Memory, since start  now 1Gi",
            "No Prometheus: no service", "config.toml",
        )  # fmt: skip
        text = app.text()
        assert text.index("No Prometheus: no service") < text.index("Seen since 08:23 UTC")


async def test_a_prometheus_without_figures_of_a_node_is_said_above_what_was_seen() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        seen(app)
        nothing = tuple(Series(window, NOW) for window in WINDOWS)
        app.fake.no_history, app.fake.past = "", UsageHistory("mon/prometheus", nothing, nothing)
        await press("2", "enter", "h")
        await shows(
            app, "Prometheus has no figures of this Node: mon/prometheus",
            "Seen since 08:23 UTC", "CPU, since start  now 400m",
        )  # fmt: skip


async def test_without_prometheus_a_pod_has_what_was_seen_since_its_screen_opened() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        rings = seen(app)
        await press("3", "enter", "h")
        await shows(app, "Seen since 08:23 UTC", "CPU, since start  now 40m", "No Prometheus: no")
        rings.clear()
        await shows(app, "No usage seen since start", "No Prometheus: no")


async def test_without_a_metrics_api_the_tab_says_why_nothing_was_seen() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        app.view.store.set_link(Link(Kind.USAGE.value, Phase.OFF, NOW))
        await press("2", "enter", "h")
        await shows(app, "No usage seen since start: metrics.k8s.io isn't installed.")
