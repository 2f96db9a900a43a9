"""What to look at on an instance whose checks found nothing: its user data and its logs.

Sources: Amazon EKS User Guide, "Customize managed nodes with launch templates" and "Create
self-managed nodes", for the form of user data; AWS CLI reference, "ec2 get-console-output".
"""

import re
import shlex
from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.join.host_checks import Family, family_of
from eksview.domain.join.join_facts import JoinCheck, JoinFacts

_USEFUL = "nodeadm|bootstrap|cloud-init|kubelet|containerd|error|fail"
_SSM_POLICIES = (
    "AmazonSSMManagedInstanceCore",
    "AmazonSSMManagedEC2InstanceDefaultPolicy",
    "AmazonEC2RoleforSSM",
)
_USER_DATA: dict[Family, str] = {
    "AL2023": "a NodeConfig with this cluster's name, apiServerEndpoint, certificateAuthority "
    "and cidr",
    "AL2": "a call of /etc/eks/bootstrap.sh with this cluster's name",
    "Ubuntu": "a call of /etc/eks/bootstrap.sh with this cluster's name",
    "Bottlerocket": "[settings.kubernetes] with this cluster's cluster-name, api-server and "
    "cluster-certificate",
    "Windows": "a call of Start-EKSBootstrap.ps1 with this cluster's name",
    "Auto Mode": "nothing of yours: EKS writes it",
    "": "the bootstrap of its AMI, with this cluster's name",
}


class Advice(Struct, frozen=True):
    """A sentence, and the command line for a shell that shows it; empty for none."""

    text: Clean
    command: str = ""


def conclusion(checks: Sequence[JoinCheck], facts: JoinFacts) -> tuple[Advice, ...]:
    """Return where to look next if no check has failed; nothing if one has."""
    if facts.instance.state != "running" or any(check.result == "failed" for check in checks):
        return ()
    return tuple(_conclusion(checks, facts))


def _conclusion(checks: Sequence[JoinCheck], facts: JoinFacts) -> Iterator[Advice]:
    unknown = sum(check.result == "unknown" for check in checks)
    rest = f", {unknown} {'is' if unknown == 1 else 'are'} unknown" if unknown else ""
    yield Advice(
        clean(f"No check failed{rest}: the instance's user data or its bootstrap is next.")
    )
    if line := last_useful(facts.console):
        yield Advice(clean(f"The console's last useful line: {line}"))
    commands, name = facts.commands, facts.instance.id
    output = ("get-console-output", "--instance-id", name, "--latest")
    text = commands.aws("ec2", *output, "--query", "Output", "--output", "text")
    grep = shlex.join(["grep", "-iE", _USEFUL])
    yield Advice(Clean("Last useful lines of its console:"), f"{text} | {grep} | tail -n 3")
    attribute = ("describe-instance-attribute", "--instance-id", name, "--attribute", "userData")
    text = commands.aws("ec2", *attribute, "--query", "UserData.Value", "--output", "text")
    family = family_of(facts.image.name) if facts.image else ""
    yield Advice(clean(f"User data must hold {_USER_DATA[family]}:"), f"{text} | base64 -d")
    yield _session(facts)


def _session(facts: JoinFacts) -> Advice:
    command = facts.commands.aws("ssm", "start-session", "--target", facts.instance.id)
    log = "journalctl -u kubelet -n 50"
    if facts.policies and set(_SSM_POLICIES) & set(facts.policies):
        return Advice(clean(f"Log of its kubelet, by Session Manager (`sudo {log}`):"), command)
    words = f"Log of its kubelet (`sudo {log}`), if Systems Manager manages the instance:"
    return Advice(clean(words), command)


def last_useful(console: Sequence[str]) -> str:
    """Return the console's last line about the bootstrap or an error; empty for none."""
    useful = re.compile(_USEFUL, re.IGNORECASE)
    return next((line.strip() for line in reversed(console) if useful.search(line)), "")
