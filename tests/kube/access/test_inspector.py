"""The inspector's own call to the endpoint is on record as any other."""

from eksview.kube.access.inspector import Inspector
from tests.kube.world import World


async def test_the_walk_to_the_endpoint_is_a_call_in_the_trace(world: World) -> None:
    await Inspector(world.connect(), world.sink).probe()
    (request,) = world.sink.requests.values()
    assert (request.verb, request.target, request.source) == ("get", "/livez/ping", "endpoint")
    assert request.status == 200
    assert request.took is not None


async def test_a_walk_that_gets_nowhere_has_called_nobody(world: World) -> None:
    await Inspector(world.connect("eksview-demo-down"), world.sink).probe()
    assert not world.sink.requests
