"""The log view by keyboard, fed by an inbox in the test's hand."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from eksview.config.settings import WEB_DRIVER, Settings
from eksview.domain.aws.log_delivery import cost_in
from eksview.domain.base.text import Clean
from eksview.domain.logs.inbox import LINES, LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import LogLine, stamped
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview.ui.base.messages import OpenComponent
from eksview.ui.logs import log_text
from eksview.ui.logs.control_plane_logs import ControlPlaneLogPicker
from eksview.ui.logs.log_head import LogState, count_words
from eksview.ui.logs.log_text import LogPainter
from eksview.ui.logs.screen import LogScreen
from tests.ui.aws_account import populate_aws
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows, until


def line(number: int, text: str, source: int = 0) -> LogLine:
    return source, stamped(NOW + number, text.encode())


def source(number: int, container: str, **more: object) -> LogSource:
    pod = Clean("web-7d876db474-00000")
    return LogSource(number, Clean("shop"), pod, Clean(container), **more)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def open_logs(app: TestedApp, press: object, *lines: LogLine) -> None:
    """Open the logs of the first pod, and let lines arrive."""
    await press("3", "l")
    await until(app.pilot, lambda: isinstance(app.screen, LogScreen) and app.screen.ready)
    await until(app.pilot, lambda: app.fake.log_requests)
    app.fake.inbox.report(source(0, "web", phase=SourcePhase.LIVE))
    app.fake.inbox.put(lines)
    app._frames.flush()


async def test_l_follows_the_logs_of_the_pod_under_the_cursor() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, *(line(n, f"line {n}") for n in range(100)))
        await shows(app, "following", "100 lines", "line 99", "line 75")
        request = app.fake.log_requests[-1]
        assert (request.ref.kind, request.ref.plural) == ("Pod", "pods")
        assert request.follow
        await press("escape")
        await until(app.pilot, lambda: app.fake.inbox.closed)


async def test_a_capital_l_in_a_pod_opens_the_log_of_one_container() -> None:
    app = TestedApp()
    async with running(app) as press:
        for row in app.view.store.pods.values():
            spec = {"containers": [{"name": "web"}, {"name": "proxy"}]}
            app.fake.objects[Kind.POD, row.namespace, row.name] = {"spec": spec}
        await press("3", "enter")
        await until(app.pilot, lambda: getattr(app.screen, "whole", None) is not None)
        await press("L")
        await shows(app, "Logs of a container", "proxy")
        await press("down", "enter")
        await until(app.pilot, lambda: app.fake.log_requests)
        request = app.fake.log_requests[-1]
        assert (request.ref.kind, request.container) == ("Pod", "proxy")


async def test_l_on_a_node_reads_all_its_pods() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "l")
        await shows(app, "Logs of", "Containers", "kubelet journal")
        await press("enter")
        await until(app.pilot, lambda: app.fake.log_requests)
        assert app.fake.log_requests[-1].ref.kind == "Node"


async def test_a_node_offers_the_journal_of_its_kubelet_and_a_session_where_it_has_none() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "l", "down", "enter")
        await until(app.pilot, lambda: app.fake.log_requests)
        request = app.fake.log_requests[-1]
        assert (request.service, request.tail, request.follow) == ("kubelet", 1000, True)
        await until(app.pilot, lambda: isinstance(app.screen, LogScreen) and app.screen.ready)
        app.fake.inbox.report(
            source(0, "kubelet", phase=SourcePhase.LIVE, reason=Clean("")),
        )
        app.fake.inbox.put([line(0, "SyncLoop")])
        app.fake.inbox.as_of(NOW)
        app._frames.flush()
        await shows(app, "kubelet of node", "as of", "UTC", "SyncLoop")
        await press("C")
        failed = source(0, "kubelet", phase=SourcePhase.FAILED, reason=Clean("no log query"))
        app.fake.inbox.report(failed)
        app._frames.flush()
        await shows(app, "no log query", "Press l to follow it by a session")
        await press("l", "end", "up", "enter")
        await shows(app, "Session on", "journalctl -u kubelet -f")


async def test_scrolling_back_stays_while_lines_come_and_g_follows_again() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, *(line(n, f"line {n};") for n in range(100)))
        await press("g")
        await shows(app, "line 0;", "scrolled back")
        app.fake.inbox.put(line(n, f"line {n};") for n in range(100, 200))
        app._frames.flush()
        await shows(app, "line 0;", "200 lines")
        await press("G")
        await shows(app, "line 199;", "following")


async def test_a_pause_lets_lines_wait() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(0, "before"))
        await press("s")
        app.fake.inbox.put([line(1, "meanwhile")])
        app._frames.flush()
        await shows(app, "paused with 1 new lines")
        assert "meanwhile" not in app.text()
        assert app.fake.inbox.held
        await press("s")
        app._frames.flush()
        await shows(app, "meanwhile", "following")


async def test_lines_of_several_containers_are_merged_in_time_order() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(1, "second"), line(3, "fourth"))
        app.fake.inbox.report(source(1, "envoy"))
        app.fake.inbox.put([line(0, "first", 1), line(2, "third", 1)])
        app._frames.flush()
        await shows(app, "envoy", "fourth")
        rows = [row.split() for row in app.lines()]
        shown = [row[:2] for row in rows if row and row[0] in ("web", "envoy")]
        assert shown == [
            ["envoy", "first"],
            ["web", "second"],
            ["envoy", "third"],
            ["web", "fourth"],
        ]


async def test_a_filter_shows_only_matches_while_following_and_f_shows_the_rest() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(0, "GET /cart 200"), line(1, "GET /login 500"))
        await press("slash", *"login", "enter")
        await shows(app, "/login", "1 of 2")
        assert "/cart" not in app.text()
        app.fake.inbox.put([line(2, "POST /login 200"), line(3, "GET /other 200")])
        app._frames.flush()
        await shows(app, "POST /login", "2 of 4")
        assert "/other" not in app.text()
        await press("f")
        await shows(app, "/other", "/cart", "2 of 4")
        await press("escape")
        await until(app.pilot, lambda: not app.screen._filter.display)
        await press("slash", *"(", "enter")
        await shows(app, "isn't a regular expression")


async def test_json_lines_as_columns_pretty_and_raw() -> None:
    app = TestedApp()
    text = '{"ts":"2025-10-09T08:53:20Z","level":"error","msg":"query failed","db":"ledger"}'
    async with running(app) as press:
        await open_logs(app, press, line(0, text))
        await press("J")
        await shows(app, "ERROR  query failed  db=ledger")
        await press("J")
        await shows(app, '  "msg": "query failed",')
        await press("J")
        await shows(app, text)


async def test_timestamps_wrap_and_marks() -> None:
    app = TestedApp()
    async with running(app) as press:
        notice = (~0, stamped(NOW, f"{'y' * 150} STOP".encode()))
        await open_logs(app, press, line(0, "x" * 150 + "END"), notice)
        assert "END" not in app.text()
        assert "STOP" not in app.text()
        await press("w", "t", "m")
        await shows(app, "END", "STOP", "08:53:20.000 xxx", "times in UTC", "─── 08:53:20 ───")


async def test_nothing_of_a_line_reaches_the_terminal_but_text_and_styles() -> None:
    hostile = "\x1b]0;title\x07a\x1b[2Jb\x1b[31mred\x1b[0m \x00 \u202e password=hunter22 \xff"
    app = TestedApp()
    async with running(app) as press:
        raw = stamped(NOW, hostile.encode("utf-8") + b" \xff")
        await open_logs(app, press, (0, raw))
        await shows(app, "abred", "\\x00", "\\u202e", "\\xff")
        assert "hunter22" not in app.text()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", app.text().replace("\n", ""))


async def test_what_keeps_lines_from_coming_is_said() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press)
        waiting = Clean('container "web" in pod "web-1" is waiting to start: ContainerCreating')
        app.fake.inbox.report(source(0, "web", phase=SourcePhase.WAITING, reason=waiting))
        app._frames.flush()
        await shows(app, "No lines yet", "is waiting to start: ContainerCreating")
        refused = Clean("Not permitted: get pods/log")
        app.fake.inbox.report(source(0, "web", phase=SourcePhase.FAILED, reason=refused))
        app._frames.flush()
        await shows(app, "No lines.", "Not permitted: get pods/log")
        app.fake.inbox.put(line(n, "flood") for n in range(LINES + 1_234))
        app._frames.flush()
        await shows(app, "1,234 lines left out")


async def test_a_log_whose_containers_have_all_ended_is_not_called_followed() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(0, "done"))
        ended = Clean("ended: Completed, exit code 0")
        app.fake.inbox.report(source(1, "init", phase=SourcePhase.ENDED, reason=ended))
        app._frames.flush()
        await shows(app, "following", "2 containers (1 ended)")
        app.fake.inbox.report(source(0, "web", phase=SourcePhase.ENDED, reason=ended))
        app._frames.flush()
        await shows(app, "ended, new runs are read", "2 containers (2 ended)")
        app.fake.inbox.report(source(0, "web", phase=SourcePhase.LIVE))
        app._frames.flush()
        await shows(app, "following")


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        ((), "connecting"),
        ((SourcePhase.OPENING,), "connecting"),
        ((SourcePhase.OPENING, SourcePhase.LIVE), "following"),
        ((SourcePhase.WAITING, SourcePhase.FAILED), "waiting"),
        ((SourcePhase.RETRYING, SourcePhase.ENDED), "retrying"),
        ((SourcePhase.FAILED, SourcePhase.ENDED), "not followed"),
    ],
)
def test_only_a_log_that_was_answered_is_called_followed(
    phases: tuple[SourcePhase, ...], said: str
) -> None:
    sources = [source(number, "web", phase=phase) for number, phase in enumerate(phases)]
    words = count_words(Clean("pod"), LogState(), sources)
    assert said in [text for text, _ in words]


async def test_a_pod_that_no_node_takes_shows_the_scheduler_s_whole_sentence() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        await open_logs(app, press)
        reason = Clean(
            "Pending, Unschedulable: 0/10 nodes are available: 1 node(s) had untolerated taint "
            "{eks.amazonaws.com/compute-type: fargate}, 9 Insufficient cpu, 9 Insufficient memory"
        )
        app.fake.inbox.report(source(0, "web", phase=SourcePhase.WAITING, reason=reason))
        app.fake.inbox.put(line(n, "flood") for n in range(LINES + 7))
        app._frames.flush()
        await shows(app, "7 lines left out", "Pending, Unschedulable", "  Insufficient memory")


async def test_the_previous_run_and_since_are_read_anew() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(0, "now"))
        first = app.fake.inbox
        await press("p")
        await until(app.pilot, lambda: app.fake.log_requests[-1].previous)
        assert first.closed
        await shows(app, "previous run")
        await press("S", "down", "enter")
        await until(app.pilot, lambda: app.fake.log_requests[-1].since == 60)
        assert not app.fake.log_requests[-1].previous


async def test_the_shown_lines_are_saved_with_secrets_masked(
    tmp_path: Path,
) -> None:
    app = TestedApp(settings=Settings(save_dir=str(tmp_path / "logs"), animate=False))
    async with running(app) as press:
        await open_logs(app, press, line(0, "\x1b[31mred\x1b[0m"), line(1, "token=abcdef123456"))
        await shows(app, "red")
        await press("ctrl+s")
        await shows(app, "Lines, 2 shown", ".log")
        await press("enter")
        await shows(app, "Saved in")
        saved = files(tmp_path / "logs")[0]
        assert saved.read_text() == "red\ntoken=…\n"
        assert saved.stat().st_mode & 0o777 == 0o600


async def test_lines_that_the_filter_has_not_looked_at_are_saved_too(tmp_path: Path) -> None:
    app = TestedApp(settings=Settings(save_dir=str(tmp_path), animate=False))
    async with running(app) as press:
        await open_logs(app, press, *(line(n, f"n{n % 2}") for n in range(300)))
        await shows(app, "300 lines")
        app.screen.lines.work = lambda: None  # so slow that it hasn't begun when the key comes
        await press("slash", "n", "1")
        await until(app.pilot, lambda: app.screen.lines.filter is not None)
        del app.screen.lines.work
        app.screen.lines._oldest, app.screen.lines._shown = app.screen.lines.ring.end, []
        await press("enter", "ctrl+s", "enter")
        await shows(app, "Saved in")
        (saved,) = files(tmp_path)
        assert saved.read_text() == "n1\n" * 150


async def test_lines_are_not_saved_where_no_file_may_be_written(tmp_path: Path) -> None:
    app = TestedApp(settings=Settings(save_dir=str(tmp_path), animate=False))
    async with running(app) as press:
        await open_logs(app, press, line(0, "one"))
        await shows(app, "one")
        app.view.environ = {"TEXTUAL_DRIVER": WEB_DRIVER}
        await press("ctrl+s")
        await shows(app, "This view is in a browser")
        assert not files(tmp_path)


def on_eks() -> TestedApp:
    """A cluster of EKS whose types api and audit are switched on."""
    return TestedApp(populate_aws(populate(Store())))


async def test_a_type_that_is_switched_off_has_its_command_and_its_price() -> None:
    app = on_eks()
    async with running(app) as press:
        await press("colon", *"logs", "enter")
        await until(app.pilot, lambda: isinstance(app.screen, ControlPlaneLogPicker))
        await shows(
            app,
            "api  on",
            "audit  on",
            "scheduler  off",
            "aws eks update-cluster-config --name prod",
        )
        await shows(app, "USD per GB", "aws.amazon.com/cloudwatch/pricing", "differs by")
        await press("end", "c")
        assert shlex.split(app.clipboard)[:5] == [
            "aws", "eks", "update-cluster-config", "--name", "prod"
        ]  # fmt: skip
        words = shlex.split(app.clipboard)
        logging = json.loads(words[words.index("--logging") + 1])
        assert logging == {"clusterLogging": [{"types": ["scheduler"], "enabled": True}]}


@pytest.mark.parametrize(
    ("region", "page", "in_usd"),
    [
        ("cn-north-1", "www.amazonaws.cn/en/cloudwatch/pricing", False),
        ("us-gov-west-1", "aws.amazon.com/cloudwatch/pricing", True),
    ],
)
def test_a_price_is_of_the_regions_of_its_page(region: str, page: str, *, in_usd: bool) -> None:
    assert page in cost_in(region)
    assert ("0.50 USD" in cost_in(region)) == in_usd


async def test_logs_of_a_type_open_with_a_pattern() -> None:
    app = on_eks()
    async with running(app) as press:
        await press("colon")
        app.screen.query_one(Input).value = 'logs audit { $.verb = "delete" }'
        await press("enter")
        await until(app.pilot, lambda: app.fake.log_requests)
        request = app.fake.log_requests[-1]
        assert (request.type, request.pattern) == ("audit", '{ $.verb = "delete" }')
        assert (request.follow, request.since) == (True, None)  # the reader begins 5 minutes ago
        await shows(app, "control plane audit, pattern")


async def test_l_on_a_component_offers_its_log_first() -> None:
    app = on_eks()
    async with running(app) as press:
        app.post_message(OpenComponent("kube-scheduler"))
        await shows(app, "kube-scheduler")
        await press("l")
        await until(app.pilot, lambda: isinstance(app.screen, ControlPlaneLogPicker))
        assert app.screen.chosen is not None
        assert app.screen.chosen.name == "scheduler"


async def test_a_flood_is_neither_decoded_nor_drawn_line_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = Counter[str]()

    def counted(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **more: object) -> object:
            counts[name] += 1
            return original(*args, **more)

        return call

    monkeypatch.setattr(log_text, "decoded", counted("decoded", log_text.decoded))
    monkeypatch.setattr(log_text, "level_of", counted("level", log_text.level_of))
    monkeypatch.setattr(LogPainter, "rows", counted("rows", LogPainter.rows))
    monkeypatch.setattr(LogInbox, "take", counted("take", LogInbox.take))
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, line(0, "first"))
        await shows(app, "first")
        app.fake.inbox.put([line(1, f"n{number};") for number in range(LINES)])
        counts.clear()
        while not app.screen.lines.ring[app.screen.lines.ring.end - 1][1].endswith(b"n49999;"):
            app._frames.flush()
        height = app.screen._pane.size.height
        assert counts["take"] == 1
        assert 0 < counts["rows"] <= height
        await shows(app, "50,001 lines", "n49999;")
        assert counts["decoded"] <= height
        assert counts["level"] <= 2 * height


async def test_lines_wait_and_are_left_out_by_the_inbox_while_the_filter_does_not_keep_up() -> None:
    app = TestedApp()
    async with running(app) as press:
        await open_logs(app, press, *(line(n, f"n{n}") for n in range(10)))
        await press("slash", "n", "enter")
        await until(app.pilot, lambda: app.screen.lines.filter is not None)
        app.screen.lines.work = lambda: None  # an expression that takes seconds for each line
        app.fake.inbox.put([line(10, "n10")])
        app._frames.flush()
        await until(app.pilot, lambda: app.screen.lines.behind)
        app.fake.inbox.put(line(11, f"m{number};") for number in range(LINES + 7))
        app._frames.flush()
        await shows(app, "7 lines left out")
        assert len(app.screen.lines.ring) == 11
        assert app.fake.inbox.waiting == LINES
        assert not app.fake.inbox.held
        del app.screen.lines.work
        await shows(app, "50,011 lines")
