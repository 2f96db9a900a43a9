"""What of the bytes written to a terminal it is known to have shown."""

LATE = 1.0
"""Seconds within which a terminal over a good line says that it has shown a frame."""
AGAIN = 5.0
"""Seconds after which it is asked once more: an answer may be lost, when a terminal is left say."""
MOST = 64_000
"""Bytes that may be on their way: two whole frames of 160x48 in 256 colours, and a little.

With less than one of them, what is dropped behind a frame would bring the next, for ever.
"""


class Receipts:
    """One question at a time is on its way; its answer is the receipt for all written before it.

    Times are in seconds of any clock that only goes on. A terminal that never answered isn't
    waited for.
    """

    def __init__(self) -> None:
        self.answers = False
        """Whether this terminal answers at all."""
        self._written = 0
        self._asked = self._shown = 0  # of the bytes written
        self._since: float | None = None  # when what isn't answered yet was asked first
        self._last = float("-inf")
        self._verdicts: list[bool] = []

    def wrote(self, size: int) -> None:
        """So many bytes more are on their way."""
        self._written += size

    def ask(self, now: float) -> bool:
        """Whether to ask now; it counts as asked then."""
        waiting = self._since is not None
        if waiting and not (self.answers and now - self._last >= AGAIN):
            return False
        if not waiting and self._written == self._asked:
            return False
        self._since = self._since if self._since is not None else now
        self._last, self._asked = now, self._written
        return True

    def answer(self, now: float) -> None:
        """The terminal has shown what was written before it was asked."""
        if self._since is None:
            return
        self._verdicts.append(now - self._since > LATE)
        self.answers, self._since, self._shown = True, None, self._asked

    def behind(self, now: float) -> bool:
        """Whether more would only pile up on the way."""
        if not self.answers or self._since is None:
            return False
        return now - self._since > LATE or self._written - self._shown > MOST

    def owed(self, now: float) -> bool:
        """Whether an answer is on its way that is worth waiting for."""
        patience = AGAIN if self.answers else LATE
        return self._since is not None and now - self._since <= patience

    def verdicts(self) -> list[bool]:
        """Of each answer since this was asked last, whether it was late."""
        found, self._verdicts = self._verdicts, []
        return found
