"""Kubeconfigs are accepted and refused as kubectl does, and the same credentials are sent."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.engine.connect import open_cluster
from eksview.kube.client.credentials import Credentials
from eksview.kube.client.errors import from_answer
from eksview.kube.client.kubeconfig.merged import contexts, locate, read, resolve
from tests.golden.kubeconfig_cases import CASES, ENDED, VALID, Case
from tests.golden.kubeconfigs import RECORD, Recorder, ask_kubectl, recorder

ANSWERS: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
STRICTER = {
    # No header of aiohttp holds bytes that aren't UTF-8, and no token has any.
    "tokenFile that isn't UTF-8": "isn't text in UTF-8",
}


async def eksview_sends(server: Recorder, case: Case, folder: Path) -> dict[str, Any]:
    """Return what a first request sent, or the sentence instead of it."""
    environ = server.write(case, folder)
    settings = Settings(kubeconfig=None if case.paths else str(folder / "config"))
    try:
        async with await open_cluster(settings, environ) as connection:
            await connection.get_json("/version")
    except UserError as refusal:
        return {"refused": str(refusal)}
    return {"sent": server.sent[-1]._asdict()}


@pytest.mark.parametrize("name", CASES)
async def test_it_answers_as_kubectl_does(name: str, tmp_path: Path) -> None:
    async with recorder(Recorder()) as server:
        answer = await eksview_sends(server, CASES[name], tmp_path)
    if name in STRICTER:
        assert STRICTER[name] in answer["refused"]
    elif "refused" in ANSWERS[name]:
        assert answer.keys() == {"refused"}, answer
        assert len(answer["refused"]) > 20
    else:
        assert answer == ANSWERS[name]


def test_the_record_has_every_case() -> None:
    assert list(ANSWERS) == list(CASES)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
@pytest.mark.parametrize(
    "name", ["insecure string false", "http token", "as and more", "plugin prints v1 for v1beta1"]
)
async def test_kubectl_still_answers_as_recorded(name: str) -> None:
    async with recorder(Recorder()) as server:
        assert await ask_kubectl(server, CASES[name]) == ANSWERS[name]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "insecure string false",
            "In the kubeconfig {config}, insecure-skip-tls-verify of cluster c should be "
            "a boolean, not a string.",
        ),
        (
            "wrong type in another user",
            "In the kubeconfig {config}, token of user x should be a string, not a number.",
        ),
        (
            "bad base64 in another cluster",
            "In the kubeconfig {config}, certificate-authority-data of cluster x isn't valid "
            "base64.",
        ),
        (
            "duplicate user",
            "The kubeconfig {config} has 2 users named 'u': remove or rename all but one.",
        ),
        (
            "token and password",
            "User u has a token and a password, of which kubectl allows only one.",
        ),
        (
            "plugin prints v1beta1 for v1",
            "The credential plugin p printed an ExecCredential of "
            "client.authentication.k8s.io/v1beta1, and the kubeconfig names "
            "client.authentication.k8s.io/v1: correct one of them.",
        ),
        (
            "oidc ended",
            "The id-token of user u has ended, and the kubeconfig has no refresh-token: log in "
            "to its provider again.",
        ),
    ],
)
async def test_a_refusal_says_what_is_wrong_and_where(
    name: str, sentence: str, tmp_path: Path
) -> None:
    async with recorder(Recorder()) as server:
        answer = await eksview_sends(server, CASES[name], tmp_path)
    assert answer == {"refused": sentence.format(config=tmp_path / "config")}


async def test_an_id_token_that_kubectl_renewed_is_read_again(tmp_path: Path) -> None:
    async with recorder(Recorder()) as server:
        server.write(CASES["oidc"], tmp_path)
        access = locate(Settings(kubeconfig=str(tmp_path / "config")), {})
        server.write(CASES["oidc ended"], tmp_path)
        assert access.id_token is not None
        ended = replace(access, id_token=replace(access.id_token, token=ENDED))
        with pytest.raises(UserError, match="id-token of user u has ended"):
            await Credentials(ended).current()
        server.write(CASES["oidc"], tmp_path)
        assert (await Credentials(ended).current()).token == VALID


def test_a_401_over_http_says_why_no_credentials_were_sent() -> None:
    error = from_answer(401, b"", "text/plain", None, server="http://a.test", user="u")
    assert "never sent over http://" in str(error)


def test_a_password_in_an_address_is_never_shown(tmp_path: Path) -> None:
    config = (
        str(CASES["user info beside a token"].config)
        .replace("@HTTPS@", "a.test")
        .replace("@CA@", "")
    )
    (tmp_path / "config").write_text(config, encoding="utf-8")
    kubeconfig = read([tmp_path / "config"])
    assert kubeconfig is not None
    access = resolve(kubeconfig)
    assert (access.server, access.password) == ("https://a.test", "pw")
    assert contexts(kubeconfig)[0].server == "https://a.test"
