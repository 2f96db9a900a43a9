"""Sessions: their limit, what is published and logged, and their colours."""

import logging

import asyncssh
import pytest
from rich.color import ColorSystem

from eksview.domain.base.problem import UserError
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.sshserver.authorized_keys import data_folder, host_key, name_of, read_keys
from eksview.sshserver.session import colours
from eksview.sshserver.sessions import MAX_ENDED, Sessions, ViewerSession
from eksview.ui.sessions.viewers import viewer_lines
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


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        ("xterm-256color", {}, ColorSystem.EIGHT_BIT),
        ("xterm-256color", {"COLORTERM": "truecolor"}, ColorSystem.TRUECOLOR),
        ("xterm-kitty", {}, ColorSystem.TRUECOLOR),
        ("xterm-direct", {}, ColorSystem.TRUECOLOR),
        ("xterm", {}, ColorSystem.STANDARD),
        ("linux", {}, ColorSystem.STANDARD),
        ("dumb", {}, None),
        ("xterm-256color", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, None),
    ],
)
def test_as_many_colours_as_the_terminal_has(terminal, environment, expected) -> None:
    assert colours(terminal, environment) is expected


def test_the_servers_key_is_made_once_and_is_its_owners_alone(tmp_path) -> None:
    folder = tmp_path / "eksview"
    first, again = host_key(folder), host_key(folder)
    (path,) = folder.iterdir()
    assert first.get_fingerprint() == again.get_fingerprint()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("rubbish")
    with pytest.raises(UserError, match="can't be used"):
        host_key(folder)


def test_a_key_is_named_by_its_comment_in_the_file(tmp_path) -> None:
    path = tmp_path / "authorized_keys"
    named, bare = (
        asyncssh.generate_private_key("ssh-ed25519").convert_to_public() for _ in range(2)
    )
    lines = [key.export_public_key("openssh").decode().strip() for key in (named, bare)]
    path.write_text(f'# team\nfrom="10.0.0.0/8" {lines[0]} ada@laptop\n{lines[1]}\n')
    keys = read_keys(path)
    assert keys.validate(named, "h", "10.1.2.3") is not None
    assert keys.validate(named, "h", "192.0.2.1") is None
    assert name_of(path, named) == "ada@laptop"
    assert name_of(path, bare) == bare.get_fingerprint()


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


def test_keys_are_in_the_data_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert data_folder() == tmp_path / ".local" / "share" / "eksview"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert data_folder() == tmp_path / "data" / "eksview"
