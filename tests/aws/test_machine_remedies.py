"""Every command for an instance is one that AWS accepts for it, for every kind and state."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from eksview.domain.base.reading import Read
from eksview.domain.join.checks.conclusion import conclusion
from eksview.domain.join.checks.join_facts import JoinFacts
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.node_shell import Reach, ways_into
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import InstanceRow, StatusRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.store import Store
from eksview.ui.base.messages import OpenInstance
from eksview.ui.sessions.node_shell_dialog import shell_access
from tests.aws.strict_account import Refused
from tests.aws.strict_machine import StrictMachine
from tests.domain.aws_objects import ID, NOW, cluster, instance
from tests.domain.join.test_checks import EKS_IMAGE

OWNED = {"kubernetes.io/cluster/demo": "owned"}
MANAGERS = {
    "nodegroup": OWNED | {"eks:nodegroup-name": "ng", "aws:autoscaling:groupName": "eks-ng"},
    "self-managed": OWNED | {"aws:autoscaling:groupName": "workers"},
    "karpenter": OWNED | {"karpenter.sh/nodepool": "general", "eks:eks-cluster-name": "demo"},
    "auto": {"eks:kubernetes-node-pool-name": "general", "eks:eks-cluster-name": "demo"},
    "none": OWNED,
}
STATES = ("pending", "running", "stopping", "stopped", "shutting-down", "terminated")
SPOT = "Server.SpotInstanceShutdown: Instance shutdown by Spot"
BACKTICKS = re.compile(r"`((?:env |aws )[^`]+)`")


def world(row: InstanceRow) -> Store:
    store = Store()
    store.put(Kind.INSTANCE, row)
    store.put(Kind.STATUS, StatusRow(ID, "impaired", "ok"))
    store.put(Kind.IMAGE, EKS_IMAGE)
    store.set_fact(Facts.cluster, Read(cluster(), NOW))
    return store


def commands_for(store: Store) -> Iterator[str]:
    """Yield every command of `s`, of the checks, and of what follows them."""
    access = shell_access(store, OpenInstance(ID))
    assert access is not None
    for way in ways_into(access, Reach()):
        yield way.line
    facts = facts_of(store)
    for check in why_not_joined(facts):
        yield from BACKTICKS.findall(check.evidence)
    for advice in conclusion((), facts):
        yield advice.command


def facts_of(store: Store) -> JoinFacts:
    return join_facts(store, machine_of_instance(store, ID), None, NOW)


@pytest.mark.parametrize(
    ("manager", "state", "type_", "lifecycle"),
    product(MANAGERS, STATES, ("m6i.large", "m4.large", "i3.metal"), ("", "spot")),
)
def test_aws_accepts_each_command_and_each_advice(
    manager: str, state: str, type_: str, lifecycle: str
) -> None:
    row = instance(
        state=state,
        type=type_,
        lifecycle=lifecycle,
        state_reason=SPOT if lifecycle and state == "stopped" else "",
        metadata_endpoint="disabled",
        tags=MANAGERS[manager],
    )
    machine = StrictMachine(
        ID,
        state,
        nitro=type_ != "m4.large",
        by_eks=manager == "auto",
        spot=lifecycle == "spot",
        grouped=manager != "none",
    )
    store = world(row)
    for line in commands_for(store):
        if "aws " in line:
            machine.run(line)
    checks = {check.name: check.evidence for check in why_not_joined(facts_of(store))}
    if "stop and start" in checks["Status checks"]:
        machine.run(f"aws ec2 stop-instances --instance-ids {ID}")
    if "start it" in checks["Instance is running"].replace("once it has stopped, start it", ""):
        machine.run(f"aws ec2 start-instances --instance-ids {ID}")
    if "NodeClaim" in " ".join(checks.values()):
        assert manager in ("auto", "karpenter")
    if "Auto Scaling group" in checks["Status checks"]:
        assert manager in ("nodegroup", "self-managed")


@pytest.mark.parametrize(
    ("machine", "line"),
    [
        (StrictMachine(ID, "terminated"), f"aws ec2 start-instances --instance-ids {ID}"),
        (StrictMachine(ID, "stopped", by_eks=True), f"aws ec2 start-instances --instance-ids {ID}"),
        (StrictMachine(ID, "stopped", spot=True), f"aws ec2 start-instances --instance-ids {ID}"),
        (StrictMachine(ID, "running", spot=True), f"aws ec2 stop-instances --instance-ids {ID}"),
        (
            StrictMachine(ID, "running", nitro=False),
            f"aws ec2 get-console-output --instance-id {ID} --latest | tail -n 3",
        ),
        (StrictMachine(ID, "running", by_eks=True), f"aws ssm start-session --target {ID}"),
        (StrictMachine(ID, "running"), "aws ssm start-session --target i-0another"),
        (StrictMachine(ID, "running"), f"aws ec2 get-console-output --instance {ID}"),
    ],
)
def test_the_machine_refuses_what_aws_refuses(machine: StrictMachine, line: str) -> None:
    with pytest.raises(Refused):
        machine.run(line)


@pytest.mark.parametrize(
    ("image", "platform", "words"),
    [
        (EKS_IMAGE.name, "", "journalctl -u kubelet"),
        ("bottlerocket-aws-k8s-1.33-x86_64-v1.40.0-8667670f", "", "enter-admin-container"),
        ("golden", "windows", "Get-EventLog -LogName EKS"),
        ("Windows_Server-2022-English-Core-EKS_Optimized-1.33-2025.09.10", "", "Get-EventLog"),
    ],
)
def test_the_log_is_read_by_a_command_that_the_system_has(
    image: str, platform: str, words: str
) -> None:
    store = world(instance(platform=platform))
    store.put(Kind.IMAGE, EKS_IMAGE.__class__(EKS_IMAGE.id, image, NOW))
    texts = [advice.text for advice in conclusion((), facts_of(store))]
    assert any(words in text for text in texts)
    assert any("sudo journalctl" in text for text in texts) is (image == EKS_IMAGE.name)
