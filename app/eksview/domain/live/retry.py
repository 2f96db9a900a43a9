"""The next step of a link after a failure or an end. Pure: chance is a parameter.

`backoff` decides every wait after a failure: of watches, polls, plugins and AWS calls.
"""

from collections.abc import Callable
from enum import StrEnum
from math import isfinite

from msgspec import Struct

FIRST = 0.8  # seconds, doubled with each failure: client-go's reflector starts there
MOST = 30.0
CEILING = 120.0  # seconds; the longest wait that a server's Retry-After can ask for
NOT_FOUND = 404
UNWATCHABLE = (403, 404, 405)
"""Answers to a watch that tell, straight after a list of the same, that it can't be watched."""
RARELY = 60.0  # a refused request is repeated, because the right may be granted
TOO_LARGE = "ResourceVersionTooLarge"  # the cause's reason in a Status
HEALTHY = 10.0  # seconds; a stream that was live for so long ends the run of failures before it
BROKEN_LISTS = 2  # streaming lists that break off in a row, after which pages are tried
BUSY = (401, 403, 429, 503)  # answers that don't tell whether the server has streaming lists


class Next(StrEnum):
    """The next request of a reflector."""

    WATCH = "watch"  # from the last version
    LIST = "list"  # a streaming list
    PAGES = "pages"  # a list in pages, because the server has no streaming list that ends


class Failure(Struct, frozen=True):
    """A failure: an HTTP status (of an answer or an ERROR event), or none for the network."""

    status: int | None = None
    reason: str = ""
    retry_after: float | None = None
    silent: bool = False  # open, but without a byte
    endless: bool = False  # a streaming list that doesn't come to its end


class Failures(Struct, frozen=True):
    """The failures in a row, counted by whether the server answered.

    An answer ends the run of requests without one, so a server that is back after an outage isn't
    waited for as if it were still away.
    """

    unanswered: int = 0
    answered: int = 0
    lists: int = 0  # streaming lists that broke off

    def counted(self, *, answered: bool, listing: bool) -> "Failures":
        """Return the failures with one more."""
        lists = self.lists + listing
        if answered:
            return Failures(0, self.answered + 1, lists)
        return Failures(self.unanswered + 1, self.answered, lists)


class Decision(Struct, frozen=True):
    """A wait in seconds and the next request; `failures` goes into the next decision."""

    next: Next
    wait: float
    failures: Failures
    refused: bool = False
    unwatched: bool = False  # lists may be allowed where the watch isn't


def backoff(
    failures: int,
    chance: Callable[[], float],
    retry_after: float | None = None,
    *,
    first: float = FIRST,
    most: float = MOST,
) -> float:
    """Return the seconds before try `failures` + 1: doubled, capped, plus up to a half.

    `chance` gives 0 to 1. The jitter keeps thousands of clients from returning at once. The
    server's `retry_after` can make the wait longer, up to `CEILING`, but never shorter.
    """
    base = min(most, first * 2.0 ** min(failures, 10))
    wait = min(most, base * (1.0 + 0.5 * chance()))
    if retry_after is None or not isfinite(retry_after):
        return wait
    return max(wait, min(CEILING, retry_after * (1.0 + 0.1 * chance())))


def before_reading_on(failure: Failure, failures: int, chance: Callable[[], float]) -> float:
    """Return the seconds before a log is read on after so many failures in a row."""
    if failure.status in (403, NOT_FOUND):
        return RARELY
    return backoff(failures, chance, failure.retry_after)


def retry_after_seconds(value: object) -> float | None:
    """Return the seconds of a Retry-After, a header or a Status's; None for no number of them.

    An HTTP date gives None, as in client-go: it would depend on this machine's clock.
    """
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return seconds if isfinite(seconds) and seconds > 0.0 else None


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
    failures: Failures,
    chance: Callable[[], float],
    *,
    begun: bool = False,
    mute: bool = False,
    relist: float | None = None,
) -> Decision:
    """Decide after a failure of a stream that had `begun` but never sent a byte (`mute`).

    `relist` is the wait before the next list, for a stream straight after a list.
    A stream that was live for `HEALTHY` seconds counts as not begun, and its failures as none.
    """
    answered = begun or failure.status is not None
    broken = current is Next.LIST and answered and failure.status not in BUSY
    counted = failures.counted(answered=answered, listing=broken)
    number = failures.answered if answered else failures.unanswered
    wait = backoff(number, chance, failure.retry_after)
    if current is Next.WATCH and ahead(failure, mute=mute):
        return Decision(Next.LIST, wait, counted)
    if failure.status in (400, 422) and current is Next.LIST:
        return Decision(Next.PAGES, 0.0, failures)  # happens once for each reflector
    if (decision := _refusal(failure, current, failures, chance, relist)) is not None:
        return decision
    if failure.endless or (broken and counted.lists >= BROKEN_LISTS):
        return Decision(Next.PAGES, wait, counted)
    # A resource that comes back may have other versions, and what is denied may still be listed.
    if (expired(failure) or failure.status in UNWATCHABLE) and current is Next.WATCH:
        return Decision(Next.LIST, wait, counted)
    return Decision(current, wait, counted)


def _refusal(
    failure: Failure,
    current: Next,
    failures: Failures,
    chance: Callable[[], float],
    relist: float | None,
) -> Decision | None:
    """Decide after the refusal of a list, or of a watch where lists may be allowed."""
    if failure.status == 403 and current is Next.PAGES:
        return Decision(Next.LIST, RARELY * (1.0 + 0.1 * chance()), Failures(), refused=True)
    if failure.status in (403, 405) and current is Next.LIST:  # it needs the right to watch
        return Decision(Next.PAGES, 0.0, failures, unwatched=True)
    if failure.status in UNWATCHABLE and relist is not None:
        return Decision(Next.PAGES, relist, Failures(), unwatched=True)
    return None


def after_end(lived: float, failures: Failures, chance: Callable[[], float]) -> Decision:
    """Decide after a clean end of a stream that was live so long; an early end is a failure."""
    if lived >= HEALTHY:
        return Decision(Next.WATCH, 0.0, Failures())
    counted = failures.counted(answered=True, listing=False)
    return Decision(Next.WATCH, backoff(failures.answered, chance), counted)
