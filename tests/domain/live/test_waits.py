"""What is waited for: named once it takes long, the oldest first."""

import pytest

from eksview.domain.live.waits import OpenWaits, Wait, Waits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("limit", "words"),
    [(60.0, "waiting for it, 4s of at most 60s"), (None, "waiting for it, 4s")],
)
def test_a_wait_is_told_with_its_age(limit: float | None, words: str) -> None:
    assert Wait("it", 100.0, limit).words(104.5) == words


def test_the_oldest_is_shown_and_only_if_it_takes_long() -> None:
    clock = Clock()
    waits = Waits(clock)
    told: list[OpenWaits] = []
    end = waits.watch(told.append)
    with waits.on("first"):
        clock.now += 2.0
        with waits.on("second"):
            assert waits.now.long(clock.now) is None
            clock.now += 1.0
            assert waits.now.long(clock.now) == Wait("first", 100.0)
    assert waits.now.long(clock.now) is None
    assert [len(each.waits) for each in told] == [1, 2, 1, 0]
    end()
    with waits.on("third"):
        assert len(told) == 4


def test_an_interrupted_wait_is_remembered_and_one_that_ended_well_is_not() -> None:
    waits = Waits(Clock())
    with waits.on("good"):
        pass
    assert waits.held_up(100.0) == ""
    with pytest.raises(TimeoutError), waits.on("bad"):
        raise TimeoutError
    assert waits.held_up(100.0) == ", waiting for bad"
    assert waits.held_up(100.5) == ""
