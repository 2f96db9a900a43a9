"""The order of --sort-by where values have none."""

import pytest

from eksview.cli.get.sort_by import sorted_order
from eksview.domain.base.errors import UserError

OBJECTS = [
    {"metadata": {"name": "b", "labels": {"app": "web"}, "finalizers": ["x"]}},
    {"metadata": {"name": "a"}},
]


@pytest.mark.parametrize(
    ("path", "kind"), [(".metadata.labels", "map"), (".metadata.finalizers", "list")]
)
def test_maps_and_lists_are_refused_as_kubectl_refuses_them(path: str, kind: str) -> None:
    # kubectl 1.32: "Field {.metadata.labels} in ... is an unsortable type", exit code 1
    with pytest.raises(UserError, match=f"Field {path} is an unsortable type: {kind}"):
        sorted_order(OBJECTS, path)


def test_names_are_sorted() -> None:
    assert sorted_order(OBJECTS, ".metadata.name") == [1, 0]
