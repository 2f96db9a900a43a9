"""The filters that the help and the README show."""

from pathlib import Path

import pytest

from eksview.domain.filter.parse import Columns, parse_filter
from eksview.domain.filter.syntax import SYNTAX
from eksview.domain.tables.pod_columns import POD_COLUMNS

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", [example for example, _ in SYNTAX])
def test_an_example_is_a_filter_and_is_in_the_readme(example: str) -> None:
    assert not parse_filter(example, Columns(POD_COLUMNS)).problem
    assert f"`{example}`".replace("|", r"\|") in README
