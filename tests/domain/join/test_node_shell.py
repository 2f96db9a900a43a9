"""The ways into a node: their exact commands, and the sentences where there is none."""

import shlex

import pytest
from msgspec.structs import replace

from eksview.domain.join.node_shell import (
    AUTO,
    BAD_NAME,
    CONNECT,
    DEBUG,
    DIRECT,
    FARGATE,
    NO_ADDRESS,
    NO_CONNECT,
    NO_CONTEXT,
    NO_MACHINE,
    NO_NODE,
    NOT_EC2,
    PROGRAMS,
    SSM,
    WINDOWS_POD,
    WINDOWS_SSH,
    WRITES,
    Reach,
    ShellAccess,
    ShellCommand,
    ways_into,
)
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.server import Target

HYPERPOD = "sagemaker-cluster:tqci9uwuwqiz_workers-i-00f3cbe8dfee6b675"
NODE = "ip-10-0-1-17.us-west-2.compute.internal"
DOOR = ShellAccess(NODE, "i-0abc0000000000017", "running", private="10.0.1.17", kind="nodegroup")
BARE = Reach(writes=True)
FULL = Reach(
    commands=CommandContext(
        "prod",
        "us-west-2",
        "dev",
        files=("/home/ops/my config", "/home/ops/other"),
        environ=(
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
            ("AWS_ENDPOINT_URL_SSM", "http://ssm"),
        ),
    ),
    jump="ops@bastion",
    user="ec2-user",
    image="tools:1",
    writes=True,
)
PUBLIC = replace(DOOR, public="192.0.2.9")


def named(access: ShellAccess, reach: Reach) -> dict[str, ShellCommand]:
    return {way.name: way for way in ways_into(access, reach)}


@pytest.mark.parametrize(
    ("access", "reach", "lines"),
    [
        (
            DOOR,
            BARE,
            {
                SSM: "aws ssm start-session --target i-0abc0000000000017",
                CONNECT: "aws ec2-instance-connect ssh --instance-id i-0abc0000000000017",
                DIRECT: "ssh 10.0.1.17",
                DEBUG: f"kubectl debug node/{NODE} -it --image=busybox",
            },
        ),
        (
            DOOR,
            FULL,
            {
                SSM: "aws ssm start-session --target i-0abc0000000000017"
                " --region us-west-2 --profile dev --endpoint-url http://ssm",
                CONNECT: "aws ec2-instance-connect ssh --instance-id i-0abc0000000000017"
                " --os-user ec2-user --region us-west-2 --profile dev"
                " --endpoint-url http://127.0.0.1:4566",
                DIRECT: "ssh -J ops@bastion ec2-user@10.0.1.17",
                DEBUG: "env 'KUBECONFIG=/home/ops/my config:/home/ops/other' kubectl --context prod"
                f" debug node/{NODE} -it --image=tools:1",
            },
        ),
        (
            PUBLIC,
            BARE,
            {DIRECT: "ssh 10.0.1.17", f"{DIRECT} to the public address": "ssh 192.0.2.9"},
        ),
        (PUBLIC, FULL, {DIRECT: "ssh -J ops@bastion ec2-user@10.0.1.17"}),
        (replace(PUBLIC, private=""), BARE, {DIRECT: "ssh 192.0.2.9"}),
        (replace(DOOR, private="fd00::17"), BARE, {DIRECT: "ssh fd00::17"}),
        (replace(DOOR, state=""), BARE, {SSM: "aws ssm start-session --target " + DOOR.instance}),
    ],
)
def test_commands(access: ShellAccess, reach: Reach, lines: dict[str, str]) -> None:
    found = named(access, reach)
    assert {name: found[name].line for name in lines} == lines
    assert not any(way.reason for way in found.values())
    assert all(shlex.split(way.line) == list(way.command) for way in found.values())


