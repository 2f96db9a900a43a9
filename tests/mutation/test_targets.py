"""A module or a test that moved must move in the list of mutation targets too."""

import pytest

from tests.mutation.__main__ import ROOT
from tests.mutation.targets import PARTS


@pytest.mark.parametrize("name", PARTS)
def test_what_is_mutated_and_what_must_notice_are_there(name: str) -> None:
    part = PARTS[name]
    paths = [f"app/eksview/{path}" for path in part.modules]
    paths += [f"tests/{path}" for path in part.tests]
    assert [path for path in paths if not (ROOT / path).exists()] == []
