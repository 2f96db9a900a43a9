"""Settings of the file on screens: keys, aliases, views, themes, and a file that changes."""

import logging
from pathlib import Path

import pytest

from eksview.config.file_decoder import decoded
from eksview.config.file_values import FileConfig
from eksview.config.file_watcher import FileWatcher
from eksview.config.settings import Settings, Sources, settings_from
from eksview.config.state_file import State, read_state, write_state
from eksview.ui.nodes.nodes_screen import NodeTable
from eksview.ui.resources.screen import ResourceScreen
from eksview.ui.shell.config_faults import read_for_screens
from eksview.ui.shell.live_settings import UserFiles
from tests.ui.harness import TestedApp
from tests.ui.resources.cluster import ALL, show_deployments
from tests.ui.shell.test_app import running, shows, until


def settings(toml: str = "") -> Settings:
    config, faults = decoded(toml)
    assert not faults
    return settings_from(Sources("", {}, {"SSH_TTY": "x"}, config))


def files(folder: Path) -> UserFiles:
    path = folder / "config.toml"
    return UserFiles(FileWatcher(path, read_for_screens, period=0.01), folder / "state.json")


async def notified(app: TestedApp, words: str) -> None:
    """Wait for a toast, whose text may be folded on the screen."""
    await until(app.pilot, lambda: any(words in toast.message for toast in app._notifications))


async def test_a_key_of_the_file_works_and_is_in_footer_and_help_and_the_old_one_is_free() -> None:
    toml = '[keys]\n"app.help" = "f2"\n"app.leave" = "f10"\n"table.wide" = "z"\n'
    app = TestedApp(settings=settings(toml))
    async with running(app, (120, 30)) as press:
        await press("2")
        await shows(app, "f2 Help", "more columns z")
        await press("question_mark")
        assert not app.screen.is_modal
        await press("f2")
        await shows(app, "─ Keys ─")
        await press("escape")
        await press("q")  # goes back, which has an id of its own
        assert app.navigation.at_home
        await press("escape")
        await shows(app, "Press f10 to quit.")
        await press("f10")
        await until(app.pilot, lambda: not app.is_running)


async def test_sentences_and_dialogs_name_the_keys_of_the_file() -> None:
    keys = {"app.help": "f2", "app.save": "f5", "picker.back": "f9", "table.clear": "f8"}
    toml = "[keys]\n" + "".join(f'"{id_}" = "{key}"\n' for id_, key in keys.items())
    app = TestedApp(settings=settings(toml))
    async with running(app, (100, 30)) as press:
        await press("2", "f5")
        await shows(app, "Enter save · f9 close")
        await press("f9", "slash", *"nothing", "enter")
        await shows(app, "f8 clears the filter")
        await press("f8", "colon", *"frobnicate", "enter")
        await shows(app, "Unknown command frobnicate; `f2` lists all.")


async def test_a_moved_key_closes_the_dialog_that_it_opens() -> None:
    keys = {"app.help": "f2", "app.save": "f5", "app.copy-field": "f6", "app.actions": "f7"}
    keys["app.equivalent-commands"] = "f8"
    toml = "[keys]\n" + "".join(f'"{id_}" = "{key}"\n' for id_, key in keys.items())
    app = TestedApp(settings=settings(toml))
    async with running(app, (100, 30)) as press:
        await press("2")
        for key in keys.values():
            await press(key)
            await until(app.pilot, lambda: app.screen.is_modal)
            await press(key)
            await until(app.pilot, lambda: not app.screen.is_modal)


async def test_the_keys_of_screens_are_in_the_line_below_the_header() -> None:
    app = TestedApp(settings=settings('[keys]\n"app.nodes" = "f2"\n'))
    async with running(app, (120, 30)) as press:
        await shows(app, "[1 Home] f2 Nodes  3 Pods")
        assert "1-7 Screens" not in app.text()
        await press("f2")
        await shows(app, "[f2 Nodes]")


async def test_an_alias_stands_for_a_command_with_what_follows_it() -> None:
    app = TestedApp(settings=settings('[aliases]\ndp = "pods"\n'))
    async with running(app) as press:
        await press("colon", *"dp", "space", *"shop", "enter")
        await shows(app, "in shop")


@pytest.mark.parametrize("theme", ["dracula", "dark", "high-contrast"])
async def test_view_and_theme_of_the_file_are_there_at_start(theme: str) -> None:
    app = TestedApp(settings=settings(f'view = "pods shop"\ntheme = "{theme}"\n'))
    async with running(app):
        await shows(app, "in shop")
        names = {"dark": "eksview-night", "high-contrast": "eksview-contrast"}
        assert app.theme == names.get(theme, theme)


async def test_a_view_that_is_no_command_is_a_sentence() -> None:
    app = TestedApp(settings=settings('view = "pdos"\n'))
    async with running(app):
        await shows(app, "view: Unknown command pdos (did you mean pods?)")


async def test_a_switch_of_the_context_takes_its_section() -> None:
    toml = 'theme = "nord"\n[contexts."stag*"]\ntheme = "gruvbox"\nnamespace = "shop"\njump = "b"\n'
    app = TestedApp(settings=settings(toml))
    async with running(app) as press:
        await press("3", "colon", *"ctx")
        await press("space", *"staging", "enter")
        await until(app.pilot, lambda: app.theme == "gruvbox")
        assert app.view.settings.jump == "b"
        await press("3")
        await shows(app, "in shop")
        await press("colon", *"ctx", "space", *"old", "enter")
        await until(app.pilot, lambda: app.theme == "nord")
        assert app.view.settings.jump == ""
        await press("3")
        await until(app.pilot, lambda: "in shop" not in app.text())


