"""Marks of rows by keyboard, in every live table; the keys are those of k9s."""

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.live.messages import Drop, Put, Swap
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview.ui.base.live_screen import LiveScreen
from tests.ui.aws_account import populate_aws
from tests.ui.harness import TestedApp, populate
from tests.ui.shell.test_app import running, shows, until

SIGN, ASCII_SIGN = "◆", "*"


def signs(app: TestedApp, sign: str = SIGN) -> list[int]:
    """The lines that have the sign of a marked row, in the column left of the state."""
    return [at for at, line in enumerate(app.lines()) if line[1:2] == sign]


def marked(app: TestedApp) -> list[str]:
    """The names of what the screen says is marked."""
    screen = app.screen
    assert isinstance(screen, LiveScreen)
    return [subject.text(app.view.store) for subject in screen.marked()]


@pytest.mark.parametrize(
    "keys",
    [("2",), ("3",), ("4",), ("colon", *"nodegroups", "enter"), ("2", "enter", "p")],
    ids=["nodes", "pods", "EC2", "nodegroups", "pods of a node"],
)
async def test_space_marks_a_row_of_every_table(keys: tuple[str, ...]) -> None:
    app = TestedApp(populate_aws(populate(Store())))
    async with running(app) as press:
        await press(*keys)
        await until(app.pilot, lambda: app.screen.subject())  # noqa: PLW0108 - of the new screen
        first = app.screen.subject().text(app.view.store)
        assert signs(app) == []
        await press("space")
        assert marked(app) == [first]
        await shows(app, "1 marked")
        assert len(signs(app)) == 1


async def test_space_goes_on_to_the_next_row() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3")
        first = app.screen.subject().text(app.view.store)
        await press("space")
        second = app.screen.subject().text(app.view.store)
        await press("space")
        assert marked(app) == [first, second]
        await shows(app, "2 marked")
        lines = signs(app)
        assert lines[1] == lines[0] + 1


async def test_a_mark_is_seen_without_color_and_in_ascii() -> None:
    app = TestedApp(settings=Settings(ascii=True, animate=False))
    async with running(app) as press:
        await press("2", "space")
        assert len(signs(app, ASCII_SIGN)) == 1


async def test_space_again_removes_the_mark_and_the_sign() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "space", "k", "space")
        assert marked(app) == []
        assert signs(app) == []
        assert "marked" not in app.text()


async def test_ctrl_space_marks_the_rows_from_the_last_mark_to_the_cursor() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "j", "space", "j", "j", "ctrl+@")
        assert len(marked(app)) == 4
        top, *_, bottom = signs(app)
        assert bottom - top == 3
        await press("ctrl+backslash")
        assert marked(app) == []
        assert signs(app) == []


async def test_ctrl_space_needs_a_first_mark_and_says_so() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "ctrl+@")
        await shows(app, "No row is marked yet: Space marks the first one.")


async def test_marks_survive_a_sort_a_filter_and_new_data() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "space", "space")
        names = sorted(marked(app))
        await press("N", "N")
        assert sorted(marked(app)) == names
        await press("slash", *names[0], "enter")
        await shows(app, "2 marked (1 filtered out) of 40 pods")
        assert sorted(marked(app)) == names
        rows = [replace(row, restarts=3) for row in app.view.store.pods.values()]
        assert app.fake.sink is not None
        app.fake.sink.send(Swap(Kind.POD, rows))
        await until(app.pilot, lambda: app.view.store.pods["pod-0"].restarts == 3)
        app._frames.flush()
        assert sorted(marked(app)) == names


async def test_esc_clears_the_filter_then_the_marks_then_goes_back() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "space", "slash", *"api", "enter")
        await press("escape")
        assert len(marked(app)) == 1
        await press("escape")
        assert marked(app) == []
        await shows(app, "40 pods")
        await press("escape")
        assert len(app.screen_stack) == 1


async def test_a_mark_ends_with_its_row_and_that_is_said() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "space", "space")
        kept, gone = reversed(app.screen.marked())
        row = app.view.store.pods[gone.key]
        assert app.fake.sink is not None
        app.fake.sink.send(Drop(Kind.POD, row))
        await until(app.pilot, lambda: gone.key not in app.view.store.pods)
        app.now += 60  # rows that come and go are shown together
        app._frames.flush()
        await shows(app, "1 marked of", f"A marked row is gone: {row.name}")
        app.fake.sink.send(Put(Kind.POD, replace(row, uid="another pod of the same name")))
        await until(app.pilot, lambda: len(app.view.store.pods) == 40)
        assert [subject.key for subject in app.screen.marked()] == [kept.key]


async def test_another_namespace_keeps_only_the_marks_of_its_rows() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3", "space", "G", "ctrl+@")
        assert len(marked(app)) == 40
        await press("n", *"shop", "enter")
        await shows(app, "pods in shop")
        names = marked(app)
        assert 0 < len(names) < 40
        assert {app.view.store.pods[each.key].namespace for each in app.screen.marked()} == {"shop"}
        assert "gone" not in app.text()  # the rows are only elsewhere


async def test_c_copies_the_names_of_all_marked_one_a_line_in_the_order_shown() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "N", "j", "space", "k", "k", "space")
        first, second = marked(app)
        assert first < second
        await press("c")
        assert app.clipboard == f"{first}\n{second}"


async def test_an_action_takes_all_marked_objects_else_the_one_under_the_cursor() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("3")
        assert len(app.screen.targets()) == 1
        await press("space", "space")
        assert [ref.uid for ref in app.screen.targets()] == [
            subject.key for subject in app.screen.marked()
        ]
        assert len(app.screen.targets()) == 2


async def test_a_key_pressed_again_does_not_repeat_the_message() -> None:
    app = TestedApp()
    async with running(app) as press:
        await press("2", "slash", *"nothing", "enter", "space", "space", "space")
        await shows(app, "There are no rows.")
        assert [toast.message for toast in app._notifications] == ["There are no rows."]
