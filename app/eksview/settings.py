"""What was asked for: environment and flags as one frozen value."""

from collections.abc import Mapping

from msgspec import Struct

from eksview.domain.node_sessions import IMAGE
from eksview.domain.watched import Watch


class Settings(Struct, frozen=True):
    """How to reach the cluster and how to show it."""

    kubeconfig: str | None = None  # --kubeconfig; None: KUBECONFIG, then ~/.kube/config
    context: str | None = None  # --context; None: current-context
    namespace: str | None = None  # -n; None: all namespaces in the dashboard
    profile: str | None = None  # --profile: of AWS
    region: str | None = None  # --region: of AWS
    cluster: str | None = None  # --cluster: EKS's name; needs no kubeconfig
    exec_auth: bool = False  # run the kubeconfig's exec command even where it is understood
    jump: str = ""  # --jump: the host that ssh to a node goes through
    ssh_user: str = ""  # --ssh-user: on the nodes
    debug_image: str = IMAGE  # --debug-image: of the pod of kubectl debug
    allow_writes: bool = False  # s may run kubectl debug, which creates a pod
    watch: Watch = Watch.FITTING  # --watch: how much is followed
    ascii: bool = False  # borders and marks in plain ASCII
    animate: bool = True  # False over SSH
    fps: float = 4.0  # frames a second at most; a key is answered at once
    low_bandwidth: bool = False  # a frame a second, no sparklines
    over_ssh: bool = False  # where a slow line is looked for
    mouse: bool = True  # False over SSH unless asked for: every move of it is traffic


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def in_browser(environ: Mapping[str, str]) -> bool:
    """Whether textual-serve has started this and draws, over pipes, what it writes."""
    return bool(environ.get("TEXTUAL_DRIVER"))


def speaks_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8, by the first of the variables that is set, as POSIX has it.

    None set is taken for yes: so do containers start, in terminals that all speak UTF-8.
    """
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if locale := environ.get(name):
            return locale.lower().replace("-", "").partition("@")[0].endswith("utf8")
    return True
