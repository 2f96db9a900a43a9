"""An API server for what asks one."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Api


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture(autouse=True)
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keeps the log of a command that runs in this process, and ends its logging."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg_state"))
    root = logging.getLogger()
    before, hooks = root.handlers[:], (threading.excepthook, sys.unraisablehook)
    yield
    if root.handlers != before:
        for handler in root.handlers:
            handler.close()
        logging.captureWarnings(capture=False)
        root.handlers[:] = before
        threading.excepthook, sys.unraisablehook = hooks


@pytest.fixture(autouse=True)
def config_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Hides this machine's own options; returns where config.toml is looked for."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg_config"))
    for name in [name for name in os.environ if name.startswith("EKSVIEW_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "xdg_config" / "eksview"
    folder.mkdir(parents=True)
    return folder
