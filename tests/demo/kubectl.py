"""The real kubectl, run with one kubeconfig."""

import asyncio
import shutil
from pathlib import Path

import pytest

KUBECTL = shutil.which("kubectl")
NEEDS_KUBECTL = pytest.mark.skipif(
    KUBECTL is None, reason="needs kubectl (Debian: apt-get install kubernetes-client)"
)


class Kubectl:
    """Runs kubectl with one kubeconfig, its caches kept out of the home directory."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        assert KUBECTL is not None
        cache = f"--cache-dir={self._kubeconfig.parent}/cache"
        return await asyncio.create_subprocess_exec(
            KUBECTL,
            f"--kubeconfig={self._kubeconfig}",
            cache,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def failing(self, *arguments: str) -> tuple[str, str]:
        """Return what a kubectl that fails prints to both outputs."""
        process = await self.start(*arguments)
        out, err = await process.communicate()
        assert process.returncode
        return out.decode(), err.decode()

    async def __call__(self, *arguments: str) -> str:
        process = await self.start(*arguments)
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()
