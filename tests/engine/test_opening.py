"""Whatever opening a cluster raises is a sentence: for dashboard, switch, `get` and doctor."""

import asyncio
import pwd
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError, explained
from eksview.domain.live.messages import LinkState, Message
from eksview.domain.rows.link import Phase
from eksview.engine.backend import KubeBackend
from eksview.engine.connect import list_contexts, open_cluster
from tests.cli.command import call
from tests.patience import until

SECRET = "s3cr3t-t0ken"
CLOSED = "https://127.0.0.1:1"
PLUGIN = {
    "command": "./plugin",
    "apiVersion": "client.authentication.k8s.io/v1",
    "interactiveMode": "Never",
    "args": ["a"],
    "env": [{"name": "A", "value": "b"}],
    "provideClusterInfo": True,
}
CLUSTER = {
    "server": CLOSED,
    "insecure-skip-tls-verify": True,
    "tls-server-name": "kubernetes",
    "proxy-url": "",
}
OIDC = {"idp-issuer-url": "https://a.test", "client-id": "k", "id-token": "a.b.c"}
USERS: tuple[dict[str, Any], ...] = (
    {"token": SECRET, "as": "jane", "as-groups": ["a"], "as-user-extra": {"a": ["b"]}},
    {"tokenFile": "token", "as": "jane", "as-uid": "u"},
    {"username": "jane", "password": SECRET},
    {"exec": PLUGIN},
    {"auth-provider": {"name": "oidc", "config": OIDC}},
    {"client-certificate-data": "aGVsbG8=", "client-key-data": "aGVsbG8="},
)


