"""The inspector's own call to the endpoint is on record as any other."""

import asyncio

import pytest

from eksview.domain.rows.access import EndpointFact
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.access.inspector import Inspector
from tests.kube.world import World
from tests.patience import until


async def test_the_walk_to_the_endpoint_is_a_call_in_the_trace(world: World) -> None:
    await Inspector(world.connect(), world.sink).probe()
    (request,) = world.sink.requests.values()
    assert (request.verb, request.target, request.source) == ("get", "/livez/ping", "endpoint")
    assert request.status == 200
    assert request.took is not None


async def test_a_walk_that_gets_nowhere_has_called_nobody(world: World) -> None:
    await Inspector(world.connect("eksview-demo-down"), world.sink).probe()
    assert not world.sink.requests


async def test_a_probe_that_breaks_is_logged_and_repeated(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    class Breaking(EndpointProbe):
        broken = True

        async def once(self) -> EndpointFact:
            if self.broken:
                Breaking.broken = False
                raise ZeroDivisionError
            return await super().once()

    connection = world.connect()
    inspector = Inspector(
        connection,
        world.sink,
        sleep=lambda _: asyncio.sleep(0.005),
        probe=Breaking(connection.access),
    )
    running = asyncio.create_task(inspector.run())
    await until(lambda: "endpoint" in world.sink.facts)
    assert "ZeroDivisionError" in caplog.text
    running.cancel()
