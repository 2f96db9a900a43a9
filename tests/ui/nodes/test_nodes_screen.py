"""The nodes screen, by keyboard."""

import re

import pytest
from msgspec.structs import replace
from textual.geometry import Region

from eksview.domain.access import error_messages
from eksview.domain.base.reading import Permission, Read
from eksview.domain.live.facts import Facts
from eksview.domain.live.messages import Swap
from eksview.domain.rows.kube import Amounts, Kind, UsageRow
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import ServerVersion
from eksview.domain.rows.usage_age import KEPT
from eksview.store.applier import apply
from eksview.store.store import Store
from eksview.ui.base.messages import OpenNode
from eksview.ui.nodes.nodes_screen import NodesScreen, count_words
from eksview.ui.table.live_table import LiveTable
from tests.patience import until
from tests.ui.table_app import TableApp, link, press, shown, store_of
from tests.ui.table_rows import NOW, condition, lease, node, nodes, pod

SIZES = [(80, 24), (120, 36), (200, 60), (20, 5)]


def fleet(count: int = 9) -> Store:
    rows = nodes(count)
    return store_of((Kind.NODE, rows), (Kind.LEASE, [lease(row.name) for row in rows]))


def name_of(app: TableApp) -> str:
    row = app.shown.table.current
    return "" if row is None else row.name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_it_fits_any_terminal(size: tuple[int, int], ascii_only: bool) -> None:
    app = TableApp(NodesScreen, fleet(), ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        text = await shown(app, pilot)
        assert "9 nodes" in text
        assert all(len(line) == size[0] for line in app.lines())
        assert not ascii_only or text.isascii()


async def test_a_terminal_that_shrinks_and_grows_loses_nothing() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        before = await shown(app, pilot)
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        await pilot.resize_terminal(120, 36)
        await pilot.pause()
        assert app.text() == before


async def test_counts_and_states_are_said_in_words() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        text = await shown(app, pilot)
    assert "9 nodes: 8 Ready, 1 NotReady, 1 cordoned, 1 DiskPressure" in text
    assert "✖ ip-10-0-2-21" in text
    assert "▲ ip-10-0-1-20" in text
    assert "● ip-10-0-1-17" in text


async def test_the_cursor_stays_on_its_node_when_rows_move() -> None:
    store = fleet()
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "j", "j", "j")
        before = name_of(app)
        for number in range(5):
            store.put(Kind.NODE, node(f"a-new-node-{number}"))
        await shown(app, pilot)
        assert name_of(app) == before
        await press(app, pilot, "A")
        assert name_of(app) == before


async def test_the_cursor_goes_to_the_neighbour_when_its_node_leaves() -> None:
    store = fleet()
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "j")
        gone = store.nodes[name_of(app)]
        await press(app, pilot, "j")
        below = name_of(app)
        await press(app, pilot, "k")
        store.drop(Kind.NODE, gone)
        text = await shown(app, pilot)
        assert name_of(app) == below
        assert gone.name not in text


async def test_enter_opens_the_node_under_the_cursor() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "G", "enter")
        assert [message.name for message in app.posted if isinstance(message, OpenNode)] == [
            "ip-10-0-3-25.us-west-2.compute.internal"
        ]


async def test_a_letter_sorts_and_again_turns_round() -> None:
    store = fleet()
    for number in range(12):
        store.put(Kind.POD, pod(f"p{number}", node="ip-10-0-3-22.us-west-2.compute.internal"))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "P", "g")
        assert name_of(app).startswith("ip-10-0-3-22."), "figures fall"
        assert "▾PODS" in app.text()
        await press(app, pilot, "P", "G")
        assert name_of(app).startswith("ip-10-0-3-22.")
        assert "▴PODS" in app.text()


async def test_a_filter_is_live_kept_with_enter_and_cleared_with_escape() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "slash", *"pressure")
        assert "1 of 9" in app.text()
        assert "ip-10-0-1-17" not in app.text()
        await press(app, pilot, "enter")
        assert isinstance(app.focused, LiveTable)
        assert "/ pressure" in app.text()
        await press(app, pilot, "escape")
        assert "ip-10-0-1-17" in app.text()
        assert "pressure" not in app.text()


async def test_a_filter_nothing_matches_says_so() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "slash", *"zone=nowhere")
        assert "No nodes match zone=nowhere" in app.text()
        assert "0 of 9" in app.text()


async def test_wide_has_every_column_of_kubectl() -> None:
    app = TableApp(NodesScreen, fleet())
    titles = "NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION"
    async with app.run_test(size=(250, 40)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "w")
        header = next(line for line in app.lines() if "STATUS" in line)
        assert header.split()[:10] == [*titles.split(), "CONTAINER-RUNTIME"]
        await press(app, pilot, *["right"] * 9)
        assert header.split()[0] == "NAME"
        assert "HEARTBEAT" in app.text()


