"""The pods screen, by keyboard."""

from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace
from textual.geometry import Region
from textual.widgets import Input

from eksview.domain.base.reading import Permission, Read
from eksview.domain.live.facts import Facts
from eksview.domain.live.messages import Swap
from eksview.domain.rows.kube import Kind, PodUsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import ServerVersion
from eksview.domain.rows.usage_age import KEPT
from eksview.store.applier import apply
from eksview.store.store import Store
from eksview.ui.base.messages import OpenPod
from eksview.ui.dialogs.namespace_picker import NamespacePicker
from eksview.ui.pods.pods_screen import PodsScreen, pod_words
from tests.patience import until
from tests.ui.table_app import NoBackend, TableApp, link, press, shown, store_of
from tests.ui.table_rows import NOW, nodes, pod, pods


def crowd(count: int = 80) -> Store:
    return store_of((Kind.POD, pods(count, nodes(9))))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60), (20, 5)])
async def test_it_fits_any_terminal(size: tuple[int, int]) -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=size) as pilot:
        assert "80 pods" in await shown(app, pilot)
        assert all(len(line) == size[0] for line in app.lines())


async def test_pods_stand_by_namespace_then_name_as_kubectl_has_them() -> None:
    store = store_of(
        (
            Kind.POD,
            [
                pod("b", namespace="z"),
                pod("c", namespace="a"),
                pod("a", namespace="z"),
            ],
        )
    )
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        rows = [line.partition("●")[2].split()[:2] for line in app.lines() if "1/1" in line]
        assert rows == [["a", "c"], ["z", "a"], ["z", "b"]]


@pytest.mark.parametrize("width", [100, 120, 200])
async def test_where_there_is_room_the_word_for_what_is_wrong_is_whole(width: int) -> None:
    long = pod("recommender-6bd9c7f5b8-v2q27-of-a-long-name", status="CrashLoopBackOff", ready=0)
    app = TableApp(PodsScreen, store_of((Kind.POD, [*pods(9, nodes(9)), long])))
    async with app.run_test(size=(width, 24)) as pilot:
        await shown(app, pilot)
        assert any("recomm" in line and "CrashLoopBackOff" in line for line in app.lines())


async def test_a_pod_that_changes_is_shown_as_it_is_now() -> None:
    store = crowd(8)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        assert "Evicted" not in await shown(app, pilot)
        some = next(iter(store.pods.values()))
        store.put(Kind.POD, replace(some, status="Evicted"))
        app.now += 1
        text = await shown(app, pilot)
        assert "1 Evicted" in text
        assert any(some.name in line and "Evicted" in line for line in app.lines())


@pytest.mark.parametrize(
    ("version", "status"), [("v1.34.2", "Completed"), ("v1.35.0", "Error"), ("", "Error")]
)
async def test_a_status_reads_as_the_version_of_the_server_prints_it(
    version: str, status: str
) -> None:
    row = pod("report-0", status="Error", older=((34, "Completed"),), counted=False)
    store = store_of((Kind.POD, [row]))
    store.set_fact(Facts.version, Read(ServerVersion(version), NOW))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        line = next(line for line in app.lines() if row.name in line)
        assert ("Completed" in line, "Error" in line) == (status == "Completed", status == "Error")


async def test_the_namespace_key_offers_those_that_have_pods() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "n")
        assert isinstance(app.screen, NamespacePicker)
        offered = app.text()
        for name in ("all namespaces", "batch", "kube-system", "payments", "shop"):
            assert name in offered
        await press(app, pilot, *"pay", "enter")
        text = await shown(app, pilot)
        assert "20 pods in payments" in text
        assert "NAMESPACE" not in text, "a column of one value says nothing"
        await press(app, pilot, "0")
        assert "80 pods:" in await shown(app, pilot)


