"""The ways into a node, each with its exact command, and why one can't be gone.

Sources: AWS CLI reference, "ssm start-session" and "ec2-instance-connect ssh"; Kubernetes
documentation, "Debugging Kubernetes nodes with kubectl"; Amazon EKS User Guide, "EKS Auto Mode".
"""

import re
import shlex
from collections.abc import Iterator
from ipaddress import ip_address

from msgspec import Struct

from eksview.domain.kube.node_labels import GroupKind

AWS, PLUGIN, SSH, KUBECTL = "aws", "session-manager-plugin", "ssh", "kubectl"
PROGRAMS = (AWS, PLUGIN, SSH, KUBECTL)
"""What has to be on PATH for one way or another."""

SSM, CONNECT, DIRECT, DEBUG = "Session Manager", "EC2 Instance Connect", "SSH", "Debug pod"
IMAGE = "busybox"

FARGATE = "Nobody can enter the machines of Fargate."
AUTO = "EKS Auto Mode lets nobody in by Session Manager or SSH."
NO_INSTANCE = "This node's provider ID names no EC2 instance."
NO_NODE = "This instance has no node."
BAD_NAME = "Its name is no name of a node."
NO_ADDRESS = "It has no address."
NO_CONTEXT = "No kubeconfig leads here: aws eks update-kubeconfig makes one."
WRITES = "It creates a pod: start eksview with --allow-writes to run it from here."
_INSTALL = {
    AWS: "install the AWS CLI, version 2",
    PLUGIN: "install AWS's plugin for Session Manager",
    SSH: "install an OpenSSH client",
    KUBECTL: "install kubectl",
}

_INSTANCE = re.compile(r"i-[0-9a-f]+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NODE = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")


class ShellAccess(Struct, frozen=True):
    """A machine to enter: a node, an EC2 instance, or both. Empty is what it has none of."""

    node: str = ""
    instance: str = ""
    state: str = ""  # EC2's; empty: not known
    private: str = ""  # addresses
    public: str = ""
    kind: GroupKind = "none"


class Reach(Struct, frozen=True):
    """From where a machine is entered, and how.

    `context` is None where no kubeconfig leads to the cluster, and empty inside of it. `programs`
    are those on PATH, and None where commands are only shown, for another machine to run.
    """

    programs: frozenset[str] | None = frozenset(PROGRAMS)
    region: str = ""
    profile: str = ""
    context: str | None = ""
    kubeconfig: str = ""
    jump: str = ""  # the host that ssh goes through: user@bastion
    user: str = ""  # on the node
    image: str = IMAGE
    writes: bool = False


class ShellCommand(Struct, frozen=True):
    """`command` is empty where there is none; `why` is the sentence why it isn't run from here."""

    name: str
    command: tuple[str, ...] = ()
    why: str = ""

    @property
    def line(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.command)


def ways_into(door: ShellAccess, reach: Reach) -> tuple[ShellCommand, ...]:
    """Every way, in the order in which one would try; those without a `why` can be gone."""
    if door.kind == "fargate":
        return (ShellCommand("Fargate", why=FARGATE),)
    return (_ssm(door, reach), _connect(door, reach), *_ssh(door, reach), _debug(door, reach))


def _ssm(door: ShellAccess, reach: Reach) -> ShellCommand:
    if why := _no_instance(door):
        return ShellCommand(SSM, why=why)
    words = (AWS, "ssm", "start-session", "--target", door.instance, *_aws_flags(reach))
    return ShellCommand(SSM, words, _missing(reach, AWS, PLUGIN))


def _connect(door: ShellAccess, reach: Reach) -> ShellCommand:
    if why := _no_instance(door):
        return ShellCommand(CONNECT, why=why)
    user = ("--os-user", reach.user) if reach.user else ()
    words = (AWS, "ec2-instance-connect", "ssh", "--instance-id", door.instance, *user)
    return ShellCommand(CONNECT, (*words, *_aws_flags(reach)), _missing(reach, AWS, SSH))


def _ssh(door: ShellAccess, reach: Reach) -> Iterator[ShellCommand]:
    """One way for each address; a jump host stands inside, and knows the private one."""
    private, public = _address(door.private), _address(door.public)
    named = {DIRECT: private or public}
    if private and public and not reach.jump:
        named = {DIRECT: private, f"{DIRECT} to the public address": public}
    for name, address in named.items():
        if why := _shut(door) or ("" if address else NO_ADDRESS):
            yield ShellCommand(name, why=why)
            continue
        jump = ("-J", reach.jump) if reach.jump else ()
        target = f"{reach.user}@{address}" if reach.user else address
        yield ShellCommand(name, (SSH, *jump, target), _missing(reach, SSH))


def _debug(door: ShellAccess, reach: Reach) -> ShellCommand:
    if not _NODE.fullmatch(door.node):
        return ShellCommand(DEBUG, why=BAD_NAME if door.node else NO_NODE)
    if reach.context is None:
        return ShellCommand(DEBUG, why=NO_CONTEXT)
    words = [KUBECTL, "debug", f"node/{door.node}", "-it", f"--image={reach.image}"]
    words += ["--context", reach.context] if reach.context else []
    words += ["--kubeconfig", reach.kubeconfig] if reach.kubeconfig else []
    allowed = reach.writes or reach.programs is None
    return ShellCommand(
        DEBUG, tuple(words), _missing(reach, KUBECTL) or ("" if allowed else WRITES)
    )


def _no_instance(door: ShellAccess) -> str:
    return _shut(door) or ("" if _INSTANCE.fullmatch(door.instance) else NO_INSTANCE)


def _shut(door: ShellAccess) -> str:
    if door.kind == "auto":
        return AUTO
    state = door.state.replace("-", " ")
    return f"The instance is {state}." if state not in ("", "running") else ""


def _aws_flags(reach: Reach) -> tuple[str, ...]:
    region = ("--region", reach.region) if _REGION.fullmatch(reach.region) else ()
    return (*region, *(("--profile", reach.profile) if reach.profile else ()))


def _address(text: str) -> str:
    """An IP address as it is; empty for anything else, which might be taken for a flag."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _missing(reach: Reach, *programs: str) -> str:
    """The first program that isn't there, as a sentence; empty when all are."""
    if reach.programs is None:
        return ""
    for program in programs:
        if program not in reach.programs:
            return f"{program} isn't on PATH: {_INSTALL[program]}."
    return ""