@pytest.mark.parametrize(("version", "printed"), [("v1.35.1", False), ("v1.36.0", True)])
async def test_the_kernel_reads_as_the_version_of_the_server_prints_it(
    version: str, printed: bool
) -> None:
    store = fleet()
    store.set_fact(Facts.version, Read(ServerVersion(version), NOW))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(600, 24)) as pilot:
        assert ("6.1.140-154.222.amzn2023.x86_64 (" in await shown(app, pilot)) is printed


async def test_only_the_changed_cells_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    store = fleet()
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        requested: list[tuple[Region, ...]] = []
        monkeypatch.setattr(app.shown.table, "refresh", lambda *regions: requested.append(regions))
        app.tick()
        assert requested == [], "nothing has changed"
        changed = store.nodes["ip-10-0-2-24.us-west-2.compute.internal"]
        store.put(Kind.NODE, replace(changed, kubelet="v1.34.0-eks-aaaaaaa"))
        app.tick()
        header = next(line for line in app.lines() if "VERSION" in line)
        line = next(y for y, line in enumerate(app.lines()) if "ip-10-0-2-24" in line)
        ((region,),) = requested
        top = app.shown.table.region.y
        assert (region.y + top, region.height) == (line, 1)
        assert region.x == header.index("VERSION")
        assert region.right <= header.index("PODS")


async def test_the_cursor_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        requested: list[tuple[Region, ...]] = []
        monkeypatch.setattr(app.shown.table, "refresh", lambda *regions: requested.append(regions))
        app.shown.table.action_step(1)
        assert [region.y for region in requested[0]] == [1, 2]


async def test_heartbeats_age_without_any_event() -> None:
    app = TableApp(NodesScreen, fleet())
    async with app.run_test(size=(200, 36)) as pilot:
        await shown(app, pilot)
        app.now = NOW + 90
        text = await shown(app, pilot)
        assert "94s" in text
        assert "● ip-10" not in text, "a node that is silent for so long isn't well"


async def test_a_stale_stream_says_why_how_old_and_when_it_tries_again() -> None:
    store = fleet()
    store.set_link(
        link(
            Kind.NODE, Phase.RETRYING, reason="connection refused", retry_at=NOW + 3, heard=NOW - 14
        )
    )
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        text = await shown(app, pilot)
        assert "connection refused. Last update 14s ago. Next try in 3 s." in text
        assert "ip-10-0-1-17" in text, "what was known stays, marked"
        store.set_link(link(Kind.NODE))
        assert "connection refused" not in await shown(app, pilot)


async def test_a_table_that_is_only_listed_says_why_and_how_old_it_is() -> None:
    store = fleet()
    why = "Listed every 30s because RBAC denies `watch nodes`."
    store.set_link(link(Kind.NODE, Phase.LIVE, reason=why, heard=NOW - 14, every=30.0))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(120, 36)) as pilot:
        text = await shown(app, pilot)
        assert f"{why} Last listed 14s ago." in text
        assert "ip-10-0-1-17" in text


async def test_a_refusal_shows_the_rule_that_would_grant_it() -> None:
    store = Store()
    store.set_link(
        link(
            Kind.NODE,
            Phase.REFUSED,
            reason="You may not list nodes",
            missing=Permission("list", "nodes"),
        )
    )
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(80, 30)) as pilot:
        text = await shown(app, pilot)
        assert "You may not list nodes." in text
        assert "ClusterRole" in text
        assert "0 nodes" not in text, "not seen isn't none"


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        (Phase.LIVE, "This cluster has no nodes."),
        (Phase.CONNECTING, "connecting to read nodes"),
        (Phase.LISTING, "Loading nodes"),
        (Phase.OFF, "No nodes loaded."),
    ],
)
async def test_an_empty_table_says_why(phase: Phase, sentence: str) -> None:
    store = Store()
    store.set_link(link(Kind.NODE, phase))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(80, 24)) as pilot:
        assert sentence in await shown(app, pilot)


async def test_names_with_controls_markup_and_wide_characters_break_nothing() -> None:
    names = [
        "\x1b[31mred\x1b[0m",
        "[bold]b[/]",
        "节点节点-1",
        "\u202eabc",
        "a\nb\tc",
        "e\u0301" * 50,
    ]
    store = store_of((Kind.NODE, [node(name) for name in [*names, "z-plain"]]))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await shown(app, pilot)
        rows = [strip for strip in app.screen._compositor.render_strips() if "Ready" in strip.text]
    assert not any(ord(character) < 32 for character in text.replace("\n", ""))
    assert "\u202e" not in text
    assert "[bold]b[/]" in text
    assert {strip.cell_length for strip in rows} == {80}
    assert {_cell_of("Ready", strip.text) for strip in rows[1:]} == {
        _cell_of("Ready", rows[-1].text)
    }


