"""The journal of a node by the kubelet's log query: polled, nothing twice, refusals as sentences.

Truth: what the kubelet answers, by `pkg/kubelet/kubelet_server_journal*.go`, and by kubectl's
`get --raw` of the same path.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.journal import JournalLines, JournalRequest
from eksview.domain.logs.line import LogLine, text_of
from eksview.engine.connect import open_cluster
from eksview.kube.logs.journal import PERIOD, JournalReader
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.conftest import Time
from tests.demo.faults import Answer, FaultyServer
from tests.demo.kubectl import NEEDS_KUBECTL, Kubectl
from tests.patience import until

NEW_YEAR = 1_798_761_610.0  # 2027-01-01T00:00:10Z


class Journal:
    """The journals of a cluster's nodes, and what arrives of one."""

    def __init__(self, server: FaultyServer, kubeconfig: Path, time: Time) -> None:
        self.server, self.kubeconfig, self.time = server, kubeconfig, time
        self.inbox = LogInbox()
        self.lines: list[LogLine] = []
        self.source: LogSource | None = None
        self.read_at: float | None = None
        self.waits: list[float] = []
        self.pass_on = asyncio.Event()

    def node(self, kind: str) -> str:
        nodes = self.server.cluster.nodes.values()
        return next(node.name for node in nodes if node.group.kind == kind)

    @asynccontextmanager
    async def reading(self, request: JournalRequest, context: str = "") -> AsyncIterator[None]:
        settings = Settings(kubeconfig=str(self.kubeconfig), context=context or None)
        async with await open_cluster(settings, {}) as connection:
            reader = JournalReader(
                connection, request, self.inbox, sleep=self._sleep, clock=lambda: self.time.now
            )
            task = asyncio.create_task(reader.run())
            yield
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await self.pass_on.wait()
        self.pass_on.clear()
        self.time.now += seconds

    def look(self) -> None:
        taken = self.inbox.take()
        self.lines += taken.lines
        self.read_at = taken.read_at
        if taken.sources:
            self.source = taken.sources[-1]

    def phase(self) -> SourcePhase | None:
        self.look()
        return self.source.phase if self.source else None

    @property
    def reason(self) -> str:
        return str(self.source.reason) if self.source else ""

    @property
    def texts(self) -> list[str]:
        self.look()
        return [text_of(line).decode() for line in self.lines if line[0] >= 0]


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    time = Time()
    cluster = DemoCluster(seed=7, clock=time)
    build(cluster, nodes=9, pods=40)
    server = FaultyServer(cluster)
    await server.start()
    path = tmp_path / "kubeconfig"
    server.write_kubeconfig(path)
    yield Journal(server, path, time)
    await server.stop()


@NEEDS_KUBECTL
async def test_a_journal_is_polled_for_what_is_new_and_no_line_comes_twice(
    journal: Journal,
) -> None:
    node = journal.node("nodepool")
    async with journal.reading(JournalRequest(node, tail=50)):
        await until(lambda: journal.phase() is SourcePhase.LIVE and len(journal.texts) == 50)
        for _ in range(4):
            polls = len(journal.waits)
            journal.pass_on.set()
            await until(lambda polls=polls: len(journal.waits) > polls)
        assert journal.waits[:4] == [PERIOD] * 4
        texts = journal.texts
        assert journal.read_at == journal.time.now
    raw = f"/api/v1/nodes/{node}/proxy/logs/?query=kubelet"
    printed = await Kubectl(journal.kubeconfig)("get", "--raw", raw)
    whole = [line[len("Jan 15 08:00:00.123456 ") :] for line in printed.splitlines()]
    assert len(texts) > 50
    assert texts == whole[-len(texts) :]


@pytest.mark.parametrize("kind", ["nodegroup", "fargate"])
async def test_a_kubelet_without_the_query_is_named_whatever_it_answers(
    journal: Journal, kind: str
) -> None:
    """A listing of /var/log with 200 where only the query is off, 405 where all of it is."""
    async with journal.reading(JournalRequest(journal.node(kind))):
        await until(lambda: journal.phase() is SourcePhase.FAILED)
        assert "NodeLogQuery" in journal.reason
        assert "enableSystemLogQuery" in journal.reason
        assert journal.texts == []


