"""`s`: the ways into the machine under the cursor, and what Enter and `c` make of them."""

import signal
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read
from eksview.domain.join.node_shell import PROGRAMS, ShellAccess
from eksview.domain.live.facts import Facts
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import AwsIdentity
from eksview.domain.rows.kube import Kind
from eksview.store.store import Store
from eksview.ui.base.messages import OpenInstance, OpenMapped, OpenNode, OpenPod
from eksview.ui.sessions.node_shell_dialog import NodeShellDialog, reach_of, shell_access
from eksview.ui.terminal.external_command import ExternalCommand
from tests.ui.aws_account import LOST, instance_id, populate_aws
from tests.ui.harness import NOT_READY, TestedApp, make_view, node, node_name, populate
from tests.ui.shell.test_app import running, shows, until

HERE = Settings(animate=False, jump="ops@bastion", ssh_user="ec2-user")


class Lender:
    """Stands in for the terminal that is lent."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.problem: UserError | None = None

    async def run(self, command: Sequence[str]) -> None:
        self.ran.append(tuple(command))
        if self.problem:
            raise self.problem


@pytest.fixture
def lender(monkeypatch: pytest.MonkeyPatch) -> Lender:
    """Of apps that are in a terminal of this machine's."""
    terminal = Lender()
    monkeypatch.setattr(ExternalCommand, "possible", True)
    monkeypatch.setattr(ExternalCommand, "run", lambda _, command: terminal.run(command))
    return terminal


def make(programs: Sequence[str] = PROGRAMS, settings: Settings = HERE) -> TestedApp:
    app = TestedApp(populate_aws(populate(Store())), settings=settings)
    app.shells.find_program = lambda name: f"/usr/bin/{name}" if name in programs else None
    return app


def test_a_cursor_on_a_node_an_instance_or_a_pair_leads_to_a_machine() -> None:
    store = populate_aws(populate(Store()))
    access = ShellAccess(
        node_name(0), instance_id(0), "running", node(0).internal_ip, "", "nodegroup"
    )
    assert shell_access(store, OpenNode(node_name(0))) == access
    assert shell_access(store, OpenInstance(instance_id(0))) == access
    row = store.mapping.of_node(node_name(0))
    assert row is not None
    assert shell_access(store, OpenMapped(row.key)) == access
    lost = shell_access(store, OpenInstance(LOST))
    assert lost is not None
    assert (lost.node, lost.instance) == ("", LOST)


@pytest.mark.parametrize(
    ("changes", "labels", "os"),
    [
        ({}, {"kubernetes.io/os": "windows"}, "windows"),
        ({"os_image": "Bottlerocket OS 1.20.0 (aws-k8s-1.30)"}, {}, "bottlerocket"),
        ({"os_image": "Amazon Linux 2023"}, {}, "linux"),
    ],
)
def test_the_operating_system_is_the_nodes(
    changes: dict[str, str], labels: dict[str, str], os: str
) -> None:
    store = populate_aws(populate(Store()))
    before = node(0)
    store.put(Kind.NODE, replace(before, labels=before.labels | labels, **changes))
    access = shell_access(store, OpenNode(node_name(0)))
    assert access is not None
    assert access.os == os


async def test_what_a_session_opens_on_windows_is_said(lender) -> None:
    store = populate_aws(populate(Store()))
    before = node(0)
    windows = before.labels | {"kubernetes.io/os": "windows"}
    store.put(Kind.NODE, replace(before, labels=windows))
    app = TestedApp(store, settings=HERE)
    app.shells.find_program = lambda name: f"/usr/bin/{name}"
    async with running(app) as press:
        await press("2")
        app.navigation.open(OpenNode(node_name(0)))
        await shows(app, node_name(0))
        await press("s")
        await shows(app, "It opens PowerShell", "have no SSH server", "doesn't run on Windows")


def test_what_is_gone_or_no_machine_leads_nowhere() -> None:
    store = populate_aws(populate(Store()))
    for subject in (OpenNode("gone"), OpenInstance("i-0"), OpenMapped("gone"), OpenPod("pod-0")):
        assert shell_access(store, subject) is None
    assert shell_access(store, None) is None


def test_without_aws_the_provider_id_still_names_the_instance() -> None:
    access = shell_access(populate(Store()), OpenNode(node_name(0)))
    assert access is not None
    assert (access.instance, access.state) == (instance_id(0), "")


def test_a_reach_is_of_flags_and_of_what_is_followed() -> None:
    view = make_view(populate(Store()))
    view.settings = replace(HERE, region="eu-north-1", allow_writes=True)
    reach = reach_of(view, lambda name: name if name == "ssh" else None)
    assert (reach.programs, reach.commands.region) == (frozenset({"ssh"}), "eu-north-1")
    assert (reach.commands.context, reach.kubeconfig, reach.writes) == ("prod", True, True)
    view.store.set_fact(
        Facts.aws_identity, Read(AwsIdentity("1", "", "us-west-2", "prod", profile="dev"), 0.0)
    )
    assert reach_of(view, None).programs is None
    commands = reach_of(view, None).commands
    assert (commands.region, commands.profile) == ("us-west-2", "dev")


@pytest.mark.parametrize("keys", [("1",), ("2",), ("2", "enter"), ("4",), ("4", "enter")])
async def test_s_lists_the_ways_wherever_a_machine_is_under_the_cursor(keys, lender) -> None:
    app = make()
    async with running(app) as press:
        await press(*keys)
        await press("s")
        assert isinstance(app.screen, NodeShellDialog)
        await shows(app, "Session on i", "Session Manager", "EC2 Instance Connect", "Debug pod")
        await press("s")
        assert not isinstance(app.screen, NodeShellDialog)


