"""What to look at on an instance whose checks found nothing: its user data and its logs.

Sources: Amazon EKS User Guide, "Customize managed nodes with launch templates" and "Create
self-managed nodes", for the form of user data; AWS CLI reference, "ec2 get-console-output".
"""

import re
import shlex
from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks.host_checks import Family, family_of
from eksview.domain.join.checks.join_facts import JoinCheck, JoinFacts
from eksview.domain.join.node_shell import AUTO
from eksview.domain.join.replacement import BY_EKS, changeable

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

_LOG = "`sudo journalctl -u kubelet -n 50`"
_LOGS: dict[Family, str] = {
    "Windows": "`Get-EventLog -LogName EKS -Source kubelet -Newest 50`",
    "Bottlerocket": "`enter-admin-container`, `sudo sheltie`, `journalctl -u kubelet -n 50`",
}
"""Commands in a session, by the image's family.

Sources: the Windows log collector of amazon-eks-ami; Bottlerocket's README, "Admin container".
"""
_XEN = re.compile(
    r"(?:t[12]|m[1-4]|c[1-4]|cc[12]|r[34]|cr1|x1e?|d2|h1|hs1|i2|f1|g[23]s?|p2|p3|i3)\.(?!metal)"
)
"""Types that aren't built on the Nitro System, whose latest console output EC2 refuses.

Source: EC2 User Guide, "Instances built on the AWS Nitro System"; new types are Nitro.
"""


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
    latest = () if _XEN.match(facts.instance.type) else ("--latest",)
    output = ("get-console-output", "--instance-id", name, *latest)
    text = commands.aws("ec2", *output, "--query", "Output", "--output", "text")
    grep = shlex.join(["grep", "-iE", _USEFUL])
    yield Advice(Clean("Last useful lines of its console:"), f"{text} | {grep} | tail -n 3")
    if not changeable(facts.instance):
        yield Advice(clean(f"{BY_EKS}: {AUTO} Its console is all there is to read."))
        return
    attribute = ("describe-instance-attribute", "--instance-id", name, "--attribute", "userData")
    text = commands.aws("ec2", *attribute, "--query", "UserData.Value", "--output", "text")
    family = family_of(facts.image.name) if facts.image else ""
    yield Advice(clean(f"User data must hold {_USER_DATA[family]}:"), f"{text} | base64 -d")
    yield _session(facts)


def _session(facts: JoinFacts) -> Advice:
    command = facts.commands.aws("ssm", "start-session", "--target", facts.instance.id)
    family = family_of(facts.image.name) if facts.image else ""
    log = _LOGS.get("Windows" if facts.instance.platform == "windows" else family, _LOG)
    if facts.policies and set(_SSM_POLICIES) & set(facts.policies):
        return Advice(clean(f"Log of its kubelet, by Session Manager ({log}):"), command)
    words = f"Log of its kubelet ({log}), if Systems Manager manages the instance:"
    return Advice(clean(words), command)


def last_useful(console: Sequence[str]) -> str:
    """Return the console's last line about the bootstrap or an error; empty for none."""
    useful = re.compile(_USEFUL, re.IGNORECASE)
    return next((line.strip() for line in reversed(console) if useful.search(line)), "")
