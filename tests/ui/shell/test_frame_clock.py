"""Who is drawn when, and who waits."""

import pytest

from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.shell.frame_clock import FrameClock
from tests.ui.harness import NOW, make_view, node, populate


class Terminal:
    def __init__(self):
        self.behind = False


class Watcher:
    """Takes the place of a live screen; keeps the frames it was given."""

    def __init__(self, ready=True):
        self.ready = ready
        self.frames = []

    def tick(self, frame):
        self.frames.append(frame)


@pytest.fixture
def store():
    return populate(Store())


@pytest.fixture
def terminal():
    return Terminal()


def nothing():
    """Nobody wants to know."""


def clock(store, terminal, *stack, monkeypatch, read=nothing):
    monkeypatch.setattr("eksview.ui.shell.frame_clock.LiveScreen", Watcher)
    return FrameClock(make_view(store), lambda: stack, lambda: terminal.behind, read)


def test_the_first_frame_of_a_screen_is_full_and_the_next_brings_what_changed(
    store, terminal, monkeypatch
):
    screen = Watcher()
    frames = clock(store, terminal, screen, monkeypatch=monkeypatch)
    frames.flush()
    store.put(Kind.NODE, node(99))
    frames.flush()
    first, second = screen.frames
    assert first.full
    assert not second.full
    assert second.changes.nodes == {node(99).name}
    assert second.now == NOW


def test_a_screen_is_filled_when_it_is_opened_though_the_terminal_is_busy(
    store, terminal, monkeypatch
):
    below, above = Watcher(), Watcher()
    stack = [below]
    monkeypatch.setattr("eksview.ui.shell.frame_clock.LiveScreen", Watcher)
    frames = FrameClock(make_view(store), lambda: stack, lambda: terminal.behind, nothing)
    frames.flush()
    terminal.behind = True
    stack.append(above)
    frames.flush()
    frames.flush()
    assert [frame.full for frame in above.frames] == [True]


def test_a_screen_under_a_dialog_is_still_drawn(store, terminal, monkeypatch):
    screen = Watcher()
    clock(store, terminal, screen, object(), monkeypatch=monkeypatch).flush()
    assert len(screen.frames) == 1


def test_a_screen_that_comes_back_is_drawn_in_full(store, terminal, monkeypatch):
    below, above = Watcher(), Watcher()
    stack = [below]
    monkeypatch.setattr("eksview.ui.shell.frame_clock.LiveScreen", Watcher)
    frames = FrameClock(make_view(store), lambda: stack, lambda: terminal.behind, nothing)
    frames.flush()
    stack.append(above)
    frames.flush()
    stack.pop()
    frames.flush()
    assert [frame.full for frame in below.frames] == [True, True]


def test_a_terminal_that_lags_is_sent_nothing_and_loses_nothing(store, terminal, monkeypatch):
    screen = Watcher()
    frames = clock(store, terminal, screen, monkeypatch=monkeypatch)
    frames.flush()
    terminal.behind = True
    store.put(Kind.NODE, node(98))
    frames.flush()
    store.put(Kind.NODE, node(99))
    frames.flush()
    assert len(screen.frames) == 1
    terminal.behind = False
    frames.flush()
    assert screen.frames[1].changes.nodes == {node(98).name, node(99).name}


def test_a_screen_that_isnt_composed_yet_is_left_alone(store, terminal, monkeypatch):
    screen = Watcher(ready=False)
    clock(store, terminal, screen, monkeypatch=monkeypatch).flush()
    assert screen.frames == []
    assert store.take_changes()


def test_another_cluster_begins_with_a_full_frame_and_no_rates(store, terminal, monkeypatch):
    screen = Watcher()
    frames = clock(store, terminal, screen, monkeypatch=monkeypatch)
    frames.flush()
    store.reset()
    frames.flush()
    assert screen.frames[1].full
    assert screen.frames[1].changes.reset


def test_it_is_said_once_that_the_first_lists_are_read(store, terminal, monkeypatch):
    said = []
    frames = clock(
        store, terminal, Watcher(), monkeypatch=monkeypatch, read=lambda: said.append(True)
    )
    for phase, times in ((Phase.LISTING, 0), (Phase.LIVE, 1), (Phase.LISTING, 1), (Phase.LIVE, 1)):
        store.set_link(Link("pods", phase, NOW))
        frames.flush()
        assert len(said) == times


def test_a_frame_for_which_the_terminal_was_busy_is_drawn_at_the_next_look(
    store, terminal, monkeypatch
):
    screen = Watcher()
    frames = clock(store, terminal, screen, monkeypatch=monkeypatch)
    frames.tick(10.0)
    terminal.behind = True
    frames.flush()
    frames.tick(10.1)
    assert len(screen.frames) == 1
    terminal.behind = False
    frames.tick(10.2)
    assert len(screen.frames) == 2
    frames.tick(10.3)
    assert len(screen.frames) == 2, "it isn't owed any more, and not due yet"
