"""What a terminal at the end of a line is known to have shown."""

import pytest

from eksview.ui.terminal.driver import AGAIN, LATE, MOST, FlowControl


def answered(at: float = 0.0) -> FlowControl:
    """Of a terminal that has answered once, with nothing on its way."""
    flow = FlowControl()
    flow.wrote(100)
    assert flow.request(at)
    flow.answer(at)
    flow.verdicts()
    return flow


def test_nothing_is_asked_before_something_is_written_and_once_for_each_frame():
    flow = FlowControl()
    assert not flow.request(0.0)
    flow.wrote(100)
    assert flow.request(0.0)
    assert not flow.request(0.1)
    flow.answer(0.2)
    assert not flow.request(0.3), "all that was written is shown"
    flow.wrote(1)
    assert flow.request(0.4)


def test_a_terminal_that_never_answers_is_asked_once_and_not_waited_for():
    flow = FlowControl()
    flow.wrote(100)
    assert flow.request(0.0)
    flow.wrote(10 * MOST)
    assert not flow.behind(1000.0)
    assert not flow.request(1000.0)
    assert not flow.owed(LATE + 0.1)


@pytest.mark.parametrize(
    ("written", "now", "behind"),
    [
        (100, LATE, False),
        (100, LATE + 0.1, True),
        (MOST, 0.1, False),
        (MOST + 1, 0.1, True),
    ],
)
def test_it_is_behind_when_the_answer_is_late_or_much_is_on_its_way(written, now, behind):
    flow = answered()
    flow.wrote(written)
    assert flow.request(0.0)
    assert flow.behind(now) is behind
    flow.answer(now)
    assert not flow.behind(now)


def test_what_was_written_after_the_question_isnt_shown_by_its_answer():
    flow = answered()
    flow.wrote(100)
    assert flow.request(1.0)
    flow.wrote(MOST + 1)
    assert flow.behind(1.1)
    flow.answer(1.2)
    assert flow.request(1.2)
    assert flow.behind(1.3)


def test_an_answer_that_was_lost_is_asked_for_again():
    flow = answered()
    flow.wrote(100)
    assert flow.request(0.0)
    assert not flow.request(AGAIN - 0.1)
    assert flow.request(AGAIN)
    assert not flow.request(AGAIN + 0.1)
    flow.answer(AGAIN + 0.2)
    assert not flow.behind(AGAIN + 0.2)
    flow.answer(AGAIN + 0.3)  # the one that wasn't lost after all


def test_a_frame_is_late_or_not_and_that_is_told_once():
    flow = answered()
    for began, shown in ((10.0, 10.0 + LATE), (20.0, 20.1 + LATE)):
        flow.wrote(1)
        flow.request(began)
        flow.answer(shown)
    assert flow.verdicts() == [False, True]
    assert flow.verdicts() == []


@pytest.mark.parametrize(("now", "owed"), [(0.1, True), (AGAIN, True), (AGAIN + 0.1, False)])
def test_only_an_answer_that_may_still_come_is_waited_for(now, owed):
    flow = answered()
    assert not flow.owed(0.0)
    flow.wrote(1)
    flow.request(0.0)
    assert flow.owed(now) is owed
