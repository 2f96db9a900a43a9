"""What was asked for: config, environment and flags as one frozen value."""

from msgspec import Struct


class Settings(Struct, frozen=True):
    """How to reach the cluster and how to show it."""

    kubeconfig: str | None = None  # --kubeconfig; None: KUBECONFIG, then ~/.kube/config
    context: str | None = None  # --context; None: current-context
    namespace: str | None = None  # -n; None: all namespaces in the dashboard
    ascii: bool = False  # borders and marks in plain ASCII
    animate: bool = True  # False over SSH
