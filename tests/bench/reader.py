"""`python -m tests.bench.reader bare|ours`: read every pod once, and say how long and how large.

`bare` reads the bytes of the streaming list and drops them; `ours` is the data loop and the store,
with no screen. The kubeconfig is `KUBECONFIG`'s; the answer is a line of JSON.
"""

import asyncio
import base64
import json
import os
import ssl
import sys
import time
from pathlib import Path

import aiohttp
import yaml

from eksview.config.settings import Settings
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.applier import Applier
from eksview.store.store import Store

END = b"k8s.io/initial-events-end"
QUERY = {
    "watch": "true",
    "sendInitialEvents": "true",
    "resourceVersionMatch": "NotOlderThan",
    "allowWatchBookmarks": "true",
}


CONFIG = yaml.safe_load(Path(os.environ["KUBECONFIG"]).read_text())


async def bare() -> int:
    """The number of lines up to the end of the initial ones."""
    cluster = CONFIG["clusters"][0]["cluster"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    headers = {"Authorization": f"Bearer {CONFIG['users'][0]['user']['token']}"}
    url = f"{cluster['server']}/api/v1/pods"
    context = ssl.create_default_context(cadata=authority)
    lines, tail = 0, b""
    timeout = aiohttp.ClientTimeout(total=None)
    async with (
        aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
        session.get(url, params=QUERY, ssl=context) as answer,
    ):
        async for chunk in answer.content.iter_any():
            lines += chunk.count(b"\n")
            if END in tail + chunk:
                break
            tail = chunk[-len(END) :]
    return lines


async def ours() -> int:
    """The number of pods in the store when the stream says it is live."""
    from eksview.engine.backend import KubeBackend

    store = Store()
    applier = Applier(store, asyncio.get_running_loop())
    backend = KubeBackend(Settings(), applier.mailbox)
    backend.start()
    try:
        while True:
            link = store.links.get(Kind.POD.value)
            if link is not None and link.phase is Phase.LIVE and store.pods:
                return len(store.pods)
            await asyncio.sleep(0.02)
    finally:
        backend.stop()


def peak() -> float:
    """The largest resident size of this process so far, in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    started = time.perf_counter()
    pods = asyncio.run({"bare": bare, "ours": ours}[sys.argv[1]]())
    print(json.dumps({"pods": pods, "seconds": time.perf_counter() - started, "peak": peak()}))
