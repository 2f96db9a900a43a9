"""The demo's HTTPS server on the loopback, and its kubeconfig."""

import base64
import logging
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from eksview_demo.api import tls
from eksview_demo.api.access import Access
from eksview_demo.api.health import Health
from eksview_demo.api.routes import Api
from eksview_demo.api.tls import Certificates
from eksview_demo.aws.account import ARN
from eksview_demo.cluster.cluster import DemoCluster

# aiohttp logs a traceback for every client that disconnects during an answer.
_log = logging.getLogger("eksview_demo.http")
_log.setLevel(logging.CRITICAL)

HOST = "127.0.0.1"
CONTEXT = "eksview-demo"
# Nothing listens on the loopback's discard port: the server of the context that is down.
_DOWN = f"https://{HOST}:9"


class DemoServer:
    """The HTTPS server of a cluster, which can stop and start again on the same port."""

    def __init__(
        self,
        cluster: DemoCluster,
        access: Access | None = None,
        certificates: Certificates | None = None,
    ) -> None:
        self.cluster = cluster
        self.access = access or Access()
        self.certificates = certificates or tls.make()
        self.health = Health(cluster.git_version)
        self.api = Api(cluster, self.health, self.access)
        self.port = 0
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def token(self) -> str:
        """The administrator's token."""
        return self.access.tokens["admin"]

    async def start(self, port: int = 0) -> None:
        """Listen, on a free port unless one is given."""
        server = web.Server(
            self.api.handle, handler_cancellation=True, access_log=None, logger=_log
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=0.0)
        await self._runner.setup()
        context = tls.server_context(self.certificates)
        site = web.TCPSite(self._runner, HOST, port, ssl_context=context, reuse_address=True)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening and abort every connection, also watches in the middle of a line."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        # A cleanup before this would wait for the watches, which don't end by themselves.
        for connection in runner.server.connections if runner.server else ():
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()

    def kubeconfig(self, context: str = CONTEXT, role: str = "admin") -> dict[str, Any]:
        """Return a kubeconfig with a context per token, and one whose server is down."""
        authority = base64.b64encode(self.certificates.authority).decode()
        # Named as `aws eks update-kubeconfig` names it; the context is its alias.
        clusters = {ARN: self.url, f"{context}-down": _DOWN}
        users = {role: f"{context}-{role}" for role in self.access.tokens}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": name, "cluster": {"server": url, "certificate-authority-data": authority}}
                for name, url in clusters.items()
            ],
            "users": [
                {"name": users[role], "user": {"token": token}}
                for role, token in self.access.tokens.items()
            ],
            "contexts": [
                _context(context, ARN, users["admin"]),
                _context(f"{context}-viewer", ARN, users["viewer"]),
                _context(f"{context}-nobody", ARN, users["nobody"]),
                _context(f"{context}-down", f"{context}-down", users["admin"]),
            ],
            "current-context": context if role == "admin" else f"{context}-{role}",
        }

    def write_kubeconfig(self, path: Path, context: str = CONTEXT, role: str = "admin") -> None:
        """Write the kubeconfig, readable by this user only because it holds tokens."""
        path.touch(mode=0o600)
        path.chmod(0o600)
        text = yaml.safe_dump(self.kubeconfig(context, role), sort_keys=False)
        path.write_text(text, encoding="utf-8")


def _context(name: str, cluster: str, user: str) -> dict[str, Any]:
    return {"name": name, "context": {"cluster": cluster, "user": user, "namespace": "default"}}
