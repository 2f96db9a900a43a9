"""Values of secrets are never requested, and not printed even if a server sends them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from eksview.config.settings import Settings
from eksview.domain.kube.object_ref import ObjectRef
from eksview.kube.client.connection import Connection
from eksview.kube.client.kubeconfig.merged import locate
from eksview.kube.discovery import Discovery
from eksview.kube.objects import read_object
from tests.cli.command import call
from tests.cli.credential_programs import kubeconfig
from tests.cli.http_server import serving

VALUE = "c3dvcmRmaXNo"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
REF = ObjectRef("v1", "Secret", "secrets", "db", "shop")


class Vault(BaseHTTPRequestHandler):
    """A server whose only objects are secrets; `careless` sends values whatever is accepted."""

    accepted: ClassVar[list[str]] = []
    careless: ClassVar[bool] = False

    def do_GET(self) -> None:
        path, accept = urlsplit(self.path).path, self.headers["Accept"]
        body: dict[str, object]
        if path == "/api":
            body = {"kind": "APIVersions", "versions": ["v1"]}
        elif path == "/apis":
            body = {"kind": "APIGroupList", "groups": []}
        elif path == "/api/v1":
            secrets = {"name": "secrets", "singularName": "secret", "namespaced": True,
                       "kind": "Secret", "verbs": ["get", "list"]}  # fmt: skip
            body = {"kind": "APIResourceList", "resources": [secrets]}
        else:
            self.accepted.append(accept)
            partial = "as=PartialObjectMetadata" in accept
            item = self._secret(whole=not partial or self.careless)
            kind = "PartialObjectMetadataList" if partial else "SecretList"
            body = item if path.endswith("/db") else {"kind": kind, "metadata": {}, "items": [item]}
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(text)

    def _secret(self, *, whole: bool) -> dict[str, object]:
        annotations = {APPLIED: json.dumps({"data": {"key": VALUE}}), "team": "db"}
        meta = {"name": "db", "namespace": "shop", "uid": "1", "annotations": annotations}
        values = {"data": {"key": VALUE}, "stringData": {"key": VALUE}} if whole else {}
        return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": meta, **values}  # fmt: skip

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=["careful", "careless"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    Vault.careless = request.param == "careless"
    Vault.accepted.clear()
    with serving(Vault) as url:
        yield kubeconfig(tmp_path, {}, server=url)


@pytest.mark.parametrize(
    "words",
    [
        "secrets -n shop -o yaml",
        "secret db -n shop -o json",
        "secret/db -n shop -o jsonpath={.data}{.stringData}{.metadata}",
        "secrets -A -o custom-columns=A:.data.key,B:.metadata.annotations",
        "secrets -A --sort-by=.metadata.name -o yaml",
        "secrets -A -o name",
    ],
)
def test_only_the_metadata_is_requested_and_printed(words: str, env: dict[str, str]) -> None:
    done = call("get", *words.split(), env=env)
    assert done.returncode == 0, done.stderr
    assert VALUE not in done.stdout + done.stderr
    assert Vault.accepted
    assert all(
        part.partition(";")[2].startswith("as=PartialObjectMetadata")
        for accept in Vault.accepted
        for part in accept.split(",")
    )
    if "name" not in words.rsplit("-o ", maxsplit=1)[-1]:
        assert "kubectl get secret prints them" in done.stderr
    if "yaml" in words or "json " in words:
        assert "team" in done.stdout
        assert "PartialObjectMetadata" not in done.stdout


@pytest.mark.parametrize("words", ["secrets -A", "secret db -n shop -o wide"])
def test_a_table_is_requested_without_plain_objects_to_fall_back_on(
    words: str, env: dict[str, str]
) -> None:
    done = call("get", *words.split(), env=env)
    assert VALUE not in done.stdout + done.stderr
    assert set(Vault.accepted) == {"application/json;as=Table;v=v1;g=meta.k8s.io"}


async def test_a_detail_has_only_the_metadata(env: dict[str, str]) -> None:
    async with Connection(locate(Settings(kubeconfig=env["KUBECONFIG"]))) as connection:
        for ref in (REF, ObjectRef("v1", "Secret", "", "db", "shop")):
            secret = await read_object(connection, Discovery(connection), ref)
            assert secret["kind"] == "Secret"
            assert secret["metadata"]["annotations"] == {"team": "db"}
            assert VALUE not in json.dumps(secret)
    assert Vault.accepted
    assert all(accept.startswith("application/json;as=Partial") for accept in Vault.accepted)
