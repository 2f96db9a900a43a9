"""Sessions by instance stay true whatever order things are heard in, and touch what shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.domain.aws.test_ssm_sessions import over, session
from tests.domain.aws_objects import DNS, ID, NOW, instance, node

READ = Link("ssm", Phase.LIVE, NOW, heard=NOW)


def joined() -> Store:
    store = Store()
    store.put(Kind.NODE, node())
    store.put(Kind.INSTANCE, instance())
    store.set_link(READ)
    return store


STEPS = st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.booleans())


@given(st.lists(STEPS))
def test_they_are_what_the_table_holds(steps: list[tuple[str, str, bool]]) -> None:
    store = joined()
    for name, target, comes in steps:
        (store.put if comes else store.drop)(Kind.SESSION, session(name, target=target))
    rows = list(store.table(SessionRow).values())
    for target in "xy":
        expected = {row.id for row in rows if row.target == target}
        assert {row.id for row in store.mapping.sessions(target) or ()} == expected


@pytest.mark.parametrize(
    ("link", "known"),
    [
        (READ, True),
        (Link("ssm", Phase.CONNECTING, NOW), False),
        (Link("ssm", Phase.REFUSED, NOW, heard=NOW), False),
        (Link("ssm", Phase.RETRYING, NOW, heard=NOW), True),
        (Link("ssm", Phase.OFF, NOW), False),
    ],
)
def test_what_nobody_has_read_is_not_empty(link: Link, known: bool) -> None:
    store = joined()
    store.put(Kind.SESSION, session(target=ID))
    store.set_link(link)
    assert (store.mapping.sessions(ID) is not None) == known
    assert (store.mapping.sessions_of(DNS) is not None) == known


def test_a_session_touches_its_node_and_its_row_and_nothing_else() -> None:
    store = joined()
    store.put(Kind.NODE, node(name="other", provider_id=""))
    store.take_changes()
    store.put(Kind.SESSION, session(target=ID))
    changes = store.take_changes()
    assert changes.nodes == {DNS}
    assert changes.mapping == {ID}
    assert changes.tables == {Kind.SESSION: {"ada-1"}}
    assert [row.id for row in store.mapping.sessions_of(DNS) or ()] == ["ada-1"]


def test_a_swap_replaces_them_in_one_step() -> None:
    store = joined()
    store.put(Kind.SESSION, session("a", target=ID))
    for _ in store.swap(Kind.SESSION, [over("a", target=ID), session("b", target=ID)]):
        pass
    rows = store.mapping.sessions(ID) or ()
    assert {row.id: row.open for row in rows} == {"a": False, "b": True}


def test_forgetting_everything_forgets_them() -> None:
    store = joined()
    store.put(Kind.SESSION, session(target=ID))
    store.reset()
    assert store.mapping.sessions(ID) is None
    store.set_link(READ)
    assert store.mapping.sessions(ID) == ()
