"""What follows something until it is interrupted ends at once, with kubectl's exit code."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
INTERRUPTED = 1  # as kubectl, also for Ctrl-C


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """End the process at once, also while it writes to a reader that has stopped reading.

    Signals that are ignored, as SIGHUP is by nohup, stay so. Source: kubectl's util/interrupt.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
