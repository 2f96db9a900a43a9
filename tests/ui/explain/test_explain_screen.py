"""Explain: its chapters by keys and commands, their values, and the way back."""

import re

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean
from eksview.domain.explain.chapters import CHAPTERS
from eksview.domain.live.facts import Facts
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import Target
from tests.store.selectors.explain.sources import down, ecs_only, kind, viewer
from tests.ui.explain.requests import ANSWERED, CUT
from tests.ui.explain.views import explained, page_text
from tests.ui.harness import NOW, TestedApp, node_name
from tests.ui.shell.test_app import running, shows, until
from tests.ui.snapshots.screens import broken_store, empty_store, full_store

TITLES = ("Control plane and workers", "The way of one request")


async def test_f1_opens_it_and_the_arrows_turn_its_pages():
    async with explained() as (app, press):
        await shows(app, f"1/11 {TITLES[0]}")
        await press("right")
        await shows(app, f"2/11 {TITLES[1]}")
        await press("left")
        await shows(app, f"1/11 {TITLES[0]}")


async def test_it_ends_at_the_last_chapter():
    async with explained() as (app, press):
        await press(*["right"] * 20)
        await shows(app, "11/11")


@pytest.mark.parametrize("command", ["explain 7", "explain heartbeats", "explain heart"])
async def test_a_command_opens_a_chapter_by_its_number_or_its_name(command):
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *("space" if key == " " else key for key in command), "enter")
        await shows(app, "7/11")


async def test_an_unknown_chapter_is_named():
    app = TestedApp()
    async with running(app) as press:
        await press("colon", *"explain", "space", *"99", "enter")
        await shows(app, "Unknown chapter 99")


async def test_the_values_of_the_cluster_are_in_the_text():
    async with explained() as (app, _):
        await shows(app, "Ready: 5 of 6")
        store = app.view.store
        store.drop(Kind.NODE, store.nodes[node_name(0)])
        app.now += 1
        app._frames.flush()
        await shows(app, "Ready: 4 of 5")


async def test_enter_opens_its_screen_and_esc_comes_back_to_the_same_page():
    async with explained() as (app, press):
        await press(*["right"] * 6)
        await shows(app, "7/11")
        await press("enter")
        await until(app.pilot, lambda: app.screen.place == "nodes")
        await press("escape")
        await shows(app, "7/11")


async def test_it_opens_again_at_the_page_where_it_was_left():
    async with explained() as (app, press):
        await press("right", "2", "f1")
        await shows(app, f"2/11 {TITLES[1]}")


async def test_the_chosen_command_is_copied():
    async with explained() as (app, press):
        await shows(app, "1/11")
        await press("c")
        await until(app.pilot, lambda: app.clipboard.endswith("get nodes"))
        await press("tab", "c")
        await until(app.pilot, lambda: app.clipboard.endswith("'/readyz?verbose'"))


@pytest.mark.parametrize(
    "store", [full_store, broken_store, empty_store, kind, viewer, down, ecs_only]
)
@pytest.mark.parametrize("size", [(40, 12), (80, 24), (250, 70)])
async def test_every_chapter_is_complete_at_every_size(store, size):
    async with explained(store(), size=size) as (app, press):
        for number, chapter in enumerate(CHAPTERS, 1):
            await shows(app, f"{number}/11")
            assert page_text(app), chapter.id
            assert not re.search(r"\{\w+\}", page_text(app)), chapter.id
            await press("right")


async def test_a_small_page_scrolls_to_its_end_and_then_turns():
    async with explained(full_store(), size=(40, 12)) as (app, press):
        await press("G")
        await shows(app, "readyz")
        await press("pagedown")
        await shows(app, "2/11")


async def test_a_cluster_that_is_down_has_its_last_values_marked():
    async with explained(broken_store(), size=(120, 36)) as (app, _):
        await shows(app, "last known values", "[1] Connection refused", "Last read")


async def test_a_locale_without_unicode_has_drawings_of_ascii():
    app = TestedApp(full_store(), settings=Settings(animate=False, ascii=True))
    async with running(app, (80, 24)) as press:
        await press("f1")
        await shows(app, "1/11")
        assert app.text().isascii()


async def test_the_request_is_measured_at_once_again_and_replayed_phase_by_phase():
    async with explained() as (app, press):
        app.fake.request = ANSWERED
        assert "measure_request" not in app.fake.calls
        await press("right")
        await shows(app, "Total 50 ms", "8,120 bytes", "the network", "HTTP/1.1")
        await press("m")
        await until(app.pilot, lambda: app.fake.calls.count("measure_request") == 2)
        await press("r")
        await until(app.pilot, lambda: "Total" not in app.text())
        assert "1 ms" in app.text()
        assert "20 ms" not in app.text()
        await press(*["r"] * 5)
        await shows(app, "20 ms", "Total 50 ms")


