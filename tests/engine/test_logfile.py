"""The log file: errors of the terminal are logged without a traceback."""

import logging
import sys
import threading

import pytest

from eksview.engine.logfile import log_path, start_log


@pytest.fixture
def log(tmp_path):
    root = logging.getLogger()
    before, hooks = root.handlers[:], (threading.excepthook, sys.unraisablehook)
    path = tmp_path / "eksview.log"
    assert start_log(path) == str(path)
    yield path
    threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    root.handlers[:] = before


def fail(name, problem):
    def work():
        raise problem

    thread = threading.Thread(target=work, name=name)
    thread.start()
    thread.join()


def test_a_terminal_that_is_gone_is_one_line(log):
    fail("textual-output", OSError(5, "Input/output error"))
    text = log.read_text()
    assert text.count("\n") == 1
    assert "the terminal is gone: Input/output error" in text


@pytest.mark.parametrize(
    ("name", "problem"),
    [("textual-output", ValueError("a bug")), ("other", OSError(5, "Input/output error"))],
)
def test_any_other_thread_that_fails_is_told_with_its_traceback(log, name, problem):
    fail(name, problem)
    assert "Traceback" in log.read_text()


def test_it_is_in_the_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert log_path() == tmp_path / ".local" / "state" / "eksview" / "eksview.log"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert log_path() == tmp_path / "state" / "eksview" / "eksview.log"