def document(user: dict[str, Any], cluster: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": cluster or CLUSTER}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }


@pytest.fixture(scope="module", autouse=True)
def no_names() -> Iterator[None]:
    """Fail every lookup of a name at once: addresses are made of any characters."""

    def refuse(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value in a tree."""
    yield at
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(child, (*at, key))


def changed(tree: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    head, *rest = at
    if isinstance(tree, dict):
        return {**tree, head: changed(tree[head], tuple(rest), value)}
    return [changed(each, tuple(rest), value) if n == head else each for n, each in enumerate(tree)]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ODD = st.sampled_from(
    [
        "~nosuchuser/x",
        "a\0b",
        "/dev/null",
        "/",
        "..",
        "https://jane:pw@127.0.0.1:1",
        "http://127.0.0.1:1",
        "https://[::1]:1",
        "https://[",
        "https://127.0.0.1:99999999999",
        "https://%zz",
        "https://127.0.0.1:1/\x85",
        "http://\u2100.test",
        "HTTPS://ı.test",
        "東京",
        "token",
        "config",
        "A=b",
        "=",
        "a.e30.c",
        "a.eyJleHAiOiAxZTk5OX0.c",
        "a.eyJleHAiOiA0MTAyNDQ0ODAwLCAiYXVkIjogNX0.c",
        "x" * 5000,
    ]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, ODD)
VALUES = st.recursive(
    SCALARS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXT, children, max_size=3),
    max_leaves=5,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A kubeconfig of which up to three values are others."""
    tree = document(draw(st.sampled_from(USERS)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(list(places(tree))))
        tree = changed(tree, at, draw(st.one_of(ODD, VALUES)))
    return tree


async def opened(folder: Path) -> None:
    chosen = Settings(kubeconfig=str(folder / "config"), exec_auth=True)
    async with await open_cluster(chosen, {"HOME": "/", "PATH": "/nowhere"}) as connection:
        await connection.get_json("/version")


@given(documents(), st.binary(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_kubeconfig_is_refused_in_a_sentence(
    tmp_path: Path, tree: dict[str, Any], token: bytes
) -> None:
    (tmp_path / "token").write_bytes(token)
    (tmp_path / "config").write_text(yaml.safe_dump(tree), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        asyncio.run(opened(tmp_path))
    assert caught.value.__cause__ is None, "not foreseen"
    assert SECRET not in str(caught.value)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config").write_bytes(data)
    with pytest.raises(UserError) as caught:
        asyncio.run(opened(tmp_path))
    assert caught.value.__cause__ is None, "not foreseen"


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a path of no user": (
        document({"token": "t"}, {"server": CLOSED, "certificate-authority": "~nosuchuser/ca"}),
        "certificate-authority of cluster c can't be read",
    ),
    "a path with NUL": (document({"tokenFile": "a\0b"}), "its path isn't valid"),
    "a token that isn't UTF-8": (document({"tokenFile": "token"}), "isn't text in UTF-8"),
    "a variable with an equals sign": (
        document({"exec": {**PLUGIN, "env": [{"name": "A=b", "value": "c"}]}}),
        "plugin isn't on the PATH",
    ),
    "an argument with NUL": (
        document({"exec": {**PLUGIN, "command": "/bin/sh", "args": ["a\0"]}}),
        "The credential plugin sh can't be run",
    ),
    "a password beyond Latin": (document({"username": "東京", "password": "п"}), "refused by"),
    "user info": (
        document({"token": "t"}, {**CLUSTER, "server": "https://jane:pw@127.0.0.1:1"}),
        "refused by https://127.0.0.1:1",
    ),
}


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A kubeconfig and a part of the sentence about it."""
    tree, sentence = BROKEN[request.param]
    (tmp_path / "token").write_bytes(b"a\xe9b")
    (tmp_path / "config").write_text(yaml.safe_dump(tree), encoding="utf-8")
    return tmp_path / "config", sentence


def environ(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "PATH": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true"}


class Links:
    """The latest state of each link."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def send(self, message: Message, /) -> None:
        if isinstance(message, LinkState) and message.link.phase is Phase.RETRYING:
            self.reasons[message.link.name] = message.link.reason


@pytest.fixture
async def dashboard(broken: tuple[Path, str]) -> AsyncIterator[tuple[KubeBackend, Links]]:
    config, _ = broken
    links = Links()
    backend = KubeBackend(Settings(kubeconfig=str(config)), links, environ(config.parent))
    backend.start()
    yield backend, links
    backend.stop()


async def test_the_dashboard_shows_it(
    dashboard: tuple[KubeBackend, Links], broken: tuple[Path, str]
) -> None:
    _, links = dashboard
    await until(lambda: broken[1] in links.reasons.get("nodes", ""))


async def test_a_switch_to_it_raises_it(
    dashboard: tuple[KubeBackend, Links], broken: tuple[Path, str]
) -> None:
    with pytest.raises(UserError, match=broken[1]):
        await dashboard[0].switch("c")


def test_get_and_doctor_print_it(broken: tuple[Path, str]) -> None:
    config, sentence = broken
    got = call("get", "nodes", "--kubeconfig", str(config), env=environ(config.parent))
    assert (got.returncode, got.stdout) == (1, "")
    assert sentence in got.stderr
    doctor = call("doctor", "--kubeconfig", str(config), env=environ(config.parent))
    assert doctor.returncode == 1
    assert sentence.partition(" https")[0].lower() in doctor.stdout.lower()


def test_what_was_not_foreseen_is_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KeyError("surprise")

    (tmp_path / "config").write_text(yaml.safe_dump(document({"token": "t"})), encoding="utf-8")
    chosen = ("--kubeconfig", str(tmp_path / "config"))
    monkeypatch.setattr("eksview.kube.client.kubeconfig.merged.read", fails)
    said = "Reading the kubeconfig failed (KeyError: 'surprise')."
    with pytest.raises(UserError) as caught:
        list_contexts(Settings(kubeconfig=chosen[1]), {})
    assert str(caught.value) == said
    got = call("get", "nodes", *chosen, env=environ(tmp_path))
    assert got.returncode == 1
    assert "Opening the cluster failed (KeyError: 'surprise')." in got.stderr


def test_errors_that_a_caller_handles_go_through() -> None:
    with pytest.raises(OSError, match="x"), explained("It", passing=(OSError,)):
        raise OSError("x")


def test_without_home_and_account_a_cluster_is_still_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may run with a user id of its own, and without HOME."""

    def unknown(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    got = call("get", "nodes", env={})
    assert got.returncode == 1
    assert "No kubeconfig found at /.kube/config" in got.stderr
