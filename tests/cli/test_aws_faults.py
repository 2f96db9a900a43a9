"""Faults of AWS credentials: each is one sentence on stderr, and a line in the log at most.

The configurations are those of the AWS SDKs and Tools Reference Guide; botocore logs tracebacks
of 24 to 82 lines for them.
"""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.cli.command import Done, run
from tests.cli.credential_programs import profile
from tests.cli.http_server import serving

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = (
    f"[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n"
)
ROLE = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/ops\n"
COMPLAINT = f"login of AKIAIOSFODNN7EXAMPLE failed, --password hunter22 and {SECRET}"
FAULTS = {
    "an MFA code": f"{KEYS}{ROLE}source_profile = base\n"
    "mfa_serial = arn:aws:iam::111122223333:mfa/ada\n",
    "a denied role": f"{KEYS}{ROLE}source_profile = base\n",
    "a role of itself": f"{ROLE}source_profile = q\n"
    "[profile q]\nrole_arn = a\nsource_profile = p\n",
    "no web identity": f"{ROLE}web_identity_token_file = /nonexistent/token\n",
    "a failed program": "[profile p]\ncredential_process = "
    f"/bin/sh -c 'echo \"{COMPLAINT}\" >&2; exit 3'\n",
    "a broken file": "[profile p\nregion\n",
    "no profile": KEYS,
    "no credentials": "[profile p]\nregion = us-west-2\n",
    "half a key": "[profile p]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
}
DENIED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/a is not authorized to
perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/ops</Message></Error>
</ErrorResponse>"""


class Denying(BaseHTTPRequestHandler):
    """STS that lets nobody assume a role."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(DENIED)))
        self.end_headers()
        self.wfile.write(DENIED.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def sts() -> Iterator[str]:
    with serving(Denying) as url:
        yield url


def run_with(fault: str, folder: Path, sts: str, *words: str) -> Done:
    env = profile(folder, FAULTS[fault]) | {"AWS_ENDPOINT_URL": sts}
    return run(*words, "--profile", "p", "--region", "us-west-2", env=env)


def log_of(folder: Path) -> list[str]:
    return [line for log in folder.rglob("eksview.log") for line in log.read_text().splitlines()]


@pytest.mark.parametrize("fault", FAULTS)
def test_get_prints_one_sentence(fault: str, tmp_path: Path, sts: str) -> None:
    done = run_with(fault, tmp_path, sts, "get", "clusters")
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("eksview: ")
    assert line.count("Traceback") == 0
    assert len(log_of(tmp_path)) <= 1
    for shown in (line, *log_of(tmp_path)):
        assert not any(part in shown for part in ("hunter22", "AKIA", SECRET[:8], SECRET[-8:]))


@pytest.mark.parametrize("fault", ["a denied role", "a failed program"])
def test_doctor_prints_nothing_on_stderr(fault: str, tmp_path: Path, sts: str) -> None:
    done = run_with(fault, tmp_path, sts, "doctor", "--cluster", "prod", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert not any(part in done.stdout for part in ("hunter22", "AKIA", SECRET[:8], SECRET[-8:]))
    assert len(log_of(tmp_path)) <= 1
