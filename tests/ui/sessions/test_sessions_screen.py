"""Who is on the nodes, on the screens and in a notice; by keyboard."""

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.sessions.screen import SessionsScreen
from tests.ui.aws_account import instance_id, populate_aws, session
from tests.ui.harness import NOW, TestedApp, node, node_name, populate
from tests.ui.shell.test_app import running, settled, shows, until

SIZES = ((80, 24), (120, 36), (200, 60))
SESSIONS = ("colon", *"sessions", "enter")
HOST = node_name(1).split(".")[0]
DENIED = "Access denied: allow ssm:DescribeSessions for these AWS credentials."
EVE = Viewer(1, "eve", "eve@laptop", "127.0.0.1", 120, 36, NOW - 60)


@pytest.fixture
def app():
    return TestedApp(populate_aws(populate(Store())))


@pytest.mark.parametrize("size", SIZES)
async def test_the_open_ones_come_first_and_then_those_that_ended(app, size):
    async with running(app, size) as press:
        await press(*SESSIONS)
        assert isinstance(app.screen, SessionsScreen)
        await shows(app, "1 session open", "Session Manager 12s ago", "connected", "terminated")
        lines = app.lines()
        (ada,) = [at for at, line in enumerate(lines) if "ada@example" in line]
        (grace,) = [at for at, line in enumerate(lines) if "grace@exam" in line]
        assert ada < grace
        assert all(text in lines[ada] for text in (HOST, "12m ago", "SSM-"))
        assert (instance_id(1) in lines[ada]) == (size[0] >= 120)
        assert (" Ops " in lines[ada]) == (size[0] >= 200)


@pytest.mark.parametrize("size", SIZES)
async def test_titles_are_whole_and_names_are_not_cut_beside_blanks(app, size):
    foreign = session("eve-1", 1, NOW - 60, target="i-0d3290a4cb5d32b16")
    async with running(app, size) as press:
        app.view.store.put(Kind.SESSION, foreign)
        await press(*SESSIONS)
        await shows(app, "2 sessions open", "i-0d3290a4cb5d32b16")
        titles = next(line for line in app.lines() if "USER" in line).split()
        assert set(titles) <= {
            "USER", "NODE", "SINCE", "DURATION", "STATE", "DOCUMENT", "INSTANCE", "ROLE", "REASON",
        }  # fmt: skip


async def test_the_other_tab_has_who_looks_at_the_view(app):
    async with running(app) as press:
        app.view.store.set_fact(Facts.viewers, Read(Viewers(16, (EVE,)), NOW))
        await press(*SESSIONS)
        await shows(app, "[o Session Manager", "1 session open")
        await press("v")
        await shows(app, "[v Viewers]", "eve@laptop", "of at most 16")
        await press("o")
        await shows(app, "[o Session Manager")


@pytest.mark.parametrize("phase", [Phase.OFF, Phase.RETRYING])
async def test_where_aws_gives_nothing_a_shared_view_shows_who_looks_first(phase):
    store = populate(Store())
    store.set_link(Link("ssm", phase, NOW, "The nodes aren't on AWS."))
    store.set_fact(Facts.viewers, Read(Viewers(16, (EVE,)), NOW))
    app = TestedApp(store)
    async with running(app) as press:
        await press(*SESSIONS)
        await shows(app, "eve@laptop")
        await press("o")
        await shows(app, "Sessions unknown", "The nodes aren't on AWS.")


@pytest.mark.parametrize("size", SIZES)
async def test_a_denial_is_a_sentence_that_names_the_action_and_no_green_guess(app, size):
    async with running(app, size) as press:
        app.view.store.set_link(Link("ssm", Phase.REFUSED, NOW, DENIED, heard=NOW - 400))
        await press(*SESSIONS)
        await shows(app, "Sessions unknown", "ssm:DescribeSessions")
        assert "ada@" not in app.text()
        assert "No open sessions" not in app.text()


async def test_an_empty_account_says_so(app):
    async with running(app) as press:
        for row in list(app.view.store.table(SessionRow).values()):
            app.view.store.drop(Kind.SESSION, row)
        await press(*SESSIONS)
        await shows(app, "No open sessions.", "0 sessions open", "None.")


async def test_the_tables_have_a_column_of_who_is_there(app):
    async with running(app, (250, 40)) as press:
        await press("2", "w", *["right"] * 30)
        await shows(app, "SESSIONS", "ada@example.com")
        await press("4", "w", *["right"] * 30)
        await shows(app, "SESSIONS", "ada@example.com")


async def test_a_nodes_ec2_tab_says_who_is_on_it(app):
    async with running(app, (120, 60)) as press:
        await press("2", "slash", *HOST, "enter", "enter", "i")
        await shows(app, "Sessions", "ada@example.com as Ops, for 12m", "connected")


@pytest.mark.parametrize("asciied", [False, True])
async def test_a_card_has_a_prompt_while_somebody_is_on_it_and_keeps_its_place(asciied):
    settings = Settings(animate=False, ascii=asciied)
    app = TestedApp(populate_aws(populate(Store())), settings=settings)
    async with running(app, (160, 48)):
        await shows(app, ">_")
        (line,) = [line for line in app.lines() if ">_" in line]
        assert HOST in line
        app.view.store.put(Kind.SESSION, session("ada-1", 1, NOW - 720, ended=NOW, open=False))
        await until(app.pilot, lambda: ">_" not in app.text())
        (after,) = [line for line in app.lines() if HOST in line]
        assert after.index("2b") == line.index("2b")


async def test_a_session_that_opens_is_told_of_once_wherever_one_is(app):
    async with running(app) as press:
        await settled(app)
        assert "opened a session" not in app.text()
        await press("3")
        app.view.store.put(Kind.SESSION, session("eve-1", 2, NOW))
        await shows(app, "eve@example.com opened a", node_name(2).split(".")[0])
        assert len(app._notifications) == 1
        app.view.store.put(Kind.SESSION, session("eve-1", 2, NOW, status="Disconnected"))
        await press("2")
        await settled(app)
        assert len(app._notifications) == 1


async def test_many_that_open_at_once_are_one_notice_of_clean_text(app):
    async with running(app) as press:
        for number in range(40):
            row = session(f"eve-{number}", number % 6, NOW + number / 100)
            app.view.store.put(Kind.SESSION, replace(row, owner=f"x/[red]e\x1b[2J{number}"))
        await press("3")
        await until(app.pilot, lambda: len(app._notifications) == 1)
        (notice,) = app._notifications
        assert notice.message.startswith("40 sessions were opened: [red]e\\x1b[2J39 on ip-10-0")
        assert "and 37 more" in notice.message
        assert "\x1b" not in notice.message


async def test_one_on_an_instance_without_a_node_is_told_by_its_id(app):
    async with running(app) as press:
        app.view.store.drop(Kind.NODE, node(1))
        app.view.store.put(Kind.SESSION, session("eve-1", 1, NOW))
        await press("3")
        await until(app.pilot, lambda: len(app._notifications) == 1)
        (notice,) = app._notifications
        assert instance_id(1) in notice.message
