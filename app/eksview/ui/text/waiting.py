"""The program or proxy that a connection is held up by, in words."""

from eksview.domain.base.reading import value_of
from eksview.domain.base.text import clean
from eksview.domain.live.facts import Facts


def waiting_words(facts: Facts, now: float) -> str:
    """Return `waiting for the credential plugin aws, 7s of at most 60s`.

    Empty while nothing has been waited for longer than usual.
    """
    waiting = value_of(facts.waiting)
    wait = waiting.long(now) if waiting is not None else None
    return "" if wait is None else clean(wait.words(now))
