"""Every command that eksview shows runs as it is, in a shell that has nothing but PATH and HOME."""

import asyncio
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError, UnauthorizedSSOTokenError
from msgspec.structs import replace
from textual.pilot import Pilot

from eksview.aws.client.errors import MfaWanted, from_exception
from eksview.cli.doctor.access_chain import examine
from eksview.config.settings import Settings
from eksview.domain.access.access_step import Inputs
from eksview.domain.access.chain import chain
from eksview.domain.access.iam_mapping import principal_of
from eksview.domain.actions.forward import PortForward
from eksview.domain.actions.registry import Verb, words_of
from eksview.domain.aws.log_delivery import enabling_command
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read, last_of
from eksview.domain.base.text import clean
from eksview.domain.ecs.commands import cluster_commands, object_command
from eksview.domain.ecs.sessions import ways_into_container
from eksview.domain.explain.chapters import CHAPTERS
from eksview.domain.explain.checks import CHECKS
from eksview.domain.explain.commands import chapter_commands
from eksview.domain.explain.value import ChapterValues
from eksview.domain.join.checks.conclusion import conclusion
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.node_shell import ways_into
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.live.watch_scope import WatchScope
from eksview.domain.rows.access import CredentialFact, Right, WhoFact
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.ecs import (
    EcsClusterRow,
    EcsContainer,
    EcsInstanceRow,
    EcsServiceRow,
    EcsTaskRow,
)
from eksview.domain.rows.kube import SigningRow
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import AwsAuth
from eksview.engine.backend import KubeBackend
from eksview.kube.client.kubeconfig.merged import locate
from eksview.store.changes import Changes
from eksview.store.selectors.ecs import ecs_pairs
from eksview.store.selectors.explain.chapters import chapter_values
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.selectors.overview import Overview
from eksview.store.store import Store
from eksview.ui.base.command_context import command_context
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import OpenInstance, OpenNode, OpenObject, OpenPod
from eksview.ui.base.screen_registry import SCREENS, Opens
from eksview.ui.dialogs.contexts import ContextsScreen
from eksview.ui.nodes.drain_tab import DRAIN, DrainTab
from eksview.ui.pods.pod_screen import PodScreen
from eksview.ui.sessions.node_shell_dialog import reach_of, shell_access
from eksview.ui.shell.app import EksviewApp
from eksview.ui.trace.commands_dialog import CommandsDialog
from tests.commands import places, recorded
from tests.e2e.shims import write_shims
from tests.patience import PATIENCE, until
from tests.served import serving

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("kubectl", "aws", "ssh"))), reason="kubectl, aws or ssh is missing"
)
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
AT_ONCE = 3  # commands
NODES_ONLY = Settings(watch=WatchScope.NODES)
CONTEXT = "first: the context for kubectl"
COMMAND = re.compile(r"(?:printf [^`|]+\| )?(?:env [^`]*)?(?:aws|kubectl|ssh) [^`]+")
RUN = re.compile(r"(?<=; run: ).+")
VALUE = re.compile(r"\S*\d\S*|(?<=-name )\S+")
LAUNCHERS = {
    "ui/shell/action_launcher.py", "ui/shell/forward_launcher.py", "engine/check_runner.py"
}  # fmt: skip
"""These run a command and show none: `of_actions` and `of_explain` take the same words."""
Found = dict[str, tuple[str, str]]
"""Commands that differ in more than names, numbers and ids: their shape, and a place."""