async def test_the_keys_of_a_list_are_typed_into_the_pickers_filter() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "n", *"jkq")
        assert isinstance(app.screen, NamespacePicker)
        assert app.screen.query_one("Input", Input).value == "jkq"
        assert app.screen.chosen is None
        await press(app, pilot, "enter", *["backspace"] * 3, "down", "down")
        assert isinstance(app.screen, NamespacePicker), "there was nothing to pick"
        assert app.screen.chosen == "kube-system"


async def test_leaving_the_picker_changes_nothing() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "n", "escape")
        assert "80 pods:" in await shown(app, pilot)


async def test_it_starts_in_the_namespace_that_was_asked_for() -> None:
    app = TableApp(PodsScreen, crowd(), namespace="shop")
    async with app.run_test(size=(120, 36)) as pilot:
        assert "20 pods in shop" in await shown(app, pilot)


async def test_a_new_pod_of_another_namespace_does_not_come_in() -> None:
    store = crowd()
    app = TableApp(PodsScreen, store, namespace="shop")
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(app, pilot)
        store.put(Kind.POD, pod("a-stranger", namespace="other"))
        store.put(Kind.POD, pod("a-friend", namespace="shop"))
        text = await shown(app, pilot)
        assert "a-stranger" not in text
        assert "a-friend" in text


async def test_an_empty_namespace_says_how_to_get_out() -> None:
    app = TableApp(PodsScreen, crowd(), namespace="nobody")
    async with app.run_test(size=(120, 36)) as pilot:
        assert "No pods in nobody. Press 0 for all namespaces." in await shown(app, pilot)


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({"loaded": 61_500, "remaining": 88_500}, "reading pods: 61,500 of 150,000"),
        ({"loaded": 61_500, "remaining": None}, "reading pods: 61,500 so far"),
        ({"loaded": 0, "remaining": 0}, "reading pods: 0 of 0"),
        ({"loaded": 0, "remaining": None}, "reading pods "),
    ],
)
async def test_progress_is_what_the_server_says_and_no_more(
    fields: dict[str, int | None], output: str
) -> None:
    store = crowd()
    store.set_link(link(Kind.POD, Phase.LISTING, **fields))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        text = await shown(app, pilot)
        assert output in text
        bar = next(line for line in app.lines() if output in line)
        if fields["loaded"] and fields["remaining"]:
            assert (bar.count("█"), bar.count("░")) == (10, 14)
        elif fields["remaining"] is None:
            assert "█" not in bar
            assert "░" not in bar


async def test_enter_opens_the_pod_under_the_cursor() -> None:
    store = crowd(8)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "j", "enter")
        (message,) = app.posted
        assert isinstance(message, OpenPod)
        assert store.pods[message.uid] is app.shown.table.current


async def test_typing_a_filter_never_sorts_nor_quits() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        await press(app, pilot, "slash", *"Sqn0w", "left", "enter")
        assert not isinstance(app.screen, NamespacePicker)
        assert "/ Sqn0w" in app.text()


async def test_a_filter_nothing_matches_leaves_no_pod_to_act_on() -> None:
    app = TableApp(PodsScreen, crowd())
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        assert isinstance(app.shown.subject(), OpenPod)
        await press(app, pilot, "slash", *"nowhere", "enter")
        assert "No pods match nowhere" in app.text()
        assert app.shown.subject() is None
        assert app.shown.copied() == ""


async def test_rows_come_and_go_a_second_s_worth_together() -> None:
    store = crowd(8)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        store.put(Kind.POD, pod("first"))
        assert "first" in await shown(app, pilot)
        store.put(Kind.POD, pod("second"))
        app.now += 0.25
        assert "second" not in await shown(app, pilot)
        app.now += 1
        assert "second" in await shown(app, pilot)


async def test_a_row_that_comes_and_goes_within_a_second_leaves_nothing() -> None:
    store = crowd(8)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        for name in ("first", "brief"):
            store.put(Kind.POD, pod(name))
            await shown(app, pilot)
        store.drop(Kind.POD, pod("brief"))
        app.now += 2
        assert "brief" not in await shown(app, pilot)
        assert app.shown.table.total == len(store.pods)


