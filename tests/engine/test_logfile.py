"""The log file: errors of the terminal are logged without a traceback."""

import logging
import stat
import sys
import threading

import pytest

from eksview.engine.logfile import MAX_SIZE, log_path, start_log


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


def test_it_has_two_files_at_most_which_only_their_owner_reads(log):
    logger = logging.getLogger("anything")
    for _ in range(30):
        logger.error("x" * (MAX_SIZE // 10))
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["eksview.log", "eksview.log.1"]
    assert all(file.stat().st_size <= MAX_SIZE for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_large_file_of_a_former_run_is_rotated_too(tmp_path, log):
    logging.getLogger().handlers[0].close()
    log.write_text("x" * MAX_SIZE)
    start_log(log)
    logging.getLogger("anything").error("now")
    assert log.read_text().endswith("now\n")
    assert log.stat().st_size < MAX_SIZE


def test_a_traceback_is_logged_without_its_secrets(log):
    try:
        raise ValueError("GET /: Authorization: Bearer abcdefgh12345678")
    except ValueError:
        logging.getLogger("anything").exception("token=%s", "12345678abcdefgh")
    text = log.read_text()
    assert "Traceback" in text
    assert "12345678" not in text


def test_a_log_shown_on_a_terminal_does_nothing_to_it(log):
    text = "a\x1b]52;c;cm0=\x07\u202e\udc9b\nb"
    record = logging.LogRecord("eksview", logging.WARNING, "", 0, "refused: %s", (text,), None)
    logging.getLogger().handlers[0].handle(record)  # not to pytest, which can't send \udc9b on
    (line, more) = log.read_text().splitlines()
    assert line.endswith(r"refused: a\x1b]52;c;cm0=\x07\u202e\udc9b")
    assert more == "b"


def test_a_link_in_its_place_is_left_alone(log, tmp_path):
    (tmp_path / "other.log").symlink_to(log)
    assert start_log(tmp_path / "other.log") == ""


def test_it_is_in_the_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert log_path() == tmp_path / ".local" / "state" / "eksview" / "eksview.log"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert log_path() == tmp_path / "state" / "eksview" / "eksview.log"
