"""One world per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kube.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A started server; everything is let go of afterwards."""
    world = World(tmp_path)
    await world.start()
    yield world
    await world.stop()