@dataclass
class Demo:
    environ: dict[str, str]
    kubeconfig: str  # one of the two files of KUBECONFIG
    path: str  # with programs that don't write


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, with its keys in the AWS CLI's files: no command may carry a secret."""
    home = tmp_path_factory.mktemp("home with a space")
    with serving(home, "--nodes=4", "--pods=12", "--churn=0") as environ:
        (home / ".aws").mkdir()
        keys = "".join(f"{name.lower()} = {environ.pop(name)}\n" for name in KEYS)
        (home / ".aws" / "credentials").write_text(f"[my demo]\n{keys}")
        kubeconfig = shutil.copy(environ["KUBECONFIG"], home / "kube config")
        (home / "other config").write_text("apiVersion: v1\nkind: Config\n")
        shims = write_shims(home / "bin")
        environ |= {
            "KUBECONFIG": os.pathsep.join((str(kubeconfig), str(home / "other config"))),
            "AWS_PROFILE": "my demo",
            "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        }
        path = os.pathsep.join((shims, os.environ["PATH"], str(Path(sys.executable).parent)))
        yield Demo(environ, str(kubeconfig), path)


def take(found: Found, text: str, where: str) -> None:
    """Take a text that is a command, or the commands in the backticks of a sentence."""
    whole = [text] if COMMAND.match(text) else re.findall(r"`([^`]+)`", text) + RUN.findall(text)
    for line in whole:
        shape = VALUE.sub("#", line)
        if COMMAND.match(line) and not any(shape == known for known, _ in found.values()):
            found[line] = (shape, where)


async def of_screens(app: EksviewApp, pilot: Pilot[Any], found: Found) -> None:
    """Take the commands of K on every screen and on each kind of object."""
    store = app.view.store
    objects = [
        OpenNode(next(iter(store.nodes))),
        OpenPod(next(iter(store.pods))),
        OpenInstance(next(iter(store.instances))),
        OpenObject(ObjectRef("v1", "Namespace", "namespaces", "shop")),
    ]
    for place in (*(spec.name for spec in SCREENS if spec.opens is not Opens.DIALOG), *objects):
        if isinstance(place, str):
            app.navigation.go(place)
        else:
            app.navigation.open(place)
        await until(lambda: isinstance(app.screen, LiveScreen) and app.screen.ready)
        await of_dialog(app, pilot, found, str(place))


async def of_dialog(
    app: EksviewApp, pilot: Pilot[Any], found: Found, where: str, *subjects: str
) -> None:
    """Take the commands about these subjects; without any all of them."""
    await pilot.press("K")
    await until(lambda: isinstance(app.screen, CommandsDialog))
    assert isinstance(app.screen, CommandsDialog)
    for choice in app.screen.choices:
        if choice.subject in (subjects or (choice.subject,)):
            take(found, choice.command, f"K on {where}: {choice.subject}")
    await pilot.press("escape")
    await until(lambda: isinstance(app.screen, LiveScreen))


def of_store(app: EksviewApp, found: Found) -> None:
    """Take the commands of the trace, of the sessions on all machines, and of the checks."""
    store, commands = app.view.store, command_context(app.view)
    for call in store.requests.values():
        if call.reason == "UnauthorizedOperation":
            continue  # the demo denies an action: the command would be denied as well
        take(found, command(call, commands), f"trace: {call.source}")
    for machine in (*map(OpenNode, store.nodes), *map(OpenInstance, store.instances)):
        access = shell_access(store, machine)
        assert access is not None
        reach = replace(reach_of(app.view, None), jump="ops@127.0.0.1", user="ec2-user")
        for state in ("running", "stopped"):
            for shell in ways_into(replace(access, state=state), reach):
                take(found, shell.line, f"s on {machine}: {shell.name}")
    instance = next(iter(store.instances))
    pod = PodScreen(replace(app.view, settings=NODES_ONLY), next(iter(store.pods.values())))
    link = pod.events_link
    assert link is not None
    take(found, link.reason, "the events of a pod")
    facts = join_facts(store, machine_of_instance(store, instance), None, 1e4)
    signing = SigningRow("csr", "uid", 0.0, "signer", f"system:node:{instance}", "Pending")
    for check in why_not_joined(replace(facts, signing=(signing,), commands=commands)):
        take(found, check.evidence, f"checks: {check.name}")
    closed = replace(facts.instance, state="running", metadata_endpoint="disabled", tags={})
    for check in why_not_joined(replace(facts, instance=closed, commands=commands)):
        take(found, check.evidence, f"checks: {check.name}")
    running = replace(facts, instance=replace(facts.instance, state="running"), commands=commands)
    for advice in conclusion((), running):
        take(found, advice.command, f"checks: {advice.text}")


async def of_explain(app: EksviewApp, found: Found) -> None:
    """Take the commands of every chapter, and the everyday checks but for the one of `watch`."""
    view = app.view
    wanted = {template for spec in CHAPTERS for template in spec.commands}

    def explained() -> list[tuple[str, str]]:
        overview = Overview(view.store)
        overview.observe(Changes(), full=True)
        source = ExplainSource(view.store, overview, view.store.time.now(), command_context(view))
        chapters = [(spec, chapter_values(source, spec.id)) for spec in CHAPTERS]
        return [
            (line, spec.id)
            for spec, values in chapters
            if isinstance(values, ChapterValues)
            for line in chapter_commands(spec, values.values, source.commands)
        ]

    await until(lambda: len(explained()) >= len(wanted))
    lines = explained()
    node = next(iter(view.store.nodes))
    for check in CHECKS:
        line = check.command(command_context(view), node)
        lines += [] if check.every else [(line, check.id)]
    for line, where in lines:
        take(found, line, f":explain {where}")


async def of_ecs(app: EksviewApp, found: Found) -> None:
    """Take the commands that read a cluster of ECS and its rows, and those that open a shell."""
    store, commands = app.view.store, command_context(app.view)
    app.view.backend.follow_ecs()
    await until(lambda: bool(store.table(EcsClusterRow)))
    cluster = max(store.table(EcsClusterRow).values(), key=lambda row: row.running).name
    app.view.backend.follow_ecs(cluster)
    tables = store.table(EcsInstanceRow), store.table(EcsServiceRow), store.table(EcsTaskRow)
    await until(lambda: all(tables) and bool(opened(store)))
    for line in cluster_commands(cluster, commands):
        take(found, line, f"ECS: {cluster}")
    for table in tables:
        row = next(iter(table.values()))
        take(found, object_command(row, commands), f"ECS: {type(row).__name__}")
    task, container = opened(store)[0]
    reach = reach_of(app.view, None)
    for pair in ecs_pairs(store, cluster):
        for way in ways_into_container(container, task, pair, reach):
            take(found, way.line, f"ECS: {way.name}")
    app.view.backend.leave_ecs(cluster)
    app.view.backend.leave_ecs()


def opened(store: Store) -> list[tuple[EcsTaskRow, EcsContainer]]:
    """Return the containers that ECS Exec is enabled for."""
    tasks = [row for row in store.table(EcsTaskRow).values() if row.exec_enabled]
    pairs = [(task, container) for task in tasks for container in task.containers]
    return [(task, each) for task, each in pairs if task.status == each.status == "RUNNING"]


async def of_actions(app: EksviewApp, found: Found) -> None:
    """Take the commands of actions: of their trace, of what they run, and of a drain's plan."""
    store, commands = app.view.store, command_context(app.view)
    pod = next(iter(store.pods.values()))
    ref = ObjectRef("v1", "Pod", "pods", pod.name, pod.namespace)
    path = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}"
    for verb, target, body in (
        ("patch", path, '{"metadata": {"labels": {"a": "b"}}}'),
        ("delete", path, "{}"),
        ("delete", path, '{"gracePeriodSeconds": 0}'),
        ("create", f"{path}/eviction", "{}"),
    ):
        sent = (("body", (clean(body),)),)
        call = ApiCall(1, 0.0, "kubernetes", verb, clean(target), "action", parameters=sent)
        take(found, command(call, commands), f"trace: {verb}")
    for launched in (Verb.SHELL, Verb.DEBUG):
        words = words_of(launched, ref, image=app.view.settings.debug_image)
        take(found, commands.kubectl(*words), f"action: {launched}")
    forwarded = PortForward(ref, clean("demo"), 8080, 80)
    take(found, commands.kubectl(*forwarded.words), "action: port-forward")
    tab = DrainTab(app.view, next(iter(store.nodes)))
    await tab.ask()
    for line in tab.lines(DRAIN.id, 0.0, 10_000):
        take(found, "".join(text for text, _ in line), "the tab of a drain")
    cluster = last_of(store.facts.cluster)
    assert cluster is not None
    take(found, enabling_command(["audit"], cluster.name, commands), "control plane logs")


