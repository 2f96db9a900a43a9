"""The interface of the data side, which holds the connections, to the screens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest, Right
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.server import ServerTimings

if TYPE_CHECKING:  # of what a person opens or does; the first frame needn't wait for it
    from eksview.domain.actions.change import Change, Outcome
    from eksview.domain.actions.facts import ActionFacts
    from eksview.domain.actions.registry import Verb
    from eksview.domain.drain.plan import DrainFacts
    from eksview.domain.history.prometheus import UsageHistory
    from eksview.domain.logs.inbox import LogInbox
    from eksview.domain.logs.request import AnyLogRequest
    from eksview.domain.rows.check_output import CheckOutput
    from eksview.domain.rows.measured_request import MeasuredRequest


class ContextInfo(Struct, frozen=True):
    """A context of the kubeconfig."""

    name: str
    cluster: str
    user: str
    namespace: str
    server: str
    current: bool = False


class DetailReadings(Protocol):
    """What is read only when it is opened. Every method raises only `UserError`."""

    async def history(self, ref: ObjectRef, address: str) -> "UsageHistory":
        """Return the usage over time of a pod, or of a node at an address, from Prometheus."""

    async def timings(self) -> ServerTimings:
        """Return the latencies that the API server reports of its calls and of etcd."""

    async def instance(self, instance: str) -> InstanceDetail:
        """Return the details of an EC2 instance, which are read only when it is opened."""

    async def measure_request(self) -> "MeasuredRequest":
        """Send `GET /api/v1/nodes` now on a connection of its own, and return its phases.

        A request that fails is measured too: it raises `UserError` only without a cluster.
        """

    async def run_check(self, check: str, node: str = "") -> "CheckOutput":
        """Run the everyday check of an id, maybe about a node, and return what it printed.

        Raises `UserError` where no program here can run it, and in a served view.
        """


class Backend(DetailReadings, Protocol):
    """The data side as the screens see it. Every method raises only `UserError`."""

    def start(self) -> None:
        """Begin watching the cluster; return at once."""

    def stop(self) -> None:
        """Close every connection and return when that is done, within a second."""

    async def contexts(self) -> tuple[ContextInfo, ...]:
        """Return the contexts of the kubeconfig, which takes a second where it has thousands."""

    async def switch(self, context: str) -> None:
        """Probe another context and watch it instead if it answers."""

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        """Return the whole object as the API server has it now."""

    def follow_pods(self, node: str) -> None:
        """Watch the pods of an open node unless all pods are watched; return at once."""

    def leave_pods(self, node: str) -> None:
        """End one `follow_pods` of a node; return at once."""

    def follow_ecs(self, cluster: str = "") -> None:
        """Read ECS: the clusters of the region, or of one by name or ARN all that it has.

        Returns at once. Calls are counted by cluster.
        """

    def leave_ecs(self, cluster: str = "") -> None:
        """End one `follow_ecs` of a cluster; with the last its rows are forgotten."""

    async def resources(self, *, again: bool = False) -> ApiResources:
        """Return the resources that the server has, as read once; `again` asks for new ones.

        They are read again after `refresh`. Raises `UserError` where none could be read.
        """

    def follow(self, resource: ApiResource, namespace: str = "") -> None:
        """Watch a resource for the table `store.objects(resource.qualified, namespace)`.

        Returns at once. Calls are counted.
        """

    def leave(self, resource: ApiResource, namespace: str = "") -> None:
        """End one `follow`; with the last the watch is closed and the table forgotten."""

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        """Return an object as the API server has it now; a Secret only with its metadata.

        A reference without `plural`, such as an owner's, is looked up in the server's resources;
        one without `name` is the list of its resource in its namespace, as `items`.
        """

    def show_usage(self, namespace: str | None, before: str | None = None) -> None:
        """Read the usage of the pods of a namespace, empty for all, instead of that of `before`.

        None is for no usage. Returns at once.
        """

    def refresh(self) -> None:
        """List everything again as soon as possible."""

    def inspect(self) -> None:
        """Review our identity and rights unless that was just done; return at once."""

    def read_logs(self, request: "AnyLogRequest") -> "LogInbox":
        """Begin to read logs and return where they arrive, until it is closed; return at once."""

    async def configz(self, node: str) -> dict[str, Any]:
        """Return the configuration of a node's kubelet, through the API server."""

    async def review(self, ask: AccessRequest) -> Right:
        """Return whether we may do something, by a SelfSubjectAccessReview."""

    async def act(self, change: "Change", server: str) -> "Outcome":
        """Send a change once to the cluster at a URL; raises `UserError` without --allow-writes.

        It raises too if another cluster is watched by now: the question was about the one before.
        """

    async def action_facts(self, verb: "Verb", refs: Sequence[ObjectRef]) -> "ActionFacts":
        """Return what the question about an action needs."""

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        """Return whether the object of this uid is in the cluster at a URL, as its server says.

        It raises `UserError` if the server doesn't say, or another cluster is watched by now.
        """

    async def drain_facts(self, node: str) -> "DrainFacts":
        """Return what a drain plan needs, which is read only when it is opened."""

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        """Return the EKS clusters of the account and region."""

    async def switch_cluster(self, name: str, region: str) -> None:
        """Probe another EKS cluster and watch it instead if it answers."""
