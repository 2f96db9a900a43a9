"""What a reflector asks for next: from which resource version, for how long, and after what."""

from typing import Any

import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.live.retry import FIRST, HEALTHY, RARELY, Failure
from eksview.domain.resources.leases import RESOURCE as LEASE
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Permission
from eksview.kube.client.connection import SILENCE
from eksview.kube.client.errors import RequestError
from eksview.kube.watch.watched_resource import TooMany, WatchedResource
from tests.kube.watch.scripted import (
    HANG,
    Answer,
    Lines,
    Run,
    ScriptedConnection,
    bookmark,
    event,
    page,
    pod,
)
from tests.patience import until

END = bookmark("10", ends_list=True)
LISTED = [event("ADDED", pod("a", "5")), END]
WATCH_LIST = {
    "watch": "true",
    "allowWatchBookmarks": "true",
    "timeoutSeconds": "300",
    "sendInitialEvents": "true",
    "resourceVersionMatch": "NotOlderThan",
}


def watch_from(version: str, **more: str) -> dict[str, str]:
    return {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "timeoutSeconds": "300",
        "resourceVersion": version,
    } | more


def failed(status: int, reason: str = "") -> RequestError:
    return RequestError(f"It answered {status}.", Failure(status, reason))


async def second_query(*lines: bytes, **source: Any) -> dict[str, str]:
    """The query of the watch that follows a list and these lines."""
    connection = ScriptedConnection([*LISTED, *lines])
    return await Run(connection).until_watch(2)


async def test_a_streaming_list_asks_for_everything_and_names_no_version() -> None:
    run = Run(ScriptedConnection(LISTED))
    assert await run.until_watch(1) == WATCH_LIST
    assert run.connection.pages == [{"limit": "1"}]
    assert run.connection.paths == {"/api/v1/pods"}
    assert run.connection.silences == [SILENCE]


async def test_a_watch_goes_on_from_the_bookmark_that_ended_the_list() -> None:
    assert await second_query() == watch_from("10")


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "DELETED"])
async def test_a_watch_goes_on_from_the_last_event(kind: str) -> None:
    query = await second_query(event("MODIFIED", pod("a", "12")), event(kind, pod("a", "15")))
    assert query == watch_from("15")


async def test_a_watch_goes_on_from_the_last_bookmark() -> None:
    query = await second_query(event("MODIFIED", pod("a", "12")), bookmark("20"), bookmark("30"))
    assert query == watch_from("30")


async def test_an_event_after_a_bookmark_is_the_newer_of_the_two() -> None:
    query = await second_query(bookmark("20"), event("MODIFIED", pod("a", "22")))
    assert query == watch_from("22")


async def test_a_bookmark_inside_the_list_neither_ends_it_nor_gives_a_version() -> None:
    connection = ScriptedConnection([bookmark("7"), event("ADDED", pod("a", "5"))])
    run = Run(connection)
    assert await run.until_watch(2) == WATCH_LIST
    assert run.sink.lists == []
    assert "lost" in run.sink.reasons[0] or "broke" in run.sink.reasons[0]


async def test_a_version_that_expired_is_left_for_a_new_list() -> None:
    gone = event("ERROR", {"kind": "Status", "code": 410, "reason": "Expired"})
    again: Lines = [event("ADDED", pod("b", "39")), bookmark("40", ends_list=True), HEALTHY]
    run = Run(ScriptedConnection([*LISTED, gone], again))
    assert await run.until_watch(3) == watch_from("40")
    assert run.connection.watches[1] == WATCH_LIST
    assert run.sink.lists == [({"a"}, ""), ({"b"}, "")]
    assert run.waits == [FIRST]


async def test_a_cut_watch_goes_on_from_its_last_event() -> None:
    half = event("MODIFIED", pod("a", "13"))[:-9]
    connection = ScriptedConnection([*LISTED, event("MODIFIED", pod("a", "12")), half])
    run = Run(connection)
    assert await run.until_watch(2) == watch_from("12")
    assert "https://api.test" in run.sink.reasons[0]
    live, again = Phase.LIVE, [Phase.RETRYING, Phase.CONNECTING]
    assert run.sink.phases == [Phase.CONNECTING, Phase.LISTING, live, *again, live]
    assert run.waits == [FIRST]


