"""A program for the test of the recipe: namespaces on the screen and in `get`, from the demo's API.

It prints what it saw as JSON. It is run with the copy of `app/` in which the recipe was followed.
"""

import asyncio
import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from eksview.cli.main import main
from eksview.config.settings import Settings
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.kube import Kind
from eksview.engine.backend import KubeBackend
from eksview.ui.shell.app import EksviewApp
from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.namespaces import namespace_draft
from eksview_demo.storage.resources import NAMESPACES
from tests.patience import until


def get(*words: str) -> list[list[str]]:
    """Return the cells of the table that `eksview get` prints."""
    out = StringIO()
    with redirect_stdout(out):
        assert main(["get", *words]) == 0
    return [line.split() for line in out.getvalue().splitlines()]


async def follow(kubeconfig: Path) -> dict[str, object]:
    """Follow the demo cluster; returns what was seen."""
    cluster = DemoCluster(seed=3)
    build(cluster, nodes=3, pods=12)
    server = DemoServer(cluster)
    await server.start()
    server.write_kubeconfig(kubeconfig)
    path = str(kubeconfig)
    app = EksviewApp(Settings(kubeconfig=path), KubeBackend, environ={})
    seen: dict[str, object] = {}
    async with app.run_test(size=(100, 30)) as pilot:
        store = app.view.store
        await pilot.press("colon", *"namespaces", "enter")
        await until(lambda: type(app.screen).__name__ == "NamespacesScreen")
        table = app.screen.query_one("NamespaceTable")
        await until(lambda: table.shown == len(cluster.storage.table(NAMESPACES).objects))
        seen["listed"] = sorted(store.table(Kind("namespaces").row))
        draft = namespace_draft("added-later", "uid-1", cluster.clock())
        cluster.storage.put(NAMESPACES, draft)
        cluster.storage.delete(NAMESPACES, "default")
        changed = {*seen["listed"], "added-later"} - {"default"}
        await until(lambda: set(store.table(Kind("namespaces").row)) == changed)
        await until(lambda: table.shown == len(changed))
        seen["watched"] = sorted(store.table(Kind("namespaces").row))
        await until(lambda: "added-later" in app.export_screenshot())
        seen["whole"] = await app.view.backend.fetch(Kind("namespaces"), "added-later")
        seen["get"] = await asyncio.to_thread(get, "namespaces", "--kubeconfig", path)
        seen["name"] = await asyncio.to_thread(get, "ns", "-o", "name", "--kubeconfig", path)
    await server.stop()
    return seen | {"package": RESOURCES[Kind("namespaces")].row.__code__.co_filename}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(follow(Path(sys.argv[1])))))
