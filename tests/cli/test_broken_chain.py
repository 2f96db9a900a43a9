"""Each link of the chain broken on its own, and the sentence that a user reads in `doctor`."""

import asyncio
import base64
import datetime
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eksview.cli.doctor.access_chain import examine
from eksview.config.settings import Settings
from eksview.domain.access.access_step import AccessStep
from eksview.domain.access.chain import chain
from eksview.domain.base.health import Health
from eksview.kube.access.endpoint_probe import LIMIT, EndpointProbe
from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.demo.faults import Answer, arm
from tests.demo.thread import DemoThread
from tests.loop_clock import skip
from tests.patience import PATIENCE
from tests.sockets import serving, silent

Broken: TypeAlias = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoThread]:
    with DemoThread(make_server(DemoOptions(nodes=4, pods=20))) as demo:
        yield demo


@pytest.fixture
def kubeconfig(demo: DemoThread, tmp_path: Path) -> dict[str, Any]:
    """Return a kubeconfig without AWS names, for a test to break."""
    demo.write_kubeconfig(tmp_path / "demo")
    document = yaml.safe_load((tmp_path / "demo").read_text())
    cluster = document["clusters"][0]["cluster"]
    token = demo.server.access.tokens["admin"]
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": token}}],
    }


async def steps(
    kubeconfig: dict[str, Any], folder: Path, limit: float = 15.0
) -> dict[str, AccessStep]:
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(kubeconfig))
    checkup = await examine(Settings(kubeconfig=str(path)), limit)
    return {step.id: step for step in chain(checkup.inputs)}


def cluster_with(**changes: Any) -> Broken:
    return lambda document: document["clusters"][0]["cluster"].update(changes)


def user_is(**user: Any) -> Broken:
    def change(document: dict[str, Any]) -> None:
        document["users"][0]["user"] = user

    return change


def plugin(code: str, command: str = sys.executable) -> Broken:
    version = "client.authentication.k8s.io/v1"
    args = ["-c", code]
    plugin_fields = {
        "apiVersion": version,
        "command": command,
        "args": args,
        "interactiveMode": "Never",
    }
    return user_is(exec=plugin_fields)


def certificate_that_has_ended() -> Broken:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ada")])
    then = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(then)
        .not_valid_after(then + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, plain)
    certificate = made.public_bytes(serialization.Encoding.PEM)
    return user_is(
        **{
            "client-certificate-data": base64.b64encode(certificate).decode(),
            "client-key-data": base64.b64encode(pem).decode(),
        }
    )


def jwt(**claims: Any) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


BAD, UNKNOWN = Health.BAD, Health.UNKNOWN


@pytest.mark.parametrize(
    ("broken", "name", "state", "says", "still"),
    [
        (cluster_with(**{"certificate-authority-data": "%%%"}), "kubeconfig", BAD,
         "certificate-authority-data", {}),
        (certificate_that_has_ended(), "credentials", BAD, "The client certificate expired",
         {"endpoint": Health.OK}),
        (user_is(token="of-another-cluster"), "authentication", BAD,
         "doesn't accept the credentials", {"endpoint": Health.OK, "credentials": Health.OK}),
        (user_is(token=jwt(iss="https://elsewhere", sub="ada", exp=1_600_000_000)),
         "credentials", BAD, "The token expired", {"endpoint": Health.OK}),
        (plugin("", command="no-such-plugin"), "credentials", BAD, "isn't on the PATH",
         {"endpoint": Health.OK}),
        (plugin("import sys; sys.stderr.write('log in first'); sys.exit(3)"), "credentials", BAD,
         "log in first", {"endpoint": Health.OK}),
        (plugin("print('hello')"), "credentials", BAD, "ExecCredential", {"endpoint": Health.OK}),
        (cluster_with(server="https://no-such-host.invalid:443"), "endpoint", BAD,
         "no-such-host.invalid", {"kubeconfig": Health.OK, "credentials": Health.OK}),
        (cluster_with(server="https://127.0.0.1:1"), "endpoint", BAD, "127.0.0.1:1",
         {"credentials": Health.OK}),
        (cluster_with(**{"tls-server-name": "another.example.com"}), "endpoint", BAD,
         "another.example.com", {"credentials": Health.OK}),
    ],
)  # fmt: skip
async def test_a_break_in_the_kubeconfig_has_its_sentence(
    kubeconfig: dict[str, Any],
    tmp_path: Path,
    broken: Broken,
    name: str,
    state: Health,
    says: str,
    still: dict[str, Health],
) -> None:
    broken(kubeconfig)
    by_id = await steps(kubeconfig, tmp_path)
    assert by_id[name].state is state
    assert by_id["answer"].state is not Health.OK
    assert says in by_id[name].says
    assert {step: by_id[step].state for step in still} == still


