"""The keys that move: each widget that scrolls has the same ones."""

import pytest
from textual.binding import Binding

from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.movement import KEYS
from eksview.ui.dialogs.choice_list import ChoiceList
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.home.workers import Workers
from eksview.ui.table.live_table import LiveTable

LESS = ["j", "down", "k", "up", "pagedown", "pageup", "g", "home", "G", "end", "ctrl+d", "ctrl+u"]
"""Keys of less and vi, which k9s has too."""


def keys_of(widget: type) -> set[str]:
    """Return the keys of a widget's own bindings."""
    bindings = [each for each in widget.__dict__["BINDINGS"] if isinstance(each, Binding)]
    return {key for binding in bindings for key in binding.key.split(",")}


@pytest.mark.parametrize("widget", [LinesView, ChoiceList])
def test_each_widget_that_scrolls_has_the_keys_of_less(widget: type) -> None:
    assert set(LESS) <= keys_of(widget)


@pytest.mark.parametrize("widget", [LiveTable, Workers])
def test_where_an_object_is_under_the_cursor_ctrl_d_deletes_it_as_in_k9s(widget: type) -> None:
    assert set(LESS) - keys_of(widget) == {"ctrl+d"}


def test_keys_for_text_are_no_movement_while_one_types_in_a_dialog() -> None:
    moves = keys_of(PickerScreen) & {key for keys in KEYS.values() for key in keys.split(",")}
    assert moves == {"down", "up", "pagedown", "pageup"}
