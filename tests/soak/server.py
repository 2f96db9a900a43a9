"""`python -m tests.soak.server FOLDER NODES PODS CHURN SEED`: a living cluster, hurt on demand.

It answers each line of stdin by one line of JSON on stdout, as the server of the end-to-end tests.
"""

import asyncio
import json
import logging
import secrets
import sys
from pathlib import Path
from typing import Any

import yaml

from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.life.engine import Life, live
from tests.demo.faults import (
    Abort,
    Answer,
    Cut,
    End,
    Expire,
    Fault,
    FaultyServer,
    Garbage,
    html,
    replace_token,
)

HURTS: dict[str, Fault] = {
    "cut": Cut(after=5),
    "gone": Expire(after=3),
    "throttled": Answer(429, retry_after=1),
    "unavailable": Answer(503),
    "gateway": html(502),
    "garbage": Garbage(after=2),
    "ended": End(after=4),
    "aborted": Abort(after=2),
}
"""What the next requests meet, by its name."""
TIMES = 4
AWAY = 0.3  # seconds in which nothing listens


class Commands:
    """What can be asked: the first word is a method, the second its argument."""

    def __init__(self, server: FaultyServer, folder: Path, living: asyncio.Task[None]) -> None:
        self._server = server
        self._port = server.port
        self._token = folder / "token"
        self._living = living

    async def hurt(self, name: str) -> str:
        """Every connection is lost, and the next requests meet this."""
        for verb in ("watch,watchlist", "list,page"):
            self._server.faults.add(HURTS[name], verb=verb, times=TIMES)
        await self.restart()
        return name

    async def restart(self, _: str = "") -> str:
        """Nothing listens for a moment."""
        await self._server.stop()
        await asyncio.sleep(AWAY)
        await self._server.start(self._port)
        return "restart"

    async def token(self, _: str = "") -> str:
        """The token has ended; its file has the next one a moment later."""
        new = f"soak-{secrets.token_urlsafe(16)}"
        replace_token(self._server.access, "admin", new)
        await self.restart()
        self._token.write_text(new)
        return "token"

    async def hush(self, _: str = "") -> str:
        """Nothing changes any more, and nothing is armed."""
        self._living.cancel()
        self._server.faults.clear()
        return "hush"


def kubeconfig(server: FaultyServer, folder: Path) -> Path:
    """With a token file, as a service account has one."""
    token = folder / "token"
    token.write_text(server.access.tokens["admin"])
    path = folder / "kubeconfig"
    server.write_kubeconfig(path)
    config = yaml.safe_load(path.read_text())
    for user in config["users"]:
        user["user"] = {"tokenFile": str(token)}
    # Nothing leads to AWS here: this is about the streams.
    config["clusters"][0]["name"] = "soak"
    for context in config["contexts"]:
        context["context"]["cluster"] = "soak"
    path.write_text(yaml.safe_dump(config))
    return path


async def main(folder: Path, nodes: int, pods: int, churn: float, seed: int) -> None:
    """Serve until stdin is closed."""
    logging.disable(logging.CRITICAL)  # asyncio complains of every connection that is lost
    cluster = DemoCluster(seed=seed)
    build(cluster, nodes, pods)
    server = FaultyServer(cluster)
    await server.start()
    living = asyncio.create_task(live(Life(cluster, churn)))
    commands = Commands(server, folder, living)
    _say(str(kubeconfig(server, folder)))
    while line := await asyncio.to_thread(sys.stdin.readline):
        name, _, argument = line.strip().partition(" ")
        _say(await getattr(commands, name)(argument))
    living.cancel()
    await server.stop()


def _say(said: Any) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    words = sys.argv
    asyncio.run(main(Path(words[1]), int(words[2]), int(words[3]), float(words[4]), int(words[5])))
