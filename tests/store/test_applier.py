"""The applier empties the mailbox in slices and never loses what arrives meanwhile."""

import asyncio
from threading import Thread

from eksview.domain.live.messages import Put
from eksview.domain.rows.kube import Kind
from eksview.store.applier import Applier
from eksview.store.store import Store
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
