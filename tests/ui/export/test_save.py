"""Saving the table, the YAML and the screen as files, by keyboard."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from eksview.config.settings import WEB_DRIVER, Settings
from eksview.ui.export.save_dialog import SaveDialog
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until


def saving_app(folder: Path) -> TestedApp:
    return TestedApp(settings=Settings(save_dir=str(folder), animate=False))


def files(folder: Path) -> set[Path]:
    return set(folder.glob("*"))


async def choose(app: TestedApp, press: Callable, title: str, folder: Path) -> Path:
    """Choose a document in the menu and return the file."""
    before = files(folder)
    await press("ctrl+s")
    dialog = app.screen
    assert isinstance(dialog, SaveDialog)
    assert str(folder) in "".join(line.strip("│ ") for line in dialog_lines(app))
    at = next(at for at, each in enumerate(dialog.choices) if title in each.title)
    await press(*["down"] * at, "enter")
    await until(app.pilot, lambda: any(path.stat().st_size for path in files(folder) - before))
    await shows(app, "Saved in")
    (path,) = files(folder) - before
    return path


def dialog_lines(app: TestedApp) -> list[str]:
    """The lines between the borders of the dialog, as one folded path needs them."""
    return [line[line.index("│") : line.rindex("│")] for line in app.lines() if "│" in line]


async def test_the_table_is_saved_as_csv_with_all_rows_and_hidden_columns(tmp_path: Path) -> None:
    app = saving_app(tmp_path)
    async with running(app, (80, 24)) as press:
        await press("3")
        path = await choose(app, press, "all columns", tmp_path)
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert path.name.startswith("prod-Pods-")
        assert len(rows) == 40
        assert {"READINESS GATES", "CPU-REQ", "MEM-LIM"} <= rows[0].keys()
        assert all(row["NODE"].endswith(".compute.internal") for row in rows)


async def test_only_the_rows_of_the_filter_are_saved_in_their_order(tmp_path: Path) -> None:
    app = saving_app(tmp_path)
    async with running(app) as press:
        await press("3", "slash", *"api", "enter", "N", "N")
        path = await choose(app, press, "with numbers", tmp_path)
        document = json.loads(path.read_text())
        names = [row["name"] for row in document["rows"]]
        assert names == sorted(names, reverse=True)
        assert all(name.startswith("api-") for name in names)
        assert (document["filter"], document["cluster"]) == ("api", "prod")


async def test_of_marked_rows_only_those_are_saved(tmp_path: Path) -> None:
    app = saving_app(tmp_path)
    async with running(app) as press:
        await press("2", "space", "space")
        path = await choose(app, press, "2 marked rows, with numbers", tmp_path)
        assert len(json.loads(path.read_text())["rows"]) == 2
        await press("space")
        path = await choose(app, press, "3 marked rows, all columns", tmp_path)
        await press("ctrl+backslash", "g", "space")
        path = await choose(app, press, "1 marked row, with numbers", tmp_path)
        assert len(json.loads(path.read_text())["rows"]) == 1


async def test_the_screen_is_saved_without_the_menu(tmp_path: Path) -> None:
    app = saving_app(tmp_path)
    async with running(app) as press:
        await press("2")
        text = (await choose(app, press, "Screen as text", tmp_path)).read_text()
        assert "6 nodes" in text
        assert "Enter save" not in text
        picture = (await choose(app, press, "Screen as a picture", tmp_path)).read_text()
        assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
        assert "Enter&#160;save" not in picture


async def test_the_yaml_tab_is_saved_whole(tmp_path: Path) -> None:
    app = saving_app(tmp_path)
    async with running(app) as press:
        await press("3", "enter", "y")
        await shows(app, "apiVersion: v1")
        path = await choose(app, press, "YAML", tmp_path)
        assert path.suffix == ".yaml"
        assert path.read_text().startswith("apiVersion: v1\nkind: Pod\n")


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = saving_app(tmp_path / "file" / "saved")
    async with running(app) as press:
        await press("2", "ctrl+s", "enter")
        await shows(app, "Not saved in", "Not a directory")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"served": True}, "This view is served: a file would be saved on the server."),
        ({"environ": {"TEXTUAL_DRIVER": WEB_DRIVER}}, "This view is in a browser"),
    ],
)
async def test_nothing_is_saved_on_the_machine_of_a_server(
    tmp_path: Path, changes: dict, reason: str
) -> None:
    app = saving_app(tmp_path)
    async with running(app) as press:
        await press("2")
        app.screen.view = replace(app.view, **changes)
        await press("ctrl+s")
        await shows(app, reason)
        assert not files(tmp_path)
