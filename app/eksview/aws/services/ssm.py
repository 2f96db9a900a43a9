"""Systems Manager: who is connected to the workers, and who was."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.parse import seconds, shared
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import PastSessions, SessionRow
from eksview.domain.rows.kube import Kind


def sessions(answer: Answer, *, active: bool) -> Iterator[SessionRow]:
    """A page of DescribeSessions, of the active ones or of the history."""
    for said in answer.get("Sessions") or ():
        yield SessionRow(
            id=str(said.get("SessionId") or ""),
            target=str(said.get("Target") or ""),
            owner=shared(said.get("Owner")),
            started=seconds(said.get("StartDate")),
            ended=seconds(said.get("EndDate")),
            document=shared(said.get("DocumentName")),
            status=shared(said.get("Status")),
            reason=str(said.get("Reason") or ""),
            open=active,
        )


PAGE = 200  # sessions, the most that DescribeSessions gives at a time
PAGES = 5  # of those that ended: an account's automation may leave thousands a day
BACK = 86_400.0  # seconds before now in which they were opened; AWS keeps thirty days
RARE = 10  # rounds between two looks at the history while nobody is known to have left
LATE = 180.0  # seconds in which one that left is waited for there

Sessions = dict[str, SessionRow]


class OpenSessions:
    """The account's sessions of which the target is one of the cluster's instances.

    AWS filters by one target a call, so all are asked for and the others are left.
    """

    def __init__(self, known: InstanceTracker, estate: Inventory, sink: Sink, clock: Clock) -> None:
        self._known = known
        self._estate = estate
        self._sink = sink
        self._clock = clock
        self._read = False
        self._active: Sessions = {}
        self._past: Sessions = {}
        self._left: dict[str, tuple[SessionRow, float]] = {}  # not in the history yet; until when
        self._rounds = 0  # until the history is looked at again

    async def active(self, meter: ThrottledClient) -> None:
        """Those that are open now."""
        self._estate.wait_for("instances")
        found: Sessions = {}
        async for answer in meter.pages("ssm", "DescribeSessions", State="Active", MaxResults=PAGE):
            found |= self._ours(sessions(answer, active=True))
        now = self._clock()
        self._left = {each: left for each, left in self._left.items() if left[1] > now}
        for each in self._active.keys() - found.keys():
            self._left[each] = (replace(self._active[each], open=False), now + LATE)
        self._active, self._read = found, True
        self._publish()

    async def past(self, meter: ThrottledClient) -> None:
        """Those opened within a day that have ended; asked when one has, and now and then."""
        self._rounds -= 1
        if not self._read or (self._rounds > 0 and not self._left):
            return
        now = self._clock()
        found: Sessions = {}
        pages, whole = 0, True
        async for answer in meter.pages(
            "ssm", "DescribeSessions", State="History", MaxResults=PAGE, Filters=_after(now - BACK)
        ):
            found |= self._ours(sessions(answer, active=False))
            pages += 1
            if pages == PAGES:
                whole = not answer.get("NextToken")
                break
        self._past = found
        self._left = {each: left for each, left in self._left.items() if each not in found}
        self._rounds = RARE
        self._sink.send(FactSet(Facts.past_sessions, Read(PastSessions(now - BACK, whole), now)))
        self._publish()

    def _ours(self, rows: Iterable[SessionRow]) -> Sessions:
        """On the cluster's instances, and on those that were when it was first seen."""
        workers = self._known.ids() | self._estate.instances.keys()
        seen = (self._active, self._past, self._left)
        return {
            row.id: row
            for row in rows
            if row.target in workers or any(row.id in rows_of for rows_of in seen)
        }

    def _publish(self) -> None:
        left = {each: row for each, (row, _) in self._left.items()}
        self._sink.send(Swap(Kind.SESSION, tuple({**left, **self._past, **self._active}.values())))


def _after(then: float) -> list[dict[str, str]]:
    """AWS takes the time to the second."""
    moment = datetime.fromtimestamp(then, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [{"key": "InvokedAfter", "value": moment}]
