"""Systems Manager: the sessions that are open on the nodes, and those that have ended."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services.parse import seconds, shared, text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws.parts import PAST_SESSIONS
from eksview.domain.aws.poll_plan import SSM
from eksview.domain.base.age import rfc3339
from eksview.domain.base.reading import Read
from eksview.domain.kube.node_labels import machine_of_target
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import PastSessions, SessionRow
from eksview.domain.rows.kube import Kind


def sessions(answer: Answer, *, active: bool) -> Iterator[SessionRow]:
    """Yield the rows of a page of DescribeSessions, of the active ones or of the history."""
    for item in answer.get("Sessions") or ():
        yield SessionRow(
            id=text(item.get("SessionId")),
            target=text(item.get("Target")),
            owner=shared(item.get("Owner")),
            started=seconds(item.get("StartDate")),
            ended=seconds(item.get("EndDate")),
            document=shared(item.get("DocumentName")),
            status=shared(item.get("Status")),
            reason=text(item.get("Reason")),
            open=active,
        )


PAGE = 200  # sessions, the most that DescribeSessions gives at a time
PAGES = 5  # of those that ended: an account's automation may leave thousands a day
BACK = 86_400.0  # seconds before now in which they were opened; AWS keeps thirty days
RARE = 10  # rounds between two reads of the history while no session has ended
LATE = 180.0  # seconds in which an ended session is looked for in the history

Sessions = dict[str, SessionRow]


class OpenSessions(AwsReader):
    """The account's sessions on the cluster's instances and hybrid nodes.

    A call filters by one target at most, so all are read and those of other targets are dropped.
    """

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._read = False
        self._active: Sessions = {}
        self._past: Sessions = {}
        # Ended but not in the history yet, and until when they are looked for there.
        self._left: dict[str, tuple[SessionRow, float]] = {}
        self._rounds = 0  # until the history is read again

    @reads(SSM, "ssm:DescribeSessions", essential=True)
    async def active(self, client: ThrottledClient) -> None:
        """Read the sessions that are open now."""
        self.inventory.wait_for("instances")
        active: Sessions = {}
        pages = client.pages("ssm", "DescribeSessions", State="Active", MaxResults=PAGE)
        async for answer in pages:
            active |= self._ours(sessions(answer, active=True))
        now = self.clock()
        self._left = {key: left for key, left in self._left.items() if left[1] > now}
        for key in self._active.keys() - active.keys():
            self._left[key] = (replace(self._active[key], open=False), now + LATE)
        self._active, self._read = active, True
        self._publish()

    @reads(SSM, "ssm:DescribeSessions", part=PAST_SESSIONS)
    async def past(self, client: ThrottledClient) -> None:
        """Read the sessions of a day that have ended: when one has, and every `RARE` rounds."""
        self._rounds -= 1
        if not self._read or (self._rounds > 0 and not self._left):
            return
        now = self.clock()
        past: Sessions = {}
        pages, whole = 0, True
        async for answer in client.pages(
            "ssm", "DescribeSessions", State="History", MaxResults=PAGE, Filters=_after(now - BACK)
        ):
            past |= self._ours(sessions(answer, active=False))
            pages += 1
            if pages == PAGES:
                whole = not answer.get("NextToken")
                break
        self._past = past
        self._left = {key: left for key, left in self._left.items() if key not in past}
        self._rounds = RARE
        self.sink.send(FactSet(Facts.past_sessions, Read(PastSessions(now - BACK, whole), now)))
        self._publish()

    def _ours(self, rows: Iterable[SessionRow]) -> Sessions:
        """Return the sessions on the cluster's instances, those that are gone included."""
        workers = self.tracker.machines() | self.inventory.instances.keys()
        seen = (self._active, self._past, self._left)
        return {
            row.id: row
            for row in rows
            if machine_of_target(row.target) in workers
            or any(row.id in rows_of for rows_of in seen)
        }

    def _publish(self) -> None:
        left = {key: row for key, (row, _) in self._left.items()}
        self.sink.send(Swap(Kind.SESSION, tuple({**left, **self._past, **self._active}.values())))


def _after(then: float) -> list[dict[str, str]]:
    """Return the filter for sessions opened after a time; AWS takes it to the second."""
    return [{"key": "InvokedAfter", "value": rfc3339(then)}]
