"""Tables of the server: kept by key while they are followed, with what owns what."""

import json

import pytest
from msgspec.structs import replace

from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.guides.object_columns import ObjectContext, object_columns
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import PLAIN_COLUMNS, ObjectRow, ObjectTableKey
from eksview.domain.live.messages import Drop, Forget, LinkState, Put, Swap
from eksview.domain.resources.server_objects import ServerObjects
from eksview.domain.rows.link import Link, Phase
from eksview.store.applier import apply, steps
from eksview.store.mailbox import Batch
from eksview.store.store import Store

ALL, SHOP = ObjectTableKey("widgets.example.com"), ObjectTableKey("widgets.example.com", "shop")
OWNER = ObjectRef("apps/v1", "Deployment", "", "web", "shop", "uid-web")


def row(name: str, *owners: ObjectRef, namespace: str = "shop") -> ObjectRow:
    return ObjectRow(
        uid=Clean(f"uid-{name}"),
        namespace=Clean(namespace),
        name=Clean(name),
        created=1.0,
        deleted=None,
        labels=EMPTY,
        owners=owners,
        cells=(Clean(name), EMPTY),
        columns=PLAIN_COLUMNS,
    )


def link(key: ObjectTableKey) -> LinkState:
    return LinkState(Link(key.link, Phase.LIVE, 1.0))


def test_a_table_is_kept_by_resource_and_namespace_until_it_is_forgotten() -> None:
    store = Store()
    for message in (link(ALL), Put(ALL, row("a")), link(SHOP), Swap(SHOP, [row("b")])):
        apply(store, message)
    table = store.objects(ALL.resource)
    assert list(table.rows) == ["uid-a"]
    assert [column.title for column in table.columns] == ["NAME", "AGE"]
    assert table.link in store.links
    assert list(store.objects(SHOP.resource, "shop").rows) == ["uid-b"]
    store.take_changes()
    apply(store, Forget(ALL))
    changes = store.take_changes()
    assert changes.tables == {ALL: {"uid-a"}}
    assert ALL in changes.members
    assert changes.links == {ALL.link}
    assert not store.objects(ALL.resource).rows
    assert list(store.links) == [SHOP.link]
    assert list(store.objects) == [store.objects(SHOP.resource, "shop")]


def test_asking_for_a_table_does_not_keep_it() -> None:
    store = Store()
    assert not store.objects("pods").rows
    assert list(store.objects) == []


def test_children_are_found_by_their_owner_in_all_tables() -> None:
    store = Store()
    for message in (
        Put(ALL, row("a", OWNER)),
        Put(SHOP, row("b", OWNER)),
        Put(SHOP, row("c")),
        Put(SHOP, row("d", OWNER)),
        Put(SHOP, replace(row("d"), created=2.0)),  # no longer owned
    ):
        apply(store, message)
    assert {(key, each.name) for key, each in store.objects.owned_by("uid-web")} == {
        (ALL, "a"), (SHOP, "b"),
    }  # fmt: skip
    apply(store, Drop(ALL, row("a")))
    apply(store, Forget(SHOP))
    assert list(store.objects.owned_by("uid-web")) == []


def test_a_list_replaces_the_rows_of_its_namespace_alone() -> None:
    store = Store()
    for message in (
        Put(ALL, row("a")),
        Put(ALL, row("b", namespace="zoo")),
        Swap(ALL, [row("c")], "shop"),
    ):
        apply(store, message)
    assert set(store.objects(ALL.resource).rows) == {"uid-b", "uid-c"}


def test_what_waits_for_a_forgotten_table_is_dropped_and_what_follows_it_is_not() -> None:
    store, batch = Store(), Batch()
    apply(store, Put(ALL, row("old")))
    part = LinkState(Link(f"{ALL.link}/namespace/zoo", Phase.LIVE, 1.0))
    for message in (link(ALL), part, Put(ALL, row("a")), Swap(ALL, [row("b")]), Put(SHOP, row("x")),
                    Forget(ALL), Put(ALL, row("c"))):  # fmt: skip
        batch.add(message)
    for _ in steps(store, batch):
        pass
    assert list(store.objects(ALL.resource).rows) == ["uid-c"]
    assert list(store.objects(SHOP.resource, "shop").rows) == ["uid-x"]
    assert store.links == {}


def test_another_cluster_begins_without_tables() -> None:
    store = Store()
    apply(store, Put(ALL, row("a", OWNER)))
    store.reset()
    assert list(store.objects) == []


NOW = 1_700_000_000.0
EVENTS = ApiResource("", "v1", "events", "Event", "event", verbs=("list", "watch"))
CUSTOM = "Custom resource definition column (in JSONPath format): .spec.interval"


def arrived(
    title: str, *cells: str | float, kind: str = "string", description: str = ""
) -> list[ObjectRow]:
    """Rows of a table of one column, which arrived at `NOW` by the server's time."""
    declared = {"name": title, "type": kind, "description": description}
    table = {"kind": "Table", "columnDefinitions": [declared], "rows": [
        {"cells": [cell], "object": {"metadata": {"name": f"e{at}", "uid": f"uid-{at}"}}}
        for at, cell in enumerate(cells)
    ]}  # fmt: skip
    source = ServerObjects(EVENTS, lambda: NOW)
    page = source.decode_list(json.dumps(table).encode())
    return [source.to_row(item) for item in page.items or ()]


@pytest.mark.parametrize("title", ["Last Seen", "First Seen", "Last Schedule"])
@pytest.mark.parametrize(
    ("sent", "minute_later"),  # the words of apimachinery's HumanDuration, a minute apart
    [
        ("6m42s", "7m42s"), ("0s", "60s"), ("119s", "2m59s"), ("9m30s", "10m"), ("25m", "26m"),
        ("7h59m", "8h"), ("47h", "47h"), ("3d5h", "3d5h"), ("2y100d", "2y100d"),
        ("<unknown>", "<unknown>"), ("<none>", "<none>"), ("<invalid>", "<invalid>"), ("", ""),
    ],
)  # fmt: skip
def test_the_time_since_a_moment_is_counted_on(title: str, sent: str, minute_later: str) -> None:
    (row,) = arrived(title, sent)
    assert row.text(0, NOW) == sent
    assert row.text(0, NOW + 60) == minute_later


@pytest.mark.parametrize(("title", "description"), [("Duration", ""), ("Last Seen", CUSTOM)])
def test_a_duration_that_is_no_age_stays_the_servers(title: str, description: str) -> None:
    (row,) = arrived(title, "6m42s", description=description)
    assert row.text(0, NOW + 60) == "6m42s"


def test_a_time_that_is_counted_on_is_sorted_and_filtered_by_what_is_shown() -> None:
    old, unknown, new = rows = arrived("Last Seen", "6m42s", "<unknown>", "30s")
    (column,) = object_columns(old.columns.columns, (), namespaced=False)
    later = ObjectContext(NOW + 60)
    assert sorted(rows, key=lambda row: column.sort(row, later)) == [unknown, new, old]
    assert column.measure is not None
    assert [column.measure.read(row, later) for row in rows] == [462.0, None, 90.0]


def test_numbers_that_go_prints_with_an_exponent_are_sorted_by_value() -> None:
    sent = (2_000_000.0, 999_999, 1.5, "<none>")
    rows = arrived("Requests", *sent, kind="number")
    assert [row.text(0, NOW) for row in rows] == ["2e+06", "999999", "1.5", "<none>"]
    (column,) = object_columns(rows[0].columns.columns, (), namespaced=False)
    assert sorted(rows, key=lambda row: column.sort(row, ObjectContext(NOW))) == rows[::-1]