def test_through_a_jump_host_there_is_one_ssh() -> None:
    assert list(named(PUBLIC, FULL)) == [SSM, CONNECT, DIRECT, DEBUG]
    assert len(ways_into(PUBLIC, BARE)) == 5


@pytest.mark.parametrize(
    ("access", "reach", "reason"),
    [
        (replace(DOOR, kind="fargate"), BARE, {"Fargate": FARGATE}),
        (
            replace(DOOR, kind="auto"),
            BARE,
            {SSM: AUTO, CONNECT: AUTO, DIRECT: AUTO, DEBUG: ""},
        ),
        (
            replace(DOOR, instance="", kind="hybrid"),
            BARE,
            {SSM: NO_MACHINE, CONNECT: NOT_EC2, DIRECT: "", DEBUG: ""},
        ),
        (
            replace(DOOR, instance="", kind="hybrid", machine="mi-0a1b2c3d4e5f60718"),
            BARE,
            {SSM: "", CONNECT: NOT_EC2, DIRECT: "", DEBUG: ""},
        ),
        (
            replace(DOOR, os="windows"),
            BARE,
            {SSM: "", CONNECT: NO_CONNECT["windows"], DIRECT: WINDOWS_SSH, DEBUG: WINDOWS_POD},
        ),
        (
            replace(DOOR, os="bottlerocket"),
            BARE,
            {SSM: "", CONNECT: NO_CONNECT["bottlerocket"], DIRECT: "", DEBUG: ""},
        ),
        (
            replace(DOOR, instance="", kind="hyperpod", machine=HYPERPOD),
            BARE,
            {SSM: "", CONNECT: NOT_EC2, DIRECT: "", DEBUG: ""},
        ),
        (replace(DOOR, private=""), BARE, {SSM: "", CONNECT: "", DIRECT: NO_ADDRESS, DEBUG: ""}),
        (replace(DOOR, node=""), BARE, {SSM: "", CONNECT: "", DIRECT: "", DEBUG: NO_NODE}),
        (replace(DOOR, node="-A"), BARE, {SSM: "", DEBUG: BAD_NAME}),
        (DOOR, replace(BARE, kubeconfig=False), {SSM: "", DEBUG: NO_CONTEXT}),
    ],
)
def test_where_there_is_no_command_it_says_why(
    access: ShellAccess, reach: Reach, reason: dict[str, str]
) -> None:
    found = named(access, reach)
    assert {name: found[name].reason for name in reason} == reason
    assert all(bool(way.command) == (not way.reason) for way in found.values())


@pytest.mark.parametrize(
    ("reach", "reason"),
    [
        (replace(BARE, writes=False), {SSM: "", CONNECT: "", DIRECT: "", DEBUG: WRITES}),
        (
            replace(BARE, programs=frozenset()),
            {
                SSM: "aws isn't on PATH: install the AWS CLI, version 2.",
                CONNECT: "aws isn't on PATH: install the AWS CLI, version 2.",
                DIRECT: "ssh isn't on PATH: install an OpenSSH client.",
                DEBUG: "kubectl isn't on PATH: install kubectl.",
            },
        ),
        (
            replace(BARE, programs=frozenset({"aws", "ssh"})),
            {
                SSM: "session-manager-plugin isn't on PATH: "
                "install the Session Manager plugin.",
                CONNECT: "",
                DIRECT: "",
            },
        ),
        (replace(BARE, programs=frozenset({"aws"})), {CONNECT: "ssh isn't on PATH: install an "
                                                      "OpenSSH client."}),
        (Reach(programs=None), dict.fromkeys((SSM, CONNECT, DIRECT, DEBUG), "")),
    ],
)  # fmt: skip
def test_a_command_that_cant_be_run_from_here_is_there_to_copy(
    reach: Reach, reason: dict[str, str]
) -> None:
    found = named(DOOR, reach)
    assert {name: found[name].reason for name in reason} == reason
    assert all(way.command for way in found.values())