async def test_an_instance_without_a_node_has_its_ways_too(lender) -> None:
    app = make()
    async with running(app) as press:
        app.post_message(OpenInstance(LOST))
        await shows(app, LOST)
        await press("s")
        await shows(app, f"start-session --target {LOST}", "The instance has no node.")


async def test_s_does_nothing_on_pods(lender) -> None:
    app = make()
    async with running(app) as press:
        await press("3", "s")
        assert not isinstance(app.screen, NodeShellDialog)


async def test_a_row_that_a_filter_hides_is_not_entered(lender) -> None:
    app = make()
    async with running(app) as press:
        await press("2", "slash", *"nothing", "enter")
        await shows(app, "No nodes match nothing")
        await press("s", "c")
        assert not isinstance(app.screen, NodeShellDialog)
        assert app.clipboard == ""


async def test_enter_runs_the_first_that_works(lender) -> None:
    app = make(("ssh",))
    async with running(app) as press:
        await press("2", "N", "s")
        await shows(app, "aws isn't on PATH", "kubectl isn't on PATH")
        await press("enter")
        await until(app.pilot, lambda: lender.ran)
        (command,) = lender.ran
        assert command[:3] == ("ssh", "-J", "ops@bastion")
        assert command[3].startswith("ec2-user@10.0.")


async def test_a_pod_is_created_only_where_writing_is_allowed(lender) -> None:
    app = make()
    async with running(app) as press:
        await press("2", "G", "s", "k", "enter")
        await shows(app, "Creates a pod: start eksview with --allow-writes")
        await shows(app, "eksview can't run this command; press c to copy it.")
        assert isinstance(app.screen, NodeShellDialog)
        await press("c")
        assert app.clipboard.startswith("kubectl --context prod debug node/ip-10-")
    assert lender.ran == []
    app = make(settings=replace(HERE, allow_writes=True))
    async with running(app) as press:
        await press("2", "G", "s", "k", "enter")
        await until(app.pilot, lambda: lender.ran)
    assert lender.ran[0][:4] == ("kubectl", "--context", "prod", "debug")


async def test_esc_runs_nothing(lender) -> None:
    app = make()
    async with running(app) as press:
        await press("2", "s", "escape")
        assert not isinstance(app.screen, NodeShellDialog)
    assert lender.ran == []


async def test_a_command_that_cant_be_started_is_said(lender) -> None:
    lender.problem = UserError("ssh can't be started: Permission denied.")
    app = make()
    async with running(app) as press:
        await press("2", "N", "s", "enter")
        await shows(app, "ssh can't be started: Permission denied.")


async def test_on_a_stopped_instance_nothing_runs_and_the_start_can_be_copied(lender) -> None:
    app = make(settings=replace(HERE, allow_writes=True))
    async with running(app) as press:
        app.post_message(OpenNode(node_name(NOT_READY)))
        await shows(app, "Conditions")
        await press("s")
        await shows(app, "No session opens on a stopped instance", "A pod on it wouldn't start.")
        assert "Enter run" not in app.text()
        assert "debug node/" not in app.text()
        for _ in app.screen.choices:
            await press("enter", "j")
        assert isinstance(app.screen, NodeShellDialog)
        await press("home", "g", "c")
        assert app.clipboard.startswith(
            f"aws ec2 start-instances --instance-ids {instance_id(NOT_READY)}"
        )
    assert lender.ran == []


async def test_a_node_that_has_left_and_was_on_no_instance_opens_nothing(lender) -> None:
    app = TestedApp(populate(Store()))
    async with running(app) as press:
        await press("2", "enter")
        await shows(app, "Conditions")
        app.fake.sink.send(Swap(Kind.NODE, []))
        await until(app.pilot, lambda: not app.view.store.nodes)
        await press("s")
        assert not isinstance(app.screen, NodeShellDialog)


@pytest.mark.parametrize("served", [True, False])
async def test_where_it_is_served_commands_are_only_copied(served, monkeypatch) -> None:
    if served:
        monkeypatch.setattr(ExternalCommand, "possible", True)  # what says no is that it is served
    app = make(programs=())
    app.shells.served = served
    ran = Lender()
    monkeypatch.setattr(ExternalCommand, "run", lambda _, command: ran.run(command))
    async with running(app) as press:
        await press("2", "N", "s")
        await shows(app, "Read-only view: copy the command and run it in your shell.", "Enter copy")
        assert "PATH" not in app.text()
        await press("enter")
        assert app.clipboard.startswith("aws ssm start-session --target i-")
        await shows(app, "clipboard (OSC 52)")
    assert ran.ran == []


async def test_suspending_does_nothing_where_there_is_no_terminal_to_give_back() -> None:
    app = make()
    stopped = []
    before = signal.signal(signal.SIGTSTP, lambda *_: stopped.append(1))
    try:
        async with running(app) as press:
            await press("2", "ctrl+z")
            await shows(app, "6 nodes")
    finally:
        signal.signal(signal.SIGTSTP, before)
    assert stopped == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_it_fits_and_every_command_is_whole(size, lender) -> None:
    app = make(settings=replace(HERE, ascii=True))
    async with running(app, size) as press:
        await press("2", "s")
        await shows(app, "Session on ip-10-", "Esc close")
        assert app.text().isascii()
        box = app.screen.query_one("ChoiceList").region
        shown = "".join("".join(line[box.x : box.right].split()) for line in app.lines())
        for choice in app.screen.choices:
            assert "".join(choice.line.split()) in shown
