"""The log file: errors of the terminal are logged without a traceback."""

import asyncio
import gc
import logging
import stat
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from string import ascii_lowercase

import pytest
from botocore.exceptions import TokenRetrievalError

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
    for letter in ascii_lowercase:  # records that differ: repeated ones are counted
        logger.error(letter * (MAX_SIZE // 10))
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


def refresh(logger, error):
    try:
        raise error
    except type(error):
        logger.warning("Refreshing temporary credentials failed", exc_info=True)


def test_an_error_of_aws_is_one_line(log):
    error = TokenRetrievalError(provider="sso", error_msg="Token has expired\nand refresh failed")
    refresh(logging.getLogger("botocore.credentials"), error)
    (line,) = log.read_text().splitlines()
    assert line.endswith(
        "Refreshing temporary credentials failed (TokenRetrievalError: Error when retrieving token "
        "from sso: Token has expired and refresh failed)"
    )


def test_a_bug_of_ours_has_its_traceback_once(log):
    for _ in range(9):
        refresh(logging.getLogger("eksview.aws"), KeyError("Reservations"))
    assert log.read_text().count("Traceback") == 1


def test_what_repeats_is_written_once_with_its_count(log):
    logger = logging.getLogger("aiohttp.client")
    for number in range(2_345):
        logger.warning("attempt %d failed", number)
    logger.warning("something else")
    logging.getLogger().handlers[0].close()
    ends = [line.partition(": ")[2] for line in log.read_text().splitlines()]
    assert ends == [
        "attempt 0 failed",
        "attempt 9 failed (10 times so far)",
        "attempt 99 failed (100 times so far)",
        "attempt 999 failed (1000 times so far)",
        "something else",
        "aiohttp.client: attempt # failed (2345 times in all)",
    ]


def test_reports_that_repeat_stay(log):
    logger = logging.getLogger("eksview.sshserver")
    logger.setLevel(logging.INFO)
    for number in range(3):
        logger.info("session %d", number)
    assert log.read_text().count("session") == 3


def test_the_log_is_bounded_whatever_is_logged(log):
    for number in range(5_000):
        logging.getLogger("botocore").error("%s", chr(0x4E00 + number) * 300)
    assert sum(file.stat().st_size for file in log.parent.iterdir()) < 2 * MAX_SIZE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk")
def test_a_full_disk_leaves_the_screen_alone(log, capsys):
    with suppress(OSError), Path("/dev/full").open("a", encoding="utf-8", buffering=1) as full:
        former = logging.getLogger().handlers[0].setStream(full)
        logging.getLogger("anything").error("lost")
        logging.getLogger().handlers[0].stream = former
    assert capsys.readouterr().err == ""
    assert log.read_text() == ""


def test_an_exception_that_was_never_retrieved_is_logged(log, capsys):
    async def forget():
        future = asyncio.get_running_loop().create_future()
        future.set_exception(ValueError("nobody asked"))
        del future
        gc.collect()

    asyncio.run(forget())
    assert "exception was never retrieved" in log.read_text()
    assert capsys.readouterr().err == ""


def test_warnings_are_logged(log, capsys):
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("unclosed transport", ResourceWarning, stacklevel=1)
    assert capsys.readouterr().err == ""


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
