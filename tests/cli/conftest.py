"""An API server for what asks one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Api


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture(autouse=True)
def config_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Hides this machine's own options; returns where config.toml is looked for."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg_config"))
    for name in [name for name in os.environ if name.startswith("EKSVIEW_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "xdg_config" / "eksview"
    folder.mkdir(parents=True)
    return folder
