"""An API server for what asks one."""

from collections.abc import Iterator

import pytest

from tests.e2e.api import Api


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server