@pytest.mark.parametrize(
    ("chance", "seconds"), [(0.0, "300"), (0.25, "375"), (0.5, "450"), (0.999999, "599")]
)
async def test_the_length_of_a_watch_is_spread_by_chance(chance: float, seconds: str) -> None:
    run = Run(ScriptedConnection(LISTED), chance=chance)
    await run.until_watch(2)
    assert [query["timeoutSeconds"] for query in run.connection.watches] == [seconds, seconds]


# the list


async def test_what_is_deleted_while_the_list_streams_is_not_in_it() -> None:
    lines = [event("ADDED", pod("a", "5")), event("ADDED", pod("b", "6"))]
    run = Run(ScriptedConnection([*lines, event("DELETED", pod("a", "7")), END]))
    await run.until_watch(2)
    assert run.sink.lists == [({"b"}, "")]
    assert run.table == {"b"}


async def test_what_is_deleted_before_it_was_listed_does_no_harm() -> None:
    run = Run(ScriptedConnection([event("DELETED", pod("x", "7")), *LISTED]))
    await run.until_watch(2)
    assert run.sink.lists == [({"a"}, "")]
    assert run.sink.puts == ["a"]


async def test_events_of_a_watch_change_the_table_one_by_one() -> None:
    lines = [event("ADDED", pod("b", "12")), event("DELETED", pod("a", "13"))]
    run = Run(ScriptedConnection([*LISTED, *lines]))
    await run.until_watch(2)
    assert run.table == {"b"}
    assert run.sink.lists == [({"a"}, "")]


async def test_only_the_first_list_is_shown_while_it_is_read() -> None:
    gone = event("ERROR", {"kind": "Status", "code": 410})
    again = [event("ADDED", pod("c", "41")), bookmark("42", ends_list=True)]
    run = Run(ScriptedConnection([*LISTED, gone], again))
    await run.until_watch(3)
    assert run.sink.puts == ["a"]
    assert run.table == {"c"}


async def test_rows_of_one_scope_are_replaced_within_it_alone() -> None:
    source = WatchedResource(POD, "pods-of/n", node="n", fields="spec.nodeName=n")
    run = Run(ScriptedConnection(LISTED), source)
    selected = {"fieldSelector": "spec.nodeName=n"}
    assert await run.until_watch(2) == watch_from("10", **selected)
    assert run.connection.watches[0] == WATCH_LIST | selected
    assert run.connection.pages == []  # no server counts a selection
    assert run.sink.lists == [({"a"}, "n")]


# in pages


async def in_pages(*pages: Answer, watch: int = 2, **source: Any) -> Run:
    """Past a streaming list that is refused with 400."""
    connection = ScriptedConnection(failed(400), pages=(page(), *pages))
    run = Run(connection, WatchedResource(POD, "pods", **source))
    await run.until_watch(watch)
    return run


async def test_a_server_without_streaming_lists_is_listed_in_pages_and_watched_from_there() -> None:
    run = await in_pages(
        page(pod("a"), version="50", more="next", left=1), page(pod("b"), version="51")
    )
    assert run.connection.pages[1:] == [
        {"limit": "500"},
        {"limit": "500", "continue": "next"},
    ]
    assert run.connection.watches[1] == watch_from("51")
    assert run.sink.lists == [({"a", "b"}, "")]
    assert run.waits == []


async def test_pages_carry_the_selector_too() -> None:
    connection = ScriptedConnection(failed(422), pages=(page(version="9"),))
    source = WatchedResource(POD, "events", fields="a=b")
    query = await Run(connection, source).until_watch(2)
    assert query == watch_from("9", fieldSelector="a=b")
    assert connection.pages == [{"limit": "500", "fieldSelector": "a=b"}]


async def test_pages_that_expire_are_read_once_more_in_full() -> None:
    run = await in_pages(
        page(pod("a"), more="next", left=9), failed(410), page(pod("b"), version="60")
    )
    assert run.connection.pages[1:] == [{"limit": "500"}, {"limit": "500", "continue": "next"}, {}]
    assert run.connection.watches[1] == watch_from("60")
    assert run.sink.lists == [({"b"}, "")]


async def test_a_page_that_fails_otherwise_begins_the_list_again() -> None:
    run = await in_pages(failed(500), page(pod("a"), version="61"))
    assert run.connection.pages[1:] == [{"limit": "500"}, {"limit": "500"}]
    assert run.connection.watches[1] == watch_from("61")
    assert run.waits == [FIRST]


