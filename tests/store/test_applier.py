"""The applier empties the mailbox in slices and never loses what arrives meanwhile."""

import asyncio
from threading import Thread

import pytest

from eksview.domain.live.messages import LinkState, Message, Put, Swap
from eksview.domain.live.retry import FIRST, MOST
from eksview.domain.rows.kube import Kind, PodRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.applier import REASON, TABLES, Applier
from eksview.store.pod_index import PodIndex
from eksview.store.store import Store
from tests.loop_clock import let_pass
from tests.patience import PATIENCE
from tests.store.test_store import pod


async def settle(store: Store, pods: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(store.pods) < pods:
            await asyncio.sleep(0)


async def test_rows_written_by_another_thread_arrive_in_the_store() -> None:
    store = Store()
    applier = Applier(store, asyncio.get_running_loop())
    writer = Thread(
        target=lambda: [applier.mailbox.send(Put(Kind.POD, pod(str(n)))) for n in range(5000)]
    )
    writer.start()
    await settle(store, 5000)
    writer.join()


async def test_other_work_gets_its_turn_while_a_large_batch_is_applied() -> None:
    store = Store()
    applier = Applier(store, asyncio.get_running_loop())
    for number in range(40_000):
        applier.mailbox.send(Put(Kind.POD, pod(str(number))))
    seen: set[int] = set()
    async with asyncio.timeout(PATIENCE):
        while len(store.pods) < 40_000:
            seen.add(len(store.pods))
            await asyncio.sleep(0)
    assert len(seen) > 2


async def test_what_arrives_while_a_batch_is_applied_is_taken_next() -> None:
    store = Store()
    applier = Applier(store, asyncio.get_running_loop())
    for number in range(20_000):
        applier.mailbox.send(Put(Kind.POD, pod(str(number))))
    await settle(store, 1)
    applier.mailbox.send(Put(Kind.POD, pod("late")))
    await settle(store, 20_001)
    assert "late" in store.pods


def test_a_write_after_the_screen_has_closed_is_quietly_dropped() -> None:
    loop = asyncio.new_event_loop()
    applier = Applier(Store(), loop)
    loop.close()
    applier.mailbox.send(Put(Kind.POD, pod("1")))


class Breaking:
    """A store whose pods with the uid `broken` can't be indexed until they are repaired."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repaired = False
        self.lists = 0
        add = PodIndex.add

        def breaking(index: PodIndex, row: PodRow) -> None:
            if row.uid == "broken" and not self.repaired:
                raise ZeroDivisionError
            add(index, row)

        monkeypatch.setattr(PodIndex, "add", breaking)
        self.store = Store()
        self.applier = Applier(
            self.store, asyncio.get_running_loop(), self._relist, chance=lambda: 0.0
        )
        self.listed: Message = Swap(Kind.POD, [pod("a"), pod("broken"), pod("z")])

    def _relist(self) -> None:
        self.lists += 1
        self.applier.mailbox.send(self.listed)

    @property
    def link(self) -> Link:
        return self.store.links[TABLES]


@pytest.mark.parametrize(
    "messages",
    [
        [Put(Kind.POD, pod("a")), Put(Kind.POD, pod("broken")), Put(Kind.POD, pod("z"))],
        [Swap(Kind.POD, [pod("a"), pod("broken"), pod("z")])],
    ],
)
async def test_a_change_that_cannot_be_applied_stops_no_other_and_is_shown(
    messages: list[Message], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = Breaking(monkeypatch)
    for message in (*messages, LinkState(Link("pods", Phase.LIVE, 0.0))):
        world.applier.mailbox.send(message)
    await let_pass(0.2)
    assert set(world.store.pods) == {"a", "z"}
    assert world.store.links["pods"].phase is Phase.LIVE
    assert (world.link.phase, world.link.reason, world.link.bad_lines) == (
        Phase.RETRYING,
        REASON,
        1,
    )
    assert "ZeroDivisionError" in caplog.text


async def test_all_is_listed_again_and_what_failed_is_there_once_it_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Breaking(monkeypatch)
    world.applier.mailbox.send(world.listed)
    await let_pass(0.2)
    world.repaired = True
    await let_pass(FIRST + 0.2)
    assert set(world.store.pods) == {"a", "broken", "z"}
    assert (world.link.phase, world.link.bad_lines) == (Phase.LIVE, 1)
    await let_pass(MOST)
    assert world.lists == 1


async def test_what_fails_for_good_is_listed_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = Breaking(monkeypatch)
    world.applier.mailbox.send(world.listed)
    await let_pass(300.0)
    assert 10 <= world.lists <= 20
    assert len(caplog.records) <= world.lists + 1
