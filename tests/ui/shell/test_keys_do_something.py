"""The footer shows only keys that do something now; the others say why, and help lists all."""

from collections.abc import Awaitable, Callable

import pytest

from eksview.config.settings import Settings
from eksview.ui.base.availability import why_not
from eksview.ui.base.lines.footer import FooterLine
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.screen_registry import SCREENS, Opens
from eksview.ui.shell import key_queue
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, until
from tests.ui.snapshots.screens import SCENES, app_of, empty_store, requests

Press = Callable[..., Awaitable[None]]
ENDING = {"app.leave", "app.leave-now", "app.suspend"}

WAYS: dict[str, tuple[str, ...]] = {
    **{spec.name: (spec.key,) for spec in SCREENS if spec.key},
    **{
        spec.name: ("colon", *spec.name, "enter")
        for spec in SCREENS
        if not spec.key and spec.opens is not Opens.DIALOG
    },
    "control plane": ("1", "tab"),
    "API link": ("1", "tab", "tab"),
    "last node": ("2", "G"),
    "node": ("2", "enter"),
    "pods of a node": ("2", "enter", "p"),
    "yaml of a node": ("2", "enter", "y"),
    "pod": ("3", "enter"),
    "logs": ("3", "l"),
    "instance": ("4", "enter"),
    "no match": ("3", "slash", *"nomatch", "enter"),
    "nodegroup": ("colon", *"nodegroups", "enter", "d"),
    "call": ("9", "enter"),
    "typing a filter": ("2", "slash"),
    "namespaces": ("3", "n"),
    "commands": ("K",),
    "help": ("question_mark",),
    "contexts": ("colon", *"ctx", "enter"),
}


async def arrive(app: TestedApp, press: Press, keys: tuple[str, ...]) -> None:
    for request in requests():
        app.view.store.set_request(request)
    await press(*keys)
    await until(app.pilot, lambda: not isinstance(app.screen, LiveScreen) or app.screen.ready)
    await until(app.pilot, lambda: not app._keys.waiting)
    app._frames.flush(full=True)


def footer(app: TestedApp) -> FooterLine:
    """Return the footer that is seen, which may be below a dialog."""
    screen = next(each for each in reversed(app.screen_stack) if isinstance(each, LiveScreen))
    return screen.query_one(FooterLine)


def state(app: TestedApp) -> tuple[object, ...]:
    """Return all that a key could change for a person who looks."""
    return (
        app.theme,
        app.clipboard,
        len(app.fake.calls),
        [id(screen) for screen in app.screen_stack],
        id(app.focused),
        len(app._notifications),
        app.lines(),
        getattr(app.focused, "value", ""),
    )


async def changed(app: TestedApp, before: tuple[object, ...], key: str) -> None:
    try:
        await until(app.pilot, lambda: state(app) != before)
    except TimeoutError:
        raise AssertionError(f"{key} does nothing at\n{app.text()}") from None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("store", ["full", "empty"])
async def test_every_key_in_the_footer_does_something(way: str, store: str) -> None:
    seen: set[str] = set()
    while True:
        app = app_of(SCENES["home-aws"])
        if store == "empty":
            app = TestedApp(empty_store())
        async with running(app, (200, 40)) as press:
            await arrive(app, press, WAYS[way])
            for slot in footer(app)._keys:
                key = slot.key
                if not key or key in seen or (key == "q" and app.navigation.at_home):
                    continue
                seen.add(key)
                before = state(app)
                toasts = len(app._notifications)
                await press(key)
                await changed(app, before, key)
                if app.screen_stack and len(app._notifications) > toasts:
                    assert key in ("ctrl+r", "enter", "c"), app.text()
                break
            else:
                assert seen
                return


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"help", "typing a filter"}))
async def test_a_key_that_would_do_nothing_says_why(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_queue, "LOOKS", 0)  # rows that never come aren't waited for
    app = TestedApp(empty_store())
    async with running(app, (200, 40)) as press:
        await arrive(app, press, WAYS[way])
        idle = [
            active
            for active in app.screen.active_bindings.values()
            if why_not(app, active.node, active.binding.action)
        ]
        assert idle
        shown = {slot.key for slot in footer(app)._keys}
        told: list[str] = []
        monkeypatch.setattr(app, "notify", lambda text, **_: told.append(text))
        for active in idle:
            assert active.binding.key not in shown
            before = len(told)
            await press(active.binding.key)
            await until(app.pilot, lambda: not app._keys.waiting)
            assert len(told) == before + 1, active


