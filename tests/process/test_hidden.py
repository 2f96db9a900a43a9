"""Programs without a terminal: they can't ask, and end with whoever started them."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eksview.process.hidden import LONGEST, ProcessOutput, follow_hidden, run_hidden
from tests.loop_clock import skip
from tests.patience import PATIENCE, eventually, until
from tests.process.children import PROGRAM, alive, children_of


async def test_a_program_has_what_it_is_given_and_returns_what_it_writes() -> None:
    code = "import os, sys; print(os.environ['A'], sys.stdin.read()); sys.exit('no luck')"
    output = await run_hidden("it", (sys.executable, "-c", code), {"A": "1"}, PATIENCE)
    assert (output.code, output.out, output.complaint) == (1, b"1 \n", "no luck")


async def test_a_program_may_be_given_a_text_and_then_its_stdin_ends() -> None:
    code = "import sys; print(sys.stdin.read() + '!')"
    output = await run_hidden("", (sys.executable, "-c", code), {}, PATIENCE, b"a text\n")
    assert (output.code, output.out) == (0, b"a text\n!\n")


async def test_what_a_program_complains_of_has_no_secret() -> None:
    code = "import sys; sys.exit('refused secret key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')"
    output = await run_hidden("it", (sys.executable, "-c", code), {}, PATIENCE)
    assert output.complaint == "refused secret key …"


@pytest.mark.parametrize(
    "command",
    [
        pytest.param((sys.executable, "-c", PROGRAM), id="while it runs"),
        pytest.param(
            ("/bin/sh", "-c", f'{sys.executable} -c "$0" "$1" &', PROGRAM), id="once it has ended"
        ),
    ],
)
async def test_after_the_limit_a_program_is_ended_with_its_children(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    pids = tmp_path / "pids"
    running = asyncio.create_task(run_hidden("it", (*command, str(pids)), os.environ, 3600.0))
    await until(lambda: children_of(pids))
    skip(3600.0)
    with pytest.raises(TimeoutError):
        await running
    await until(lambda: not any(map(alive, children_of(pids))))


async def test_a_program_is_ended_with_its_children_when_cancelled_while_it_starts(
    tmp_path: Path,
) -> None:
    """The loop is held until the child runs, as a busy machine does it."""
    pids = tmp_path / "pids"
    running = asyncio.create_task(
        run_hidden("it", (sys.executable, "-c", PROGRAM, str(pids)), os.environ, 3600.0)
    )
    await asyncio.sleep(0)  # the program has been started, and nothing is connected to it
    eventually(lambda: children_of(pids), "program and its child")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: not any(map(alive, children_of(pids))))


async def test_the_lines_of_a_program_are_passed_on_without_secrets_until_it_ends() -> None:
    code = (
        "import sys; print('one', flush=True); print('token=k9k9k9k9k9', file=sys.stderr); "
        "sys.exit(3)"
    )
    lines: list[str] = []
    assert await follow_hidden((sys.executable, "-c", code), {}, lines.append) == 3
    assert lines[0] == "one"
    assert "k9" not in "".join(lines)


@pytest.mark.parametrize("run", ["run_hidden('it', {}, os.environ, 3600.0)",
                                 "follow_hidden({}, os.environ, print)"])  # fmt: skip
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_program_ends_with_the_process_that_started_it(
    end: signal.Signals, run: str, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    # Under nohup, all that the tests start would ignore a SIGHUP.
    code = (
        "import asyncio, os, signal, sys\nfrom eksview.process.hidden import *\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        f"asyncio.run({run.format('sys.argv[1:]')})"
    )
    command = [sys.executable, "-c", code, sys.executable, "-c", PROGRAM, str(pids)]
    with subprocess.Popen(command) as starter:
        eventually(lambda: children_of(pids), "program and its child")
        assert all(map(alive, children_of(pids)))
        starter.send_signal(end)
    eventually(lambda: not any(map(alive, children_of(pids))), "end of the program")


@pytest.mark.parametrize(
    "err",
    [
        b"password=" + b"k9" * LONGEST,
        b"x" * LONGEST + b"\npassword=" + b"k9" * (LONGEST // 2) + b" refused",
        b"refused --password k9k9k9k9 for AKIAK9K9K9K9K9K9K9K9",
        b"token: >-\n  " + b"k9" * 30 + b"\n  " + b"k9" * 10,
        b"-----BEGIN PRIVATE KEY-----\n" + b"k9K8" * 16 + b"\nk9==\n",
    ],
)
def test_a_complaint_shows_no_part_of_a_secret(err: bytes) -> None:
    assert "k9" not in ProcessOutput(1, b"", err).complaint.lower()