def of_chain(inputs: Inputs, found: Found) -> None:
    """Take the remedies of a chain as it is, and with each kind of right and mapping missing."""
    cluster, rights, identity = inputs.cluster, inputs.rights, inputs.identity
    assert cluster is not None
    assert rights is not None
    assert identity is not None
    denied = replace(rights, rights=tuple(Right(right.ask, False) for right in rights.rights))
    entry = AccessEntryRow(principal_of(identity.arn), "STANDARD", "ada", ("a group",), ())
    full = replace(entry, policies=("AmazonEKSAdminViewPolicy cluster",))
    refused = WhoFact(inputs.now, reason="refused", status=401)
    nothing = {
        "who": WhoFact(inputs.now, "ada"),
        "auth": Read(AwsAuth(inputs.now, exists=True), inputs.now),
        "entries": Read((), inputs.now),
    }
    unlogged = CredentialFact("none", reason="expired")
    token = CredentialFact("EKS token")
    modes = ("API", "CONFIG_MAP")
    for case in (
        {},
        {"rights": denied, **nothing},
        {"rights": denied, **nothing, "roles": None},
        {"rights": denied, **nothing, "entries": Read((entry,), inputs.now)},
        {"rights": denied, **nothing, "entries": Read((full,), inputs.now)},
        {"credential": unlogged, "aws": inputs.aws},
        *({**nothing, "who": refused, "credential": token,
           "cluster": replace(cluster, authentication=mode)} for mode in modes),
    ):  # fmt: skip
        for step in chain(replace(inputs, **case)):
            for text in (step.says, *step.todo):
                take(found, text, f"access chain: {step.id}")


