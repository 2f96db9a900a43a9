"""The application by keyboard, on a backend that answers what it was given."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
from textual.events import Key
from textual.pilot import Pilot

from eksview.config.settings import Settings
from eksview.domain.rows.kube import Kind
from eksview.store.changes import Changes
from eksview.store.store import Store
from eksview.ui.base.live_screen import Frame
from eksview.ui.dialogs.contexts import ContextsScreen
from eksview.ui.dialogs.help import HelpScreen
from eksview.ui.nodes.node_screen import NodeScreen
from eksview.ui.nodes.nodes_screen import NodesScreen
from eksview.ui.pods.pod_screen import PodScreen
from eksview.ui.pods.pods_screen import PodsScreen
from tests.patience import PATIENCE
from tests.ui.harness import NOT_READY, NOW, TestedApp, node, node_name, pod, populate

WIDE = (120, 36)
LONG = PATIENCE / 6  # seconds after which the clock of a test goes on while it waits


@contextlib.asynccontextmanager
async def running(
    app: TestedApp, size: tuple[int, int] = WIDE
) -> AsyncIterator[Callable[..., "asyncio.Future[None]"]]:
    """Started, with everything arrived; gives a function that presses keys."""
    async with app.run_test(size=size, notifications=True) as pilot:

        async def press(*keys: str) -> None:
            for key in keys:
                await pilot.press(key)
            await until(pilot, lambda: True)

        await until(pilot, lambda: "start" in app.fake.calls)
        await until(pilot, lambda: app.view.store.links)
        app._frames.flush()
        await pilot.pause()
        app.pilot = pilot
        yield press


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait for what was asked for, at most `PATIENCE` seconds."""
    async with asyncio.timeout(PATIENCE):
        await pilot.pause()
        while not condition():
            await pilot.pause(0.01)


async def shows(app: TestedApp, *words: str) -> None:
    """Wait for words on screen; a frame missed on a busy machine may need a later clock."""
    started, now = time.monotonic(), app.now

    def shown() -> bool:
        waited = time.monotonic() - started
        app.now = max(app.now, now + (waited - LONG if waited > LONG else 0))
        return all(word in app.text() for word in words)

    try:
        await until(app.pilot, shown)
    except TimeoutError:
        raise AssertionError(f"{words} not in\n{app.text()}") from None


