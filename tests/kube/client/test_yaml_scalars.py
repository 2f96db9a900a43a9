"""Tokens in a kubeconfig are replaced where they are; the rest of the text is the same."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from eksview.kube.client.kubeconfig.yaml_scalars import with_provider_values

NEW = {"id-token": "eyJhbGciOi.eyJleHAiOjF9.sig-_", "refresh-token": "Ch$ {odd}: #'\"\\ token"}
HEAD = """\
# My clusters: Société Générale, 東京 🙂
apiVersion: v1
kind: Config
users:
- name: other
  user: {token: "t"}   # not this one
- name: u
  user:
    auth-provider:
      name: oidc
"""
TAIL = "current-context: c  # the end\n"
CONFIG = "      config:\n"
LAYOUTS = {
    "plain": CONFIG + "        id-token: old-id  # ends soon\n        refresh-token: old\n",
    "quoted": CONFIG + "        id-token: 'old''s'\n        refresh-token: \"o\\\"ld\"\n",
    "block scalar": CONFIG
    + "        id-token: >-\n          old\n          id\n        refresh-token: |\n          r\n",
    "last block scalar": CONFIG
    + "        refresh-token: old\n        id-token: |-\n          old\n\n# a comment\n",
    "several lines": CONFIG + "        id-token: old\n          id\n        refresh-token: x\n",
    "flow": "      config: {id-token: old, refresh-token: 'old', client-id: k} # flow\n",
    "flow without": "      config: {client-id: k, refresh-token: old}\n",
    "absent": CONFIG + "        client-id: k\n        refresh-token: old\n",
    "no value": CONFIG + "        id-token:\n        refresh-token: old\n",
    "null": CONFIG + "        id-token: ~\n        refresh-token: old\n",
    "empty": CONFIG + "        id-token: ''\n        refresh-token: old\n",
    "twice": CONFIG + "        id-token: a\n        id-token: b\n        refresh-token: old\n",
    "tagged": CONFIG + "        id-token: !!str 12\n        refresh-token: old\n",
    "a number": CONFIG + '        id-token: "1"\n        refresh-token: old\n',
    "Windows": "      config:\r\n        id-token: old\r\n        refresh-token: old\r\n",
    "next documents": CONFIG + "        id-token: a\n        refresh-token: b\n---\na: 1\n---\n",
}


def provider_of(text: bytes) -> dict[str, str]:
    document = next(iter(yaml.safe_load_all(text)))
    config: dict[str, str] = document["users"][1]["user"]["auth-provider"]["config"]
    return config


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_both_tokens_are_new_and_nothing_else(layout: str, encoding: str) -> None:
    text = f"{HEAD}{LAYOUTS[layout]}"
    if "---" not in text:
        text += TAIL
    changed = with_provider_values(text.encode(encoding), "u", NEW)
    assert provider_of(changed) == {**provider_of(text.encode(encoding)), **NEW}
    decoded = changed.decode(encoding)
    assert decoded.startswith(HEAD)
    assert decoded.endswith(text[-12:])
    for comment in ("# ends soon", "# flow", "# a comment"):
        assert (comment in decoded) == (comment in text)
    assert decoded.count("\r") == text.count("\r")


def test_a_value_is_quoted_as_before() -> None:
    text = f'{HEAD}{CONFIG}        refresh-token: old-one  # mine\n        id-token: "old"\n'
    new = {"id-token": NEW["id-token"], "refresh-token": "Refresh-2.x_"}
    expected = text.replace("old-one", new["refresh-token"]).replace(
        '"old"', f'"{new["id-token"]}"'
    )
    assert with_provider_values(text.encode(), "u", new).decode() == expected


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "twice"])
def test_kubectl_reads_the_new_tokens(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(with_provider_values(f"{HEAD}{LAYOUTS[layout]}".encode(), "u", NEW))
    at = '{.users[?(@.name=="u")].user.auth-provider.config'
    words = " ".join(f"{at}.{key}}}" for key in NEW)
    command = ["kubectl", "--kubeconfig", str(path), "config", "view", "--raw", "-o"]
    out = subprocess.run([*command, f"jsonpath={words}"], capture_output=True, check=True).stdout
    assert out.decode() == " ".join(NEW.values())


def test_json_stays_json() -> None:
    text = b'{"users":[{"name":"v"},{"name":"u","user":{"auth-provider":{"name":"oidc",\n"config":'
    text += b'{"client-id":"k","refresh-token":"old"}}}}]}'
    changed = with_provider_values(text, "u", NEW)
    assert provider_of(changed) == {"client-id": "k", **NEW}
    assert b'"id-token": "eyJ' in changed


def test_what_the_file_shares_between_users_is_not_changed() -> None:
    text = f"{HEAD}      config: &shared\n        id-token: &id old\n        refresh-token: *id\n"
    with pytest.raises(ValueError, match="anchors"):
        with_provider_values(text.encode(), "u", NEW)


@pytest.mark.parametrize("text", ["", "users: []", "users: [{name: u}]", "users: 1", "- a"])
def test_a_user_that_is_gone_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="no user 'u' with an auth-provider"):
        with_provider_values(text.encode(), "u", NEW)
