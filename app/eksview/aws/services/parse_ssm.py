"""Systems Manager's answers -> rows (AWS Systems Manager API Reference)."""

from collections.abc import Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import seconds, shared
from eksview.domain.rows.aws import SessionRow


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