def _cell_of(word: str, line: str) -> int:
    from eksview.domain.base.text import cells

    return cells(line[: line.index(word)])


async def test_everything_forgotten_is_gone_at_once() -> None:
    store = fleet()
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        store.reset()
        assert "ip-10" not in await shown(app, pilot)


def test_words_for_any_fleet() -> None:
    def output(total: int, **counts: int) -> str:
        return "".join(word for word, _ in count_words(total, counts))

    assert output(0) == "0 nodes"
    assert output(1, Ready=1) == "1 node: 1 Ready"
    assert output(9, cordoned=1, Ready=7, NotReady=2) == (
        "9 nodes: 7 Ready, 2 NotReady, 1 cordoned"
    )
    assert output(1200, PIDPressure=1200, DiskPressure=1200, Ready=1200) == (
        "1,200 nodes: 1,200 Ready, 1,200 DiskPressure, 1,200 PIDPressure"
    )


async def test_a_condition_unknown_alone_is_not_taken_for_well() -> None:
    row = node("n", ready="True")
    doubt = replace(row, conditions=(condition("DiskPressure", "Unknown"), *row.conditions[2:]))
    app = TableApp(NodesScreen, store_of((Kind.NODE, [doubt])))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "○ n" in await shown(app, pilot)


async def test_shift_c_and_shift_m_sort_by_the_share_that_is_used() -> None:
    size = Amounts(cpu=1000, memory=2**30, pods=58)
    store = store_of((Kind.NODE, [node(name, allocatable=size) for name in "abcd"]))
    used = {"a": (700, 2**20), "b": (20, 2**29), "c": (990, 0)}  # nothing is known of d
    apply(store, Swap(Kind.USAGE, [UsageRow(name, NOW - 9, *each) for name, each in used.items()]))
    app = TableApp(NodesScreen, store)

    def order() -> list[str]:
        return re.findall(r"(?m)^.* ([abcd]) +Ready ", app.text())

    async with app.run_test(size=(160, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "C")
        assert order() == ["c", "a", "b", "d"]
        await press(app, pilot, "M")
        assert order() == ["b", "a", "c", "d"]
        await press(app, pilot, "M")
        assert order() == ["d", "c", "a", "b"]


async def test_usage_that_rbac_denies_is_said_and_not_sorted_by() -> None:
    store = fleet()
    missing = Permission("list", "nodes", "metrics.k8s.io")
    store.set_link(link(Kind.USAGE, Phase.REFUSED, missing=missing, heard=None))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(130, 24)) as pilot:
        assert "usage: RBAC denies `list nodes.metrics.k8s.io`" in await shown(app, pilot)
        why = app.shown.table.why_not("sort", ("cpu-use",))
        assert why == "There is no usage: RBAC denies `list nodes.metrics.k8s.io`."
        assert app.shown.table.why_not("sort", ("age",)) == ""


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "usage refused: 401"),
        (429, "usage throttled: 429"),
        (500, "usage failed with 500"),
        (418, "usage answered 418"),
    ],
)
async def test_why_usage_of_nodes_is_not_read_is_said_in_a_narrow_table(
    status: int, words: str
) -> None:
    store = fleet()
    server = "https://0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com"
    reason = error_messages.sentence(status, "", server=server, user="someone")
    store.set_link(link(Kind.USAGE, Phase.RETRYING, reason=reason, heard=None))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(90, 24)) as pilot:
        assert words in await shown(app, pilot)
        assert app.shown.table.why_not("sort", ("cpu-use",)) == f"There is no usage. {reason}"


async def test_usage_of_nodes_that_is_too_old_is_said_and_not_sorted_by() -> None:
    store = fleet()
    store.set_link(link(Kind.USAGE, Phase.LIVE))
    apply(store, Swap(Kind.USAGE, [UsageRow(name, NOW, 900, 10**9) for name in store.nodes]))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(130, 24)) as pilot:
        assert "too old" not in await shown(app, pilot)
        assert app.shown.table.why_not("sort", ("cpu-use",)) == ""
        app.now += KEPT
        app.tick()
        await until(lambda: "usage 2m old, too old to show" in app.text())
        why = app.shown.table.why_not("sort", ("cpu-use",))
        assert why == "There is no usage: the newest figure is 2m old."


async def test_a_metrics_api_without_a_figure_of_any_node_is_said() -> None:
    store = fleet()
    store.set_link(link(Kind.USAGE, Phase.LIVE))
    app = TableApp(NodesScreen, store)
    async with app.run_test(size=(130, 24)) as pilot:
        assert "usage: no figures yet" in await shown(app, pilot)
