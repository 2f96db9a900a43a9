"""Where a notice stands: above the footer, on no more lines than its text needs."""

import pytest

from eksview.ui.base.lines.footer import FooterLine
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, until

COPIED = "Copied to tmux's buffer: ip-10-0-3-78.us-west-2.compute.internal"


@pytest.mark.parametrize("key", ["2", "3"])
async def test_a_notice_at_80_columns_covers_one_line_and_not_the_selected_row(key):
    app = TestedApp()
    async with running(app, size=(80, 24)) as press:
        await press(key)
        app.notify(COPIED, timeout=600)
        footer = app.screen.query_one(FooterLine).region
        await until(app.pilot, lambda: any(toast.region for toast in app.screen.query("Toast")))
        notice = app.screen.query_one("Toast").region
        assert (notice.height, notice.bottom) == (1, footer.y)
        selected = next(y for y, line in enumerate(app.lines()) if line.startswith("▌ "))
        assert selected < notice.y