def of_sentences(environ: Mapping[str, str], kubeconfig: str, found: Found) -> None:
    """Take the commands of errors about credentials, and of kubeconfigs."""
    target = AwsTarget(region="us-west-2")
    for error in (NoCredentialsError(), UnauthorizedSSOTokenError(), MfaWanted()):
        take(found, from_exception(error, "sts:X", target, environ).sentence, repr(error))
    for path, context in ((kubeconfig, "no-such-context"), ("/no-such-file", None)):
        with pytest.raises(UserError) as raised:
            locate(Settings(kubeconfig=path, context=context), environ)
        take(found, str(raised.value), "kubeconfig")
    with pytest.raises(UserError, match="No kubeconfig") as raised:
        locate(Settings(), {**environ, "KUBECONFIG": "/no-such-file"})
    take(found, str(raised.value).replace(" CLUSTER", " eksview-demo"), "kubeconfig")


async def of_contexts(demo: Demo, app: EksviewApp, pilot: Pilot[Any], found: Found) -> None:
    """Take the commands that `:ctx` shows for a context, and then for files, that have gone."""
    with pytest.raises(UserError) as unknown:
        await app.view.backend.switch("no-such-context")
    take(found, str(unknown.value), ":ctx")
    await pilot.press("colon", *"ctx", "enter")
    await until(lambda: isinstance(app.screen, ContextsScreen) and app.screen.chosen is not None)
    paths = demo.environ["KUBECONFIG"].split(os.pathsep)
    for path in paths:
        os.rename(path, f"{path}.aside")
    await pilot.press("enter")
    await until(lambda: "Not switched" in message(app))
    for path in paths:
        os.rename(f"{path}.aside", path)
    before = len(found)
    take(found, message(app).replace(" CLUSTER", " eksview-demo"), "the dialog of :ctx")
    assert len(found) > before
    await pilot.press("escape")
    await until(lambda: isinstance(app.screen, LiveScreen))


def message(app: EksviewApp) -> str:
    """Return the message of a dialog as it is before it is folded: a long path may be split."""
    assert isinstance(app.screen, ContextsScreen)
    return app.screen._sentence[0]


def without_token(demo: Demo) -> str:
    path = Path(demo.environ["HOME"]) / "kube config without a token"
    path.write_text(re.sub(r"\btoken: .*", "token: wrong", Path(demo.kubeconfig).read_text()))
    return str(path)


