"""What a watch does with lines, ends and silences that are no ordinary failure."""

import msgspec
import pytest
from msgspec.structs import replace

from eksview.domain.kube.api_types import Pod
from eksview.domain.live.retry import FIRST
from eksview.domain.resources.pods import pod_row
from eksview.domain.rows.kube import PodRow
from eksview.domain.rows.link import Phase
from eksview.kube.watch import reflector
from eksview.kube.watch.watched_resource import WatchedResource
from tests.demo.faults import Answer, End, Garbage, Hang
from tests.kube.watch.test_reflector import verbs
from tests.kube.world import PODS, World
from tests.patience import until

WHOLE = 41  # lines of the streaming list of World: 40 pods and the bookmark


async def watching(world: World, source: WatchedResource = PODS) -> None:
    """Past the list: its stream ends cleanly, so that the next thing asked for is a watch."""
    world.server.faults.add(End(after=WHOLE), verb="watchlist", resource="pods")
    world.follow(source)
    await until(lambda: "watch" in verbs(world))


async def test_a_line_damaged_on_its_way_is_asked_for_again(world: World) -> None:
    world.server.faults.add(Garbage(), verb="watch", resource="pods")
    await watching(world)
    world.churn()
    await world.level()
    assert verbs(world) == ["list", "watchlist", "watch", "watch"]
    assert world.sink.links["pods"].bad_lines == 1


async def test_a_line_that_stays_damaged_is_passed_over(world: World) -> None:
    world.server.faults.add(Garbage(), verb="watch", resource="pods", times=3)
    await watching(world)
    world.churn()
    await world.level()
    world.churn()
    await world.level()
    assert verbs(world).count("watch") == 2


async def test_an_object_of_a_strange_shape_is_counted_and_passed_over(world: World) -> None:
    line = msgspec.json.encode({"type": "MODIFIED", "object": "none"}) + b"\n"
    world.server.faults.add(Garbage(line), verb="watch", resource="pods")
    await watching(world)
    world.churn()
    await world.level()
    await until(lambda: world.sink.links["pods"].bad_lines == 1)
    assert verbs(world).count("watch") == 1


async def test_a_watch_that_never_says_a_word_is_left_for_a_new_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reflector, "SILENCE", 0.05)
    world.server.faults.add(Hang(), verb="watch", resource="pods")
    await watching(world)
    await until(lambda: verbs(world).count("watchlist") == 2)
    await world.level()


async def test_a_watch_that_falls_silent_goes_on_from_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reflector, "SILENCE", 0.2)
    world.server.faults.add(Hang(after=1), verb="watch", resource="pods")
    await watching(world)
    world.churn()
    await until(lambda: verbs(world).count("watch") >= 2)
    await world.level()
    assert verbs(world).count("watchlist") == 1


async def test_a_version_the_server_has_not_reached_is_left_for_a_new_list(world: World) -> None:
    body = b"""{"kind":"Status","code":504,"reason":"Timeout",
    "details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}"""
    world.server.faults.add(Answer(504, body=body), verb="watch", resource="pods")
    await watching(world)
    await until(lambda: verbs(world).count("watchlist") == 2)
    await world.level()


async def test_streams_that_end_as_they_begin_are_told_and_asked_for_ever_more_rarely(
    world: World,
) -> None:
    world.server.faults.add(End(), verb="watch", resource="pods", times=3)
    await watching(world)
    await until(lambda: len(world.waits) == 4)  # the stream of the list ended early, too
    assert world.waits == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert any("as soon as it has begun" in reason for reason in world.sink.reasons)
    world.churn()
    await world.level()


async def test_a_fault_of_our_own_is_told_and_never_leaves_a_dead_link_live(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[Exception] = []

    def row(pod: Pod) -> PodRow:
        if faults:
            raise faults[0]
        return pod_row(pod)

    await watching(world, replace(PODS, resource=replace(PODS.resource, row=row)))
    await world.level()
    faults.append(ZeroDivisionError())
    world.churn()
    await until(lambda: world.sink.links["pods"].phase is Phase.RETRYING)
    assert "its log says more" in world.sink.links["pods"].reason
    faults.clear()
    await world.level()
    assert "ZeroDivisionError" in caplog.text


async def test_where_only_watching_is_allowed_it_is_enough(world: World) -> None:
    world.server.faults.add(Answer(403), verb="list", resource="pods", times=None)
    world.follow()
    await world.level()
    assert world.sink.links["pods"].phase is Phase.LIVE
