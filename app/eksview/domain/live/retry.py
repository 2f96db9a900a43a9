"""What to do after an answer, an end or a silence. Pure: chance is a parameter."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

FIRST = 0.8  # seconds, doubled with each failure: client-go's reflector starts there
MOST = 30.0
RARELY = 60.0  # what is forbidden is asked again, in case somebody grants it
TOO_LARGE = "ResourceVersionTooLarge"  # the cause's reason in a Status
YOUNG = 1.0  # a stream that ended younger than this without an event has failed


class Next(StrEnum):
    """How a reflector goes on."""

    WATCH = "watch"  # from the last version
    LIST = "list"  # everything again
    PAGES = "pages"  # everything again, in pages: the server has no streaming list


class Failure(Struct, frozen=True):
    """What went wrong: an HTTP status (of an answer or an ERROR event), or none for the network."""

    status: int | None = None
    reason: str = ""
    retry_after: float | None = None
    silent: bool = False  # open, but not a byte came


class Decision(Struct, frozen=True):
    """Wait so many seconds, then do that. `failures` counts on for the next decision."""

    next: Next
    wait: float
    failures: int
    refused: bool = False


def backoff(failures: int, chance: Callable[[], float]) -> float:
    """Seconds before try number `failures` + 1: doubling, capped, and up to a half on top.

    `chance` gives 0 to 1. The jitter keeps thousands of clients from returning at once.
    """
    base = min(MOST, FIRST * 2.0 ** min(failures, 10))
    return min(MOST, base * (1.0 + 0.5 * chance()))


def expired(failure: Failure) -> bool:
    """Whether the version asked for is no longer kept: API concepts, "410 Gone responses"."""
    return failure.status == 410 or failure.reason in ("Expired", "Gone")


def ahead(failure: Failure, *, mute: bool) -> bool:
    """Whether the version asked for is one the server hasn't reached: it was restored.

    A list says so; a watch of such a version hangs and never says a word (`mute`).
    """
    return failure.reason == TOO_LARGE or (mute and failure.silent)


def after_failure(
    failure: Failure,
    current: Next,
    failures: int,
    chance: Callable[[], float],
    *,
    mute: bool = False,
) -> Decision:
    """Go on after an answer that wasn't good, or none at all.

    `mute`: not one byte of this watch had come.
    """
    if current is Next.WATCH and ahead(failure, mute=mute):
        return Decision(Next.LIST, backoff(failures, chance), failures + 1)
    if expired(failure):
        # A first 410 is news, and is answered at once; a second in a row is a loop to slow down.
        wait = 0.0 if failures == 0 else backoff(failures, chance)
        again = Next.PAGES if current is Next.PAGES else Next.LIST
        return Decision(again, wait, failures + 1)
    if failure.status in (400, 422) and current is Next.LIST:
        return Decision(Next.PAGES, 0.0, failures)
    if failure.status == 403:
        return Decision(current, RARELY * (1.0 + 0.1 * chance()), 0, refused=True)
    if failure.retry_after is not None:
        return Decision(current, failure.retry_after, failures + 1)
    return Decision(current, backoff(failures, chance), failures + 1)


def after_end(lived: float, events: int, failures: int, chance: Callable[[], float]) -> Decision:
    """Go on after a stream that ended cleanly: normal, unless it had hardly begun."""
    if events == 0 and lived < YOUNG:
        return Decision(Next.WATCH, backoff(failures, chance), failures + 1)
    return Decision(Next.WATCH, 0.0, 0)