@pytest.mark.parametrize("text", ["-oProxyCommand=sh", "--help", "10.0.1.17 -v", "host", "$(id)"])
def test_what_a_cluster_says_never_becomes_a_flag(text: str) -> None:
    access = ShellAccess(node=text, instance=text, private=text, public=text)
    reach = replace(BARE, commands=CommandContext(region=text))
    found = ways_into(access, reach)
    commands = [way.command for way in found if way.command]
    assert all(word == f"node/{text}" or text not in word for words in commands for word in words)
    assert commands in ([], [found[-1].command])  # "host" is a good name for a node


@pytest.mark.parametrize("state", ["pending", "stopping", "stopped", "shutting-down", "terminated"])
def test_nothing_opens_on_an_instance_that_isnt_running(state: str) -> None:
    found = named(replace(DOOR, state=state), BARE)
    said = f"The instance is {state.replace('-', ' ')}."
    for name in (SSM, CONNECT, DIRECT, DEBUG):
        assert not found[name].command
        assert found[name].reason.startswith(said)
    helps, *_ = found.values()  # what to do comes first
    assert helps.reason
    assert helps.line == (
        "aws ec2 start-instances --instance-ids i-0abc0000000000017" if state == "stopped" else ""
    )


def test_an_instance_that_auto_scaling_stopped_is_never_started_by_hand() -> None:
    idle = "It waits in the warm pool of workers (Warmed:Stopped)."
    helps, *_ = ways_into(replace(DOOR, state="stopped", idle=idle), BARE)
    assert (helps.reason, helps.command) == (idle, ())


def test_a_terminated_instance_is_never_said_to_start_again() -> None:
    for state in ("terminated", "shutting-down"):
        lines = [way.line + way.reason for way in ways_into(replace(DOOR, state=state), FULL)]
        assert not any("start-instances" in line for line in lines)
        assert any("use another node" in line for line in lines)


@pytest.mark.parametrize(
    ("access", "target"),
    [
        (replace(DOOR, instance="", kind="hybrid", machine="mi-0a1b"), "mi-0a1b"),
        (replace(DOOR, instance="", kind="hyperpod", machine=HYPERPOD), HYPERPOD),
        (replace(DOOR, os="windows"), DOOR.instance),
    ],
)
def test_a_session_is_opened_on_what_session_manager_knows(
    access: ShellAccess, target: str
) -> None:
    assert named(access, BARE)[SSM].line == f"aws ssm start-session --target {target}"


def test_what_a_session_opens_is_said_where_it_isnt_a_shell_of_the_node() -> None:
    assert "PowerShell" in named(replace(DOOR, os="windows"), BARE)[SSM].note
    bottlerocket = named(replace(DOOR, os="bottlerocket"), BARE)
    assert "enter-admin-container" in bottlerocket[SSM].note
    assert "admin container" in bottlerocket[DIRECT].note
    assert not any(way.note for way in named(DOOR, BARE).values())


def test_on_auto_mode_a_debug_pod_may_read_the_nodes_logs() -> None:
    auto = named(replace(DOOR, kind="auto"), BARE)[DEBUG]
    assert auto.command[-1] == "--profile=sysadmin"


def test_every_program_that_is_looked_for_is_needed() -> None:
    nothing = replace(BARE, programs=frozenset())
    for program in PROGRAMS:
        rest = frozenset(PROGRAMS) - {program}
        found = ways_into(DOOR, replace(nothing, programs=rest))
        assert any(way.reason.startswith(f"{program} isn't on PATH") for way in found)


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("/home/ops/.kube/config", "prod"),
        ("in-cluster", ""),
        ("EKS DescribeCluster in us-west-2", None),
    ],
)
def test_kubectl_gets_there_by_a_context_if_at_all(source: str, context: str | None) -> None:
    target = Target("prod", "prod", "https://127.0.0.1", "ops", "", source=source)
    assert target.kubectl == context