async def test_after_an_expired_watch_such_a_server_is_listed_in_pages_again() -> None:
    connection = ScriptedConnection(
        failed(400), failed(410), pages=(page(), page(version="50"), page(version="70"))
    )
    run = Run(connection)
    assert await run.until_watch(3) == watch_from("70")
    assert len(run.connection.pages) == 3


async def test_a_page_that_is_no_list_is_told_and_asked_for_again() -> None:
    run = await in_pages(b"[]", page(version="62"))
    assert "The answer isn't a list of pods (" in run.sink.reasons[0]
    assert run.connection.watches[1] == watch_from("62")


# how many


async def test_progress_counts_down_from_what_the_server_says_is_there() -> None:
    count = page(pod("a"), more="next", left=2)
    run = Run(ScriptedConnection([event("ADDED", pod("a", "5")), HANG], pages=(count,)))
    async with run.following():
        await until(lambda: run.sink.links["pods"].loaded == 1)
    assert run.sink.links["pods"].remaining == 2


@pytest.mark.parametrize(
    ("answers", "pages", "announced"),
    [
        ((LISTED,), (page(pod("a"), more="next", left=2),), 3),
        (([event("ADDED", pod(name)) for name in "abc"],), (page(),), None),
        ((failed(400),), (page(), page(pod("a"), pod("b"), more="next", left=2)), 4),
        ((failed(400),), (page(), page(pod("a"), pod("b"), pod("c"))), None),
    ],
)
async def test_of_more_than_are_to_be_followed_none_are(
    answers: tuple[Answer, ...], pages: tuple[Answer, ...], announced: int | None
) -> None:
    connection = ScriptedConnection(*answers, pages=pages)
    run = Run(connection, WatchedResource(POD, "pods", most=2))
    with pytest.raises(TooMany) as raised:
        await run.until_it_gives_up()
    assert raised.value.announced == announced
    assert raised.value.args == (announced,)


@pytest.mark.parametrize(
    "pages", [(page(pod("a"), more="next", left=1),), (page(more="next"),), (failed(403),)]
)
async def test_as_many_as_are_to_be_followed_are_or_where_nobody_counts(
    pages: tuple[Answer, ...],
) -> None:
    connection = ScriptedConnection([*LISTED, HEALTHY], pages=pages)
    run = Run(connection, WatchedResource(POD, "pods", most=2))
    assert await run.until_watch(2) == watch_from("10")
    assert run.waits == []


async def test_a_count_that_fails_is_retried_before_anything_is_listed() -> None:
    run = Run(ScriptedConnection(LISTED, pages=(failed(500),)))
    await run.until_watch(1)
    assert run.waits == [FIRST]
    assert run.connection.pages == [{"limit": "1"}, {"limit": "1"}]


async def test_a_table_may_outgrow_its_limit_later() -> None:
    gone = event("ERROR", {"kind": "Status", "code": 410})
    again = [*(event("ADDED", pod(name)) for name in "abc"), bookmark("42", ends_list=True)]
    run = Run(
        ScriptedConnection([*LISTED, gone], again),
        WatchedResource(POD, "pods", most=2),
    )
    assert await run.until_watch(3) == watch_from("42")
    assert run.table == {"a", "b", "c"}


# failures


@pytest.mark.parametrize("first", [403, 400])
async def test_where_neither_is_allowed_the_missing_verb_is_list(first: int) -> None:
    run = Run(ScriptedConnection(failed(first), pages=(page(), failed(403))))
    await run.until_watch(2)
    refused = [link for link in run.sink.told if link.phase is Phase.REFUSED]
    assert [link.missing for link in refused] == [Permission("list", "pods", "", "")]
    assert refused[0].reason == "It answered 403."
    assert refused[0].retry_at == run.now + RARELY
    assert run.waits == [RARELY]


def test_a_permission_is_for_a_namespace_where_only_that_is_followed() -> None:
    lease = WatchedResource(LEASE, "leases", "kube-system")
    assert lease.permission("list") == Permission(
        "list", Kind.LEASE.value, "coordination.k8s.io", "kube-system"
    )
    of_node = WatchedResource(POD, "pods-of/n", node="n")
    assert of_node.permission("watch") == Permission("watch", "pods", "", "")


