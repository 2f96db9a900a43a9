"""When a whole object is asked for, and what stays when that fails."""

import asyncio

from eksview.domain.base.errors import UserError
from eksview.ui.base.lazy_fetch import AGAIN, RETRY, Fetch


class Desk:
    """Answers when it is told to; the clock stands where it is put."""

    def __init__(self):
        self.now = 100.0
        self.answers = []
        self.asked = 0
        self.fetch = Fetch(self.ask, lambda: self.now)

    async def ask(self):
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_it_is_asked_once_until_the_row_changes():
    desk = Desk()
    desk.answers = [{"a": 1}, {"a": 2}]
    assert desk.fetch.due("row")
    await desk.fetch.ask("row")
    desk.now += 100
    assert not desk.fetch.due("row")
    assert desk.fetch.due("newer row")
    assert desk.fetch.result == {"a": 1}


async def test_a_row_that_keeps_changing_is_asked_about_at_intervals():
    desk = Desk()
    desk.answers = [{}]
    await desk.fetch.ask("row")
    desk.now += AGAIN - 0.1
    assert not desk.fetch.due("newer")
    desk.now += 0.2
    assert desk.fetch.due("newer")


async def test_one_question_at_a_time():
    gate = asyncio.Event()

    async def ask():
        await gate.wait()
        return {}

    fetch = Fetch(ask, lambda: 0.0)
    asking = asyncio.create_task(fetch.ask("row"))
    await asyncio.sleep(0)
    assert not fetch.due("newer")
    gate.set()
    await asking
    assert not fetch.busy


async def test_a_refusal_keeps_what_was_found_and_is_asked_again_later():
    desk = Desk()
    desk.answers = [{"a": 1}, UserError("You may not get\nnodes."), {"a": 2}]
    await desk.fetch.ask("row")
    await desk.fetch.ask("newer")
    assert desk.fetch.problem == "You may not get nodes."
    assert desk.fetch.result == {"a": 1}
    assert not desk.fetch.due("newest")
    desk.now += RETRY
    assert desk.fetch.due("newer")
    await desk.fetch.ask("newer")
    assert (desk.fetch.problem, desk.fetch.result) == ("", {"a": 2})
