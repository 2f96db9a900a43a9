"""The watch of the configuration file, driven by real files."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eksview.config.file_watcher import FileWatcher, signature
from tests.patience import PATIENCE, eventually

Start = Callable[[Path], "queue.Queue[str]"]


def read(path: Path) -> str:
    return path.read_text() if path.is_file() else "none"


@pytest.fixture
def start() -> Iterator[Start]:
    watchers = []

    def started(path: Path) -> "queue.Queue[str]":
        results: queue.Queue[str] = queue.Queue()
        watchers.append(FileWatcher(path, read, period=0.01))
        watchers[-1].start(results.put)
        return results

    yield started
    for watcher in watchers:
        watcher.stop()


def test_a_change_a_replacement_and_a_removal_are_read(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "config.toml"
    results = start(path)
    path.write_text("new")
    assert results.get(timeout=PATIENCE) == "new"
    (tmp_path / "other").write_text("put")
    (tmp_path / "other").replace(path)
    assert results.get(timeout=PATIENCE) == "put"
    path.unlink()
    assert results.get(timeout=PATIENCE) == "none"
    path.mkdir()
    assert results.get(timeout=PATIENCE) == "none"
    path.rmdir()
    os.mkfifo(path)
    assert results.get(timeout=PATIENCE) == "none"
    assert results.empty()


def test_a_read_that_hangs_holds_up_no_one_and_the_end_does_not_wait(tmp_path: Path) -> None:
    path, hung, release = tmp_path / "config.toml", threading.Event(), threading.Event()

    def hang(_: Path) -> None:
        hung.set()
        release.wait()

    watcher = FileWatcher(path, hang, period=0.01)
    watcher.start(lambda _: None)
    path.write_text("slow")
    assert hung.wait(PATIENCE)
    watcher.stop()
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "config-file")
    assert thread.daemon
    release.set()
    eventually(lambda: not thread.is_alive(), "end of the watch")


def test_every_state_of_a_path_has_a_signature(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    states = [tmp_path / "absent", loop, tmp_path, tmp_path / "absent" / "x\0y"]
    assert len({signature(path) for path in states}) == len(states)
