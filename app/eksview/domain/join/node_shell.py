"""The shell access to a node: exact commands, and the reason why one can't be used.

Sources: AWS CLI reference, "ssm start-session" and "ec2-instance-connect ssh"; Kubernetes
documentation, "Debugging Kubernetes nodes with kubectl"; Amazon EKS User Guide, "EKS Auto Mode" and
"Manage hybrid nodes"; Bottlerocket's README, "Admin container"; Amazon SageMaker AI Developer
Guide, "Access your SageMaker HyperPod cluster nodes".
"""

import re
import shlex
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.join.replacement import BY_EKS, BY_SPOT
from eksview.domain.kube.node_labels import GroupKind
from eksview.domain.live.command_context import CommandContext

AWS, PLUGIN, SSH, KUBECTL = "aws", "session-manager-plugin", "ssh", "kubectl"
PROGRAMS = (AWS, PLUGIN, SSH, KUBECTL)
"""The programs that the commands run."""

OperatingSystem: TypeAlias = Literal["linux", "windows", "bottlerocket"]

SSM, CONNECT, DIRECT, DEBUG = "Session Manager", "EC2 Instance Connect", "SSH", "Debug pod"
START = "Start the instance"
IMAGE = "busybox"

FARGATE = "Fargate nodes don't allow sessions."
AUTO = "EKS Auto Mode doesn't allow Session Manager or SSH."
NO_CONNECT = {
    "windows": "EC2 Instance Connect doesn't open sessions on Windows.",
    "bottlerocket": "Bottlerocket has no EC2 Instance Connect.",
}
NOT_EC2 = "EC2 Instance Connect reaches only instances of EC2."
WINDOWS_SSH = "Windows nodes of EKS have no SSH server."
WINDOWS_POD = "A debug pod of kubectl doesn't run on Windows."
NO_MACHINE = "The hybrid node wasn't activated by Systems Manager: its provider ID has no mi-…."
NOTES = {
    "windows": "It opens PowerShell.",
    "bottlerocket": "It opens the control container; run enter-admin-container there for root.",
}
"""What to know about a session of Session Manager, by operating system."""
ADMIN_SSH = "It needs Bottlerocket's admin container, which is off by default."
NO_INSTANCE = "The node's provider ID names no EC2 instance."
NO_NODE = "The instance has no node."
BAD_NAME = "The node's name isn't a valid one."
NO_ADDRESS = "The node has no address."
NO_CONTEXT = "No kubeconfig for this cluster: Equivalent commands has the one that makes it."
STARTABLE = "No session opens on a stopped instance: start it with this command, then try again."
AUTO_STOPPED = f"{BY_EKS}: delete its NodeClaim, and use another node."
SPOT_STOPPED = f"{BY_SPOT}: use another node."
OVER = {
    "pending": "The instance is still starting: try again in a minute.",
    "stopping": "The instance is stopping: try again once it has stopped.",
    "shutting-down": "The instance is being terminated, which can't be undone: use another node.",
    "terminated": "The instance is terminated and can't be started again: use another node.",
}
"""The advice for the states of EC2 in which nothing runs on an instance and no command helps."""
NO_POD = "{closed} A pod on it wouldn't start."
WRITES = "Creates a pod: start eksview with --allow-writes to run it."
_INSTALL = {
    AWS: "install the AWS CLI, version 2",
    PLUGIN: "install the Session Manager plugin",
    SSH: "install an OpenSSH client",
    KUBECTL: "install kubectl",
}

