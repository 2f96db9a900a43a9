"""Two accounts to ask: moto's, with what it lacks before it, and the demo's own."""

import copy
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from eksview_demo.aws.account import Account
from eksview_demo.aws.listener import AwsListener
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster

if TYPE_CHECKING:  # importing moto takes half a second: only for those who ask for it
    from tests.aws.moto_account import MotoAccount

Lead: TypeAlias = Callable[[Mapping[str, str]], None]


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Lead:
    """Sets what leads to an account, and nothing of this machine's own."""

    def leading(environ: Mapping[str, str]) -> None:
        nowhere = str(tmp_path / "none")
        files = {"AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere}
        for name, value in {**files, **environ}.items():
            monkeypatch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)

    return leading


@pytest.fixture(scope="session")
def moto_server() -> Iterator["MotoAccount"]:
    """Built once: it takes four seconds."""
    from tests.aws.moto_account import built

    with built() as account:
        yield account


@pytest.fixture
def moto_account(moto_server: "MotoAccount", lead: Lead) -> Iterator["MotoAccount"]:
    """The account as built, whatever a test does to the tables of its layer."""
    lead(moto_server.environ)
    tables = vars(moto_server.extras)
    before = copy.deepcopy(tables)
    yield moto_server
    for name, table in tables.items():
        table.clear()
        (table.extend if isinstance(table, list) else table.update)(before[name])
    faults = moto_server.layer.faults
    faults.clear()
    faults.asked.clear()
    assert not moto_server.layer.drift


@pytest.fixture
async def demo_estate(lead: Lead) -> AsyncIterator[AwsListener]:
    """The demo's AWS of a cluster that stands still."""
    cluster = DemoCluster(seed=7)
    build(cluster, nodes=10, pods=60)
    listener = AwsListener(Account(cluster, "https://127.0.0.1:9", b"authority"))
    lead(listener.environ)
    listener.open()
    await listener.opened()
    yield listener
    await listener.close()
