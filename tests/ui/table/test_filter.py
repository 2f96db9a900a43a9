"""The filter above a table, by keyboard: what it shows, marks and says."""

import pytest
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview.ui.nodes.nodes_screen import NodesScreen
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.text.palette import palette, sparing
from eksview.ui.text.styled_text import on_cursor
from tests.ui.table_app import TableApp, press, shown, store_of
from tests.ui.table_rows import NOW, node, pod

PODS = [
    pod("web-1", namespace="shop", node="ip-10-0-1-23", labels="app=web"),
    pod("web-2", namespace="shop", node="ip-10-0-12-3", labels="app=web,tier=db"),
    pod("api-1", namespace="core", node="ip-10-0-12-3", labels="app=api"),
]


async def typed(app: TableApp, pilot: Pilot[None], text: str) -> str:
    """Type a filter; return the screen."""
    await shown(app, pilot)
    await press(app, pilot, "slash")
    app.screen.query_one(Input).value = text
    await press(app, pilot)
    return await shown(app, pilot)


def names(screen: str) -> list[str]:
    """The pods that are shown, in order."""
    words = (word for line in screen.splitlines()[3:] for word in line.split())
    return [word for word in words if word in {row.name for row in PODS}]


def underlined(app: TableApp) -> list[str]:
    """The parts of the table that are underlined, in order."""
    strips = app.screen._compositor.render_strips()
    return [
        segment.text
        for strip in strips
        for segment in strip
        if segment.style and segment.style.underline
    ]


def pods_store() -> Store:
    return store_of((Kind.POD, PODS))


@pytest.mark.parametrize(
    ("text", "expected", "marks"),
    [
        ("ns=shop", ["web-1", "web-2"], ["shop", "shop"]),
        ("node=ip-10-0-1", ["web-1"], ["ip-10-0-1"]),
        ("-l app=web,!tier", ["web-1"], []),
        ("-1$", ["api-1", "web-1"], ["-1", "-1"]),
        ("api|web-2", ["api-1", "web-2"], ["api", "web-2"]),
        ("-f wb2", ["web-2"], ["web-2"]),
        ("app=web", ["web-1", "web-2"], []),
    ],
)
async def test_matching_rows_are_shown_and_their_matches_underlined(
    text: str, expected: list[str], marks: list[str]
) -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=(120, 24)) as pilot:
        screen = await typed(app, pilot, text)
        assert names(screen) == expected
        assert f"{len(expected)} of 3" in screen
        assert underlined(app) == marks
        await press(app, pilot, "escape")
        assert not underlined(app)


async def test_a_match_in_a_cut_cell_is_marked_as_far_as_it_is_shown() -> None:
    long = pod("a-very-long-name-of-a-pod-that-does-not-fit-anywhere-at-80-columns", namespace="x")
    app = TableApp(PodsScreen, store_of((Kind.POD, [long])))
    async with app.run_test(size=(80, 24)) as pilot:
        await typed(app, pilot, "name~y.*columns")
        (mark,) = underlined(app)
        assert mark.startswith("y-long-name")
        assert "…" not in mark


@pytest.mark.parametrize("colors", [True, False])
def test_a_match_is_seen_without_colors(colors: bool) -> None:
    app = TableApp(PodsScreen, pods_store())
    full = palette(app.current_theme)
    assert sparing(full, colors=colors).match == full.match == Style(bold=True, underline=True)


def test_a_match_is_underlined_below_a_cursor_of_reverse_video() -> None:
    full = sparing(palette(TableApp(PodsScreen, pods_store()).current_theme), colors=True)
    line = Strip([Segment("a"), Segment("web", full.match), Segment("b", full.bad)])
    drawn = on_cursor(line, Style(), full)
    assert [each.text for each in drawn if each.style and each.style.underline] == ["web"]
    assert all(each.style and each.style.reverse for each in drawn)


async def test_the_footer_shows_no_slash_while_a_filter_is_typed() -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=(120, 24)) as pilot:
        assert "/ Filter" in (await shown(app, pilot)).splitlines()[-1]
        assert "/ Filter" not in (await typed(app, pilot, "we/b")).splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stat>3", "No column stat; columns: namespace, name, ready, status"),
        ("stats=Running", "No column or label stats; columns: namespace, name"),
        ("web(", "web( isn't a regular expression"),
        ("-l app=web tier", "'tier' where ',' or the end is expected"),
        ("age>1", "age is compared with a time, such as 30m"),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_an_impossible_term_is_told_beside_the_filter_and_instead_of_rows(
    text: str, sentence: str, size: tuple[int, int]
) -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=size) as pilot:
        lines = (await typed(app, pilot, text)).splitlines()
        beside = next(line for line in lines if line.startswith("  / "))
        assert f"/ {text} " in beside
        assert sentence[:12] in beside
        assert sentence[:50] in " ".join(" ".join(lines[5:]).split())
        assert not names("\n".join(lines))
        assert names(await typed(app, pilot, "")) == ["api-1", "web-1", "web-2"]


async def test_an_unknown_name_is_told_where_all_rows_match_too() -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=(120, 24)) as pilot:
        screen = await typed(app, pilot, "stats!=Running")
        assert "No column or label stats" in screen
        assert len(names(screen)) == 3


async def test_rows_come_into_a_filter_by_time_alone() -> None:
    young = replace(PODS[0], created=NOW - 3590)
    app = TableApp(PodsScreen, store_of((Kind.POD, [young])))
    async with app.run_test(size=(120, 24)) as pilot:
        assert not names(await typed(app, pilot, "age>1h"))
        app.now += 20
        await shown(app, pilot)
        assert names(await shown(app, pilot)) == ["web-1"]


async def test_the_name_of_a_zone_matches_in_full_and_as_it_is_shown() -> None:
    rows = [node("one", zone="a"), node("two", zone="b")]
    app = TableApp(NodesScreen, store_of((Kind.NODE, rows)))
    async with app.run_test(size=(160, 24)) as pilot:
        for text in ("zone=2a", "zone=us-west-2a"):
            assert "1 of 2" in await typed(app, pilot, text)


async def test_a_value_that_is_only_a_part_of_one_is_explained() -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=(100, 20)) as pilot:
        screen = await typed(app, pilot, "name=web")
        assert "No pods match name=web" in screen
        assert "name~web matches a part of a value" in screen
        assert names(await typed(app, pilot, "name~web")) == ["web-1", "web-2"]
        assert "a part of a value" not in await typed(app, pilot, "nowhere")


async def test_what_matches_in_no_pod_of_a_namespace_may_be_in_another() -> None:
    app = TableApp(PodsScreen, pods_store())
    async with app.run_test(size=(100, 20)) as pilot:
        await shown(app, pilot)
        app.screen.choose("core")
        screen = await typed(app, pilot, "-l app=web")
        assert "No pods in core match -l app=web" in screen
        assert "0 shows all namespaces" in screen
        await press(app, pilot, "enter", "0")
        assert names(await shown(app, pilot)) == ["web-1", "web-2"]