@pytest.mark.parametrize("way", ["control plane", "API link", "network", "no match"])
async def test_c_says_where_there_is_nothing_to_copy(way: str) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (200, 40)) as press:
        await arrive(app, press, WAYS[way])
        await press("c")
        told = [toast.message for toast in app._notifications]
        assert told[-1:] == ["There is nothing to copy here."]
        assert "c" not in {slot.key for slot in footer(app)._keys}


@pytest.mark.parametrize("way", WAYS)
async def test_help_lists_every_key_that_works(way: str) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (80, 300)) as press:
        await arrive(app, press, WAYS[way])
        if app.screen.is_modal or way == "typing a filter":
            return  # help is opened from below it
        working: dict[str, str] = {}  # by action: keys of the same are in one line
        for active in app.screen.active_bindings.values():
            binding = active.binding
            if not binding.system and not why_not(app, active.node, binding.action):
                working.setdefault(binding.action, binding.tooltip or binding.description)
        await press("question_mark")
        said = " ".join(app.text().replace("│", " ").split())
        assert [text for text in working.values() if " ".join(text.split()) not in said] == []


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36)])
async def test_home_shows_where_one_can_go(size: tuple[int, int]) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, size):
        last = app.lines()[-1]
        for keys in ("1-7 ", "/ ", ": ", "? "):
            assert keys in last


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize(("key", "title"), [("1", "Home"), ("2", "Nodes"), ("6", "Network")])
async def test_the_digits_show_the_current_screen(
    key: str, title: str, size: tuple[int, int]
) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, size) as press:
        await press(key)
        line = app.lines()[1]
        assert line.startswith(f" {title} ")
        assert f"[{key} {title}]" in line


async def test_the_path_names_what_is_shown() -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (120, 36)) as press:
        await press("2", "enter", "p")
        assert app.lines()[1].startswith(" Nodes › ip-10-0-1-56 › Pods ")
        await press("enter")
        assert "-7d876db474-00003 › Containers " in app.lines()[1]
        assert "[2 Nodes]" in app.lines()[1]


async def test_a_dialog_has_its_own_keys_in_the_footer() -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (120, 36)) as press:
        await press("3", "n")
        last = app.lines()[-1]
        assert "Close" in last
        assert "Filter" not in last
        assert "1-7" not in last
        await press("escape")
        assert "1-7" in app.lines()[-1]


async def test_l_opens_logs_and_arrows_scroll() -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        await press("2")
        before = app.lines()
        await press("l")
        await until(app.pilot, lambda: "Logs of " in app.text())
        await press("escape")
        await until(app.pilot, lambda: app.lines() == before)
        await press("right", "right")
        assert app.lines() != before


async def test_s_on_a_pod_says_why_it_opens_no_shell() -> None:
    app = TestedApp()
    async with running(app, (120, 36)) as press:
        await press("3", "s")
        await until(app.pilot, lambda: "--allow-writes" in app.text())
        assert "s Session" not in app.lines()[-1]


K9S = (  # github.com/derailed/k9s, README.md, Key Bindings, and internal/view
    "ctrl+a", "ctrl+e", "ctrl+g", "ctrl+k", "ctrl+l", "ctrl+w", "left_square_bracket",
    "right_square_bracket", "F", "f", "i", "o", "p", "r", "u", "x", "z",
)  # fmt: skip


@pytest.mark.parametrize("key", K9S)
async def test_a_key_of_k9s_that_does_something_else_here_says_so(key: str) -> None:
    app = TestedApp()
    async with running(app, (120, 36)) as press:
        await press("3")
        await until(app.pilot, lambda: "NAMESPACE" in app.text())
        await press(key)
        assert type(app.screen).__name__ == "PodsScreen"
        assert len(app._notifications) == 1, key


