"""An id-token is renewed, and the new ones are kept in the kubeconfig, as kubectl does."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.engine.connect import open_cluster
from eksview.kube.client.kubeconfig import writer
from tests.golden.kubeconfig_cases import ENDED
from tests.golden.kubeconfigs import recorder
from tests.golden.oidc import NOBODY, RECORD, Provider, ask_kubectl, given_away, kept
from tests.golden.oidc_cases import AT, CASES, OidcCase

ANSWERS: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
DISCOVERED, ASKED = ANSWERS["refreshed"]["asked"]
BEFORE = ANSWERS["refused"]["kept"]
STRICTER = {
    # kubectl asks the provider before it sees that it can't keep the answer, and so loses a
    # refresh token that was good for one use.
    "locked": {"asked": [], "kept": BEFORE},
    "read-only": {"asked": [], "kept": BEFORE},
    # kubectl sends the refresh token and the client's secret wherever the provider points to,
    # here to an http:// address.
    "token endpoint redirects elsewhere": {"asked": [DISCOVERED, ASKED], "kept": BEFORE},
}
SENTENCES = {
    "refused": "its provider https://HTTPS answered 400 (invalid_grant: Token expired); log in",
    "refused as a page": "its provider https://HTTPS answered 503; log in again.",
    "no id_token": "its provider https://HTTPS answered without an id_token",
    "no discovery": "its provider https://HTTPS answered 404 to /.well-known/openid-configuration.",
    "discovery without endpoint": "its provider https://HTTPS names no token_endpoint",
    "no refresh-token": "has ended, and the kubeconfig has no refresh-token: log in",
    "no issuer": "auth-provider of user u has no idp-issuer-url: correct the kubeconfig.",
    "locked": "the kubeconfig DIR/config can't be written: DIR/config.lock exists",
    "read-only": "the kubeconfig DIR/config can't be written: Permission denied.",
    "CA of another": "the certificate of https://HTTPS isn't signed by the CA",
    "CA file absent": "idp-certificate-authority of auth-provider of user u can't be read",
    "token endpoint redirects elsewhere": "https://HTTPS redirects to http://HTTP, where no",
}


@contextmanager
def as_nobody(needed: bool) -> Iterator[None]:
    if needed:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if needed:
            os.seteuid(0)


async def eksview_does(server: Provider, case: OidcCase, folder: Path) -> dict[str, Any]:
    """Return what a first request sent and kept, or the sentence instead of it."""
    environ = server.prepare(case, folder)
    settings = Settings(kubeconfig=None if case.config.paths else str(folder / "config"))
    answer: dict[str, Any] = {}
    with as_nobody(given_away(case, folder)):
        try:
            async with await open_cluster(settings, environ) as connection:
                await connection.get_json("/version")
            answer["sent"] = server.sent[-1].authorization
        except UserError as refusal:
            answer["refused"] = str(refusal)
    return {**answer, "asked": server.asked, "kept": kept(folder)}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that another user may enter, in which relative paths begin."""
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.chdir(name)
        yield Path(name)


@pytest.mark.parametrize("name", CASES)
async def test_it_does_as_kubectl_does(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PAUSE", 0.0)
    async with recorder(Provider()) as server:
        answer = await eksview_does(server, CASES[name], folder)
        refusal = answer.pop("refused", "")
        for told, value in ((server.https, "HTTPS"), (server.http, "HTTP"), (str(folder), "DIR")):
            refusal = refusal.replace(told, value)
    recorded = dict(ANSWERS[name])
    if recorded.pop("refused", "") or name in STRICTER:
        assert SENTENCES.get(name, "") in refusal, refusal
        assert len(refusal) > 20
    else:
        assert not refusal
    assert answer == STRICTER.get(name, recorded)
    for secret in (AT["refresh-token"], AT["client-secret"], ENDED):
        assert secret not in refusal


def test_the_record_has_every_case() -> None:
    assert list(ANSWERS) == list(CASES)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
@pytest.mark.parametrize("name", ["valid", "rotated", "no id_token", "locked"])
async def test_kubectl_still_does_as_recorded(name: str) -> None:
    async with recorder(Provider()) as server:
        assert await ask_kubectl(server, CASES[name]) == ANSWERS[name]
