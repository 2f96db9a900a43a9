"""Single requests to the watched cluster, on the data loop, for what a screen opens or does."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.kube.api_resource import ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest, Right
from eksview.domain.rows.measured_request import MeasuredRequest
from eksview.domain.rows.server import ServerTimings

if TYPE_CHECKING:  # these imports take half a second, in the data thread after the first frame
    from eksview.domain.actions.change import Change, Outcome
    from eksview.domain.actions.facts import ActionFacts
    from eksview.domain.actions.registry import Verb
    from eksview.domain.drain.plan import DrainFacts
    from eksview.domain.history.prometheus import UsageHistory
    from eksview.domain.logs.inbox import LogInbox
    from eksview.domain.logs.journal import JournalRequest
    from eksview.domain.logs.request import LogRequest
    from eksview.kube.client.cluster_access import ClusterAccess
    from eksview.kube.client.connection import Connection
    from eksview.kube.cluster_watcher import ClusterWatcher

NOT_CONNECTED = "Not connected to a cluster yet."
ELSEWHERE = "Another cluster is shown by now."
SWITCHED = "Nothing was changed: another cluster is shown by now."


class ClusterRequests:
    """The requests to the cluster whose watcher `watcher` returns; None while there is none."""

    def __init__(self, watcher: "Callable[[], ClusterWatcher | None]") -> None:
        self._find = watcher

    async def ask(self, path: str) -> dict[str, Any]:
        """Return the API server's answer to a GET request."""
        body: dict[str, Any] = await self._connection("detail").get_json(path)
        return body

    async def resources(self, *, again: bool = False) -> ApiResources:
        """Return the resources of the server."""
        return await self._watcher.discovery.resources(again=again)

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        """Return an object; of a Secret only the metadata."""
        from eksview.kube.objects import read_object  # noqa: PLC0415

        return await read_object(self._connection("detail"), self._watcher.discovery, ref)

    async def read_logs(self, request: "LogRequest | JournalRequest", inbox: "LogInbox") -> None:
        """Read logs into an inbox until cancelled."""
        from eksview.domain.logs.journal import JournalRequest  # noqa: PLC0415
        from eksview.kube.logs.journal import JournalReader  # noqa: PLC0415
        from eksview.kube.logs.log_reader import LogReader  # noqa: PLC0415

        try:
            connection = self._connection("logs")
            if isinstance(request, JournalRequest):
                await JournalReader(connection, request, inbox).run()
            else:
                await LogReader(connection, request, inbox).run()
        except UserError as error:
            inbox.state(error.sentence)

    async def history(
        self, ref: ObjectRef, address: str, settings: Settings, environ: Mapping[str, str]
    ) -> "UsageHistory":
        """Return the usage of a node or pod from the Prometheus that is set, else the cluster's."""
        from eksview.engine.history import read_history  # noqa: PLC0415

        return await read_history(self._connection("history"), ref, address, settings, environ)

    async def timings(self) -> ServerTimings:
        """Return the durations that the API server reports."""
        from eksview.kube.poll.polled_resources import server_timings  # noqa: PLC0415

        return await server_timings(self._connection("call"))

    async def measure_request(self) -> MeasuredRequest:
        """Measure a list of nodes, then read what the API server reports of such requests."""
        from eksview.kube.access.request_probe import measure_request  # noqa: PLC0415
        from eksview.kube.poll.polled_resources import node_list_means  # noqa: PLC0415

        connection = self._connection("explain")
        measured = await measure_request(connection)
        if measured.status is None:
            return measured
        return replace(measured, means=await node_list_means(connection))

    async def review(self, ask: AccessRequest) -> Right:
        """Return whether we may do something."""
        from eksview.kube.access.self_review import review_access  # noqa: PLC0415

        return await review_access(self._patient("actions"), ask)

    async def act(self, change: "Change", server: str) -> "Outcome":
        """Send a change to the cluster that it was decided for."""
        from eksview.kube.actions.sender import send  # noqa: PLC0415

        if self._connection("actions").target.server != server:
            raise UserError(SWITCHED)
        return await send(self._patient("actions"), change)  # a busy server did nothing

    async def action_facts(self, verb: "Verb", refs: Sequence[ObjectRef]) -> "ActionFacts":
        """Return what the question about an action needs."""
        from eksview.kube.actions.facts_reader import read_action_facts  # noqa: PLC0415

        return await read_action_facts(self._patient("actions"), verb, refs)

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        """Return whether an object, and none that has its name by now, is in a cluster."""
        from eksview.kube.actions.facts_reader import read_uid  # noqa: PLC0415

        connection = self._patient("actions")
        if connection.target.server != server:
            raise UserError(ELSEWHERE)
        return await read_uid(connection, ref) == ref.uid

    async def drain_facts(self, node: str) -> "DrainFacts":
        """Return what the plan of a node's drain needs."""
        from eksview.kube.actions.drain_reader import read_drain_facts  # noqa: PLC0415

        return await read_drain_facts(self._patient("drain plan"), node)

    @property
    def access(self) -> "ClusterAccess":
        """Return how the watched cluster is reached."""
        return self._watcher.connection.access

    @property
    def _watcher(self) -> "ClusterWatcher":
        watcher = self._find()
        if watcher is None:
            raise UserError(NOT_CONNECTED)
        return watcher

    def _connection(self, purpose: str) -> "Connection":
        return self._watcher.connection.on_behalf_of(purpose)

    def _patient(self, purpose: str) -> "Connection":
        """Return a connection that asks a busy server again, as kubectl does."""
        from eksview.kube.client.connection import RETRIES  # noqa: PLC0415

        connection = self._connection(purpose)
        connection.limits = replace(connection.limits, retries=RETRIES)
        return connection
