"""Keys that are added and removed without sorting all of them again."""

from hypothesis import given
from hypothesis import strategies as st

from eksview.ui.table.rows.sorted_keys import FEW, SortedKeys

_BATCHES = st.lists(
    st.tuples(
        st.booleans(), st.lists(st.integers(0, 600), min_size=1, max_size=FEW * 4, unique=True)
    ),
    max_size=12,
)


@given(_BATCHES, st.booleans(), st.integers(1, 5))
def test_any_batches_end_as_one_sort_would(
    batches: list[tuple[bool, list[int]]], reverse: bool, ranks: int
) -> None:
    def rank(key: str) -> int:
        return int(key) * 7919 % ranks

    held: set[str] = set()
    keys = SortedKeys(lambda key: key, rank, reverse)
    for gone, numbers in batches:
        batch = [f"{number:03}" for number in numbers]
        if gone:
            keys.remove(batch)
            held -= set(batch)
        else:
            keys.add(key for key in batch if key not in held)
            held |= set(batch)
    assert keys.keys == sorted(sorted(held), key=rank, reverse=reverse)
    assert all(keys.index(key) == at for at, key in enumerate(keys.keys))


def test_a_page_of_a_list_that_falls_into_few_gaps_costs_few_comparisons() -> None:
    ranked: list[str] = []

    def rank(key: str) -> int:
        ranked.append(key)
        return int(key) % 2

    keys = SortedKeys(lambda key: key, rank)
    keys.add(f"{number:06}" for number in range(50_000))
    ranked.clear()
    keys.add(f"{number:06}" for number in range(50_000, 51_000))
    assert keys.keys[25_000:25_500] == [f"{number:06}" for number in range(50_000, 51_000, 2)]
    assert len(ranked) < 1_200, "once to sort the page, and a search for each of the two gaps"
