"""Exit codes against the numbers of Linux (`kill -l`) and of POSIX's shell."""

import signal

import pytest

from eksview.domain.kube.exit_code import exit_words


@pytest.mark.parametrize(
    ("code", "number", "reason", "words"),
    [
        (0, 0, "Completed", ""),
        (1, 0, "Error", ""),
        (2, 0, "Error", ""),
        (126, 0, "Error", "can't be executed"),
        (127, 0, "Error", "wasn't found"),
        (128, 0, "StartError", "couldn't be started"),
        (137, 0, "OOMKilled", "SIGKILL: out of memory"),
        (137, 0, "Error", "SIGKILL: killed"),
        (143, 0, "Error", "SIGTERM: asked to stop"),
        (139, 0, "Error", "SIGSEGV: segmentation fault"),
        (0, 9, "Error", "SIGKILL: killed"),
        (1, 15, "Error", "SIGTERM"),
        (255, 0, "Unknown", ""),
    ],
)
def test_a_code_is_explained(code: int, number: int, reason: str, words: str) -> None:
    said = exit_words(code, number, reason)
    assert words in said
    assert bool(words) is bool(said)


@pytest.mark.parametrize(
    "name", ["HUP", "INT", "QUIT", "ILL", "ABRT", "BUS", "FPE", "KILL", "SEGV", "PIPE", "TERM"]
)
def test_signals_have_their_numbers(name: str) -> None:
    number = int(signal.Signals[f"SIG{name}"])
    assert exit_words(128 + number).startswith(f"SIG{name}: ")
    assert exit_words(0, number) == exit_words(128 + number)
