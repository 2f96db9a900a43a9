"""Health, version and identity, as far as they can be seen."""

import asyncio

import pytest

from eksview.domain.base.reading import ReadFailed, Refused
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Check, Identity, Probe, ServerVersion
from eksview.kube.poll import probes as module
from eksview.kube.poll.probes import LIMIT, Probes
from tests.demo.faults import Abort, Answer, Hang, html
from tests.kube.world import World
from tests.loop_clock import idle, skip
from tests.patience import PATIENCE, until


async def probed(world: World, context: str | None = None) -> None:
    await Probes(world.connect(context), world.sink).once()


def readyz(world: World) -> Probe:
    probe = world.sink.facts["readyz"]
    assert isinstance(probe, Probe)
    return probe


async def test_a_healthy_server_lists_its_checks_its_version_and_who_we_are(world: World) -> None:
    await probed(world)
    probe = readyz(world)
    assert probe.ok is True
    assert probe.latency is not None
    assert {check.name for check in probe.checks} >= {"ping", "etcd"}
    version = world.sink.facts["version"]
    assert isinstance(version, ServerVersion)
    assert version.git.startswith("v1.")
    identity = world.sink.facts["identity"]
    assert isinstance(identity, Identity)
    assert "admin" in identity.user
    assert world.sink.links["health"].phase is Phase.LIVE


async def test_a_failing_check_is_a_failure_with_its_name(world: World) -> None:
    world.server.health.failing.add("etcd")
    await probed(world)
    assert readyz(world).ok is False
    assert [check.name for check in readyz(world).checks if not check.ok] == ["etcd"]


async def test_an_endpoint_that_hangs_is_no_dead_network(world: World) -> None:
    """A server whose etcd is dead answers /livez/ping at once, and the rest late or never."""
    faults = world.server.faults
    faults.add(Hang(), path="/readyz")
    probing = asyncio.create_task(probed(world))
    await until(lambda: faults.fired and {"ping", "livez"} <= world.sink.facts.keys())
    assert world.sink.links["health"].phase is Phase.LIVE
    skip(4.2)  # what /readyz takes then; it isn't given up yet
    await idle()
    assert "readyz" not in world.sink.facts
    skip(LIMIT)
    async with asyncio.timeout(PATIENCE):
        await probing
    assert world.sink.links["health"].phase is Phase.LIVE
    reason = readyz(world).reason
    assert "the network is fine" in reason
    assert "etcd" in reason
    assert "VPN" not in reason


async def test_a_server_that_answers_something_is_reached(world: World) -> None:
    """A proxy that blocks /livez/ping isn't a dead network either."""
    world.server.faults.add(Abort(), path="/livez/ping")
    await probed(world)
    assert world.sink.links["health"].phase is Phase.LIVE


async def test_a_forbidden_ping_is_an_answer(world: World) -> None:
    world.server.faults.add(Answer(403), path="/livez/ping")
    await probed(world)
    assert world.sink.links["health"].phase is Phase.LIVE
    assert world.sink.facts["ping"].missing is not None


async def test_a_forbidden_endpoint_is_not_visible_and_never_green(world: World) -> None:
    world.server.faults.add(Answer(403), path="/readyz")
    await probed(world)
    assert readyz(world).ok is None
    assert readyz(world).missing is not None


async def test_a_page_of_a_proxy_is_no_health(world: World) -> None:
    world.server.faults.add(html(502), path="/readyz")
    await probed(world)
    assert readyz(world).ok is False
    assert "text/html" in readyz(world).reason


async def test_a_server_that_is_gone_is_told_within_one_probe(world: World) -> None:
    await world.server.stop()
    await probed(world)
    assert (readyz(world).ok, readyz(world).status) == (None, None)
    assert world.sink.links["health"].phase is Phase.RETRYING
    assert "Connection refused by" in world.sink.links["health"].reason


async def test_a_user_without_rights_still_learns_who_it_is(world: World) -> None:
    await probed(world, "eksview-demo-nobody")
    identity = world.sink.facts["identity"]
    assert isinstance(identity, Identity)
    assert "nobody" in identity.user


async def test_a_login_page_that_says_200_is_no_health_either(world: World) -> None:
    world.server.faults.add(html(200), path="/readyz")
    await probed(world)
    assert readyz(world).ok is None
    assert "isn't a Kubernetes API" in readyz(world).reason


async def test_who_we_are_is_asked_again_after_a_bad_moment(world: World) -> None:
    world.server.faults.add(Answer(503), path="selfsubjectreviews")
    probes = Probes(world.connect(), world.sink)
    await probes.once()
    assert "identity" not in world.sink.facts
    await probes.once()
    identity = world.sink.facts["identity"]
    assert isinstance(identity, Identity)
    assert identity.user


@pytest.mark.parametrize(("status", "reading"), [(403, Refused), (404, ReadFailed)])
async def test_who_we_are_is_no_empty_name_where_the_server_will_not_say(
    world: World, status: int, reading: type
) -> None:
    world.server.faults.add(Answer(status), path="selfsubjectreviews")
    await probed(world)
    identity = world.sink.facts["identity"]
    assert isinstance(identity, reading)
    assert identity.reason
    assert identity.last == Identity("", (), None)


@pytest.mark.parametrize("path", ["/version", "selfsubjectreviews", "/readyz", "/livez"])
async def test_no_answer_that_never_comes_keeps_the_next_look_waiting(
    world: World, path: str
) -> None:
    faults, heard = world.server.faults, world.sink.facts
    faults.add(Hang(), path=path)
    probing = asyncio.create_task(probed(world))
    await until(lambda: bool(faults.fired) and (path == "/readyz" or "readyz" in heard))
    skip(LIMIT)
    async with asyncio.timeout(PATIENCE):
        await probing
    assert readyz(world).ok is (None if path == "/readyz" else True)


async def test_what_was_not_foreseen_is_reported_and_the_probe_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> tuple[Check, ...]:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "parse_checks", broken)
    probes = Probes(world.connect(), world.sink, sleep=lambda _: asyncio.sleep(0.005))
    running = asyncio.create_task(probes.run())
    await until(lambda: world.sink.links["health"].phase is Phase.RETRYING)
    assert "its log says more" in world.sink.links["health"].reason
    monkeypatch.undo()
    await until(lambda: world.sink.links["health"].phase is Phase.LIVE)
    running.cancel()
