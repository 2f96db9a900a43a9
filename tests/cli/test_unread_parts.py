"""Each action of the policy is denied alone: the commands name it where it changes their words.

What they print in an account that has none of it is never printed where it can't be read.
"""

import asyncio
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiohttp import web

from eksview.aws.services import inventory
from eksview.engine import aws_source
from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.aws.client.test_portals import PORTALS, portal
from tests.aws.denied_estate import ACTIONS, LOST, FullWorld, denied, emptied
from tests.aws.fakes import refusal
from tests.cli.command import Done, call
from tests.demo.thread import DemoThread

COMMANDS = {
    "instances": ("get", "instances"),
    "checks": ("doctor", "--node", LOST),
    "doctor": ("doctor",),
}
HERE = ("--cluster", "demo", "--region", "us-west-2")
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
AGE = re.compile(r"\(\d+ ms\)|\b\d+[smhdy](\d+[smhd])?\b")
FREE = {"sts:GetCallerIdentity"}
"""AWS allows it to every identity. Source: AWS STS API Reference, "GetCallerIdentity"."""
Ask: TypeAlias = Callable[[str, Mapping[str, Any]], Done]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """A kubeconfig, and the instances of the nodes."""
    server = make_server(DemoOptions(nodes=2, pods=4, churn=0.0))
    nodes = [node.instance for node in server.cluster.nodes.values() if node.instance]
    with DemoThread(server) as thread:
        path = tmp_path_factory.mktemp("unread") / "kubeconfig"
        yield thread.write_kubeconfig(path), nodes


@pytest.fixture
def ask(demo: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command in the account, some of whose actions answer otherwise."""
    kubeconfig, nodes = demo
    monkeypatch.setattr(inventory, "WAIT", 0.01)

    def asking(command: str, answers: Mapping[str, Any]) -> Done:
        world = FullWorld()
        for name in nodes:
            world.launch(name)
            world.members.append(name)
        world.session.answers |= answers
        monkeypatch.setattr(aws_source, "_open_session", lambda *_: world.session)
        env = {"PATH": os.environ["PATH"], "HOME": str(kubeconfig.parent)}
        return call(*COMMANDS[command], "--kubeconfig", str(kubeconfig), *HERE, env=env)

    return asking


@pytest.fixture(scope="module")
def whole() -> dict[str, list[str]]:
    """The lines of each command in an account where all is read, as far as it was run."""
    return {}


def lines_of(done: Done) -> list[str]:
    """Return what was printed, without ages and widths."""
    return [" ".join(AGE.sub("AGE", line).split()) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("action", [name for name in ACTIONS if name not in FREE])
def test_a_denied_action_is_named_where_it_changes_what_is_printed(
    action: str, ask: Ask, whole: dict[str, list[str]]
) -> None:
    for command in COMMANDS:
        before = whole.get(command) or whole.setdefault(command, lines_of(ask(command, {})))
        done = ask(command, {action: denied(action)})
        after = lines_of(done)
        if after != before:
            assert action in done.stdout + done.stderr, command
            assert done.returncode == 1 or command != "instances"
        passed = [line.split()[1] for line in before if line[0] == "✔" and line not in after]
        assert not after or all(any(f"○ {title}" in line for line in after) for title in passed)


def test_what_would_tell_why_an_instance_has_no_node_is_named(ask: Ask) -> None:
    actions = (
        "eks:DescribeCluster",
        "eks:ListNodegroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcAttribute",
    )
    answers = {action: denied(action) for action in actions}
    for command in ("instances", "checks"):
        done = ask(command, answers)
        printed = done.stdout + done.stderr
        assert "can't know why" in printed
        assert all(action in printed for action in actions), printed
    assert ask("instances", answers).returncode == 1


@pytest.mark.parametrize(
    "answer", [denied("sts:GetCallerIdentity"), refusal("InternalFailure", "An internal error")]
)
def test_an_unread_identity_leaves_the_warnings_and_makes_nothing_green(
    answer: Exception, ask: Ask
) -> None:
    def credentials(answers: dict[str, Any]) -> str:
        lines = ask("doctor", answers).stdout.splitlines()
        return next(line for line in lines if line[2:].startswith("Credentials"))

    warning = "Using --cluster demo, although the kubeconfig names eksview-demo."
    assert warning in credentials({})
    line = credentials({"sts:GetCallerIdentity": answer})
    assert line.startswith("▲")
    assert warning in line
    assert "sts:GetCallerIdentity" in line


LISTS = {action: answer for action in ACTIONS if (answer := emptied(action)) is not None}


@pytest.mark.parametrize("action", LISTS)
def test_what_an_empty_list_makes_them_print_isnt_printed_for_a_denied_one(
    action: str, ask: Ask, whole: dict[str, list[str]]
) -> None:
    for command in ("checks", "doctor"):
        before = whole.get(command) or whole.setdefault(command, lines_of(ask(command, {})))
        claims = set(lines_of(ask(command, {action: LISTS[action]}))) - set(before)
        if claims:
            assert not claims & set(lines_of(ask(command, {action: denied(action)})))


@pytest.mark.parametrize("name", PORTALS)
async def test_a_list_of_clusters_from_a_portal_is_one_sentence(name: str, tmp_path: Path) -> None:
    async with portal(*PORTALS[name]) as url:
        done = await asyncio.to_thread(list_clusters, url, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("eksview: ")
    assert "eks:ListClusters" in line


def list_clusters(url: str, home: Path) -> Done:
    env = KEYS | {"HOME": str(home), "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-west-2"}
    return call("get", "clusters", env=env)


async def test_a_cluster_that_cant_be_described_is_listed_and_an_error(tmp_path: Path) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/clusters":
            return web.json_response({"clusters": ["prod"]})
        return web.json_response(
            {"message": "not authorized to perform: eks:DescribeCluster"},
            status=403,
            headers={"x-amzn-ErrorType": "AccessDeniedException", "x-amzn-RequestId": "1"},
        )

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        done = await asyncio.to_thread(list_clusters, url, tmp_path)
    finally:
        await runner.cleanup()
    assert done.stdout.splitlines()[1].split()[:3] == ["prod", "us-west-2", "Unknown"]
    assert done.returncode == 1
    assert "eks:DescribeCluster" in done.stderr
