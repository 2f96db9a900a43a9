"""Every sentence about a failure names what is at fault, and nothing else.

The sentences are those of home (links, cards of the control plane) and of the access chain.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import time
from typing import NamedTuple

import pytest
from aiohttp import web

from eksview.config.settings import Settings
from eksview.domain.access.chain import AccessStep, broken, chain
from eksview.domain.base.health import Health
from eksview.domain.control_plane.components import Component
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.trust import HEALTH
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.engine.backend import KubeBackend
from eksview.kube.client import connection
from eksview.store.applier import Applier
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.readings import chain_inputs
from eksview.store.store import Store
from tests.golden.kubeconfig_cases import CLUSTER, ENDED, Case, oidc, text
from tests.golden.kubeconfigs import Recorder, recorder
from tests.patience import until
from tests.sockets import answering, serving, silent

STREAMS = (HEALTH, Kind.NODE, Kind.POD, Kind.EVENT)
TRUST = "certificate-authority-data: @CA@"
EXEC = "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: "
NETWORK = (
    "doesn't answer",
    "no answer",
    "cluster running",
    "VPN",
    "can't be reached",
    "refused by",
)
LOGIN = ("og in again", "credentials of user", "expired")


class Failure(NamedTuple):
    """A failure, the words that name it, and words that blame another.

    `step` is the broken step of the access chain, `streams` the links that report the failure.
    """

    config: Case
    culprit: str
    step: str
    innocent: tuple[str, ...]
    status: int = 200
    location: str = ""
    streams: tuple[str, ...] = STREAMS
    asked: bool = True


HELPED_BY_LOGIN = ("plugin fails", "token file missing", "id-token ended")


def without_credentials(config: Case, culprit: str) -> Failure:
    return Failure(config, culprit, "credentials", NETWORK, asked=False)


def unreached(base: str, culprit: str, *innocent: str, step: str = "endpoint") -> Failure:
    return Failure(Case(text(base=base)), culprit, step, (*innocent, *LOGIN))


FAILURES = {
    "plugin missing": without_credentials(
        Case(text(EXEC + "nosuch-plugin}")), "plugin nosuch-plugin isn't on the PATH: install it"
    ),
    "plugin fails": without_credentials(
        Case(text(EXEC + "./p}"), plugins={"p": "#!/bin/sh\necho boom >&2\nexit 3\n"}),
        "plugin p failed with exit code 3: boom",
    ),
    "token file missing": without_credentials(
        Case(text("tokenFile: nofile")), "nofile can't be read: No such file"
    ),
    "id-token ended": without_credentials(
        oidc(f"idp-issuer-url: https://i.test\nclient-id: k\nid-token: {ENDED}"),
        "id-token of user u has ended",
    ),
    "provider gone": without_credentials(
        oidc(
            f"idp-issuer-url: https://127.0.0.1:9\nclient-id: k\nid-token: {ENDED}\n"
            "refresh-token: of-one-use"
        ),
        "its provider https://127.0.0.1:9 refuses the connection: is it running?",
    )._replace(innocent=("cluster running", "VPN", "API server doesn't answer")),
    "401": Failure(
        Case(text()),
        "doesn't accept the credentials of user u",
        "authentication",
        (*NETWORK, "proxy", "proxies"),
        401,
        streams=STREAMS[1:],
    ),
    "403": Failure(
        Case(text()),
        "Not permitted",
        "answer",
        (*NETWORK, *LOGIN, "proxy", "proxies"),
        403,
        streams=STREAMS[1:],
    ),
    "redirect": Failure(
        Case(text()),
        "redirects to https://login.example.com, where no credentials are sent",
        "endpoint",
        (*NETWORK, *LOGIN),
        302,
        "https://login.example.com/saml",
    ),
    "TLS": unreached(
        "server: https://@HTTPS@\ncertificate-authority-data: @CERT@",
        "isn't signed by the CA in the kubeconfig",
        *NETWORK,
    ),
    "DNS": unreached(
        f"server: https://api.invalid\n{TRUST}",
        "api.invalid can't be resolved",
        *(word for word in NETWORK if word != "VPN"),
    ),
    "refused": unreached(
        f"server: https://127.0.0.1:9\n{TRUST}",
        "Connection refused by",
        "VPN",
        "doesn't answer",
        "proxy",
    ),
    "silent": unreached(f"server: https://@SILENT@\n{TRUST}", "@SILENT@", "refused", "The proxy"),
    "proxy refused": unreached(
        f"{CLUSTER}\nproxy-url: http://127.0.0.1:9",
        "The proxy http://127.0.0.1:9 gave no connection to https://@HTTPS@",
        *NETWORK,
    ),
    "proxy wants a password": unreached(
        f"{CLUSTER}\nproxy-url: http://@PROXY@",
        "The proxy http://@PROXY@ gave no connection to https://@HTTPS@ (407 Proxy",
        *NETWORK,
        step="answer",
    ),
    "proxy's name": unreached(
        f"{CLUSTER}\nproxy-url: http://proxy.invalid:3128",
        "The name of the proxy http://proxy.invalid:3128 for https://@HTTPS@ can't be resolved",
        *(word for word in NETWORK if word != "VPN"),
    ),
    "silent proxy": unreached(
        f"{CLUSTER}\nproxy-url: http://@SILENT@",
        "doesn't answer through the proxy http://@SILENT@",
        "VPN",
        "cluster running",
        step="answer",
    ),
}


class FailingServer(Recorder):
    """An API server that answers everything alike."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure
        self.ports: dict[str, str] = {}

    async def handle(self, request: web.Request) -> web.Response:
        status, location = self.failure.status, self.failure.location
        if status == 401 and "Authorization" not in request.headers and "ping" in request.path:
            return web.Response(status=401)
        body = {"kind": "Status", "code": status, "message": "no", "reason": "Forbidden"}
        headers = {"Location": location} if location else {}
        return web.json_response(body, status=status, headers=headers)

    def _values(self) -> dict[str, bytes]:
        ports = {name: port.encode() for name, port in self.ports.items()}
        return {**super()._values(), **ports}

    def named(self, words: str) -> str:
        for name, value in {**self.ports, "HTTPS": self.https}.items():
            words = words.replace(f"@{name}@", value)
        return words


