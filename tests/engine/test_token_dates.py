"""The date of an EKS token, on a machine whose clock is wrong."""

import base64
import time
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from eksview.config.settings import Settings
from eksview.engine.connect import open_cluster
from tests.cli.credential_programs import kubeconfig
from tests.patience import PATIENCE

ARGUMENTS = ("eks", "get-token", "--cluster-name", "prod", "--region", "us-west-2")
PLUGIN = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
                   "args": list(ARGUMENTS), "interactiveMode": "Never"}}  # fmt: skip
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def dated(token: str) -> float:
    """Return the X-Amz-Date of a token, in seconds since the epoch."""
    text = token.removeprefix("k8s-aws-v1.")
    url = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    stamp = parse_qs(urlsplit(url).query)["X-Amz-Date"][0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
async def test_a_refused_token_is_replaced_by_one_with_the_servers_date(
    tmp_path: Path, ahead: float
) -> None:
    env = kubeconfig(tmp_path, PLUGIN) | KEYS
    async with await open_cluster(Settings(kubeconfig=env["KUBECONFIG"]), env) as connection:
        first = await connection.credential()
        assert dated(first.token) == pytest.approx(time.time(), abs=PATIENCE)
        server = time.time() - ahead
        connection.server_clock.observe(formatdate(server, usegmt=True), time.time())  # of a 401
        assert await connection._renewed(first)
        second = await connection.credential()
        assert dated(second.token) == pytest.approx(server, abs=PATIENCE)
