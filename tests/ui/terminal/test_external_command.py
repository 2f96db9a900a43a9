"""Commands that are run on the terminal: how they end, and what is left of them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from eksview.domain.base.errors import UserError
from eksview.ui.terminal import external_command
from tests.patience import until


@pytest.mark.parametrize(("command", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", -9)])
async def test_the_code_is_the_commands(command: str, code: int) -> None:
    assert await external_command._run(("sh", "-c", command), os.environ) == code


async def test_what_cant_be_started_is_a_sentence() -> None:
    with pytest.raises(
        UserError, match=r"^/nowhere/ssh can't be started: No such file or directory"
    ):
        await external_command._run(("/nowhere/ssh", "10.0.0.1"), os.environ)


async def test_words_are_words_and_nothing_for_a_shell(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("$(id)", "; exit 3", "a b")
    assert (
        await external_command._run(
            (sys.executable, "-c", "import sys; print(sys.argv[1:])", *words), os.environ
        )
        == 0
    )
    assert capfd.readouterr().out == f"{[*words]}\n"


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("trap", ["", "trap '' HUP; "])
async def test_one_that_is_given_up_is_ended_whether_or_not_it_hears_the_hanging_up(
    trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_command, "GRACE", 0.01 if trap else 20.0)
    up = tmp_path / "up"
    os.mkfifo(up)
    script = f"{trap}echo $$ > {up}; exec sleep 600"
    task = asyncio.create_task(external_command._run(("sh", "-c", script), os.environ))
    pid = int(await asyncio.to_thread(up.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not alive(pid))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (255, "ended with exit code 255"),
        (-2, "was ended by SIGINT"),
        (-99, "was ended by signal 99"),
    ],
)
def test_an_end_in_words(code: int, words: str) -> None:
    assert external_command._ended(code) == words
