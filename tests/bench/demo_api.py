"""A demo cluster of a given size for a benchmark, and the environment that points at it."""

from eksview_demo.launch import DemoProcess
from eksview_demo.options import DemoOptions


class DemoApi:
    """Lives in its own process while the `with` block lasts."""

    def __init__(self, nodes: int, pods: int, churn: float = 0.0) -> None:
        self._options = DemoOptions(nodes=nodes, pods=pods, churn=churn, seed=1)

    def __enter__(self) -> "DemoApi":
        self._process = DemoProcess(self._options)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    @property
    def with_aws(self) -> dict[str, str]:
        """The environment that leads to the demo's AWS too."""
        return self._process.environ

    @property
    def env(self) -> dict[str, str]:
        return {"KUBECONFIG": str(self._process.kubeconfig)}
