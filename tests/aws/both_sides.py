"""An API server beside an account, read as `eksview get instances` reads them."""

import io
from typing import Any

import msgspec

from eksview.cli.get.instances import print_rows, select_rows
from eksview.cli.get.output_format import output_of
from eksview.cli.get.query import Query, Selection
from eksview.domain.aws.target import AwsTarget
from eksview.domain.live.messages import Fanout
from eksview.domain.live.retry import Failure
from eksview.domain.rows.kube import Kind
from eksview.engine.aws_source import AwsSource
from eksview.engine.one_shot import read_joined
from eksview.kube.client.errors import RequestError
from eksview.store.store import Store
from tests.aws.world import AT, World
from tests.patience import PATIENCE

NOW = AT.timestamp() + 3600
DEMO = AwsTarget(cluster="demo", region="us-west-2")
NODES, CLAIMS = "/api/v1/nodes", "/apis/karpenter.sh/v1/nodeclaims"
READY = {"type": "Ready", "status": "True", "lastTransitionTime": "2025-03-01T00:10:00Z"}


def node(name: str, provider: str = "", address: str = "", **labels: str) -> dict[str, Any]:
    addresses = [{"type": "InternalIP", "address": address}] if address else []
    return {
        "metadata": {"name": name, "uid": name, "labels": labels},
        "spec": {"providerID": provider},
        "status": {"conditions": [READY], "addresses": addresses},
    }


class Server:
    """An API server of lists by their path; of others it says that they aren't there."""

    def __init__(self, lists: dict[str, list[dict[str, Any]]]) -> None:
        self.lists = lists

    async def get_bytes(self, path: str, _: dict[str, str] | None = None) -> bytes:
        if path not in self.lists:
            raise RequestError(f"No {path}.", Failure(404))
        return msgspec.json.encode({"metadata": {}, "items": self.lists[path]})


async def read(
    world: World,
    *nodes: dict[str, Any],
    claims: tuple[dict[str, Any], ...] = (),
    target: AwsTarget = DEMO,
) -> Store:
    """Return what is read of these nodes and NodeClaims, and of the account."""

    def aws(messages: Fanout) -> AwsSource:
        return AwsSource(target, messages, {}, open_session=lambda *_: world.session)

    server = Server({NODES: list(nodes), CLAIMS: list(claims)})
    return await read_joined(server, aws, limit=PATIENCE)


def get_instances(store: Store, now: float, output: str = "table") -> str:
    """Return the output of `eksview get instances`."""
    query, out = Query((Selection(Kind.INSTANCE),), output=output_of(output)), io.StringIO()
    rows, _ = select_rows(store.mapping.rows.values(), ())
    print_rows(query, rows, store.mapping.context(now), out)
    return out.getvalue()
