"""Kubeconfigs are read as kubectl reads them, and each fault is one sentence."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.kube.client.kubeconfig.merged import (
    candidates,
    contexts,
    in_cluster,
    locate,
    read,
    resolve,
)

PLUGIN = {"command": "plugin", "apiVersion": "client.authentication.k8s.io/v1beta1"}


def config(name: str = "prod", **user: Any) -> dict[str, Any]:
    return {
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}.test:6443/"}}],
        "users": [{"name": "ops", "user": user or {"token": "t"}}],
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": "ops", "namespace": "shop"}}
        ],
        "current-context": name,
    }


def write(path: Path, tree: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tree if isinstance(tree, str) else yaml.safe_dump(tree))
    return path


def test_where_to_look() -> None:
    home = Path("/home/ops")
    assert candidates("/x", {"KUBECONFIG": "/a:/b"}, home) == [Path("/x")]
    assert candidates(None, {"KUBECONFIG": "/a::/b"}, home) == [Path("/a"), Path("/b")]
    assert candidates(None, {}, home) == [Path("/home/ops/.kube/config")]


def test_a_context_comes_down_to_a_server_and_a_user(tmp_path: Path) -> None:
    found = read([write(tmp_path / "config", config())])
    assert found is not None
    access = resolve(found)
    assert (access.server, access.user, access.namespace) == (
        "https://prod.test:6443",
        "ops",
        "shop",
    )
    assert access.target.source == str(tmp_path / "config")


def test_of_several_files_the_first_to_name_a_thing_wins(tmp_path: Path) -> None:
    first, second = config("a"), config("b", token="other")
    second["clusters"].append({"name": "a", "cluster": {"server": "https://wrong.test"}})
    found = read(
        [tmp_path / "missing", write(tmp_path / "1", first), write(tmp_path / "2", second)]
    )
    assert found is not None
    assert resolve(found).context == "a"
    assert resolve(found, "a").server == "https://a.test:6443"
    assert resolve(found, "b").token == "t"
    assert [(each.name, each.current) for each in contexts(found)] == [("a", True), ("b", False)]


def test_paths_start_from_the_file_that_names_them(tmp_path: Path) -> None:
    tree = config(tokenFile="token")
    tree["users"].append({"name": "plug", "user": {"exec": {**PLUGIN, "command": "./bin/plugin"}}})
    tree["contexts"].append({"name": "plug", "context": {"cluster": "prod", "user": "plug"}})
    tree["clusters"][0]["cluster"]["certificate-authority"] = "ca.pem"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "ca.pem").write_bytes(b"PEM")
    found = read([write(tmp_path / "sub" / "config", tree)])
    assert found is not None
    access = resolve(found)
    assert access.ca == b"PEM"
    assert access.token_file == tmp_path / "sub" / "token"
    plugin = resolve(found, "plug").exec
    assert plugin is not None
    assert plugin.command == str(tmp_path / "sub" / "bin" / "plugin")


def test_impersonation_becomes_headers(tmp_path: Path) -> None:
    tree = config(token="t", **{"as": "jane", "as-groups": ["dev", "ops"]})
    found = read([write(tmp_path / "c", tree)])
    assert found is not None
    assert resolve(found).impersonate == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "dev"),
        ("Impersonate-Group", "ops"),
    )


@pytest.mark.parametrize("given", [{"token": "t"}, {"tokenFile": "t"}, {"username": "u"}, {}])
def test_a_token_that_is_given_wins_over_a_plugin(tmp_path: Path, given: dict[str, str]) -> None:
    found = read([write(tmp_path / "c", config(exec=PLUGIN, **given))])
    assert found is not None
    assert (resolve(found).exec is None) == bool(given)


def broken(change: str) -> dict[str, Any] | str:  # noqa: C901, PLR0912 - a table
    """A config with one fault."""
    tree = config()
    cluster = tree["clusters"][0]["cluster"]
    match change:
        case "yaml":
            return "clusters:\n- name: [\n"
        case "list":
            return "- a\n- b\n"
        case "clusters":
            tree["clusters"] = "prod"
        case "current":
            del tree["current-context"]
        case "context":
            tree["current-context"] = "gone"
        case "cluster":
            tree["contexts"][0]["context"]["cluster"] = "gone"
        case "user":
            tree["users"] = None
        case "server":
            cluster["server"] = ""
        case "brackets":
            cluster["server"] = "https://[::1"
        case "port":
            cluster["server"] = "https://prod.test:99999"
        case "host":
            cluster["server"] = "https://prod..test"
        case "server name":
            cluster["tls-server-name"] = "prod..test"
        case "ca":
            cluster["certificate-authority-data"] = "%%%"
        case "ca file":
            cluster["certificate-authority"] = "/nowhere/ca.pem"
        case "proxy":
            cluster["proxy-url"] = "socks5://127.0.0.1:1080"
        case "exec":
            tree["users"][0]["user"] = {"exec": {"args": ["x"]}}
        case "args":
            tree["users"][0]["user"] = {"exec": {**PLUGIN, "args": "get-token"}}
        case "env":
            tree["users"][0]["user"] = {"exec": {**PLUGIN, "env": ["A=b"]}}
        case "groups":
            tree["users"][0]["user"]["as-groups"] = "ops"
    return tree


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("yaml", r"isn't valid YAML \(line 3\)"),
        ("list", "should begin with a mapping"),
        ("clusters", "clusters should be a list"),
        ("current", "No context is chosen .* --context"),
        ("context", "no context 'gone' in .*; there are: prod"),
        ("cluster", "no cluster 'gone' of context prod .*; there are: prod"),
        ("user", "no user 'ops' of context prod .*; there are: none"),
        ("server", "has no server address"),
        *((each, "that can't be one") for each in ("brackets", "port", "host", "server name")),
        ("ca", "certificate-authority-data of cluster prod isn't valid base64"),
        ("ca file", "/nowhere/ca.pem: No such file"),
        ("proxy", "uses socks5, which eksview can't speak"),
        ("exec", "names no command"),
        ("args", "exec.args of user ops should be a list, not a string"),
        ("env", r"exec.env\[0\] of user ops should be a mapping, not a string"),
        ("groups", "as-groups of user ops should be a list"),
    ],
)
def test_each_fault_is_a_sentence(tmp_path: Path, change: str, said: str) -> None:
    path = write(tmp_path / "config", broken(change))
    with pytest.raises(UserError, match=said):
        locate(Settings(kubeconfig=str(path)), {}, tmp_path)


def test_a_broken_file_does_not_give_away_what_stands_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "config", "users:\n- user: {token: s3cr3t-t0ken\n  name: [\n")
    with pytest.raises(UserError) as caught:
        locate(Settings(kubeconfig=str(path)), {}, tmp_path)
    assert "s3cr3t" not in str(caught.value)


def test_without_any_kubeconfig_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No kubeconfig found at .*/\.kube/config.*eksview demo"):
        locate(Settings(), {}, tmp_path)
    with pytest.raises(UserError, match="no kubeconfig at /nowhere"):
        locate(Settings(kubeconfig="/nowhere"), {}, tmp_path)


def test_inside_a_pod_the_service_account_is_used(tmp_path: Path) -> None:
    write(tmp_path / "token", "abc\n")
    write(tmp_path / "ca.crt", "PEM")
    write(tmp_path / "namespace", "tools\n")
    environ = {"KUBERNETES_SERVICE_HOST": "10.100.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    access = in_cluster(environ, tmp_path)
    assert access is not None
    assert (access.server, access.namespace) == ("https://10.100.0.1:443", "tools")
    assert in_cluster({}, tmp_path) is None
