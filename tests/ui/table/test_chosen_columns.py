"""Columns and order of the configuration file, in their tables and in `config --check`."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.cli.main import main
from eksview.config.file_decoder import decoded
from eksview.config.settings import Settings, Sources, settings_from
from eksview.domain.base.text import Clean
from eksview.domain.rows.kube import Kind
from eksview.ui.nodes.nodes_screen import NodeTable
from eksview.ui.shell.config_faults import screen_faults
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.pod_table import PodTable
from tests.patience import until
from tests.ui.harness import TestedApp
from tests.ui.resources.cluster import ALL, OF_REPLICA_SETS, WIDGETS, row, show
from tests.ui.shell.test_app import running, shows

TOML = """\
[columns]
nodes = ["name", "label:topology.kubernetes.io/zone", "cpu", "status"]
pods = ["name", "restarts", "namespace"]
[sort]
nodes = "label:topology.kubernetes.io/zone:desc"
pods = "restarts"
"""


def settings(toml: str) -> Settings:
    config, faults = decoded(toml)
    assert not faults
    assert screen_faults(config) == []
    return settings_from(Sources("", {}, {"SSH_TTY": "x"}, config))


async def test_a_table_has_the_columns_of_the_file_in_their_order_with_labels() -> None:
    app = TestedApp(settings=settings(TOML))
    async with running(app, (100, 30)) as press:
        await press("2")
        await shows(app, "ZONE", "us-west-2a")
        table = app.screen.query_one(NodeTable)
        titles = [placed.column.title for placed in table._columns.layout.placed]
        assert titles == ["NAME", "ZONE", "CPU-REQ", "STATUS"]
        zones = [line.texts[1] for line in table._lines]
        assert zones == sorted(zones, reverse=True)
        assert len(set(zones)) > 1
        await press("slash", *"age>1s", "enter")  # a column that isn't shown
        await shows(app, "age>1s")
        assert table.shown


async def test_a_table_is_sorted_by_the_column_of_the_file_until_another_is_chosen() -> None:
    app = TestedApp(settings=settings(TOML))
    async with running(app, (100, 30)) as press:
        await press("3")
        table = app.screen.query_one(PodTable)
        await shows(app, "RESTARTS")

        def restarts() -> list[int]:
            pods = app.view.store.pods
            return [pods[line.key].restarts for line in table._lines]

        assert restarts() == sorted(restarts(), reverse=True)
        assert restarts()[0] > 0
        await press("N")
        names = [line.texts[0] for line in table._lines]
        assert names == sorted(names)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('[columns]\npods = ["nmae"]\n', "columns.pods: no column 'nmae'; did you mean name?"),
        ('[columns]\npods = ["name", "name"]\n', "columns.pods: 'name' is there 2 times"),
        ('[columns]\npod = ["name"]\n', "columns.pod: no table 'pod'; did you mean pods?"),
        ('[columns]\npods = ["label:"]\n', "columns.pods: label:: '' isn't the key"),
        ('[columns]\npods = ["label:a b"]\n', "columns.pods: label:a b: 'a b' isn't the key of"),
        ('[sort]\nnodes = "cpu:up"\n', "sort.nodes: no column 'cpu:up'; did you mean cpu?"),
        ('[columns]\n\nnodes = ["annotation:"]\n', "columns.nodes: annotation:: '' isn't the key"),
        ('[columns]\nx = ["name"]\npods = ["jsonpath:{.a["]\n', "columns.pods: jsonpath:{.a[: "),
        ('[columns]\nwidgets = ["X:{.a"]\n', "columns.widgets: X:{.a: unexpected path"),
        ('[columns]\nwidgets = ["a", "a"]\n', "columns.widgets: 'a' is there 2 times"),
        (
            '[columns]\nsecrets = ["jsonpath:.data.x"]\n',
            "columns.secrets: 'jsonpath:.data.x'",
        ),
        ('[columns]\ninstances = ["annotation:x"]\n', "columns.instances: 'annotation:x': rows of"),
    ],
)
def test_a_wrong_column_is_a_fault_with_its_line(toml: str, says: str) -> None:
    config, faults = decoded(toml)
    assert not faults
    (fault,) = screen_faults(config)
    assert says in fault.sentence
    assert toml.splitlines()[fault.line - 1].startswith(says.partition(".")[2].partition(":")[0])


VALUES = """\
[columns]
nodes = ["name", "annotation:team", "COST:.metadata.annotations.cost"]
widgets = ["name", "jsonpath:{.spec.size}", "siez", "label:app"]
[sort]
nodes = "COST:.metadata.annotations.cost"
"""
COSTS = ("500m", "", "2", "10")


def cells(table: LiveTable[Any, Any], at: int) -> list[str]:
    return [line.texts[at] for line in table._lines]


async def test_a_table_shows_sorts_and_filters_values_of_whole_objects() -> None:
    app = TestedApp(settings=settings(VALUES))
    async with running(app, (100, 30)) as press:
        store = app.view.store
        for number, node in enumerate(list(store.nodes.values())):
            cost = Clean(COSTS[number % len(COSTS)])
            store.put(Kind.NODE, replace(node, values=(Clean(f"team-{number % 3}"), cost)))
        await press("2")
        await shows(app, "TEAM", "COST", "team-1", "<none>")
        table = app.screen.query_one(NodeTable)
        order = ("<none>", "500m", "2", "10")
        assert cells(table, 2) == sorted(cells(table, 2), key=order.index)
        assert set(cells(table, 2)) == set(order)
        for typed, at, expected in (
            ("cost>500m", 2, {"2", "10"}),
            ("cost<=1", 2, {"500m"}),
            ("TEAM-1", 1, {"team-1"}),  # plain text is found in these columns too
        ):
            table.find(typed)
            await until(lambda at=at, expected=expected: set(cells(table, at)) == expected)


async def test_a_servers_table_shows_values_and_names_columns_that_it_hasnt() -> None:
    app = TestedApp(settings=settings(VALUES))
    app.fake.discovered = ALL
    async with running(app, (100, 30)) as press:
        for number, name in enumerate("ab"):
            made = row(OF_REPLICA_SETS, "shop", name, "1", "1", "1", "")
            show(app, WIDGETS, replace(made, values=(Clean(f"{number}Gi"),)))
        await press("colon", *"widgets", "enter")
        await shows(app, "NAME", "SIZE", "APP", "0Gi", "1Gi", "no column 'siez'")


def test_columns_of_the_server_are_said_to_be_unchecked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "eksview" / "config.toml"
    path.parent.mkdir()
    path.write_text('[columns]\npods = ["name"]\ndeploy = ["nmae"]\n[sort]\njobs = "x:desc"\n')
    assert main(["config", "--check"], {}) == 0
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{path}:3: columns.deploy: not checked: whether the server has ")
    assert second.startswith(f"{path}:5: sort.jobs: not checked: ")
    assert last == f"{path}: no faults"


def test_columns_that_are_no_list_of_texts_are_a_fault() -> None:
    _, faults = decoded('[columns]\npods = "name"\nnodes = [1]\n')
    assert [fault.line for fault in faults] == [2, 3]


def test_the_examples_of_the_documentation_are_columns(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "options.md").read_text()
    for name in ("columns", "sort"):
        example = page.partition(f"```text\n[{name}]\n")[2].partition("```")[0]
        config, faults = decoded(f"[{name}]\n{example}")
        assert example
        assert not [*faults, *screen_faults(config)]
