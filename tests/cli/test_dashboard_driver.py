"""The driver by which the dashboard takes its terminal."""

import pytest
from msgspec.structs import replace

from eksview.cli import dashboard
from eksview.config.settings import Settings
from eksview.ui.shell.app import EksviewApp
from eksview.ui.terminal.textual_private import TerminalDriver


@pytest.mark.parametrize("over_ssh", [False, True])
def test_each_terminal_is_taken_back_after_sigstop(
    over_ssh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers: list[type] = []
    monkeypatch.setattr(EksviewApp, "run", lambda app, **_: drivers.append(app.driver_class))
    for name in ("start_log", "forget_fixed_size"):
        monkeypatch.setattr(dashboard, name, lambda _: None)
    monkeypatch.setattr(dashboard, "draw_on_the_terminal", lambda: None)
    dashboard.run_dashboard(replace(Settings(), over_ssh=over_ssh), lambda *_, **__: None, {})
    assert issubclass(drivers[0], TerminalDriver)
