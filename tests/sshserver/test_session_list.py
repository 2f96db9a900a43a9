"""Sessions: their limit, and what is published and logged."""

import logging

import pytest

from eksview.domain.live.viewers import Viewer, Viewers
from eksview.sshserver.session_list import MAX_ENDED, Sessions, ViewerSession
from eksview.ui.sessions.text import viewer_lines
from eksview.ui.text.glyphs import ASCII, UNICODE

NOW = 1_760_000_000.0


class Bench:
    """Sessions with a clock that the test sets, and what they published."""

    def __init__(self, most: int = 2) -> None:
        self.now = NOW
        self.published: list[Viewers] = []
        self.sessions = Sessions(most, self.published.append, lambda: self.now)


def viewer_session(user: str = "ada") -> ViewerSession:
    return ViewerSession(user, f"{user}@laptop", "192.0.2.7")


def test_as_many_look_as_may_and_a_place_comes_free() -> None:
    bench, first = Bench(most=1), viewer_session()
    assert bench.sessions.enter(first, (80, 24))
    assert not bench.sessions.enter(viewer_session("eve"), (80, 24))
    bench.sessions.leave(first)
    second = viewer_session("eve")
    assert bench.sessions.enter(second, (80, 24))
    assert (first.number, second.number) == (1, 2)


def test_each_change_is_told_the_newest_first() -> None:
    bench, ada, eve = Bench(), viewer_session(), viewer_session("eve")
    bench.sessions.enter(ada, (80, 24))
    bench.sessions.enter(eve, (120, 36))
    bench.sessions.resized(ada, (200, 60))
    bench.now = NOW + 60
    ada.sent = 5000
    bench.sessions.leave(ada)
    bench.sessions.leave(ada)  # it leaves once
    (active, ended) = bench.published[-1].sessions
    assert (active.user, active.columns, active.ended) == ("eve", 120, None)
    assert (ended.user, ended.columns, ended.sent, ended.ended) == ("ada", 200, 5000, NOW + 60)
    assert bench.published[-1].open == (active,)


def test_only_so_many_ended_sessions_are_remembered() -> None:
    bench = Bench()
    for _ in range(MAX_ENDED + 5):
        viewer = viewer_session()
        bench.sessions.enter(viewer, (80, 24))
        bench.sessions.leave(viewer)
    assert len(bench.published[-1].sessions) == MAX_ENDED


def test_the_log_has_who_from_where_and_what_it_cost(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "eksview.sshserver")
    bench, ada = Bench(most=1), ViewerSession("ada\x1b[2J", "ada@laptop", "192.0.2.7")
    bench.sessions.enter(ada, (80, 24))
    bench.sessions.enter(viewer_session("eve"), (80, 24))
    ada.sent, bench.now = 4321, NOW + 9
    bench.sessions.leave(ada)
    opened, refused, ended = (record.getMessage() for record in caplog.records)
    assert "ada@laptop" in opened
    assert "192.0.2.7, 80x24" in opened
    assert "\x1b" not in opened
    assert refused == "refused eve (eve@laptop) from 192.0.2.7: full"
    assert ended.endswith("4321 bytes in 9 s")


def test_the_panel_has_the_open_ones_first_and_says_when_nobody_may() -> None:
    sessions = (
        Viewer(2, "eve", "eve@x", "192.0.2.8", 80, 24, NOW - 600, 99, ended=NOW - 60),
        Viewer(3, "ada", "ada@laptop", "192.0.2.7", 120, 36, NOW - 90, 20480),
    )
    lines = ["".join(text for text, _ in words)
             for words in viewer_lines(Viewers(4, sessions), NOW, 100, ASCII)]  # fmt: skip
    assert lines[0].split() == ["USER", "KEY", "ADDRESS", "SIZE", "SINCE", "SENT"]
    assert lines[1].split()[1:] == ["ada", "ada@laptop", "192.0.2.7", "120x36", "90s", "20Ki"]
    assert "left 60s" in lines[2]
    (alone, *_) = viewer_lines(None, NOW, 100, UNICODE)
    assert "eksview serve" in alone[0][0]