async def test_a_changed_file_is_taken_over_and_a_broken_one_keeps_the_last(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    app = TestedApp(settings=settings(), files=files(tmp_path))
    async with running(app, (100, 30)):
        path.write_text('theme = "nord"\nfps = 2\n[keys]\n"app.help" = "f2"\n')
        await shows(app, "config.toml was read again; fps: from the next start on.", "f2 Help")
        assert app.theme == "nord"
        path.write_text('theme = "dracula"\nfsp = 3\n')
        await notified(
            app, "config.toml:2: unknown option fsp; did you mean fps? (the options before"
        )
        assert app.theme == "nord"
        path.write_text('[keys]\n"app.hlep" = "f1"\n')
        await notified(app, "config.toml:2: keys.app.hlep: no key has the id app.hlep; did you")
        path.unlink()
        path.mkdir()
        await notified(app, "config.toml can't be read: it is a folder (")
        assert [toast.severity for toast in app._notifications].count("error") == 1  # the newest
        assert app.theme == "nord"
        path.rmdir()
        await until(app.pilot, lambda: app.theme == "eksview-night")
        await notified(app, "config.toml is empty or was removed: the defaults apply")
        assert all(toast.severity != "error" for toast in app._notifications)
        await until(app.pilot, lambda: "it is a folder" not in app.text())
        await shows(app, "? Help")


async def test_history_and_last_view_are_there_at_the_next_start(tmp_path: Path) -> None:
    app = TestedApp(settings=settings(), files=files(tmp_path))
    async with running(app) as press:
        await press("colon", *"nodes", "enter")
        await press("enter")  # a node, which may be gone at the next start
    assert read_state(tmp_path / "state.json") == State(("nodes",), "nodes")
    app = TestedApp(settings=settings('view = "last"'), files=files(tmp_path))
    async with running(app) as press:
        await until(app.pilot, lambda: app.navigation.last_view == "nodes")
        await press("colon", "up")
        await shows(app, ":nodes")


async def test_the_last_view_may_be_a_resource_of_the_server(tmp_path: Path) -> None:
    app = TestedApp(settings=settings(), files=files(tmp_path))
    app.fake.discovered = ALL
    async with running(app) as press:
        await press("colon", *"deploy", "space", *"shop", "enter")
        await until(app.pilot, lambda: isinstance(app.screen, ResourceScreen))
    assert read_state(tmp_path / "state.json").view == "deployments.apps shop"
    app = TestedApp(settings=settings('view = "last"'), files=files(tmp_path))
    app.fake.discovered = ALL
    async with running(app):
        await until(app.pilot, lambda: isinstance(app.screen, ResourceScreen))


async def test_a_broken_state_starts_at_home(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state.json").write_text("{")
    app = TestedApp(settings=settings('view = "last"'), files=files(tmp_path))
    with caplog.at_level(logging.WARNING):
        async with running(app):
            await until(app.pilot, lambda: "is ignored" in caplog.text)
            assert app.navigation.at_home


async def test_state_that_has_not_changed_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write_state(path, State(view="home"))
    before = path.stat().st_ino
    app = TestedApp(settings=settings(), files=files(tmp_path))
    async with running(app):
        await until(app.pilot, lambda: app._live._state.view == "home")
    assert path.stat().st_ino == before


def test_a_file_without_faults_is_read_for_screens(tmp_path: Path) -> None:
    assert read_for_screens(tmp_path / "none") == FileConfig()


async def test_thresholds_of_a_changed_file_mark_the_rows_that_are_shown(tmp_path: Path) -> None:
    app = TestedApp(settings=settings(), files=files(tmp_path))
    async with running(app) as press:
        await press("2")
        table = app.screen.query_one(NodeTable)
        ids = [placed.column.id for placed in table._columns.layout.placed]

        def tones() -> set[str]:
            return {line.tones[ids.index("cpu")] for line in table._lines}

        assert tones() == {"text"}
        (tmp_path / "config.toml").write_text("[thresholds]\nrequests_warn = 1\n")
        await until(app.pilot, lambda: tones() == {"warn"})


async def test_the_first_view_may_be_a_resource_of_the_server_with_columns_of_the_file() -> None:
    toml = 'view = "deploy"\n[columns]\ndeployments = ["name", "label:app", "ready", "images"]\n'
    toml += '[sort]\n"deployments.apps" = "name:desc"\n'
    app = TestedApp(settings=settings(toml))
    app.fake.discovered = ALL
    async with running(app, (100, 30)):
        await until(app.pilot, lambda: isinstance(app.screen, ResourceScreen))
        show_deployments(app)
        await shows(app, "3 deployments", "ledger")
        titles = [placed.column.title for placed in app.screen.table._columns.layout.placed]
        assert titles == ["NAME", "APP", "READY", "IMAGES"]
        text = app.text()
        assert text.index("web") < text.index("ledger") < text.index("cart")


async def test_a_view_that_the_server_does_not_have_is_a_sentence_too() -> None:
    app = TestedApp(settings=settings('view = "frobs"\n'))
    app.fake.discovered = ALL
    async with running(app):
        await notified(app, "view: Unknown command frobs")
