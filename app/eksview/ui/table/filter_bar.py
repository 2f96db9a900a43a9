"""The filter above a table: applied while typing, kept with Enter, cleared with Esc."""

from textual.widget import Widget

from eksview.ui.base.lines.input_bar import InputBar
from eksview.ui.base.view import View

HINT = "text  !not  a|b  status=Running  age>1h  -l app=web"


class FilterBar(InputBar):
    """A line for the filter of a table, which has the focus afterwards."""

    def __init__(self, view: View, rows: Widget) -> None:
        super().__init__(view, lambda: rows, HINT)
