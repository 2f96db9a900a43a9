"""The panel of problems and warnings in the spare room of home."""

import re

import msgspec
import pytest

from eksview.domain.rows.kube import EventRow, Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.home.attention import Attention, recent_warnings
from eksview.ui.home.workers import Workers
from eksview.ui.workers.layout import richest
from tests.ui.aws_account import LOST, populate_aws
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.painted import settle
from tests.ui.shell.test_app import running, until

LARGE = pytest.mark.parametrize("size", [(120, 46), (200, 60)])


def event(number: int, ago: float, **fields: object) -> EventRow:
    row = EventRow(
        uid=f"e{number}",
        namespace="shop",
        name=f"e{number}",
        about=f"Pod/shop/web-{number}",
        type="Warning",
        reason="FailedScheduling",
        message="0/6 nodes are available",
        source="scheduler",
        count=1,
        first=NOW - ago,
        last=NOW - ago,
    )
    return msgspec.structs.replace(row, **fields)


def after(app: TestedApp, start: str) -> list[str]:
    lines = app.lines()
    at = next(number for number, line in enumerate(lines) if start in line)
    return lines[at + 1 :]


@LARGE
async def test_spare_room_shows_the_problems_newest_first(size: tuple[int, int]) -> None:
    app = TestedApp(populate_aws(populate(Store())))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        shown = after(app, "Problems, newest first")
    assert shown[0].split()[1:5] == ["✖", "NotReady", "<1m", "ip-10-0-1-56"]
    assert "Kubelet stopped posting node status." in shown[0]
    assert "failed to join" in shown[1]
    assert LOST in shown[1]
    assert shown[2].split()[1:4] == ["▲", "DiskPressure", "24h"]
    assert "kubelet has disk pressure" in shown[2]
    assert "Cordoned" in shown[3]


@LARGE
async def test_spare_room_shows_recent_warnings(size: tuple[int, int]) -> None:
    app = TestedApp(populate(Store()))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        shown = "\n".join(after(app, "Warnings of the last hour"))
    assert "BackOff" in shown
    assert "pod payments/api-7d876db474-00007" in shown
    assert "Back-off restarting failed container api" in shown


@LARGE
async def test_a_healthy_cluster_has_no_problems(size: tuple[int, int]) -> None:
    store = populate(Store(), nodes=2, pods=2)
    for row in [*store.events.values()]:
        store.drop(Kind.EVENT, row)
    app = TestedApp(store)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "No node has a problem." in app.text()
        assert "None." in after(app, "Warnings of the last hour")[0]


@pytest.mark.parametrize("nodes", [1, 3, 6, 12, 25, 60, 200, 700, 2000])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_the_panel_takes_no_room_from_the_nodes(nodes: int, size: tuple[int, int]) -> None:
    app = TestedApp(populate(Store(), nodes=nodes, pods=0))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        workers, panel = app.screen.query_one(Workers), app.screen.query_one(Attention)
        plan = workers._lines.plan
        taken = panel.size.height if panel.display else 0
        room = workers.size.height + taken - 2
        assert plan.zoom is richest(workers._lines.blocks, size[0] - 4, room)
        if taken:
            assert len(plan.lines) <= workers.inner[1]
        assert max(len(plan.lines), workers.inner[1]) == workers.inner[1] or not taken


async def test_the_panel_has_the_problems_as_soon_as_it_is_shown() -> None:
    app = TestedApp(populate(Store()))
    async with running(app, (200, 60)):
        await until(app.pilot, lambda: "Problems, newest first" in app.text())
        assert "NotReady" in after(app, "Problems, newest first")[0]


async def test_it_waits_for_the_nodes() -> None:
    store = populate(Store(), nodes=0, pods=0)
    store.set_link(Link(str(Kind.NODE), Phase.LISTING, NOW - 1))
    app = TestedApp(store)
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot)
        assert not app.screen.query_one(Attention).display


async def test_seconds_alone_change_nothing() -> None:
    """Ages by the second would be bytes for a terminal that shows a healthy cluster."""
    app = TestedApp(populate(Store()))
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot)
        panel = app.screen.query_one(Attention)
        for second in range(0, 7200, 7):
            panel.sync(NOW + second, full=True)
            for line in panel.lines():
                assert not re.search(r"\d+s ", "".join(text for text, _ in line))


def test_warnings_are_recent_distinct_and_newest_first() -> None:
    given = [
        event(0, 100),
        event(1, 50),
        event(2, 20, about="Pod/shop/web-0"),
        event(3, 3601),
        event(4, 10, type="Normal"),
        event(5, 30, about="Pod/shop/web-0", reason="BackOff"),
    ]
    assert [each.uid for each in recent_warnings(given, NOW)] == ["e2", "e5", "e1"]
