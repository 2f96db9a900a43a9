"""The line about a part of the account that wasn't read."""

import pytest

from eksview.domain.base.reading import NOT_ASKED, ReadFailed, Reading
from eksview.domain.base.text import Clean, cells
from eksview.domain.live.facts import part_key
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import unread_parts
from eksview.store.store import Store
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.text.unread import parts_lines, unread_lines

FAILED = ReadFailed(Clean("Access denied: allow eks:ListUpdates for these AWS credentials."), 0.0)


@pytest.mark.parametrize("indent", [0, 1, 2])
@pytest.mark.parametrize("reading", [FAILED, NOT_ASKED])
def test_it_begins_where_the_marks_of_its_section_do(reading: Reading[None], indent: int) -> None:
    lines = ["".join(text for text, _ in words) for words in
             unread_lines("updates", reading, 0.0, 40, UNICODE, indent=indent)]  # fmt: skip
    assert {len(line) - len(line.lstrip()) for line in lines[:1]} == {indent}
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} <= {indent + 2}
    assert all(cells(line) <= 40 for line in lines)


def test_three_parts_of_one_reason_are_one_list() -> None:
    store, parts = Store(), [Kind.AUTOSCALING.part, Kind.SUBNET.part, Kind.STATUS.part]
    for part in parts:
        store.set_fact(part_key(part), FAILED)
    (sentence,) = unread_parts(store, parts, 0.0)
    assert sentence.startswith("Auto Scaling groups, subnets and status checks not read: ")
    assert list(parts_lines((sentence,), 200, UNICODE))[-1] == ()
