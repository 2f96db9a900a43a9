"""What a table shows and in which order, under every kind of change."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from eksview.domain.filter.parse import Filter, parse_filter
from eksview.domain.filter.terms import Candidates
from eksview.ui.table.rows.model import CHECKED, FEW, MANY, RESORT, Order, TableModel


class Thing(Struct, frozen=True):
    name: str
    size: int
    labels: str = ""


def by_size(*, reverse: bool = False, pure: bool = True) -> Order[Thing]:
    return Order(lambda row: row.size, reverse, pure)


def new_model() -> TableModel[Thing]:
    return TableModel(
        name=lambda row: row.name,
        text=lambda row: row.name.lower(),
        labels=lambda row: row.labels,
        tally=lambda row: "even" if row.size % 2 == 0 else "odd",
    )


def done(model: TableModel[Thing]) -> TableModel[Thing]:
    while model.advance():
        pass
    return model


def names(model: TableModel[Thing]) -> list[str]:
    rows = [model.row(key) for key in model.keys]
    return [row.name for row in rows if row is not None]


def loaded(*things: Thing) -> tuple[TableModel[Thing], dict[str, Thing]]:
    source = {f"key-{thing.name}": thing for thing in things}
    model = new_model()
    model.load(source)
    return done(model), source


def test_rows_stand_by_name() -> None:
    model, _ = loaded(Thing("c", 1), Thing("a", 2), Thing("b", 3))
    assert names(model) == ["a", "b", "c"]


def test_a_new_row_finds_its_place_and_a_gone_one_leaves() -> None:
    model, source = loaded(Thing("a", 1), Thing("c", 2))
    source["key-b"] = Thing("b", 3)
    del source["key-c"]
    model.touch(["key-b", "key-c"])
    assert names(model) == ["a", "b"]


def test_a_touched_key_that_was_never_there_is_nothing() -> None:
    model, _ = loaded(Thing("a", 1))
    model.touch(["key-ghost"])
    assert names(model) == ["a"]


def test_equals_stay_by_name_whichever_way_the_sort_goes() -> None:
    model, _ = loaded(Thing("b", 1), Thing("a", 1), Thing("c", 5), Thing("d", 0))
    model.sort(by_size())
    assert names(done(model)) == ["d", "a", "b", "c"]
    model.sort(by_size(reverse=True))
    assert names(done(model)) == ["c", "a", "b", "d"]
    model.sort(None)
    assert names(done(model)) == ["a", "b", "c", "d"]


def test_a_figure_that_moves_waits_for_the_next_sort() -> None:
    model, source = loaded(Thing("a", 1), Thing("b", 2))
    model.sort(by_size())
    done(model).settle(100.0)
    source["key-a"] = Thing("a", 9)
    model.touch(["key-a"])
    model.settle(100.0)
    assert names(done(model)) == ["b", "a"]
    source["key-a"] = Thing("a", 0)
    model.touch(["key-a"])
    model.settle(100.0 + RESORT / 2)
    assert names(done(model)) == ["b", "a"], "sorted again too soon"
    model.settle(100.0 + RESORT)
    assert names(done(model)) == ["a", "b"]


def test_a_few_changed_ranks_move_their_rows_alone_and_many_sort_all_again() -> None:
    model, source = loaded(*(Thing(f"n{number:04}", 9) for number in range(2_000)))
    model.sort(by_size())
    done(model)
    for changed, busy in ((FEW, False), (FEW + 1, True)):
        for number in range(changed):
            source[f"key-n{number * 3:04}"] = Thing(f"n{number * 3:04}", int(busy))
        model.touch([f"key-n{number * 3:04}" for number in range(changed)])
        model.settle(changed * 100.0)
        assert model.busy is busy
        assert names(done(model))[:3] == ["n0000", "n0003", "n0006"]
        assert names(model)[changed:][:3] == ["n0001", "n0002", "n0004"]


def test_ranks_that_change_with_time_alone_are_found() -> None:
    outside = {f"n{number:04}": 5 for number in range(CHECKED * 2)}
    model, _ = loaded(*(Thing(name, 0) for name in outside))
    model.sort(Order(lambda row: outside[row.name]))
    done(model).settle(0.0)
    outside[f"n{CHECKED + 7:04}"] = 0
    for second in range(1, 5):
        model.check()
        model.settle(second * RESORT)
    assert names(done(model))[:2] == [f"n{CHECKED + 7:04}", "n0000"]


def test_nothing_is_sorted_again_while_no_figure_moves() -> None:
    model, source = loaded(Thing("a", 1), Thing("b", 2))
    model.sort(by_size())
    done(model)
    source["key-a"] = Thing("a", 1, "other=label")
    model.touch(["key-a"])
    model.settle(1e9)
    assert not model.busy


def test_a_rank_that_is_not_of_the_row_alone_is_kept_from_the_last_sort() -> None:
    outside = {"a": 1, "b": 2, "c": 3}
    model, source = loaded(*(Thing(name, 0) for name in outside))
    model.sort(Order(lambda row: outside[row.name]))
    done(model)
    outside["a"] = 9
    model.touch(["key-a"])
    del source["key-a"]
    model.touch(["key-a"])
    assert names(model) == ["b", "c"]


def test_a_filter_shows_what_matches_and_typing_on_thins_it() -> None:
    model, _ = loaded(Thing("Web-1", 1), Thing("web-2", 2), Thing("api-1", 3))
    for text, shown in (("web", ["Web-1", "web-2"]), ("web-2", ["web-2"]), ("x", []), ("", 3)):
        model.filter(parse_filter(text))
        done(model)
        assert (names(model) == shown) if isinstance(shown, list) else len(model.keys) == shown
        assert model.total == 3


def test_a_filter_that_is_widened_brings_rows_back() -> None:
    model, _ = loaded(Thing("web-1", 1), Thing("web-2", 2))
    for text, count in (("web-1", 1), ("web-", 2), ("!web-1", 1), ("!web-12", 2)):
        model.filter(parse_filter(text))
        assert len(done(model).keys) == count, text


def test_labels_are_looked_at_as_labels() -> None:
    model, _ = loaded(Thing("a", 1, "app=web,tier=front"), Thing("b", 2, "app=web2"))
    for text, shown in (
        ("app=web", ["a"]),
        ("app!=web", ["b"]),
        ("a app=web2", []),
        ("tier=x", []),
    ):
        model.filter(parse_filter(text))
        assert names(done(model)) == shown, text


def test_a_row_that_changes_comes_into_the_filter_and_leaves_it() -> None:
    model, source = loaded(Thing("a", 1, "app=web"), Thing("b", 2, "app=api"))
    model.filter(parse_filter("app=web"))
    done(model)
    source["key-b"] = Thing("b", 2, "app=web")
    source["key-a"] = Thing("a", 1, "app=api")
    model.touch(["key-a", "key-b"])
    assert names(model) == ["b"]


def test_what_happens_during_a_sort_is_not_lost() -> None:
    model, source = loaded(Thing("a", 3), Thing("b", 2), Thing("c", 1))
    model.sort(by_size())
    model.advance()
    del source["key-c"]
    source["key-d"] = Thing("d", 0)
    model.touch(["key-c", "key-d"])
    assert "key-c" in model.keys, "rows stay until the sort is through"
    assert names(done(model)) == ["d", "b", "a"]


def test_a_table_read_anew_leaves_no_ghost() -> None:
    model, _ = loaded(*(Thing(f"old-{number:05}", number) for number in range(MANY * 2)))
    fresh = {f"key-{number}": Thing(f"new-{number}", number) for number in range(3)}
    model.load(fresh)
    assert names(done(model)) == ["new-0", "new-1", "new-2"]


def test_only_admitted_rows_are_in_the_table() -> None:
    model, source = loaded(Thing("a", 1), Thing("b", 2))
    model.load(source, lambda row: row.size == 2)
    assert names(done(model)) == ["b"]
    source["key-c"] = Thing("c", 2)
    source["key-d"] = Thing("d", 1)
    model.touch(["key-c", "key-d"])
    assert names(model) == ["b", "c"]
    assert model.total == 2


def test_tallies_follow_every_change() -> None:
    model, source = loaded(Thing("a", 1), Thing("b", 2), Thing("c", 3))
    assert model.tallies == {"odd": 2, "even": 1}
    source["key-a"] = Thing("a", 2)
    del source["key-b"], source["key-c"]
    model.touch(["key-a", "key-b", "key-c"])
    assert model.tallies == {"even": 1}


def test_a_big_sort_is_cut_into_slices() -> None:
    model, _ = loaded(*(Thing(f"n{number:06}", -number) for number in range(60_000)))
    model.sort(by_size())
    steps = 0
    while model.advance():
        steps += 1
    assert steps > 5
    assert names(model)[0] == "n059999"


_OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(("put", "drop", "sort", "filter", "settle", "advance", "reload")),
        st.integers(0, 40),
        st.integers(0, 5),
    ),
    max_size=80,
)


@given(_OPERATIONS, st.booleans())
@settings(max_examples=150)
def test_any_history_ends_as_a_plain_sort_and_filter_would(
    operations: list[tuple[str, int, int]], pure: bool
) -> None:
    model, source = new_model(), {}
    model.load(source)
    order: Order[Thing] | None = None
    wanted = parse_filter("")
    for what, number, size in operations:
        key = f"k{number * 7919 % 41}"  # keys don't come in the order of names
        if what == "put":
            source[key] = Thing(f"thing-{number}", size, f"size={size}")
        elif what == "drop":
            source.pop(key, None)
        elif what == "sort":
            order = None if size == 0 else by_size(reverse=size % 2 == 0, pure=pure)
            model.sort(order)
        elif what == "filter":
            wanted = parse_filter(("", "1", "12", "!1", f"size={number % 6}", "thing")[size])
            model.filter(wanted)
        elif what == "settle":
            model.settle(number * 10.0)
        elif what == "advance":
            model.advance()
        elif what == "reload":
            model.load(source)
        if what in ("put", "drop"):
            model.touch([key])
    done(model)
    model.settle(1e9)  # rows whose rank has changed may still be where they were
    done(model)
    assert names(model) == _plainly(source, order, wanted)
    assert model.total == len(source)
    assert all(model.index(key) == at for at, key in enumerate(model.keys))


def _plainly(source: dict[str, Thing], order: Order[Thing] | None, wanted: Filter) -> list[str]:
    rows = sorted(source.values(), key=lambda row: row.name)
    if order is not None:
        rows.sort(key=order.rank, reverse=order.reverse)
    by_name = {row.name: row for row in rows}
    candidates = Candidates(str.lower, lambda name: by_name[name].labels, by_name.__getitem__, None)
    return wanted.passing(list(by_name), candidates)
