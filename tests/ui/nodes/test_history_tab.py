"""The tab of a node's usage over time."""

from eksview.domain.history.prometheus import WINDOWS, Series, UsageHistory
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