@pytest.mark.parametrize(("lived", "next_wait"), [(HEALTHY, FIRST), (HEALTHY - 0.1, 16 * FIRST)])
async def test_waits_grow_until_a_stream_has_lived_for_a_while(
    lived: float, next_wait: float
) -> None:
    broken = failed(500)
    busy: Lines = [event("MODIFIED", pod("a", "12")), lived, b"half"]
    connection = ScriptedConnection([*LISTED, HEALTHY], broken, broken, broken, busy, broken)
    run = Run(connection)
    await run.until_watch(6)
    assert run.waits[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert run.waits[-1] == next_wait  # after the cut, and another failure
    assert run.connection.watches[5] == watch_from("12")


async def test_an_end_right_at_the_beginning_counts_as_a_failure_even_after_an_event() -> None:
    changed = event("MODIFIED", pod("a", "12"))
    run = Run(ScriptedConnection([*LISTED, HEALTHY], [], [changed], [bookmark("13")]))
    assert await run.until_watch(5) == watch_from("13")
    assert run.waits == [FIRST, 2 * FIRST, 4 * FIRST]
    reason = "The API server ends the stream as soon as it has begun; asking again."
    assert run.sink.reasons == [reason] * 3


async def test_the_end_of_a_stream_that_lived_for_a_while_is_normal() -> None:
    changed = event("MODIFIED", pod("a", "12"))
    run = Run(ScriptedConnection([*LISTED, HEALTHY], [changed, HEALTHY]))
    assert await run.until_watch(3) == watch_from("12")
    assert run.waits == []
    assert run.sink.phases[:3] == [Phase.CONNECTING, Phase.LISTING, Phase.LIVE]
    assert run.sink.phases[3:] == []


async def test_jitter_is_added_by_the_same_chance() -> None:
    run = Run(ScriptedConnection(failed(500), LISTED), chance=1.0)
    await run.until_watch(2)
    assert run.waits == [1.5 * FIRST]


async def test_a_line_that_stays_broken_is_counted_each_time_and_asked_for_once() -> None:
    broken = b"\xff not json\n"
    rest = [broken, event("MODIFIED", pod("a", "12")), HEALTHY]
    run = Run(ScriptedConnection([*LISTED, broken], rest))
    assert await run.until_watch(3) == watch_from("12")
    assert run.sink.links["pods"].bad_lines == 2
    assert run.sink.reasons == ["The API server sent a line that isn't JSON; reading it again."]


async def test_an_object_of_a_strange_shape_is_passed_over() -> None:
    strange = event("MODIFIED", "none")
    rest = [strange, event("MODIFIED", pod("a", "12")), HEALTHY]
    run = Run(ScriptedConnection([*LISTED, *rest]))
    assert await run.until_watch(2) == watch_from("12")
    assert run.sink.links["pods"].bad_lines == 1
    assert run.sink.reasons == []


@pytest.mark.parametrize(
    "strange",
    [
        event("ADDED", pod("n") | {"kind": "Node"}),
        event("PATCHED", pod("n")),
        event("added", pod("n")),
        event("ADDED", {"kind": "Status", "code": 410, "message": "gone"}),
        event("DELETED", pod("a") | {"kind": "Node"}),
        b'{"kind":"Status","code":500}\n',
        b'{"type":"ADDED"}\n',
        b'{"type":"ADDED","object":null}\n',
        b'{"type":"ADDED","object":{}}\n',
        b"[]\n",
        b"null\n",
    ],
)
@pytest.mark.parametrize("listing", [True, False])
async def test_what_is_no_event_about_a_pod_never_becomes_a_row(
    strange: bytes, listing: bool
) -> None:
    rest = [event("MODIFIED", pod("a", "12")), HEALTHY]
    lines: Lines = [strange, *LISTED, *rest] if listing else [*LISTED, strange, *rest]
    run = Run(ScriptedConnection(lines))
    assert await run.until_watch(2) == watch_from("12")
    assert run.table == {"a"}
    assert run.sink.links["pods"].bad_lines == 1
    assert run.sink.reasons == []


@pytest.mark.parametrize("body", [b'{"error":"no"}', b"{}", b'{"kind":"NodeList","items":[]}'])
async def test_a_page_that_is_no_list_of_pods_does_not_empty_the_table(body: bytes) -> None:
    gone = [event("ERROR", {"kind": "Status", "code": 410})]
    first = page(pod("a"), version="50")
    pages = (page(), first, body, HANG)
    run = Run(ScriptedConnection(failed(400), gone, pages=pages))
    async with run.following():
        await until(lambda: len(run.connection.pages) == 4)
    assert run.table == {"a"}
    assert "The answer isn't a list of pods (" in run.sink.reasons[-1]


BAD: dict[str, Any] = pod("bad", "6") | {"spec": "none"}


async def test_an_object_that_cannot_be_decoded_is_a_row_of_the_list_and_of_the_watch() -> None:
    listed = [event("ADDED", pod("a", "5")), event("ADDED", BAD), END]
    strange = event("MODIFIED", pod("a", "12") | {"status": {"phase": 5}})
    run = Run(ScriptedConnection([*listed, strange, HEALTHY]))
    assert await run.until_watch(2) == watch_from("12")
    rows = run.sink.tables[Kind.POD]
    assert {key: row.undecoded for key, row in rows.items()} == {
        "a": "status.phase: a whole number instead of a string",
        "bad": "spec: a string instead of an object",
    }
    assert (run.sink.links["pods"].bad_lines, run.sink.reasons) == (0, [])


async def test_an_object_that_cannot_be_decoded_costs_no_page() -> None:
    refused = failed(422, "Invalid")
    pages = (page(pod("a"), BAD, pod("b"), more="next"), page(pod("c")))
    run = Run(ScriptedConnection(refused, pages=(page(), *pages)))
    async with run.following():
        await until(lambda: run.table == {"a", "bad", "b", "c"})


async def test_an_object_without_a_version_does_not_lose_the_place_of_the_watch() -> None:
    strange = event("MODIFIED", {"metadata": {"name": "a", "uid": "a", "resourceVersion": None}})
    assert await second_query(bookmark("12"), strange) == watch_from("12")


async def test_events_are_counted_and_the_list_is_not_one_of_them() -> None:
    lines = [event("MODIFIED", pod("a", "12")), event("DELETED", pod("a", "13")), bookmark("14")]
    run = Run(ScriptedConnection([*LISTED, *lines]))
    await run.until_watch(2)
    link = run.sink.links["pods"]
    assert (link.events, link.loaded, link.remaining) == (2, 1, 0)
    assert link.last_event == link.heard == run.now


async def test_a_silence_before_the_first_byte_of_a_watch_is_left_for_a_new_list() -> None:
    silent = RequestError("It says nothing.", Failure(silent=True))
    run = Run(ScriptedConnection(LISTED, silent, LISTED))
    assert await run.until_watch(3) == WATCH_LIST
    run = Run(ScriptedConnection(LISTED, [bookmark("11"), silent]))
    assert await run.until_watch(3) == watch_from("11")


async def test_a_count_without_another_page_is_all_there_is() -> None:
    run = Run(ScriptedConnection([event("ADDED", pod("a", "5")), HANG], pages=(page(pod("a")),)))
    async with run.following():
        await until(lambda: run.sink.links["pods"].loaded == 1)
    assert run.sink.links["pods"].remaining == 0


async def test_pages_tell_what_is_still_to_come() -> None:
    count, first = page(), page(pod("a"), more="next", left=9)
    run = Run(ScriptedConnection(failed(400), pages=(count, first, HANG)))
    async with run.following():
        await until(lambda: run.sink.links["pods"].loaded == 1)
    assert run.sink.links["pods"].remaining == 9


async def test_what_was_not_foreseen_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "eksview.kube.watch.reflector")
    run = Run(ScriptedConnection(ZeroDivisionError(), LISTED))
    await run.until_watch(2)
    said = "eksview doesn't understand what the API server sent; its log says more."
    assert run.sink.reasons == [said]
    assert caplog.messages == ["pods: not foreseen", f"pods: {said}"]
    assert caplog.records[0].exc_info


async def test_a_problem_that_is_no_answer_is_told_as_it_is() -> None:
    run = Run(ScriptedConnection(UserError("Log in again."), LISTED))
    await run.until_watch(2)
    assert run.sink.reasons == ["Log in again."]
    assert run.waits == [FIRST]


async def test_of_a_broken_line_only_its_length_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "eksview.kube.watch.reflector")
    strange = event("MODIFIED", "a secret")
    await Run(ScriptedConnection([*LISTED, strange])).until_watch(2)
    (message,) = caplog.messages
    assert message.startswith(f"pods: a line of {len(strange) - 1} bytes: Expected `object`")
    assert "a secret" not in message
