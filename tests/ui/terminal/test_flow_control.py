"""What a terminal at the end of a line is known to have shown."""

import pytest

from eksview.ui.terminal.driver import AGAIN, LATE, MOST, FlowControl


def answered(at: float = 0.0) -> FlowControl:
    """Of a terminal that has answered once, with nothing on its way."""
    receipts = FlowControl()
    receipts.wrote(100)
    assert receipts.ask(at)
    receipts.answer(at)
    receipts.verdicts()
    return receipts


def test_nothing_is_asked_before_something_is_written_and_once_for_each_frame():
    receipts = FlowControl()
    assert not receipts.ask(0.0)
    receipts.wrote(100)
    assert receipts.ask(0.0)
    assert not receipts.ask(0.1)
    receipts.answer(0.2)
    assert not receipts.ask(0.3), "all that was written is shown"
    receipts.wrote(1)
    assert receipts.ask(0.4)


def test_a_terminal_that_never_answers_is_asked_once_and_not_waited_for():
    receipts = FlowControl()
    receipts.wrote(100)
    assert receipts.ask(0.0)
    receipts.wrote(10 * MOST)
    assert not receipts.behind(1000.0)
    assert not receipts.ask(1000.0)
    assert not receipts.owed(LATE + 0.1)


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
    receipts = answered()
    receipts.wrote(written)
    assert receipts.ask(0.0)
    assert receipts.behind(now) is behind
    receipts.answer(now)
    assert not receipts.behind(now)


def test_what_was_written_after_the_question_isnt_shown_by_its_answer():
    receipts = answered()
    receipts.wrote(100)
    assert receipts.ask(1.0)
    receipts.wrote(MOST + 1)
    assert receipts.behind(1.1)
    receipts.answer(1.2)
    assert receipts.ask(1.2)
    assert receipts.behind(1.3)


def test_an_answer_that_was_lost_is_asked_for_again():
    receipts = answered()
    receipts.wrote(100)
    assert receipts.ask(0.0)
    assert not receipts.ask(AGAIN - 0.1)
    assert receipts.ask(AGAIN)
    assert not receipts.ask(AGAIN + 0.1)
    receipts.answer(AGAIN + 0.2)
    assert not receipts.behind(AGAIN + 0.2)
    receipts.answer(AGAIN + 0.3)  # the one that wasn't lost after all


def test_a_frame_is_late_or_not_and_that_is_told_once():
    receipts = answered()
    for began, shown in ((10.0, 10.0 + LATE), (20.0, 20.1 + LATE)):
        receipts.wrote(1)
        receipts.ask(began)
        receipts.answer(shown)
    assert receipts.verdicts() == [False, True]
    assert receipts.verdicts() == []


@pytest.mark.parametrize(("now", "owed"), [(0.1, True), (AGAIN, True), (AGAIN + 0.1, False)])
def test_only_an_answer_that_may_still_come_is_waited_for(now, owed):
    receipts = answered()
    assert not receipts.owed(0.0)
    receipts.wrote(1)
    receipts.ask(0.0)
    assert receipts.owed(now) is owed
