"""A wait that ends with the first of several leaves nothing behind."""

import asyncio

import pytest

from eksview.process.first_of import first_of


class Watched:
    """An event that is waited for, and how the wait ended."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.ends: list[str] = []

    async def wait(self) -> None:
        try:
            await self.event.wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # as one that closes a connection first
            self.ends.append("cancelled")
            raise
        self.ends.append("done")


@pytest.mark.parametrize("first", [0, 1])
async def test_the_first_ends_it_and_the_other_has_ended_when_it_returns(first: int) -> None:
    waits = [Watched(), Watched()]
    racing = asyncio.ensure_future(first_of(*(each.wait() for each in waits)))
    await asyncio.sleep(0)
    waits[first].event.set()
    await racing
    assert [each.ends for each in waits] == [
        ["done"] if number == first else ["cancelled"] for number in range(2)
    ]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_wait_that_is_over_already_ends_it_at_once() -> None:
    over, other = Watched(), Watched()
    over.event.set()
    await first_of(over.wait(), other.wait())
    assert (over.ends, other.ends) == (["done"], ["cancelled"])


async def test_a_cancelled_race_cancels_all_of_its_waits() -> None:
    waits = [Watched(), Watched()]
    racing = asyncio.ensure_future(first_of(*(each.wait() for each in waits)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    racing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await racing
    assert [each.ends for each in waits] == [["cancelled"], ["cancelled"]]
    assert asyncio.all_tasks() == {asyncio.current_task()}
