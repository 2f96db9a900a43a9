"""The tab that shows how a node reports."""

import pytest
from msgspec import structs

from eksview.config.settings import Settings
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Put
from eksview.domain.live.polled import SIGNING
from eksview.domain.rows.kube import Kind, SigningRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import ServerVersion
from eksview.store.store import Store
from eksview.ui.base.messages import OpenNode
from tests.domain.kube.test_kubelet import CONFIGZ
from tests.ui.harness import NOT_READY, NOW, TestedApp, node_name, populate
from tests.ui.shell.test_app import running, shows

SIZES = ((80, 24), (120, 36), (200, 60))
FIRST = sorted(map(node_name, range(6)))[0]
SERVING = "kubernetes.io/kubelet-serving"


@pytest.fixture
def app() -> TestedApp:
    store = populate(Store())
    store.set_link(Link(SIGNING, Phase.LIVE, NOW))
    user = f"system:node:{FIRST}"
    store.put(Kind.SIGNING, SigningRow("csr-1", "u1", NOW - 60, SERVING, user, "Pending"))
    other_user = "system:node:elsewhere"
    store.put(
        Kind.SIGNING, SigningRow("csr-2", "u2", NOW - 60, "other-signer", other_user, "Denied")
    )
    tested = TestedApp(store)
    tested.fake.configuration = CONFIGZ
    return tested


@pytest.mark.parametrize("size", SIZES)
async def test_the_lease_the_settings_and_the_requests_at_every_size(app, size):
    async with running(app, size) as press:
        await press("2", "N", "enter", "u")
        await shows(
            app,
            "[u Kubelet]",
            "40 s; NotReady after 50 s",
            "configured 10 s; measuring",
            "5m, sooner on a change",
        )
        await press("G")
        await shows(app, "evicts when below 100Mi", "evicts when below 200Mi for 1m30s", "Pending")
        assert "other-signer" not in app.text()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("v1.31.9-eks-1a2b3c4", "NotReady after 40 s without a heartbeat"),
        ("v1.32.0-eks-1a2b3c4", "NotReady after 50 s without a heartbeat"),
        ("", "NotReady after 50 s (up to 1.31: 40 s) without a heartbeat"),
    ],
)
async def test_how_long_silence_may_last_is_the_servers_version_to_say(app, server, words):
    async with running(app) as press:
        app.fake.sink.send(FactSet(Facts.version, Read(ServerVersion(server), NOW)))
        await press("2", "N", "enter", "u")
        await shows(app, words)


async def test_the_period_is_counted_from_the_renewals_that_come(app):
    async with running(app) as press:
        await press("2", "N", "enter", "u")
        lease = app.view.store.lease_of(FIRST)
        for later, late in ((10, "none late"), (30, "1 late")):
            app.fake.sink.send(
                Put(Kind.LEASE, structs.replace(lease, renewed=lease.renewed + later))
            )
            app.now = NOW + later
            await shows(app, late)
        await shows(app, "15.0 s on average over 2 intervals, at most 20.0 s")


async def test_the_kubelet_is_asked_only_when_the_tab_is_looked_at(app):
    async with running(app) as press:
        await press("2", "N", "enter", "p")
        assert not [each for each in app.fake.calls if each.startswith("configz")]
        await press("u")
        await shows(app, "Max pods")
        assert [each for each in app.fake.calls if each.startswith("configz")] == [
            f"configz {FIRST}"
        ]


async def test_a_refusal_is_said_with_what_the_right_would_open(app):
    app.fake.unreachable["configz"] = (
        'Not permitted: nodes "x" is forbidden: User "u" cannot get resource "nodes/proxy".'
    )
    async with running(app) as press:
        await press("2", "N", "enter", "u")
        await shows(app, "nodes/proxy", "running commands in the node's pods", "Lease renewed")


async def test_a_silent_node_is_late_and_ascii_is_enough_to_say_so():
    app = TestedApp(populate(Store()), settings=Settings(ascii=True, animate=False))
    async with running(app) as press:
        app.post_message(OpenNode(node_name(NOT_READY), "kubelet"))
        await shows(app, "94s ago", "NotReady after 50 s")
        assert app.text().isascii()
        await press("escape")