async def test_a_viewer_is_told_the_missing_rule(journal: Journal) -> None:
    async with journal.reading(JournalRequest(journal.node("nodepool")), "eksview-demo-viewer"):
        await until(lambda: journal.phase() is SourcePhase.FAILED)
        assert "nodes/proxy" in journal.reason


async def test_a_server_that_asks_for_patience_gets_it(journal: Journal) -> None:
    journal.server.faults.add(Answer(429, retry_after=50), path="/proxy/logs")
    async with journal.reading(JournalRequest(journal.node("nodepool"))):
        await until(lambda: journal.waits)
    assert 50 <= journal.waits[0] <= 55


async def test_a_kubelet_that_is_away_is_asked_again(journal: Journal) -> None:
    journal.server.faults.add(Answer(503), path="/proxy/logs")
    async with journal.reading(JournalRequest(journal.node("nodepool"), tail=5)):
        await until(lambda: journal.phase() is SourcePhase.RETRYING)
        journal.pass_on.set()
        await until(lambda: journal.phase() is SourcePhase.LIVE and journal.texts)


async def test_a_node_that_is_gone_is_said_and_not_taken_for_an_old_kubelet(
    journal: Journal,
) -> None:
    async with journal.reading(JournalRequest("ip-10-9-9-9")):
        await until(lambda: journal.phase() is SourcePhase.FAILED)
        assert "not found" in journal.reason
        assert "NodeLogQuery" not in journal.reason


async def test_a_service_that_has_no_journal_is_said(journal: Journal) -> None:
    async with journal.reading(JournalRequest(journal.node("nodepool"), "cri-o")):
        await until(lambda: journal.phase() is SourcePhase.WAITING)
        assert journal.reason == "log not found for cri-o"


def parsed(text: bytes) -> list[bytes]:
    lines = JournalLines(NEW_YEAR)
    return [*lines.feed(text), *lines.end()]


def test_lines_get_the_year_and_the_form_of_the_kubelets_times() -> None:
    before = b"Dec 31 23:59:59.999999 ip-10-0-1-17 kubelet[1522]: I1231 last of the year\n"
    after = b"Jan 01 00:00:00.000001 ip-10-0-1-17 kubelet[1522]: I0101 first\n"
    assert parsed(before + after) == [
        b"2026-12-31T23:59:59.999999000Z ip-10-0-1-17 kubelet[1522]: I1231 last of the year",
        b"2027-01-01T00:00:00.000001000Z ip-10-0-1-17 kubelet[1522]: I0101 first",
    ]


def test_journalctls_own_lines_are_left_out_and_continued_ones_keep_their_time() -> None:
    text = (
        b"-- Logs begin at Mon 2026-12-01 --\n"
        b"Jan 01 00:00:01.000000 ip kubelet[1]: goroutine 1:\n"
        b"                                        main.go:7\n"
        b"-- Boot 0123456789abcdef --\n"
    )
    assert [line[:30] for line in parsed(text)] == [b"2027-01-01T00:00:01.000000000Z"] * 2
    assert parsed(b"-- No entries --\n") == []


def test_events_of_a_windows_node_are_lines_with_their_times() -> None:
    """What `Get-WinEvent | Format-Table -AutoSize -Wrap` prints, by the kubelet's source."""
    table = (
        b"\r\n\r\n   ProviderName: kubelet\r\n\r\n"
        b"TimeCreated           Id LevelDisplayName Message\r\n"
        b"-----------           -- ---------------- -------\r\n"
        b"12/31/2026 8:00:00 AM  1 Information      I1231 started\r\n"
        b"12/31/2026 12:00:01 PM 1 Error            E1231 a message that is\r\n"
        b"                                          wrapped\r\n\r\n"
    )
    morning, noon = b"2026-12-31T08:00:00.000000000Z ", b"2026-12-31T12:00:01.000000000Z "
    assert parsed(table) == [
        morning + b"1 Information      I1231 started\r",
        noon + b"1 Error            E1231 a message that is\r",
        noon + b" " * 42 + b"wrapped\r",
    ]


def test_a_time_that_is_none_is_no_time() -> None:
    lines = JournalLines(NEW_YEAR)
    assert lines.feed(b"Feb 30 00:00:01.000000 ip kubelet[1]: x\n") == []
    assert lines.message.startswith("Feb 30")
