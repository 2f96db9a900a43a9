"""The evidence of the control plane on narrow screens: sentences whole, and parts whole or not."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Check, Probe
from eksview.store.store import Store
from tests.ui.aws_account import cluster
from tests.ui.harness import NOW, TestedApp
from tests.ui.shell.test_app import running, shows
from tests.ui.snapshots.screens import broken_store, full_store, healthy_store

MORE = "\N{HORIZONTAL ELLIPSIS}"
REASON = (
    "Connection to 0A1B2C3D.gr7.us-west-2.eks.amazonaws.com:443 was refused: the endpoint allows "
    "203.0.113.0/24 only, and requests come from 198.51.100.7."
)
LEAST_OF_WORKERS = 7


def refused_store() -> Store:
    """Return a cluster whose API server doesn't answer, for a long reason."""
    store = broken_store()
    for fact, name in ((Facts.readyz, "readyz"), (Facts.livez, "livez")):
        store.set_fact(fact, Read(Probe(name, NOW, False, None, None, (), reason=REASON), NOW))
    return store


def panel(app: TestedApp) -> list[str]:
    """Return the lines inside the control plane's frame."""
    region = app.screen.control.region
    return [line[2:-2] for line in app.lines()[region.y + 1 : region.bottom - 1]]


def flat(lines: list[str]) -> str:
    """Return the lines as one text without blanks: a long name may be split."""
    return "".join("".join(lines).split())


@pytest.mark.parametrize("size", [(80, 30), (109, 30), (110, 36), (60, 40), (40, 48)])
async def test_what_is_wrong_is_told_whole(size: tuple[int, int]) -> None:
    app = TestedApp(refused_store())
    async with running(app, size):
        await shows(app, "kube-apiserver")
        lines = panel(app)
        for sentence in (
            "VersionUpdate of nodegroup/ng-general in progress",
            "coredns DEGRADED",
            "insights 1 in ERROR",
        ):
            assert flat([sentence]) in flat(lines)
        if size[0] < 110:  # cards side by side mix their lines
            assert flat([REASON]) in flat(lines)
        assert MORE not in flat(lines)


async def test_on_a_low_screen_the_worst_is_whole_and_the_workers_stay() -> None:
    app = TestedApp(refused_store())
    async with running(app, (80, 24)):
        await shows(app, "kube-apiserver")
        lines = panel(app)
        assert flat([REASON]) in flat(lines)
        assert app.screen.workers_panel.region.height >= LEAST_OF_WORKERS
        for name in ("EKS", "etcd", "kube-scheduler", "controller-manager", "cloud-controller"):
            assert name in flat(lines)


@pytest.mark.parametrize("width", [60, 72, 80, 81, 95, 109])
async def test_parts_that_are_well_are_shown_whole_or_not_at_all(width: int) -> None:
    parts = await parts_at(109)
    shown = await parts_at(width)
    assert set(shown) <= set(parts)
    assert "2 instances" in shown


async def parts_at(width: int) -> list[str]:
    store = healthy_store()
    issuer = replace(cluster(), public=True, private=True)
    store.set_fact(Facts.cluster, Read(issuer, NOW))
    store.set_link(Link("eks", Phase.LIVE, NOW, heard=NOW))
    app = TestedApp(store)
    async with running(app, (width, 36)):
        await shows(app, "kube-apiserver")
        evidence = [line[24:].strip() for line in panel(app)]
        return [part for line in evidence for part in line.split(" · ") if part]


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (120, 36), (40, 48)])
async def test_seconds_that_pass_dont_move_the_panels(size: tuple[int, int]) -> None:
    store = full_store()
    failed = (Check("ping", True), Check("etcd", False))
    store.set_fact(Facts.readyz, Read(Probe("readyz", NOW, False, 0.0113, 500, failed), NOW))
    app = TestedApp(store)
    async with running(app, size):
        await shows(app, "kube-apiserver")
        heights = set[int]()
        for _ in range(20):
            app.now += 1
            probe = Probe("readyz", app.now, False, 0.0113 * (app.now % 97), 500, failed)
            app.view.store.set_fact(Facts.readyz, Read(probe, app.now))
            app._frames.flush()
            await app.pilot.pause()
            heights.add(app.screen.control.region.height)
        assert len(heights) == 1
