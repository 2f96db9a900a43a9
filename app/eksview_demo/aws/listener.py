"""The port of the demo's AWS, open before anything of it is loaded: requests wait there."""

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

from eksview_demo.aws.account import ACCESS_KEY, Account
from eksview_demo.cluster.nodes.node_state import REGION

if TYPE_CHECKING:
    from eksview_demo.aws.server import AwsServer


HOST = "127.0.0.1"
SECRET_KEY = "demo-secret-of-no-account"  # noqa: S105 - of no account


class AwsListener:
    """A listening socket; requests wait until `open` starts the server."""

    def __init__(self, account: Account, port: int = 0) -> None:
        self.account = account
        self._socket = socket.create_server((HOST, port))
        self._server: AwsServer | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the value of AWS_ENDPOINT_URL."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    @property
    def environ(self) -> dict[str, str]:
        """Return the variables that point boto3, the AWS CLI and eksview to this account."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def open(self) -> None:
        """Begin to answer, in the background."""
        self._opening = asyncio.create_task(self._open())

    async def opened(self) -> None:
        """Return when requests are answered."""
        if self._opening is not None:
            await self._opening

    async def close(self) -> None:
        """Close the port."""
        if self._opening is not None:
            self._opening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._opening
        if self._server is not None:
            await self._server.stop()
        self._socket.close()

    async def _open(self) -> None:
        await asyncio.to_thread(_load)
        from eksview_demo.aws.server import AwsServer  # noqa: PLC0415 - see above

        self._server = AwsServer(self.account)
        await self._server.serve(self._socket)


def _load() -> None:
    import eksview_demo.aws.server  # noqa: F401, PLC0415
