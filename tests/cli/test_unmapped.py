"""A fresh token of somebody whom AWS knows and the cluster maps to nobody, in every form.

The AWS account is the demo's in a process of its own; the API server is the demo's, which accepts
another access key, as an authenticator does whose access entries name somebody else.
"""

import base64
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from eksview_demo.api import access
from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.cli.command import Done, call
from tests.demo.thread import DemoThread
from tests.served import serving

KEY = "AKIADEMO0000EXAMPLE0"  # the account's own
ROLE = "arn:aws:iam::111122223333:role/eksview-demo-admin"
GET_TOKEN = ("--region", "us-west-2", "eks", "get-token", "--cluster-name", "eksview-demo")
KNOWN = f"AWS knows you as {ROLE}, but cluster eksview-demo refuses the token"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving(tmp_path_factory.mktemp("home"), "--churn", "0") as environ:
        yield environ


@pytest.fixture
def kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr(access, "ACCESS_KEY", "AKIASOMEBODYELSE0000")
    path = tmp_path / "demo"
    with DemoThread(make_server(DemoOptions(nodes=2, pods=4))) as demo:
        demo.server.write_kubeconfig(path)
        yield yaml.safe_load(path.read_text())


def ask(
    kubeconfig: dict[str, Any], user: dict[str, Any], account: dict[str, str], folder: Path,
    *words: str, **env: str,
) -> Done:  # fmt: skip
    """Run a command with a user in the kubeconfig."""
    name = kubeconfig["contexts"][0]["context"]["user"]
    kubeconfig["users"] = [{"name": name, "user": user}]
    kubeconfig["current-context"] = kubeconfig["contexts"][0]["name"]
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(kubeconfig))
    return call(*words, env=account | {"KUBECONFIG": str(path)} | env)


def plugin(command: str, *args: str) -> dict[str, Any]:
    version = "client.authentication.k8s.io/v1beta1"
    return {"exec": {"apiVersion": version, "command": command, "args": list(args)}}


def token(key: str, signed: str) -> str:
    """A token as aws-iam-authenticator prints it."""
    query = {"Action": "GetCallerIdentity", "X-Amz-Credential": f"{key}/20261127/us-west-2/sts",
             "X-Amz-Date": signed, "X-Amz-Expires": "60", "X-Amz-Signature": "5ec12e7"}  # fmt: skip
    url = f"https://sts.us-west-2.amazonaws.com/?{urlencode(query)}"
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def wrapper(folder: Path, key: str) -> str:
    """A program such as granted or aws-vault, which prints a token of its own."""
    program = folder / "wrapper"
    version = "client.authentication.k8s.io/v1beta1"
    made = token(key, "SIGNED")
    answer = {"apiVersion": version, "kind": "ExecCredential", "status": {"token": made}}
    program.write_text(f"""#!{sys.executable}
import base64, json, time
answer = json.loads({json.dumps(json.dumps(answer))})
head, body = answer["status"]["token"].split("v1.")
url = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
url = url.replace("SIGNED", time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
answer["status"]["token"] = head + "v1." + base64.urlsafe_b64encode(url.encode()).decode()
print(json.dumps(answer))
""")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_get_says_that_aws_knows_whom_the_cluster_maps_to_nobody(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path
) -> None:
    done = ask(kubeconfig, plugin("aws", *GET_TOKEN), account, tmp_path, "get", "nodes")
    assert done.returncode == 1
    assert KNOWN in done.stderr
    assert "an administrator adds an access entry or a row of aws-auth" in done.stderr
    assert "og in again" not in done.stderr
    assert "expired" not in done.stderr


def test_doctor_says_it_too_and_proposes_no_login(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path
) -> None:
    user = plugin("aws", *GET_TOKEN)
    done = ask(kubeconfig, user, account, tmp_path, "doctor", "--json")
    steps = {step["id"]: step for step in json.loads(done.stdout)["steps"]}
    assert KNOWN in steps["authentication"]["says"]
    assert steps["authentication"]["todo"] == []
    assert steps["credentials"]["state"] == "ok"


def test_keys_that_aws_doesnt_know_are_no_missing_mapping(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path
) -> None:
    user, key = plugin("aws", *GET_TOKEN), "AKIANOBODY"
    done = ask(kubeconfig, user, account, tmp_path, "get", "nodes", AWS_ACCESS_KEY_ID=key)
    assert "AWS knows you" not in done.stderr
    assert "AWS doesn't accept these credentials" in done.stderr


@pytest.mark.parametrize(
    ("env", "keys"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, "static keys in the environment"),
        (
            {"AWS_ACCESS_KEY_ID": "ASIANOBODY", "AWS_SESSION_TOKEN": "planted"},
            "temporary keys in the environment",
        ),
    ],
)
def test_a_token_signed_with_refused_keys_isnt_called_fresh(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path, env: dict[str, str],
    keys: str,
) -> None:  # fmt: skip
    user = plugin("aws", *GET_TOKEN)
    done = ask(kubeconfig, user, account, tmp_path, "doctor", "--json", **env)
    steps = {step["id"]: step for step in json.loads(done.stdout)["steps"]}
    says = steps["credentials"]["says"]
    assert steps["credentials"]["state"] == "bad"
    assert f"AWS doesn't accept these credentials (InvalidClientTokenId): they are {keys}" in says
    assert "expires in" not in says
    assert steps["credentials"]["todo"] == []
    assert "NOBODY" not in done.stdout


@pytest.mark.parametrize(("key", "known"), [(KEY, True), ("ASIAOTHERSESSION0000", False)])
def test_whose_a_wrappers_token_is_is_said_only_where_it_is_known(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path, key: str, *, known: bool
) -> None:
    user = plugin(wrapper(tmp_path, key), "eks", "--cluster-name", "eksview-demo")
    here = ("--cluster", "eksview-demo", "--region", "us-west-2")
    kubeconfig["contexts"] = kubeconfig["contexts"][:1]
    words = ("get", "nodes", "--context", kubeconfig["contexts"][0]["name"], *here)
    done = ask(kubeconfig, user, account, tmp_path, *words)
    assert (KNOWN in done.stderr) is known
    assert ("signs with other keys" in done.stderr) is not known
    assert "5ec12e7" not in done.stderr
    assert key not in done.stderr
    done = ask(kubeconfig, user, account, tmp_path, "doctor", "--json", *words[2:])
    steps = {step["id"]: step for step in json.loads(done.stdout)["steps"]}
    unknown = "signs its token with other keys" in steps["mapping"]["says"]
    assert unknown is not known
    assert steps["mapping"]["state"] == ("warn" if known else "unknown")
    assert key not in done.stdout


def test_an_old_token_in_the_kubeconfig_has_ended(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path
) -> None:
    user = {"token": token(KEY, "20200101T000000Z")}
    done = ask(kubeconfig, user, account, tmp_path, "get", "nodes")
    assert "and EKS accepts one for 15 minutes" in done.stderr
    done = ask(kubeconfig, user, account, tmp_path, "doctor", "--json")
    steps = {step["id"]: step for step in json.loads(done.stdout)["steps"]}
    assert steps["credentials"]["state"] == "bad"
    assert "expired" in steps["credentials"]["says"]


def test_a_static_token_of_another_kind_is_wrong_as_before(
    kubeconfig: dict[str, Any], account: dict[str, str], tmp_path: Path
) -> None:
    done = ask(kubeconfig, {"token": "of-another-cluster"}, account, tmp_path, "get", "nodes")
    assert "they are wrong or have expired. Log in again" in done.stderr