async def test_a_held_key_scrolls_by_half_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(PodsScreen, crowd(80))
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        table = app.shown.table
        ticks = iter(range(10_000))
        monkeypatch.setattr(table, "_clock", lambda: next(ticks) * 0.03)
        lines: list[int] = []
        monkeypatch.setattr(table, "refresh", lambda *regions: lines.append(len(regions)))
        for _ in range(60):
            table.action_step(1)
        assert sum(count > 2 for count in lines) <= 60 // 8, "a whole window for every row"


async def test_rows_above_the_window_come_without_a_repaint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = crowd(80)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        for key in ("G", "k", "k"):
            await press(app, pilot, key)
        before = await shown(app, pilot)
        requested: list[Region] = []
        table, whole = app.shown.table, app.shown.table.region
        monkeypatch.setattr(table, "refresh", lambda *regions: requested.extend(regions or [whole]))
        store.put(Kind.POD, pod("aaa-comes-first"))
        app.tick()
        assert table.total == 81
        assert all(region.width == 1 for region in requested), requested  # the scroll bar's thumb
        monkeypatch.undo()
        rows = [line for line in before.split("\n") if "Running" in line][1:]
        assert set(rows) <= set((await shown(app, pilot)).split("\n"))


async def test_a_restart_of_now_stands_out_and_an_old_one_does_not() -> None:
    fresh = pod("fresh", restarts=2, restarted=NOW - 60)
    old = pod("old", restarts=2, restarted=NOW - 90_000)
    app = TableApp(PodsScreen, store_of((Kind.POD, [fresh, old])))
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        colors = [
            segment.style.color
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.text.startswith("2 (") and segment.style is not None
        ]
        warn, dim = app.view.palette().warn.color, app.view.palette().dim.color
        assert colors == [warn, dim]


def test_words_for_any_crowd() -> None:
    def output(**tallies: int) -> str:
        return "".join(word for word, _ in pod_words(tallies))

    assert output() == "0 pods"
    assert output(Running=1) == "1 pod: 1 Running"
    assert output(**{"Running": 149_985, "Pending": 12, "CrashLoopBackOff": 3, "Running ": 2}) == (
        "150,002 pods: 3 CrashLoopBackOff, 12 Pending, 2 not ready, 149,985 Running"
    )
    words = list(pod_words({"Completed": 4, "Completed\n": 2}))
    assert [word for word in words if "Completed" in word[0]] == [
        ("2 Completed", "bad"), ("4 Completed", "text"),
    ]  # fmt: skip
    assert output(**{"": 1}) == "1 pod: 1 without a status"
    many = {f"Init:0/{number}": 1 for number in range(1, 10)}
    assert output(**many).endswith(", 3 more")
    assert output(**many, Running=90).endswith(", 90 Running, 4 more")


async def test_the_namespaces_that_are_read_are_named_where_others_are_refused() -> None:
    store = store_of((Kind.POD, [pod("web")]))
    store.set_link(Link("pods", Phase.LIVE, NOW, heard=NOW, only="shop, web"))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await shown(app, pilot)
    assert "pods of namespaces shop, web only: listing all is refused" in text


class UsageBackend(NoBackend):
    """Keeps which usage a screen wants."""

    def __init__(self) -> None:
        self.followed: list[str] = []

    def show_usage(self, namespace: str | None, before: str | None = None) -> None:
        if namespace is not None:
            self.followed.append(namespace)
        if before is not None:
            self.followed.remove(before)


def measured(store: Store, **cpu: int) -> None:
    at = NOW - 9
    rows = [PodUsageRow(f"shop/{name}", at, used, used * 2**20) for name, used in cpu.items()]
    apply(store, Swap(Kind.POD_USAGE, rows))


def names(app: TableApp) -> list[str]:
    return [line.partition("●")[2].split()[1] for line in app.lines() if "1/1" in line]


