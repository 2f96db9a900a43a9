"""What is no longer confirmed has no color of a state: old is never shown as live."""

import pytest
from msgspec.structs import replace

from eksview.domain.access.access_step import SEE_NODES, TITLES
from eksview.domain.access.aws_auth import parse
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import Right, RightsFact, WhoFact
from eksview.domain.rows.aws import FargateRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.text.glyphs import UNICODE
from tests.ui.aws_account import ACCOUNT
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, until
from tests.ui.snapshots.screens import full_store

COLORS = ("ok", "warn", "bad")
MARKS = (UNICODE.ok, UNICODE.bad)


def cut_off(app: TestedApp, seconds: float = 34.0) -> None:
    """Let the API server be gone: the probe fails, and the streams still look live."""
    store = app.view.store
    for link in list(store.links.values()):
        store.set_link(replace(link, heard=app.now - seconds))
    store.set_link(
        Link(
            "health", Phase.RETRYING, app.now, "Connection refused by https://api.",
            heard=app.now - seconds, retry_at=app.now + 5,
        )
    )  # fmt: skip


def states(app: TestedApp, first: int = 1) -> list[str]:
    """Return the texts from a line on, below the header, that are drawn in the color of a state."""
    palette = app.view.palette()
    colors = {getattr(palette, name).color for name in COLORS} - {None}
    strips = app.screen._compositor.render_strips()[first:-1]
    return [
        segment.text.strip()
        for strip in strips
        for segment in strip
        if segment.style is not None and segment.style.color in colors and segment.text.strip()
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ("2",),
        ("3",),
        ("2", "enter"),
        ("2", "enter", "p"),
        ("2", "enter", "u"),
        ("3", "enter"),
    ],
)
async def test_no_state_is_green_or_red_while_the_server_is_gone(keys: tuple[str, ...]) -> None:
    app = TestedApp(populate(Store()))
    async with running(app, (160, 48)) as press:
        await press(*keys)
        await until(app.pilot, lambda: states(app))
        cut_off(app)
        app.now += 1
        app._frames.flush()
        await until(app.pilot, lambda: "STALE" in app.text())
        await until(app.pilot, lambda: not _lies(states(app)))
        if "enter" in keys:
            assert "last update 35s ago" in app.text()
        app.view.store.set_link(Link("health", Phase.LIVE, app.now, heard=app.now))
        app.now += 1
        app._frames.flush()
        await until(app.pilot, lambda: "STALE" not in app.text())
        await until(app.pilot, lambda: any(mark in " ".join(states(app)) for mark in MARKS))


@pytest.mark.parametrize(
    "keys",
    [
        ("colon", *"eks", "enter"),
        ("colon", *"eks", "enter", "a"),
        ("colon", *"eks", "enter", "u"),
        ("6", "v"),
        ("5", "m"),
        ("colon", *"nodegroups", "enter", "d"),
    ],
)
async def test_no_state_is_green_or_red_while_aws_does_not_answer(keys: tuple[str, ...]) -> None:
    store = full_store()
    for link in ("eks", "autoscaling", "network", "access-entries", "aws-auth"):
        store.set_link(Link(link, Phase.LIVE, NOW, heard=NOW))
    app = TestedApp(store)
    async with running(app, (160, 48)) as press:
        await press(*keys)
        for name in ("eks", "autoscaling", "network", "access-entries", "aws-auth"):
            link = Link(name, Phase.RETRYING, app.now, "No answer.", heard=app.now - 34)
            app.view.store.set_link(link)
        app.now += 1
        app._frames.flush(full=True)
        await app.pilot.pause()
        assert "last update 35s ago" in app.text()
        below_head = states(app, 3)  # which is about the API server on two screens
        assert not [text for text in below_head if any(mark in text for mark in MARKS)]


POD_ROLE = f"arn:aws:iam::{ACCOUNT}:role/prod-pods"
ROLES = f"""
- rolearn: arn:aws:iam::{ACCOUNT}:role/prod-nodes
  username: system:node:{{{{EC2PrivateDNSName}}}}
  groups: [system:bootstrappers, system:nodes]
- rolearn: {POD_ROLE}
  username: system:node:{{{{SessionName}}}}
  groups: [system:bootstrappers, system:nodes, system:node-proxier]
"""
AWS_SOURCES = ("sts", "eks", "access-entries", "aws-auth")


