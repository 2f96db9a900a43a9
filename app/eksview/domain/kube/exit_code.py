"""Exit codes of containers in words.

A shell and a container runtime report a process that a signal ended as 128 and the signal's number.
Source: POSIX `sh`, "Exit Status for Commands"; Linux `signal(7)` for the numbers.
"""

from eksview.domain.base.text import EMPTY, Clean

_SIGNALS = {
    1: Clean("SIGHUP: hung up"),
    2: Clean("SIGINT: interrupted"),
    3: Clean("SIGQUIT: quit"),
    4: Clean("SIGILL: illegal instruction"),
    5: Clean("SIGTRAP: trap"),
    6: Clean("SIGABRT: aborted by itself"),
    7: Clean("SIGBUS: bus error"),
    8: Clean("SIGFPE: arithmetic error"),
    9: Clean("SIGKILL: killed: the grace period ended, or out of memory"),
    11: Clean("SIGSEGV: segmentation fault"),
    13: Clean("SIGPIPE: broken pipe"),
    14: Clean("SIGALRM: timer ended"),
    15: Clean("SIGTERM: asked to stop"),
    24: Clean("SIGXCPU: CPU time limit"),
    25: Clean("SIGXFSZ: file size limit"),
    31: Clean("SIGSYS: forbidden system call"),
}
_OUT_OF_MEMORY = Clean("SIGKILL: out of memory")
_CODES = {
    126: Clean("the command can't be executed"),
    127: Clean("the command wasn't found"),
    128: Clean("the container couldn't be started"),
}
_BY_SIGNAL = 128
OOM = "OOMKilled"


def exit_words(code: int, signal: int = 0, reason: str = "") -> Clean:
    """Return what an exit code or a signal means; empty where it is the program's own affair."""
    if reason == OOM:
        return _OUT_OF_MEMORY
    number = signal or (code - _BY_SIGNAL if code > _BY_SIGNAL else 0)
    return _SIGNALS.get(number) or _CODES.get(code, EMPTY)