class WalkEvents:
    """Events of the endpoint probe's progress."""

    def __init__(self) -> None:
        self.shaking_hands = asyncio.Event()
        self.ended = asyncio.Event()


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> WalkEvents:
    events, shake, once = WalkEvents(), EndpointProbe._shake, EndpointProbe.once

    async def marked_shake(self: EndpointProbe, *words: Any, **named: Any) -> Any:
        asyncio.get_running_loop().call_soon(events.shaking_hands.set)  # once its time has begun
        return await shake(self, *words, **named)

    async def marked_once(self: EndpointProbe) -> Any:
        fact = await once(self)
        events.ended.set()
        return fact

    monkeypatch.setattr(EndpointProbe, "_shake", marked_shake)
    monkeypatch.setattr(EndpointProbe, "once", marked_once)
    return events


async def test_a_plugin_that_hangs_is_given_up_and_the_endpoint_is_walked_all_the_same(
    kubeconfig: dict[str, Any], tmp_path: Path, walk: WalkEvents
) -> None:
    plugin("import time; time.sleep(600)")(kubeconfig)
    examination = asyncio.create_task(steps(kubeconfig, tmp_path, limit=600.0))
    async with asyncio.timeout(PATIENCE):
        await walk.ended.wait()
    skip(600.0)
    by_id = await examination
    assert "No answer within" in by_id["credentials"].says
    assert by_id["endpoint"].state is Health.OK


@pytest.mark.parametrize(
    ("code", "state", "says"),
    [(401, BAD, "doesn't accept the credentials"), (403, UNKNOWN, "Not permitted")],
)
async def test_a_review_that_is_refused_leaves_the_rest_of_the_chain(
    demo: DemoThread,
    kubeconfig: dict[str, Any],
    tmp_path: Path,
    code: int,
    state: Health,
    says: str,
) -> None:
    faults = arm(demo.server)
    refused = Answer(code, message="no reviews here")
    demo.call(lambda: faults.add(refused, verb="create", path="selfsubjectreviews", times=None))
    try:
        by_id = await steps(kubeconfig, tmp_path)
    finally:
        demo.call(faults.clear)
    assert by_id["authentication"].state is state
    assert says in by_id["authentication"].says
    assert by_id["answer"].state is Health.OK


async def test_who_may_not_read_roles_still_learns_what_is_granted(
    demo: DemoThread, kubeconfig: dict[str, Any], tmp_path: Path
) -> None:
    user_is(token=demo.server.access.tokens["viewer"])(kubeconfig)
    by_id = await steps(kubeconfig, tmp_path)
    assert by_id["rbac"].state is Health.WARN
    assert "You see 4 nodes because" in by_id["answer"].says


async def test_a_server_that_accepts_and_says_nothing_is_named_as_such(
    kubeconfig: dict[str, Any], tmp_path: Path, walk: WalkEvents
) -> None:
    async with serving(silent) as port:
        cluster_with(server=f"https://127.0.0.1:{port}")(kubeconfig)
        examination = asyncio.create_task(steps(kubeconfig, tmp_path, limit=600.0))
        async with asyncio.timeout(PATIENCE):
            await walk.shaking_hands.wait()
            skip(LIMIT)
            await walk.ended.wait()
        skip(600.0)
        by_id = await examination
    assert "accepts connections but doesn't respond" in by_id["endpoint"].says
    assert "No answer within" in by_id["rbac"].says
    assert by_id["answer"].state is BAD


async def test_an_aws_that_says_nothing_is_given_up_before_the_time_for_all_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(silent) as port:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }.items():
            monkeypatch.setenv(name, value)
        async with asyncio.timeout(PATIENCE):
            checkup = await examine(Settings(cluster="prod", region="us-west-2"), 1.0)
    assert checkup.hung
    by_id = {step.id: step for step in chain(checkup.inputs)}
    assert "EKS didn't describe the cluster within 1 s" in by_id["endpoint"].says
    assert by_id["kubeconfig"].says == "No kubeconfig: --cluster prod."