def access_store() -> Store:
    """Return an EKS cluster whose API server and AWS agree on the way to the nodes."""
    store = full_store()
    for link in (*AWS_SOURCES, "access"):
        store.set_link(Link(link, Phase.LIVE, NOW, heard=NOW))
    arn = f"arn:aws:iam::{ACCOUNT}:role/other"
    who = WhoFact(NOW, "other", extra=(("canonicalArn", (arn,)),), status=201)
    rights = RightsFact(NOW, tuple(Right(ask, True) for ask in SEE_NODES))
    store.set_fact(Facts.who, Read(who, NOW))
    store.set_fact(Facts.rights, Read(rights, NOW))
    store.set_fact(Facts.aws_auth, Read(parse({"mapRoles": ROLES}, NOW), NOW))
    for profile in store.table(FargateRow).values():
        store.put(Kind.FARGATE, replace(profile, role=POD_ROLE))
    return store


async def test_the_mapping_has_no_state_while_aws_does_not_answer() -> None:
    app = TestedApp(access_store())
    async with running(app, (160, 60)) as press:
        await press("5")
        await until(app.pilot, lambda: marks(app)["IAM mapping"] == UNICODE.ok)
        link = Link("access-entries", Phase.RETRYING, app.now, "No answer.", heard=app.now - 34)
        app.view.store.set_link(link)
        app.now += 1
        app._frames.flush(full=True)
        await until(app.pilot, lambda: marks(app)["IAM mapping"] == UNICODE.unknown)
        assert app.text().count("last update 35s ago") == 1, "below the step that it is about"
        assert marks(app)["Authentication"] == UNICODE.ok
        app.view.store.set_link(Link("access-entries", Phase.LIVE, app.now, heard=app.now))
        app.now += 1
        app._frames.flush(full=True)
        await until(app.pilot, lambda: marks(app)["IAM mapping"] == UNICODE.ok)
        assert "last update" not in app.text()


async def test_no_step_but_the_local_ones_has_a_state_while_the_server_is_gone() -> None:
    app = TestedApp(access_store())
    async with running(app, (160, 60)) as press:
        await press("5")
        await until(app.pilot, lambda: marks(app)["Node list"] == UNICODE.ok)
        cut_off(app)
        app.now += 1
        app._frames.flush(full=True)
        await until(app.pilot, lambda: "STALE" in app.text())
        await until(app.pilot, lambda: marks(app)["Node list"] == UNICODE.unknown)
        lit = {name for name, mark in marks(app).items() if mark in MARKS}
        assert lit == {"Kubeconfig"}
        assert states(app)[0] == "▲ last update 35s ago", "instead of the answer in the head"


@pytest.mark.parametrize("keys", [("5", "m"), ("5", "u")])
async def test_a_tab_of_access_has_an_age_while_the_server_is_gone(keys: tuple[str, ...]) -> None:
    app = TestedApp(access_store())
    async with running(app, (160, 48)) as press:
        await press(*keys)
        await until(app.pilot, lambda: "other" in app.text() or "readers" in app.text())
        assert "last update" not in "".join(states(app, 3))
        cut_off(app)
        app.now += 1
        app._frames.flush(full=True)
        await until(app.pilot, lambda: "last update" in "".join(states(app, 3)))
        assert not [text for text in states(app, 3) if any(mark in text for mark in MARKS)]


def marks(app: TestedApp) -> dict[str, str]:
    """Return the mark before each step of the access chain, by the step's title."""
    lines = [line.strip() for line in app.text().splitlines()]
    return {
        title: line[0]
        for title in TITLES.values()
        for line in lines
        if line[1:].partition("  ")[0].strip() == title
    }


def _lies(texts: list[str]) -> list[str]:
    """Return the states among colored texts; the control plane and the link's state are current."""
    return [text for text in texts if text in MARKS or text in ("Ready", "NotReady", "Running")]
