"""How a table was read: an empty one only where a list said so."""

import pytest

from eksview.domain.base.reading import NOT_ASKED, Permission, Read, ReadFailed, Refused
from eksview.domain.rows.aws import SubnetRow
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.readings import table_reading
from eksview.store.store import Store
from tests.ui.harness import NOW, node

LIST = Permission("list", "nodes")


def reading(link: Link | None, *rows: NodeRow):
    store = Store()
    for row in rows:
        store.put(Kind.NODE, row)
    if link is not None:
        store.set_link(link)
    return table_reading(store, NodeRow)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (None, NOT_ASKED),
        (Link("nodes", Phase.CONNECTING, NOW), NOT_ASKED),
        (Link("nodes", Phase.LISTING, NOW), NOT_ASKED),
        (Link("nodes", Phase.LIVE, NOW), Read({}, NOW)),
        (Link("nodes", Phase.LIVE, NOW, heard=NOW + 9), Read({}, NOW + 9)),
        (Link("nodes", Phase.RETRYING, NOW, "Cut.", heard=NOW - 9), Read({}, NOW - 9)),
        (Link("nodes", Phase.RETRYING, NOW, "Cut."), ReadFailed("Cut.", NOW)),
        (Link("nodes", Phase.OFF, NOW, "Too many."), ReadFailed("Too many.", NOW)),
        (Link("nodes", Phase.REFUSED, NOW, "No.", missing=LIST), Refused("No.", LIST, NOW)),
        (Link("nodes", Phase.REFUSED, NOW, "No.", heard=NOW - 9), Refused("No.", None, NOW)),
    ],
)
def test_a_table_without_rows_is_read_only_where_a_list_said_so(link, expected) -> None:
    assert reading(link) == expected


def test_rows_are_read_with_the_first_page() -> None:
    row = node(0)
    assert reading(Link("nodes", Phase.LISTING, NOW), row) == Read({row.name: row}, NOW)


def test_rows_of_before_a_refusal_are_the_last_known() -> None:
    row = node(0)
    refused = reading(Link("nodes", Phase.REFUSED, NOW, "No.", missing=LIST), row)
    assert refused == Refused("No.", LIST, NOW, {row.name: row})


def test_a_table_on_a_link_of_several_is_judged_by_that_link() -> None:
    store = Store()
    assert table_reading(store, SubnetRow) == NOT_ASKED
    store.set_link(Link("network", Phase.LIVE, NOW, heard=NOW))
    assert table_reading(store, SubnetRow) == Read({}, NOW)
