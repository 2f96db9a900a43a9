"""The flags of `kubectl drain` that a person chooses: how long pods and the drain may take."""

import re

from msgspec import Struct

from eksview.domain.base.go_duration import duration

ASKED = "--grace-period=SECONDS --timeout=5m, as kubectl drain takes them"
NOT_OPTIONS = "Type nothing, --grace-period=SECONDS, --timeout=DURATION (90s, 5m) or both."
MOST_SECONDS = 2**31 - 1
_FLAG = re.compile(r"--(grace-period|timeout)[= ]\s*(\S+)(?:\s+|$)", re.ASCII)


class DrainOptions(Struct, frozen=True):
    """`grace` is in seconds, None for the pod's own; `timeout` in seconds, None for no end."""

    grace: int | None = None
    timeout: float | None = None


DEFAULTS = DrainOptions()


def parsed_options(text: str) -> DrainOptions | None:
    """Return the options of kubectl's words, whose last one counts; None for anything else.

    As in kubectl, a negative grace period is the pod's own and a timeout of 0 is none.
    """
    grace, timeout, rest = None, None, text.strip()
    while rest:
        flag = _FLAG.match(rest)
        if flag is None:
            return None
        rest = rest[flag.end() :]
        if flag[1] == "timeout":
            seconds = duration(flag[2])
            if seconds is None or seconds < 0:
                return None
            timeout = seconds or None
        else:
            if not re.fullmatch(r"-?[0-9]{1,10}", flag[2]) or int(flag[2]) > MOST_SECONDS:
                return None
            grace = int(flag[2]) if int(flag[2]) >= 0 else None
    return DrainOptions(grace, timeout)
