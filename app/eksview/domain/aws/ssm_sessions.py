"""Who is connected to the workers by Session Manager, in words. Pure."""

from collections.abc import Callable, Iterable, Sequence

from eksview.domain.aws.arn import short_arn
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import SessionRow

SLACK = 60.0  # seconds that AWS's clock and ours may differ by
NAMED = 3  # sessions that an alert names


def person(row: SessionRow) -> str:
    """`ada@example.com` of `…:assumed-role/Ops/ada@example.com`: in a narrow cell who matters."""
    return short_arn(row.owner).rpartition("/")[2] or "somebody"


def role(row: SessionRow) -> str:
    """`Ops` of the same; empty where no role was assumed."""
    return short_arn(row.owner).rpartition("/")[0]


def opened(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """The open ones, the newest first."""
    return sorted((row for row in rows if row.open), key=lambda row: -(row.started or 0.0))


def ended(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """The others, the last to end first."""
    over = (row for row in rows if not row.open)
    return sorted(over, key=lambda row: -(row.ended or row.started or 0.0))


def state(row: SessionRow) -> str:
    """AWS's word in lower case; one that left before AWS said how is `ended`."""
    if row.open:
        return clean(row.status).lower() or "open"
    return clean(row.status).lower() if row.status in ("Terminated", "Failed") else "ended"


def lasted(row: SessionRow, now: float) -> str:
    """How long it has been open, or was; empty where AWS doesn't say."""
    until = now if row.open else row.ended
    if row.started is None or until is None:
        return ""
    return human_duration(max(0.0, until - row.started))


def who(rows: Sequence[SessionRow] | None) -> str:
    """Who is on an instance, for a cell: `ada +1`; `-` for nobody, `?` while that isn't known."""
    if rows is None:
        return "?"
    there = opened(rows)
    if not there:
        return "-"
    more = f" +{len(there) - 1}" if len(there) > 1 else ""
    return f"{person(there[0])}{more}"


def count(rows: Sequence[SessionRow] | None) -> int:
    """How many are open; -1 while that isn't known, so that it sorts below none."""
    return -1 if rows is None else sum(row.open for row in rows)


def alert(rows: Sequence[SessionRow], place: Callable[[SessionRow], str]) -> str:
    """One sentence for all that opened; `place` is the clean name of the node or instance."""
    said = [f"{person(row)} on {place(row)}" for row in rows[:NAMED]]
    if len(rows) == 1:
        return f"{person(rows[0])} opened a session on {place(rows[0])}."
    if more := len(rows) - len(said):
        said.append(f"{more} more")
    return f"{len(rows)} sessions were opened: {', '.join(said[:-1])} and {said[-1]}."


class Openings:
    """Which sessions opened since somebody looks; what the first reading finds was there before."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._since: float | None = None

    def forget(self) -> None:
        """Another cluster follows."""
        self._known.clear()
        self._since = None

    def lost(self, session: str) -> None:
        """A session that isn't listed any more."""
        self._known.discard(session)

    def news(self, rows: Iterable[SessionRow], now: float, *, read: bool) -> list[SessionRow]:
        """Of the rows that changed those that an alert is about, the newest first.

        `read`: whether the sessions have been read once. One that opened before that and is only
        found now, because its instance wasn't known, is no news.
        """
        fresh = [row for row in rows if row.id not in self._known]
        self._known.update(row.id for row in fresh)
        if self._since is None:
            self._since = now if read else None
            return []
        since = self._since - SLACK
        return opened(row for row in fresh if row.started is None or row.started >= since)
