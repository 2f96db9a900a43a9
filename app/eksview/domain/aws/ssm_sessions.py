"""Session Manager sessions on the nodes, in words. Pure."""

from collections.abc import Callable, Iterable, Sequence

from eksview.domain.aws.arn import short_arn
from eksview.domain.base.age import human_duration
from eksview.domain.rows.aws import SessionRow

SLACK = 60.0  # seconds by which the clocks of AWS and this machine may differ
NAMED = 3  # sessions that an alert names


def person(row: SessionRow) -> str:
    """Return `ada@example.com` for `…:assumed-role/Ops/ada@example.com`."""
    return short_arn(row.owner).rpartition("/")[2] or "somebody"


def role(row: SessionRow) -> str:
    """Return `Ops` for the same; empty without an assumed role."""
    return short_arn(row.owner).rpartition("/")[0]


def opened(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """Return the open sessions, the newest first."""
    return sorted((row for row in rows if row.open), key=lambda row: -(row.started or 0.0))


def ended(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """Return the ended sessions, the last to end first."""
    over = (row for row in rows if not row.open)
    return sorted(over, key=lambda row: -(row.ended or row.started or 0.0))


def state(row: SessionRow) -> str:
    """Return AWS's status in lower case; `ended` until AWS reports how a session ended."""
    if row.open:
        return row.status.lower() or "open"
    return row.status.lower() if row.status in ("Terminated", "Failed") else "ended"


def lasted(row: SessionRow, now: float) -> str:
    """Return the session's duration; empty where AWS reports no times."""
    until = now if row.open else row.ended
    if row.started is None or until is None:
        return ""
    return human_duration(max(0.0, until - row.started))


def users_text(rows: Sequence[SessionRow] | None) -> str:
    """Return the users of an instance for a cell: `ada +1`, `-` for none, `?` for unread."""
    if rows is None:
        return "?"
    active = opened(rows)
    if not active:
        return "-"
    more = f" +{len(active) - 1}" if len(active) > 1 else ""
    return f"{person(active[0])}{more}"


def count(rows: Sequence[SessionRow] | None) -> int:
    """Return how many are open; -1 for unread, so that it sorts below none."""
    return -1 if rows is None else sum(row.open for row in rows)


def alert(rows: Sequence[SessionRow], place: Callable[[SessionRow], str]) -> str:
    """Return one sentence for all new sessions; `place` returns the node's or instance's name."""
    names = [f"{person(row)} on {place(row)}" for row in rows[:NAMED]]
    if len(rows) == 1:
        return f"{person(rows[0])} opened a session on {place(rows[0])}."
    if more := len(rows) - len(names):
        names.append(f"{more} more")
    return f"{len(rows)} sessions were opened: {', '.join(names[:-1])} and {names[-1]}."


class Openings:
    """The tracker of sessions that opened since the first reading."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._since: float | None = None

    def forget(self) -> None:
        """Forget all sessions, for another cluster."""
        self._seen.clear()
        self._since = None

    def lost(self, session: str) -> None:
        """Forget a session that isn't listed any more."""
        self._seen.discard(session)

    def news(self, rows: Iterable[SessionRow], now: float, *, read: bool) -> list[SessionRow]:
        """Return the changed rows that need an alert, the newest first.

        `read` says whether the sessions have been read once. A session that opened before that is
        no news, even if it is listed only now because its instance was unknown.
        """
        fresh = [row for row in rows if row.id not in self._seen]
        self._seen.update(row.id for row in fresh)
        if self._since is None:
            self._since = now if read else None
            return []
        since = self._since - SLACK
        return opened(row for row in fresh if row.started is None or row.started >= since)