async def test_a_sentence_about_a_key_of_k9s_names_the_key_of_the_file() -> None:
    app = TestedApp(settings=Settings(animate=False, keys={"table.wide": "f6"}))
    async with running(app, (120, 36)) as press:
        await press("3", "ctrl+w")
        await until(app.pilot, lambda: "f6 shows all columns of a table." in app.text())
        await press("f7")
        await until(app.pilot, lambda: "f7 does nothing here; ? lists the keys." in app.text())


@pytest.mark.parametrize(
    ("table", "key", "path"),
    [
        ("2", "p", "› Pods "),
        ("2", "u", "› Kubelet "),
        ("2", "i", "› EC2 "),
        ("2", "f", "› Lifecycle "),
        ("2", "h", "› History "),
        ("2", "r", "› Drain plan "),
        ("3", "h", "› History "),
        ("4", "r", "› Drain plan "),
    ],
)
async def test_the_key_of_a_tab_opens_it_from_a_table(table: str, key: str, path: str) -> None:
    app = TestedApp()
    async with running(app, (120, 36)) as press:
        await press(table, key)
        await until(app.pilot, lambda: path in app.lines()[1])


@pytest.mark.parametrize(("key", "title"), [("I", "IP▴"), ("O", "NODE▴")])
async def test_the_column_that_rows_are_sorted_by_is_seen_at_80_cells(key: str, title: str) -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        await press("3")
        await until(app.pilot, lambda: "NAMESPACE" in app.text())
        await press(key)
        await until(app.pilot, lambda: title in app.text())
        await press("T")  # fewer columns, at once
        await until(app.pilot, lambda: title not in app.text())


async def test_esc_goes_back_along_the_way_one_came() -> None:
    app = TestedApp()
    async with running(app) as press:
        kinds = []
        for key in ("2", "enter", "3", "enter", "2", "9"):
            kinds.append(type(app.screen).__name__)
            await press(key)
        for kind in reversed(kinds):
            await press("escape")
            assert type(app.screen).__name__ == kind
        assert app.navigation.at_home


async def test_minus_switches_to_the_previous_screen_and_back() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "y", "3", "minus")
        await until(app.pilot, lambda: "› YAML" in app.lines()[1])
        await press("minus")
        assert type(app.screen).__name__ == "PodsScreen"
        await press("minus", "escape", "minus")
        await until(app.pilot, lambda: "› YAML" in app.lines()[1])


async def test_a_long_way_ends_at_home_and_keeps_few_screens() -> None:
    app = TestedApp()
    async with running(app) as press:
        for _ in range(8):
            await press("2", "enter", "3", "enter")
        assert len(app.navigation._trail) == 12
        await press(*["escape"] * 12)
        assert app.navigation.at_home
        await until(app.pilot, lambda: "Workers" in app.text())
        assert len([name for name in app._installed_screens if name.startswith("opened")]) == 0


async def test_eksview_ends_though_a_key_waits_for_rows() -> None:
    app = TestedApp(empty_store())
    async with running(app) as press:
        await press("4", "d")
        assert app._keys.waiting
    await app._keys._look()  # its timer may fire once more, when no screen is left


async def test_slash_at_home_filters_nodes() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("slash", *"10-0-2")
        await until(app.pilot, lambda: "of 6" in app.text())
        assert app.lines()[1].startswith(" Nodes ")


@pytest.mark.parametrize(
    ("way", "label"),
    [
        (("colon", *"nodes zone=2a", "enter"), "Clear filter"),
        (("colon", *"nodes zone=2a", "enter", "escape"), "Back"),
        (("2", "slash", *"ip", "enter"), "Clear filter"),
        (("2", "slash", *"ip", "enter", "escape"), "Back"),
        (("2", "slash", "enter"), "Back"),
        (("9", "slash", *"list", "enter"), "Clear filter"),
        (("2", "enter", "y", "slash", *"name", "enter"), "Clear search"),
        (("2", "enter", "y", "slash", *"name", "enter", "escape"), "Back"),
    ],
)
async def test_the_footer_says_what_escape_does(way: tuple[str, ...], label: str) -> None:
    app = app_of(SCENES["home-aws"])
    async with running(app, (200, 40)) as press:
        await arrive(app, press, way)
        (escape,) = [slot for slot in footer(app)._keys if slot.key == "escape"]
        assert "".join(text for text, _ in escape.words) == f"esc {label}"
