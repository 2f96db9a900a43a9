"""Expired logins of AWS: one sentence, without the traceback that botocore logs.

Source of the cache's form: AWS SDKs and Tools Reference Guide, IAM Identity Center credential
provider; its file is named by the SHA-1 of the session's name.
"""

import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.http_server import serving

PROFILE = """[profile p]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = ops
[sso-session corp]
sso_region = us-west-2
sso_start_url = https://corp.awsapps.com/start
sso_registration_scopes = sso:account:access
"""
PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
HERE = ("--profile", "p", "--region", "us-west-2")


class Refusing(BaseHTTPRequestHandler):
    """IAM Identity Center after the session's end; it repeats what it was sent."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        about = {"error": "invalid_grant", "error_description": f"Invalid refresh token: {asked}"}
        body = json.dumps(about).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("x-amzn-ErrorType", "InvalidGrantException")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def identity_center() -> Iterator[str]:
    with serving(Refusing) as url:
        yield url


def logged_in(folder: Path, url: str, **changes: str | None) -> dict[str, str]:
    """A profile of SSO, and what `aws sso login` left."""
    token = {
        "startUrl": "https://corp.awsapps.com/start", "region": "us-west-2",
        "accessToken": "hushed-access-1234", "expiresAt": PAST, "clientId": "id",
        "clientSecret": "hushed-secret-1234",
        "registrationExpiresAt": FUTURE, "refreshToken": "hushed-refresh-1234",
    }  # fmt: skip
    token = {name: text for name, text in (token | changes).items() if text is not None}
    cache = folder / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    (cache / f"{name}.json").write_text(json.dumps(token))
    (folder / ".aws" / "config").write_text(PROFILE)
    return {"HOME": str(folder), "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.mark.parametrize(
    "changes",
    [{}, {"refreshToken": None}, {"registrationExpiresAt": PAST}],
    ids=["refresh-refused", "no-refresh-token", "registration-ended"],
)
@pytest.mark.parametrize(
    "words",
    [("get", "clusters"), ("get", "nodes", "--cluster", "prod"), ("doctor", "--cluster", "prod")],
    ids=["clusters", "nodes", "doctor"],
)
def test_an_expired_login_is_one_sentence(
    words: tuple[str, ...], changes: dict[str, str | None], identity_center: str, tmp_path: Path
) -> None:
    done = run(*words, *HERE, env=logged_in(tmp_path, identity_center, **changes))
    shown = done.stdout + done.stderr
    assert done.returncode == 1
    assert "run `aws sso login --profile p`" in shown
    assert len(done.stderr.splitlines()) == (0 if words[0] == "doctor" else 1), done.stderr
    assert "Traceback" not in shown
    log = (tmp_path / ".local" / "state" / "eksview" / "eksview.log").read_text()
    assert "hushed" not in shown + log