class Screens(NamedTuple):
    """What is known of a cluster that can't be read."""

    store: Store
    server: FailingServer

    def ready(self) -> bool:
        """Return whether everything that is going to be reported has been."""
        facts = {key.name for key, _ in self.store.facts}
        wanted = {"ping", "readyz", "livez", "endpoint", "credential", "who", "rights"}
        return wanted <= facts and all(map(self.failed, self.server.failure.streams))

    def failed(self, name: str) -> bool:
        link = self.store.links.get(name)
        return link is not None and link.phase in (Phase.RETRYING, Phase.REFUSED)

    def cards(self) -> dict[str, Component]:
        return {card.name: card for card in Overview(self.store).components(time())}

    def steps(self) -> tuple[AccessStep, ...]:
        return chain(chain_inputs(self.store, time(), CommandContext(), eks=False))

    def texts(self) -> dict[str, str]:
        """Return the texts by where they are; of steps without the remedies."""
        links = {name: self.store.links[name].reason for name in self.server.failure.streams}
        cards = {card.name: f"{card.lines} {card.why_unseen}" for card in self.cards().values()}
        return {**links, **cards, **{step.id: step.says for step in self.steps()}}


@asynccontextmanager
async def failing(failure: Failure, folder: Path) -> AsyncIterator[Screens]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(recorder(FailingServer(failure)))
        refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
        ports = {
            "SILENT": await stack.enter_async_context(serving(silent)),
            "PROXY": await stack.enter_async_context(answering(refusal)),
        }
        server.ports = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        environ = server.write(failure.config, folder)
        store = Store()
        applier = Applier(store, asyncio.get_running_loop())
        settings = Settings(kubeconfig=str(folder / "config"))
        backend = KubeBackend(settings, applier.mailbox, environ)
        backend.start()
        stack.callback(backend.stop)
        await until(lambda: store.facts.target)
        backend.inspect()
        screens = Screens(store, server)
        await until(screens.ready)
        yield screens


@pytest.mark.parametrize("name", FAILURES)
async def test_all_sentences_name_the_culprit(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECT", 1.0)
    failure = FAILURES[name]
    async with failing(failure, tmp_path) as screens:
        texts, cards, fault = screens.texts(), screens.cards(), broken(screens.steps())
        culprit = screens.server.named(failure.culprit)
    for where in (*failure.streams, "kube-apiserver"):
        assert culprit in texts[where], (where, texts[where])
    assert fault is not None
    assert fault.id == failure.step, texts
    assert culprit in fault.says
    for where, words in texts.items():
        assert not [word for word in failure.innocent if word in words], (where, words)
    if not failure.asked:
        assert bool(fault.todo) == (name in HELPED_BY_LOGIN)
        assert cards["kube-apiserver"].health is Health.UNKNOWN
        assert cards["kube-apiserver"].lines[0].startswith("not asked: ")
        assert cards["etcd"].why_unseen == "the API server isn't asked without credentials"
