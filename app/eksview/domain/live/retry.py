"""The next step of a watch after a failure or an end. Pure: chance is a parameter."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

FIRST = 0.8  # seconds, doubled with each failure: client-go's reflector starts there
MOST = 30.0
RARELY = 60.0  # a refused request is repeated, because the right may be granted
TOO_LARGE = "ResourceVersionTooLarge"  # the cause's reason in a Status
YOUNG = 1.0  # a stream that ended younger than this without an event has failed


class Next(StrEnum):
    """The next request of a reflector."""

    WATCH = "watch"  # from the last version
    LIST = "list"  # a streaming list
    PAGES = "pages"  # a list in pages, because the server has no streaming list


class Failure(Struct, frozen=True):
    """A failure: an HTTP status (of an answer or an ERROR event), or none for the network."""

    status: int | None = None
    reason: str = ""
    retry_after: float | None = None
    silent: bool = False  # open, but without a byte


class Decision(Struct, frozen=True):
    """A wait in seconds and the next request; `failures` goes into the next decision."""

    next: Next
    wait: float
    failures: int
    refused: bool = False


def backoff(
    failures: int, chance: Callable[[], float], first: float = FIRST, most: float = MOST
) -> float:
    """Return the seconds before try `failures` + 1: doubled, capped, plus up to a half.

    `chance` gives 0 to 1. The jitter keeps thousands of clients from returning at once.
    """
    base = min(most, first * 2.0 ** min(failures, 10))
    return min(most, base * (1.0 + 0.5 * chance()))


def retry_after_seconds(value: object) -> float | None:
    """Return the seconds of a Retry-After, a header or a Status's; None if it has none."""
    try:
        return max(0.0, float(str(value))) if value else None
    except ValueError:
        return None  # an HTTP date: rare, and the usual backoff will do


def expired(failure: Failure) -> bool:
    """Check for a resource version that the server no longer has.

    Source: Kubernetes API concepts, "410 Gone responses".
    """
    return failure.status == 410 or failure.reason in ("Expired", "Gone")


def ahead(failure: Failure, *, mute: bool) -> bool:
    """Check for a resource version that a restored server hasn't reached yet.

    A list reports that; a watch hangs without a byte (`mute`).
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
    """Decide after a failure; `mute` means that this watch never sent a byte."""
    if current is Next.WATCH and ahead(failure, mute=mute):
        return Decision(Next.LIST, backoff(failures, chance), failures + 1)
    if expired(failure):
        # The first 410 is retried at once; a second in a row is a loop to slow down.
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
    """Decide after a clean end of a stream; it counts as a failure if it had hardly begun."""
    if events == 0 and lived < YOUNG:
        return Decision(Next.WATCH, backoff(failures, chance), failures + 1)
    return Decision(Next.WATCH, 0.0, 0)