_INSTANCE = re.compile(r"i-[0-9a-f]+")
_MANAGED = re.compile(r"mi-[0-9a-f]+")
_HYPERPOD_TARGET = re.compile(r"sagemaker-cluster:[a-z0-9]+_[\w-]+-i-[0-9a-f]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NODE = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


class ShellAccess(Struct, frozen=True):
    """A machine to open a shell on: a node, an EC2 instance, or both; empty for none."""

    node: str = ""
    instance: str = ""
    state: str = ""  # EC2's; empty: unknown
    private: str = ""  # addresses
    public: str = ""
    kind: GroupKind = "none"
    os: OperatingSystem = "linux"
    machine: str = ""  # Session Manager's target where it isn't the instance
    spot_stopped: bool = False  # by EC2, for want of Spot capacity
    idle: str = ""  # why Auto Scaling holds it stopped: starting it would go against the group


class Reach(Struct, frozen=True):
    """The place from which a shell is opened, and its options.

    `commands` has the options of kubectl and the AWS CLI; `kubeconfig` is False where no context
    leads to the cluster. `programs` are those on PATH, and None where commands are only shown, to
    be run elsewhere.
    """

    programs: frozenset[str] | None = frozenset(PROGRAMS)
    commands: CommandContext = CommandContext()
    kubeconfig: bool = True
    jump: str = ""  # the host that ssh goes through: user@bastion
    user: str = ""  # on the node
    image: str = IMAGE
    writes: bool = False


class ShellCommand(Struct, frozen=True):
    """A command, empty for none; `reason` is the sentence why it can't be run.

    `note` is a sentence on what the command opens or needs.
    """

    name: str
    command: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """Return the command as a shell takes it."""
        return shlex.join(self.command)


def ways_into(target: ShellAccess, reach: Reach) -> tuple[ShellCommand, ...]:
    """Return all commands, the best first; those without a `reason` can be run."""
    if target.kind == "fargate":
        return (ShellCommand("Fargate", reason=FARGATE),)
    return (
        *_help(target, reach),
        _ssm(target, reach),
        _connect(target, reach),
        *_ssh(target, reach),
        _debug(target, reach),
    )


def _help(target: ShellAccess, reach: Reach) -> Iterator[ShellCommand]:
    """Yield what to do about an instance that isn't running."""
    if target.state in OVER:
        yield ShellCommand("No session", reason=OVER[target.state])
    elif target.state == "stopped" and (reason := _never_started(target)):
        yield ShellCommand(START, reason=reason)
    elif target.state == "stopped" and _INSTANCE.fullmatch(target.instance):
        words = ("start-instances", "--instance-ids", target.instance)
        yield ShellCommand(START, reach.commands.aws_words("ec2", *words), STARTABLE)


def _never_started(target: ShellAccess) -> str:
    """Return why EC2 refuses to start the instance, or its group starts it; empty for neither."""
    if target.idle:
        return target.idle
    if target.kind == "auto":
        return AUTO_STOPPED
    return SPOT_STOPPED if target.spot_stopped else ""


def _ssm(target: ShellAccess, reach: Reach) -> ShellCommand:
    machine = target.machine or target.instance
    if reason := _closed(target) or _no_machine(target, machine):
        return ShellCommand(SSM, reason=reason)
    words = reach.commands.aws_words("ssm", "start-session", "--target", machine)
    note = NOTES.get(target.os, "")
    return ShellCommand(SSM, words, missing_program(reach, AWS, PLUGIN), note)


def _no_machine(target: ShellAccess, machine: str) -> str:
    if target.kind == "hybrid":
        return "" if _MANAGED.fullmatch(machine) else NO_MACHINE
    known = _INSTANCE.fullmatch(machine) or _HYPERPOD_TARGET.fullmatch(machine)
    return "" if known else NO_INSTANCE


def _connect(target: ShellAccess, reach: Reach) -> ShellCommand:
    elsewhere = NOT_EC2 if target.kind in ("hybrid", "hyperpod") else ""
    if reason := _closed(target) or elsewhere or NO_CONNECT.get(target.os) or _no_instance(target):
        return ShellCommand(CONNECT, reason=reason)
    user = ("--os-user", reach.user) if reach.user else ()
    words = ("ssh", "--instance-id", target.instance, *user)
    command = reach.commands.aws_words("ec2-instance-connect", *words)
    return ShellCommand(CONNECT, command, missing_program(reach, AWS, SSH))


def _ssh(target: ShellAccess, reach: Reach) -> Iterator[ShellCommand]:
    """Yield a command for each address; a jump host is inside the VPC and uses the private one."""
    private, public = _address(target.private), _address(target.public)
    named = {DIRECT: private or public}
    if private and public and not reach.jump:
        named = {DIRECT: private, f"{DIRECT} to the public address": public}
    for name, address in named.items():
        windows = WINDOWS_SSH if target.os == "windows" else ""
        if reason := _closed(target) or windows or ("" if address else NO_ADDRESS):
            yield ShellCommand(name, reason=reason)
            continue
        jump = ("-J", reach.jump) if reach.jump else ()
        host = f"{reach.user}@{address}" if reach.user else address
        note = ADMIN_SSH if target.os == "bottlerocket" else ""
        yield ShellCommand(name, (SSH, *jump, host), missing_program(reach, SSH), note)


def _debug(target: ShellAccess, reach: Reach) -> ShellCommand:
    if not _NODE.fullmatch(target.node):
        return ShellCommand(DEBUG, reason=BAD_NAME if target.node else NO_NODE)
    if closed := _not_running(target):
        return ShellCommand(DEBUG, reason=NO_POD.format(closed=closed))
    if target.os == "windows":
        return ShellCommand(DEBUG, reason=WINDOWS_POD)
    if not reach.kubeconfig:
        return ShellCommand(DEBUG, reason=NO_CONTEXT)
    # The other profiles can't read the node's logs on Auto Mode (Amazon EKS User Guide).
    profile = ("--profile=sysadmin",) if target.kind == "auto" else ()
    words = ("debug", f"node/{target.node}", "-it", f"--image={reach.image}", *profile)
    allowed = reach.writes or reach.programs is None
    reason = missing_program(reach, KUBECTL) or ("" if allowed else WRITES)
    return ShellCommand(DEBUG, reach.commands.kubectl_words(*words), reason)


def _no_instance(target: ShellAccess) -> str:
    return "" if _INSTANCE.fullmatch(target.instance) else NO_INSTANCE


def _closed(target: ShellAccess) -> str:
    if target.kind == "auto":
        return AUTO
    return _not_running(target)


def _not_running(target: ShellAccess) -> str:
    state = target.state.replace("-", " ")
    return f"The instance is {state}." if state not in ("", "running") else ""


def _address(text: str) -> str:
    """Return an IP address; empty for anything else, which could be read as a flag."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def missing_program(reach: Reach, *programs: str) -> str:
    """Return a sentence for the first missing program; empty when all are on PATH."""
    if reach.programs is None:
        return ""
    for program in programs:
        if program not in reach.programs:
            return f"{program} isn't on PATH: {_INSTALL[program]}."
    return ""
