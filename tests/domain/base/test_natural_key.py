from eksview.domain.base.natural_key import natural_key


def test_names_sort_by_the_numbers_in_them() -> None:
    names = ["node-10", "node-9", "node-009a", "ip-10-0-2-9", "ip-10-0-10-1", "ip-10-0-2-234"]
    assert sorted(names, key=natural_key) == [
        "ip-10-0-2-9",
        "ip-10-0-2-234",
        "ip-10-0-10-1",
        "node-9",
        "node-009a",
        "node-10",
    ]