async def test_a_request_that_fails_says_in_which_phase():
    async with explained(size=(80, 24)) as (app, press):
        app.fake.request = CUT
        await press("right")
        await shows(app, "TCP: Connection refused by 10.0.0.9:443.")
        assert "HTTP 200" not in app.text()


async def test_another_cluster_has_nothing_of_the_one_before():
    async with explained() as (app, press):
        app.fake.request = ANSWERED
        await press("right")
        await shows(app, "Total 50 ms")
        app.fake.request = CUT
        other = Target("other", "other", "https://other", "other", "")
        app.view.store.set_fact(Facts.target, Read(other, NOW))
        app.now += 1
        app._frames.flush()
        await shows(app, "TCP: Connection refused")
        assert "Total 50 ms" not in app.text()


async def test_user_and_rights_are_asked_for_only_by_the_chapters_about_them():
    async with explained() as (app, press):
        await press("right")
        await shows(app, "2/11")
        assert "inspect" not in app.fake.calls
        await press(*["right"] * 3)
        await shows(app, "5/11")
        app._frames.flush()
        await until(app.pilot, lambda: "inspect" in app.fake.calls)


async def test_ecs_is_read_while_its_chapter_is_shown():
    async with explained() as (app, press):
        assert app.view.ecs_followed is None
        await press("colon", *"explain", "space", *"10", "enter")
        await shows(app, "10/11")
        await until(app.pilot, lambda: app.view.ecs_followed is not None)
        await press("right")
        await until(app.pilot, lambda: app.view.ecs_followed is None)


async def test_the_node_is_chosen_from_a_list():
    async with explained() as (app, press):
        await press(*["right"] * 3)
        await shows(app, "n chooses the node")
        name = node_name(3)
        await press("n")
        await shows(app, "type to filter")
        await press(*name.split(".")[0], "enter")
        await shows(app, f"describe node {name}")
        await press("colon", *"explain", "space", *"11", "enter")
        await shows(app, f"describe node {name}")


async def test_a_check_runs_here_and_esc_leads_back_to_the_commands():
    async with explained(size=(80, 24)) as (app, press):
        app.fake.checked["wide"] = CheckOutput((Clean("NAME   STATUS"),), NOW, 0)
        await press("colon", *"explain", "space", *"11", "enter")
        await shows(app, "11/11")
        await press("tab", "enter")
        await shows(app, "NAME   STATUS", "Printed by kubectl")
        await press("escape")
        await shows(app, "--field-selector")


async def test_a_check_that_fails_says_its_exit_code_or_why_it_did_not_run():
    async with explained(size=(80, 24)) as (app, press):
        app.fake.checked["nodes"] = CheckOutput((Clean("error: no"),), NOW, 1)
        app.fake.unreachable["wide"] = "kubectl isn't installed: copy the command."
        await press("colon", *"explain", "space", *"11", "enter")
        await shows(app, "11/11")
        await press("enter")
        await shows(app, "error: no", "Exit code 1.")
        await press("escape", "tab", "enter")
        await shows(app, "kubectl isn't installed")


async def test_a_watched_check_runs_again_until_it_is_left():
    async with explained(size=(80, 24)) as (app, press):
        app.fake.checked["watch"] = CheckOutput((), NOW, 0)
        await press("colon", *"explain", "space", *"11", "enter")
        await shows(app, "11/11")
        await press(*["tab"] * 5, "enter")
        await shows(app, "Printed by kubectl")
        app.now += 2
        app._frames.flush()
        await until(app.pilot, lambda: app.fake.calls.count("run_check watch") == 2)
        await press("escape")
        app.now += 2
        app._frames.flush()
        await shows(app, "--field-selector")
        assert app.fake.calls.count("run_check watch") == 2


async def test_the_warning_of_a_cluster_that_is_down_is_whole_at_80_columns():
    async with explained(broken_store(), size=(80, 24)) as (app, _):
        await shows(app, "1/11 ▲ The API server doesn't answer. These are the last known values.")


async def test_the_chapter_about_ecs_opens_the_comparison() -> None:
    async with explained() as (app, press):
        await press(*["right"] * 9)
        await shows(app, "10/11")
        await press("enter")
        await until(app.pilot, lambda: app.screen.title == "EKS and ECS")
