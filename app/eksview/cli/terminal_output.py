"""Standard output and error while they are terminals: nothing but text, lines and tabs.

Commands clean what they print. This holds for all that is written beside: messages of argparse,
warnings, tracebacks and what was forgotten. A pipe or a file gets every byte as it is.
"""

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from eksview.domain.base.text import visible


def open_closed_streams() -> None:
    """Let what is written to a stream that the shell closed be lost, and a closed stdin be empty.

    Other programs do that too. The next file or socket would be given the number of such a stream,
    and get its output.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open


def replace_what_the_locale_lacks() -> None:
    """Let standard output have `?` for what the locale's encoding can't carry, instead of failing.

    Standard error escapes such characters by itself.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


@contextmanager
def printable_terminal() -> Iterator[None]:
    """Let `sys.stdout` and `sys.stderr` write only printable text where they are terminals.

    The dashboard's own frames don't pass here: Textual draws on `sys.__stderr__`.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_guarded, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _guarded(stream: TextIO) -> TextIO:
    # A stream is None if the shell closed it.
    is_terminal = stream is not None and stream.isatty()
    return cast(TextIO, _Printable(stream)) if is_terminal else stream


class _Printable:
    """A stream whose text is made visible before it is written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