async def test_usage_is_shown_dated_and_sorted_by_shift_c_and_shift_m() -> None:
    store = store_of((Kind.POD, [pod(name) for name in "abcd"]))
    measured(store, a=20, b=300, c=0)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(160, 24)) as pilot:
        text = await shown(app, pilot)
        assert "usage 9s old" in text
        for name, cells in {"a": "20m 20Mi", "b": "300m 300Mi", "c": "0 0", "d": "- -"}.items():
            (line,) = (line for line in app.lines() if f" {name} " in line)
            assert cells in " ".join(line.split())
        await press(app, pilot, "C")
        assert names(app) == ["b", "a", "c", "d"]  # what is unknown comes after 0
        measured(store, a=400, b=300, c=0)
        app.now += 1
        app.tick()
        await until(lambda: names(app) == ["a", "b", "c", "d"])
        measured(store, a=1, b=2, c=3)
        await press(app, pilot, "M")
        app.tick()
        await until(lambda: names(app) == ["c", "b", "a", "d"])
        await press(app, pilot, "slash", *"cpu>=2m", "enter")
        assert names(app) == ["c", "b"]


@pytest.mark.parametrize(
    ("phase", "fields", "words"),
    [
        (Phase.OFF, {}, "no usage: metrics.k8s.io isn't installed"),
        (
            Phase.REFUSED,
            {"missing": Permission("list", "pods", "metrics.k8s.io")},
            "usage: RBAC denies `list pods.metrics.k8s.io`",
        ),
        (Phase.RETRYING, {"reason": "503: no endpoints."}, "usage: 503: no endpoints"),
        (Phase.CONNECTING, {"heard": None}, "reading usage"),
    ],
)
async def test_why_there_is_no_usage_is_said(phase: Phase, fields: Any, words: str) -> None:
    store = store_of((Kind.POD, [pod("a")]))
    store.set_link(link(Kind.POD_USAGE, phase, **fields))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(160, 24)) as pilot:
        assert words in await shown(app, pilot)
        (line,) = (line for line in app.lines() if " a " in line)
        assert " - " in line.partition("1/1")[2]


async def test_sorting_by_usage_that_is_not_read_says_the_whole_reason() -> None:
    store = store_of((Kind.POD, [pod("a")]))
    reason = "https://api failed with 503: the server is currently unable to handle the request."
    store.set_link(link(Kind.POD_USAGE, Phase.RETRYING, reason=reason, heard=None))
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(90, 24)) as pilot:
        assert "usage failed with 503" in await shown(app, pilot)
        table = app.shown.table
        assert table.why_not("sort", ("cpu",)) == f"There is no usage. {reason}"
        assert table.why_not("sort", ("age",)) == ""
        measured(store, a=20)
        assert table.why_not("sort", ("cpu",)) == "", "its figures are shown still"


async def test_usage_too_old_is_unknown() -> None:
    store = store_of((Kind.POD, [pod("a")]))
    store.set_link(link(Kind.POD_USAGE, Phase.LIVE))
    measured(store, a=20)
    app = TableApp(PodsScreen, store)
    async with app.run_test(size=(160, 24)) as pilot:
        assert "20m" in await shown(app, pilot)
        app.now += KEPT
        app.tick()
        await until(lambda: "20m" not in app.text())
        await until(lambda: "usage 2m9s old, too old to show" in app.text())
        why = app.shown.table.why_not("sort", ("cpu",))
        assert why == "There is no usage: the newest figure is 2m9s old."


async def test_usage_is_wanted_of_what_is_visible_only() -> None:
    app = TableApp(PodsScreen, crowd())
    app.view.backend = backend = UsageBackend()
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot)
        assert backend.followed == [""]
        app.shown.choose("shop")
        app.tick()
        assert backend.followed == ["shop"]
        app.push_screen(NamespacePicker(app.view, Counter(shop=1), ""))
        await until(lambda: backend.followed == [])