def hold_frames(app: TestedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no frame through from now on while keys wait, however long they take."""
    monkeypatch.setattr(app._frames._hold, "tick", lambda: False)
    app._frames._hold.painted()


async def settled(app: TestedApp) -> list[str]:
    """What is shown once it stays the same."""
    seen: list[list[str]] = [[], app.lines()]

    def same() -> bool:
        seen.append(app.lines())
        return seen[-1] == seen[-2] == seen[-3]

    await until(app.pilot, same)
    return seen[-1]


async def test_the_data_side_starts_after_the_first_frame_and_ends_with_the_app():
    app = TestedApp()
    async with running(app):
        assert app.fake.calls == ["start"]
    assert app.fake.calls[-1] == "stop"


async def test_a_node_opens_by_enter_and_esc_leads_back_step_by_step():
    app = TestedApp()
    async with running(app) as press:
        await press("2")
        await shows(app, "6 nodes")
        await press("N", "enter")
        await shows(app, "Conditions", "MemoryPressure", "KubeletReady")
        assert isinstance(app.screen, NodeScreen)
        await press("escape")
        assert isinstance(app.screen, NodesScreen)
        await press("escape")
        assert len(app.screen_stack) == 1


async def test_esc_at_home_never_quits_and_q_does():
    app = TestedApp()
    async with running(app) as press:
        await press("escape", "escape", "escape")
        assert app.is_running
        await press("q")
        await until(app.pilot, lambda: app._exit)


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
@pytest.mark.parametrize("opened", [(), ("2", "enter"), ("question_mark",), ("colon",), ("2", "/")])
async def test_it_can_be_left_from_anywhere(opened, key):
    app = TestedApp()
    async with running(app) as press:
        await press(*opened)
        await press(key)
        await until(app.pilot, lambda: app._exit)


async def test_q_elsewhere_goes_back():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "q")
        assert len(app.screen_stack) == 1
        assert not app._exit


@pytest.mark.parametrize(
    ("typed", "screen"),
    [(":no", NodesScreen), (":po", PodsScreen), (":nox\x08", NodesScreen)],
)
async def test_a_command_typed_at_once_is_taken_whole(typed, screen):
    app = TestedApp()
    async with running(app):
        for char in typed:
            key = {":": "colon", "\x08": "backspace"}.get(char, char)
            app.post_message(Key(key, char if char.isprintable() else None))
        app.post_message(Key("enter", "\r"))
        await until(app.pilot, lambda: isinstance(app.screen, screen))


async def test_a_filter_typed_at_once_is_taken_whole():
    app = TestedApp()
    async with running(app):
        for char in "3/ap1i":
            app.post_message(Key({"/": "slash"}.get(char, char), char))
        app.post_message(Key("enter", "\r"))
        await shows(app, "/ ap1i")
        assert isinstance(app.screen, PodsScreen)


@pytest.mark.parametrize(("end", "kept"), [("escape", ""), ("enter", "ap2"), ("down", "ap2")])
async def test_a_key_typed_at_once_after_a_filter_is_not_part_of_it(end, kept):
    app = TestedApp()
    async with running(app) as press:
        await press("3")
        pods = app.screen
        for key, char in (("slash", "/"), ("a", "a"), ("p", "p"), ("x", "x")):
            app.post_message(Key(key, char))
        app.post_message(Key("backspace", "\x08"))
        app.post_message(Key("2", "2"))
        app.post_message(Key(end, None))
        app.post_message(Key("2", "2"))
        await until(app.pilot, lambda: isinstance(app.screen, NodesScreen))
        assert pods._filter.text == kept
        assert pods._filter.display == bool(kept)


KEYS = {":": "colon", "/": "slash", "\x1b": "escape", "\r": "enter"}


@pytest.mark.parametrize(
    ("before", "typed", "screen"),
    [
        ((), "\x1b\x1b\x1b2", NodesScreen),
        (("3",), "\x1b2", NodesScreen),
        (("3",), "\r2", NodesScreen),
        (("3", "\r"), "\x1b\x1b2\r", NodeScreen),
        (("3", "x"), "\x1b2", NodesScreen),
        ((), ":po\r2", NodesScreen),
        ((), ":xyz\r\x1b2", NodesScreen),
        ((), "3:no\r\r", NodeScreen),
        ((), ":\x1b2", NodesScreen),
        ((), "?\x1b2jj\r", NodeScreen),
        (("3", "/"), "api\r2", NodesScreen),
        ((), "3/ap\r\r", PodScreen),
        ((), "2j\r", NodeScreen),
        (("3",), "\rdj2", NodesScreen),
        (("2",), "\rp\r", PodScreen),
        (("5",), "m:no\r", NodesScreen),
    ],
)
@pytest.mark.parametrize("held", [False, True])
async def test_keys_typed_at_once_act_in_the_order_in_which_they_were_typed(
    before, typed, screen, held, monkeypatch
):
    app = TestedApp()
    async with running(app) as press:
        await press(*(KEYS.get(char, char) for char in before))
        if held:
            hold_frames(app, monkeypatch)
        for char in typed:
            app.post_message(Key(KEYS.get(char, char), char))
        await until(app.pilot, lambda: not app._keys.waiting)
        await settled(app)
        assert isinstance(app.screen, screen)


async def test_keys_typed_before_the_first_frame_act_once_it_is_painted():
    """A screen that opened too early would keep the data side from being started."""

    class TypedAtStart(TestedApp):
        def on_ready(self) -> None:
            for key, char in (("2", "2"), ("question_mark", "?")):
                self.post_message(Key(key, char))

    app = TypedAtStart()
    async with running(app):
        await until(app.pilot, lambda: not app._keys.waiting)
        assert [type(screen) for screen in app.screen_stack[1:]] == [NodesScreen, HelpScreen]
        assert not app.opening


async def test_enter_opens_a_row_that_matches_though_the_filter_is_not_done(monkeypatch):
    app = TestedApp()
    async with running(app) as press:
        await press("3")
        monkeypatch.setattr("eksview.ui.table.view.BUDGET", -1.0)
        monkeypatch.setattr("eksview.ui.table.view.PAUSE", PATIENCE)
        await press("slash", *"api")
        assert app.screen.table.busy
        await press("enter", "enter")
        assert isinstance(app.screen, PodScreen)
        assert "api-7d876db474" in app.text()


@pytest.mark.parametrize("table", ["3", "9"])
async def test_a_key_of_the_application_is_typed_in_a_filter(table):
    app = TestedApp()
    async with running(app) as press:
        await press(table, "slash", "a", "colon", "slash", "2", "b")
        await shows(app, "/ a:/2b")


async def test_the_tables_are_one_key_away_from_anywhere_and_remember_the_cursor():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "j", "j", "enter", "3")
        assert isinstance(app.screen, PodsScreen)
        await press("2")
        assert isinstance(app.screen, NodesScreen)
        assert app.screen.table.current.name == sorted(map(node_name, range(6)))[2]
        await press("1")
        assert len(app.screen_stack) == 1


async def test_tabs_are_reached_by_tab_and_by_their_keys():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "enter", "tab")
        await shows(app, "[p Pods", "RESTARTS", "%CPU/L")
        await press("tab")
        await shows(app, "[u Kubelet")
        await press("tab")
        await shows(app, "[i EC2")
        await press("tab")
        await shows(app, "[f Lifecycle", "Node registered")
        await press("tab")
        await shows(app, "[h History")
        await press("tab")
        await shows(app, "[r Drain plan")
        await press("tab")
        await shows(app, "[d Details", "Allocatable".upper(), "InternalIP")
        await press("e")
        await shows(app, "[e Events", "No events")
        await press("y")
        await shows(app, "[y YAML", "apiVersion: v1", "kind: Node")
        await press("shift+tab", "o")
        await shows(app, "[o Conditions", "MemoryPressure")


async def test_a_nodes_pods_open_from_its_tab_and_lead_to_their_node():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "p", "enter")
        assert isinstance(app.screen, PodScreen)
        await shows(app, "[o Containers", "registry.example.com/app:1.27")
        await press("n")
        assert isinstance(app.screen, NodeScreen)


async def test_a_nodes_pods_are_current_after_changes_under_another_tab():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "p", "e")
        screen = app.screen
        assert isinstance(screen, NodeScreen)
        before = screen._pods.total
        app.view.store.put(Kind.POD, pod(99, screen.row.name))
        screen.frame(Frame(NOW, app.view.store.take_changes()))
        screen.look("pods")
        screen.frame(Frame(NOW, Changes()))  # a busy terminal loses the full frame of the tab
        assert screen._pods.total == before + 1


@pytest.mark.parametrize(("key", "tab"), [("y", "yaml"), ("d", "details"), ("e", "events")])
async def test_a_table_opens_what_the_cursor_is_on_at_a_tab(key, tab):
    app = TestedApp()
    async with running(app) as press:
        await press("2", key)
        assert isinstance(app.screen, NodeScreen)
        assert app.screen.tab == tab


async def test_the_whole_object_is_fetched_only_when_it_is_looked_at():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "enter", "p", "e")
        assert not any(call.startswith("fetch") for call in app.fake.calls)
        await press("y")
        await shows(app, "fetched 0s ago")
        assert sum(call.startswith("fetch nodes") for call in app.fake.calls) == 1


async def test_a_fetch_that_fails_is_said_where_the_object_would_be():
    app = TestedApp()
    app.fake.objects.clear()
    async with running(app) as press:
        await press("2", "enter", "y")
        await shows(app, "was not found; it may have been deleted")


async def test_a_node_that_goes_away_stays_as_it_was_and_is_marked():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "enter")
        name = app.screen.row.name
        app.view.store.drop(Kind.NODE, app.screen.row)
        app._frames.flush()
        app.now += 12
        app._frames.flush()
        await shows(app, "gone for 12s", name, "MemoryPressure")
        app.view.store.put(Kind.NODE, node(0))
        app._frames.flush()
        await until(app.pilot, lambda: "gone for" not in app.text())


async def test_what_changes_is_there_with_the_next_key():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "enter")
        app.now = NOW + 30
        app.view.store.put(Kind.NODE, app.view.store.nodes[node_name(NOT_READY)])
        await press("j")
        await shows(app, "heartbeat 31s ago")


async def test_help_lists_every_binding_that_works_here():
    app = TestedApp()
    async with running(app, (80, 200)) as press:
        await press("2")
        active = list(app.screen.active_bindings.values())
        await press("question_mark")
        await shows(app, "Everywhere", "Commands", ":ctx CONTEXT")
        said = " ".join(app.text().replace("│", " ").split())
        for each in active:
            assert app.get_key_display(each.binding) in said
            assert each.binding.description in said or each.binding.tooltip in said
        await press("escape")
        assert isinstance(app.screen, NodesScreen)


async def test_every_binding_of_ours_has_an_id_a_description_and_a_tooltip():
    app = TestedApp()
    async with running(app) as press:
        for keys in ("1", "2", "3"), ("2", "enter"), ("2", "enter", "p"), ("3", "enter"):
            await press(*keys)
            for active in app.screen.active_bindings.values():
                assert active.binding.id, active
                assert active.binding.description, active
                assert active.binding.tooltip, active
                assert active.binding.key not in ("ctrl+a", "ctrl+b")


async def test_a_context_that_answers_is_followed_from_home():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "colon", *"ctx", "enter")
        await shows(app, "Contexts", "staging.example.com")
        await press("down", "enter")
        await until(app.pilot, lambda: len(app.screen_stack) == 1)
        assert "switch staging" in app.fake.calls
        await shows(app, "Switched to staging")


async def test_a_context_that_doesnt_answer_changes_nothing():
    app = TestedApp()
    app.fake.unreachable["old"] = "https://old.example.com doesn't answer. Check the VPN."
    async with running(app) as press:
        await press("colon", *"ctx", "space", *"old", "enter")
        await shows(app, "Not switched: https://old.example.com doesn't answer.")
        assert isinstance(app.screen, ContextsScreen)
        await press("escape")
        assert len(app.screen_stack) == 1
        await press("2")
        await shows(app, "6 nodes")


@pytest.mark.parametrize(
    ("typed", "screen"), [("nodes", NodesScreen), ("pods", PodsScreen), ("ns", PodsScreen)]
)
async def test_commands_lead_to_screens(typed, screen):
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *typed, "enter")
        assert isinstance(app.screen, screen)


async def test_a_namespace_shows_its_pods_only():
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *"ns", "space", *"shop", "enter")
        await shows(app, "14 pods", "in shop")


async def test_a_command_that_doesnt_exist_is_refused_where_it_is_typed():
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *"frobnicate", "enter")
        await shows(app, "Unknown command frobnicate")
        await press("escape", "colon", *"q", "enter")
        await until(app.pilot, lambda: app._exit)


async def test_tab_completes_a_command():
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *"theme", "space", "tab", "tab", "enter")
        assert app.theme == "eksview-day"


async def test_c_copies_the_name_and_on_the_yaml_tab_the_yaml():
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "c")
        assert app.clipboard == node(0).name
        await press("enter", "y")
        await shows(app, "kind: Node")
        await press("c")
        assert app.clipboard.startswith("apiVersion: v1\nkind: Node\n")


async def test_ctrl_r_lists_everything_again():
    app = TestedApp()
    async with running(app) as press:
        await press("ctrl+r")
        assert "refresh" in app.fake.calls


async def test_names_that_mean_no_good_are_shown_and_obeyed_by_nobody():
    import msgspec

    store = populate(Store(), nodes=0, pods=0)
    row = msgspec.structs.replace(node(0), name="[bold]x\x1b[1m\u202e")
    store.put(Kind.NODE, row)
    app = TestedApp(store)
    async with running(app) as press:
        for keys in ("1",), ("2",), ("enter",), ("y",):
            await press(*keys)
            await shows(app, r"[bold]x\x1b[1m\u202e")
            assert "\x1b" not in app.text()
        await press("o", "c")
        await shows(app, r"[bold]x\x1b[1m\u202e")


@pytest.mark.parametrize("keys", [("1",), ("2",), ("3",), ("2", "enter"), ("3", "enter")])
async def test_shrinking_to_20x5_and_growing_again_loses_nothing(keys):
    app = TestedApp()
    async with running(app) as press:
        await press(*keys)
        before = await settled(app)
        await app.pilot.resize_terminal(20, 5)
        await until(app.pilot, lambda: len(app.lines()) == 5)
        assert all(len(line) <= 20 for line in app.lines())
        await app.pilot.resize_terminal(*WIDE)
        try:
            await until(app.pilot, lambda: app.lines() == before)
        except TimeoutError:
            assert app.lines() == before


async def test_ascii_means_ascii_everywhere():
    app = TestedApp(settings=Settings(ascii=True, animate=False))
    async with running(app) as press:
        for keys in ("1",), ("2",), ("enter",), ("d",), ("question_mark",), ("escape",), ("3",):
            await press(*keys)
            assert app.text().isascii(), [line for line in app.lines() if not line.isascii()]


async def test_an_error_of_ours_ends_in_a_sentence_and_the_log(capsys, caplog):
    app = TestedApp()
    app._log_file = "/somewhere/eksview.log"
    app.fake.refresh = lambda: 1 / 0

    async def fail() -> None:
        async with running(app) as press:
            await press("ctrl+r")
            await until(app.pilot, lambda: not app.is_running)

    with pytest.raises(ZeroDivisionError):  # the pilot tells; a person reads what is asserted
        await fail()
    said = capsys.readouterr().err
    assert "unexpected error" in said
    assert "/somewhere/eksview.log" in said.replace("\n", "")
    assert "Traceback" not in said
    assert app.return_code == 1
    assert "ZeroDivisionError" in caplog.text