async def of_doctor(demo: Demo, found: Found) -> None:
    """Take the commands that `eksview doctor` prints, where it can connect and where it can't."""
    refused = without_token(demo)
    cases: tuple[tuple[str, ...], ...] = (
        ("--kubeconfig", demo.kubeconfig),
        ("--kubeconfig", demo.kubeconfig, "--context", "no-such-context"),
        ("--context", "eksview-demo-nobody"),
        ("--kubeconfig", refused),
        ("--kubeconfig", "/no-such-file"),
    )
    for words in cases:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "eksview", "doctor", *words,
            env=demo.environ, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()
        lines = re.sub(r"\\\n\s+", "", out.decode()).splitlines()
        assert lines
        for line in lines:  # what is to be done follows an arrow
            take(found, (line.partition("→ ")[2] or line).strip(), f"doctor {shlex.join(words)}")


def loaded(store: Store) -> bool:
    live = [link.phase is Phase.LIVE for link in store.links.values()]
    return bool(store.nodes and store.pods and store.instances) and sum(live) > 6


async def shown(demo: Demo) -> Found:
    """Return every command that is shown, of a context and after a switch by `:clusters`."""
    environ, found = demo.environ, Found()
    app = EksviewApp(
        Settings(animate=False), partial(KubeBackend, environ=environ), environ=environ
    )
    async with app.run_test(size=(160, 50)) as pilot:
        await until(lambda: loaded(app.view.store))
        await of_screens(app, pilot, found)
        of_store(app, found)
        await of_explain(app, found)
        await of_ecs(app, found)
        await of_actions(app, found)
        await of_contexts(demo, app, pilot, found)
        cluster = last_of(app.view.store.facts.cluster)
        assert cluster is not None
        await app.view.backend.switch_cluster(cluster.name, "us-west-2")
        await until(lambda: command_context(app.view).files == () and loaded(app.view.store))
        # The options are the same for all, and each command waits for the plugin of the context.
        await of_dialog(app, pilot, found, "home after :clusters", CONTEXT, "this node", "pods")
    of_chain((await examine(Settings(kubeconfig=demo.kubeconfig), environ=environ)).inputs, found)
    of_sentences(environ, demo.kubeconfig, found)
    await of_doctor(demo, found)
    return found


async def failure(line: str, demo: Demo, gate: asyncio.Semaphore) -> str:
    """Run a line as a person pastes it, in a shell without variables; empty: it works."""
    async with gate:
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", line, env={"PATH": demo.path, "HOME": demo.environ["HOME"]},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    # `auth can-i` exits with 1 where the answer is no.
    if process.returncode == 0 or (" can-i " in line and out.strip() in (b"no", b"yes")):
        return ""
    return err.decode().strip()[-300:] or f"exit code {process.returncode}"


async def test_every_command_that_is_shown_runs(demo: Demo) -> None:
    with recorded() as reached:
        found = await shown(demo)
    missed = sorted(place for place in places().keys() - reached if place[0] not in LAUNCHERS)
    assert missed == [], "commands that this test never makes"
    gate = asyncio.Semaphore(AT_ONCE)
    # This one makes the context that others name.
    first = [line for line in found if "update-kubeconfig" in line]
    rest = [line for line in found if line not in first]
    faults = [await failure(line, demo, gate) for line in first]
    faults += await asyncio.gather(*(failure(line, demo, gate) for line in rest))
    failed = [
        f"{found[line][1]}\n  {line}\n  {fault}"
        for line, fault in zip(first + rest, faults, strict=True)
        if fault
    ]
    assert not failed, "\n".join(failed)
    kinds = {word for line in found for word in shlex.split(line.replace("\\\n", ""))}
    assert kinds >= {
        "login", "start-session", "start-instances", "ssh", "debug", "edit", "apply", "csr",
        "create-access-entry", "associate-access-policy", "update-access-entry",
        "get-caller-identity", "update-kubeconfig", "can-i", "describe", "get-console-output",
        "patch", "delete", "create", "exec", "execute-command", "port-forward",
        "drain", "update-cluster-config",
    }  # fmt: skip
