"""A streaming list whose closing bookmark never comes, or that breaks off, is read in pages."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from eksview.domain.rows.link import Phase
from eksview.kube.watch.recovery import Recovery
from eksview.kube.watch.stream_limit import LONGEST_LIST, QUIET, StreamLimit
from tests.kube.watch.scripted import HANG, Run, ScriptedConnection, event, page, pod
from tests.loop_clock import idle, skip

PAGED = page(pod("b", "9"), version="9")


def stream_limit() -> StreamLimit:
    return StreamLimit(Recovery(), lambda: 0.0)


async def test_a_list_without_its_closing_bookmark_is_reported_and_read_in_pages() -> None:
    connection = ScriptedConnection(
        [event("ADDED", pod("a", "5")), HANG], pages=(page(pod("a")), PAGED)
    )
    run = Run(connection)
    async with run.following():
        await idle()
        assert run.sink.links["pods"].phase is Phase.LISTING
        skip(QUIET)
        await idle()
    assert run.sink.reasons == [
        "The API server doesn't end its streaming list of pods; listing in pages."
    ]
    assert connection.pages[-1] == {"limit": "500"}
    assert connection.watches[-1]["resourceVersion"] == "9"
    assert run.table == {"b"}
    link = run.sink.links["pods"]
    assert (link.phase, link.paged) == (Phase.LIVE, True)


async def test_a_streaming_list_that_broke_off_twice_is_read_in_pages() -> None:
    half = [event("ADDED", pod("a", "5"))]
    connection = ScriptedConnection(half, half, pages=(page(), page(), PAGED))
    run = Run(connection)
    query = await run.until_watch(3)
    assert query["resourceVersion"] == "9"
    assert run.table == {"b"}
    assert run.sink.links["pods"].paged


async def test_a_list_that_was_once_read_in_pages_is_so_again_when_its_version_expires() -> None:
    half = [event("ADDED", pod("a", "5"))]
    gone = [event("ERROR", {"kind": "Status", "code": 410})]
    again = page(pod("c", "20"), version="20")
    run = Run(ScriptedConnection(half, half, gone, pages=(page(), page(), PAGED, again)))
    assert (await run.until_watch(4))["resourceVersion"] == "20"
    assert run.table == {"c"}


async def test_what_is_deleted_during_the_first_list_is_no_ghost_until_its_end() -> None:
    lines = [event("ADDED", pod("a", "5")), event("ADDED", pod("b", "6"))]
    run = Run(ScriptedConnection([*lines, event("DELETED", pod("a", "7")), HANG]))
    async with run.following():
        await idle()
        assert run.table == {"b"}


async def changes_alone() -> None:
    async with stream_limit() as limit:
        limit.begin_list()
        limit.heard(1)
        skip(QUIET - 1.0)
        limit.heard(1)
        skip(1.0)
        await asyncio.Event().wait()


async def growth_without_end() -> None:
    async with stream_limit() as limit:
        limit.begin_list()
        for listed in range(int(LONGEST_LIST)):
            limit.heard(listed + 1)
            skip(QUIET - 1.0)
            await idle()


@pytest.mark.parametrize("listing", [changes_alone, growth_without_end])
async def test_a_list_is_given_up(listing: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(TimeoutError):
        await listing()


async def test_a_list_that_grows_or_comes_in_parts_is_waited_for() -> None:
    async with stream_limit() as limit:
        limit.begin_list()
        for listed, cut in ((1, False), (1, True), (1, True), (2, False)):
            skip(QUIET - 1.0)
            await idle()
            limit.heard(listed, cut=cut)
        limit.heard(None)
        skip(LONGEST_LIST)
        await idle()
