"""A view over a believable cluster, without a connection, for tests of screens."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eksview.config.settings import Settings
from eksview.domain.actions.change import Change, Outcome
from eksview.domain.actions.facts import ActionFacts
from eksview.domain.actions.registry import Verb
from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read, Reading
from eksview.domain.base.text import Clean
from eksview.domain.drain.plan import DrainFacts
from eksview.domain.history.prometheus import UsageHistory
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.facts import FactKey, Facts, FactSet
from eksview.domain.live.messages import LinkState, Sink, Swap
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.request import AnyLogRequest
from eksview.domain.rows.access import AccessRequest, Right
from eksview.domain.rows.aws import ClusterEntry, InstanceDetail
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.kube import (
    Amounts,
    Condition,
    EventRow,
    Kind,
    LeaseRow,
    NodeRow,
    PodRow,
    Requests,
    Taint,
)
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.measured_request import MeasuredRequest
from eksview.domain.rows.server import Check, Identity, Probe, ServerTimings, ServerVersion, Target
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui.base.view import View
from eksview.ui.shell.app import EksviewApp
from eksview.ui.shell.live_settings import UserFiles
from eksview.ui.terminal.frame_rate import FrameRate
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, palette
from tests.ui.objects import fill

NOW = 1_760_000_000.0
GIB = 1024**3
DAY = 86_400.0
ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")
DISK_PRESSURE, NOT_READY, CORDONED = 2, 3, 4
"""Which of the nodes, by number, has what trouble."""

PROBLEMS = {
    "MemoryPressure": ("KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("KubeletHasSufficientPID", "kubelet has sufficient PID available"),
}


class FakeBackend:
    """Answers what it was given, and keeps what it was asked.

    `plan` is played into the sink by `start`. A context named in `unreachable` refuses a switch
    with that sentence, and so do an instance, a cluster and the list of those (`eks`); `objects`
    holds what `fetch` finds, by kind, namespace and name, `details` what `instance` does. `act`
    keeps the `changes` and returns `outcomes`, then success; `denied` are the rights not given.
    `discovered` are the server's resources, `bodies` what `fetch_object` finds, `existing` the
    uids of what `object_exists` finds.
    """

    def __init__(
        self, sink: Sink | None = None, plan: Callable[[Sink], None] | None = None
    ) -> None:
        self.sink = sink
        self.plan = plan
        self.calls: list[str] = []
        self.unreachable: dict[str, str] = {}
        self.objects: dict[tuple[Kind, str, str], dict[str, Any]] = {}
        self.details: dict[str, InstanceDetail] = {}
        self.configuration: dict[str, Any] = {}
        self.measured = ServerTimings(NOW, {}, {})
        self.request = MeasuredRequest(NOW, Clean(""), Clean("/api/v1/nodes"), ())
        self.checked: dict[str, CheckOutput] = {}
        self.discovered = ApiResources()
        self.existing: set[str] = set()
        self.bodies: dict[ObjectRef, dict[str, Any]] = {}
        self.entries: tuple[ClusterEntry, ...] = ()
        self.denied: set[str] = set()
        self.changes: list[Change] = []
        self.outcomes: deque[Outcome] = deque()
        self.acting = ActionFacts()
        self.draining: DrainFacts | None = None
        self.log_requests: list[Any] = []
        self.past: UsageHistory | None = None
        self.no_history = "No Prometheus."
        self.inbox = LogInbox()

    def start(self) -> None:
        self.calls.append("start")
        if self.sink is not None and self.plan is not None:
            self.plan(self.sink)

    def stop(self) -> None:
        self.calls.append("stop")

    def refresh(self) -> None:
        self.calls.append("refresh")

    def follow_pods(self, node: str) -> None:
        self.calls.append(f"follow_pods {node}")

    def leave_pods(self, node: str) -> None:
        self.calls.append(f"leave_pods {node}")

    def follow_ecs(self, cluster: str = "") -> None:
        self.calls.append(f"follow_ecs {cluster}".rstrip())

    def leave_ecs(self, cluster: str = "") -> None:
        self.calls.append(f"leave_ecs {cluster}".rstrip())

    async def resources(self, *, again: bool = False) -> ApiResources:
        self.calls.append("resources again" if again else "resources")
        if reason := self.unreachable.get("resources"):
            raise UserError(reason)
        return self.discovered

    def follow(self, resource: ApiResource, namespace: str = "") -> None:
        self.calls.append(f"follow {resource.qualified} {namespace}".rstrip())

    def leave(self, resource: ApiResource, namespace: str = "") -> None:
        self.calls.append(f"leave {resource.qualified} {namespace}".rstrip())

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        self.calls.append(f"fetch_object {ref.api} {ref.kind} {ref.namespace}/{ref.name}")
        if reason := self.unreachable.get(ref.plural):
            raise UserError(reason)
        for held, body in self.bodies.items():
            if (held.api, held.kind, held.namespace, held.name) == (
                ref.api,
                ref.kind,
                ref.namespace,
                ref.name,
            ):
                return body
        raise UserError(f"{ref.kind} {ref.name} was not found; it may have been deleted.")

    def show_usage(self, namespace: str | None, before: str | None = None) -> None:
        self.calls.append(f"show_usage {namespace!r} {before!r}")

    def inspect(self) -> None:
        self.calls.append("inspect")

    async def contexts(self) -> tuple[ContextInfo, ...]:
        return (
            ContextInfo("prod", "prod", "ops", "", "https://prod.example.com", current=True),
            ContextInfo("staging", "staging", "ops", "web", "https://staging.example.com"),
            ContextInfo("old", "old", "ops", "", "https://old.example.com"),
        )

    async def switch(self, context: str) -> None:
        self.calls.append(f"switch {context}")
        if reason := self.unreachable.get(context):
            raise UserError(reason)

    async def fetch(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any]:
        self.calls.append(f"fetch {kind} {namespace}/{name}")
        found = self.objects.get((kind, namespace, name))
        if found is None:
            raise UserError(f"{kind} {name} was not found; it may have been deleted.")
        return found

    def read_logs(self, request: AnyLogRequest) -> LogInbox:
        self.calls.append(f"read_logs {request}")
        self.log_requests.append(request)
        self.inbox = LogInbox()
        return self.inbox

    async def configz(self, node: str) -> dict[str, Any]:
        self.calls.append(f"configz {node}")
        if reason := self.unreachable.get("configz"):
            raise UserError(reason)
        return self.configuration

    async def review(self, ask: AccessRequest) -> Right:
        self.calls.append(f"review {ask}")
        return Right(ask, str(ask) not in self.denied)

    async def act(self, change: Change, server: str) -> Outcome:
        self.changes.append(change)
        return self.outcomes.popleft() if self.outcomes else Outcome(200)

    async def action_facts(self, verb: Verb, refs: Sequence[ObjectRef]) -> ActionFacts:
        return self.acting

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        self.calls.append(f"object_exists {ref.namespace}/{ref.name}")
        return ref.uid in self.existing

    async def drain_facts(self, node: str) -> DrainFacts:
        self.calls.append(f"drain_facts {node}")
        if self.draining is None:
            raise UserError(f"nodes {node} was not found.")
        return self.draining

    async def history(self, ref: ObjectRef, address: str) -> UsageHistory:
        self.calls.append(f"history {ref.kind} {ref.name}")
        if self.past is None:
            raise UserError(self.no_history)
        return self.past

    async def timings(self) -> ServerTimings:
        self.calls.append("timings")
        if reason := self.unreachable.get("metrics"):
            raise UserError(reason)
        return self.measured

    async def measure_request(self) -> MeasuredRequest:
        self.calls.append("measure_request")
        return self.request

    async def run_check(self, check: str, node: str = "") -> CheckOutput:
        self.calls.append(f"run_check {check} {node}".rstrip())
        if reason := self.unreachable.get(check):
            raise UserError(reason)
        return self.checked.get(check, CheckOutput((), NOW, 0))

    async def instance(self, instance: str) -> InstanceDetail:
        self.calls.append(f"instance {instance}")
        if reason := self.unreachable.get(instance):
            raise UserError(reason)
        return self.details.get(instance, InstanceDetail())

    async def clusters(self) -> tuple[ClusterEntry, ...]:
        self.calls.append("clusters")
        if reason := self.unreachable.get("eks"):
            raise UserError(reason)
        return self.entries

    async def switch_cluster(self, name: str, region: str) -> None:
        self.calls.append(f"switch_cluster {name} {region}")
        if reason := self.unreachable.get(name):
            raise UserError(reason)


def make_view(store: Store | None = None, ascii: bool = False, now: float = NOW) -> View:  # noqa: A002
    """What a screen is given; the clock stands still."""
    return View(
        store=store if store is not None else Store(),
        rates=Rates(),
        backend=FakeBackend(),
        settings=Settings(ascii=ascii, animate=False),
        glyphs=ASCII if ascii else UNICODE,
        clock=lambda: now,
        palette=lambda: palette(NIGHT),
        pace=FrameRate(Settings()),
    )


def populate(store: Store, nodes: int = 6, pods: int = 40, now: float = NOW) -> Store:
    """An EKS cluster in three zones: one node NotReady, one out of disk, one cordoned."""
    rows = [node(number, now) for number in range(nodes)]
    for row in rows:
        store.put(Kind.NODE, row)
    for number in range(pods):
        store.put(Kind.POD, pod(number, rows[number % nodes].name if nodes else "", now))
    for lease in leases(rows, now):
        store.put(Kind.LEASE, lease)
    for event in events(store, now):
        store.put(Kind.EVENT, event)
    facts(store.set_fact, now)
    links(store.set_link, now)
    return store


def node_name(number: int) -> str:
    """As EC2 names its hosts."""
    return f"ip-10-0-{number % 3 + 1}-{17 + number * 13 % 230}.us-west-2.compute.internal"


def node(number: int, now: float = NOW) -> NodeRow:
    """A worker of a managed node group; some have the trouble their number stands for."""
    group = "ng-general" if number % 3 else "ng-spot"
    ready = "Unknown" if number == NOT_READY else "True"
    disk = "True" if number == DISK_PRESSURE else "False"
    taints = [Taint("node.kubernetes.io/disk-pressure", "", "NoSchedule")] if disk == "True" else []
    if number == CORDONED:
        taints.append(Taint("node.kubernetes.io/unschedulable", "", "NoSchedule"))
    host = node_name(number)
    return NodeRow(
        name=host,
        uid=f"node-{number}",
        created=now - DAY * (number + 1),
        unschedulable=number == CORDONED,
        deleted=None,
        conditions=tuple(_conditions(ready, disk, now)),
        taints=tuple(taints),
        labels={
            "kubernetes.io/hostname": host,
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/os": "linux",
            "eks.amazonaws.com/nodegroup": group,
            "eks.amazonaws.com/capacityType": "SPOT" if group == "ng-spot" else "ON_DEMAND",
            "node.kubernetes.io/instance-type": "m6i.large",
            "topology.kubernetes.io/region": "us-west-2",
            "topology.kubernetes.io/zone": ZONES[number % 3],
        },
        capacity=Amounts(cpu=2000, memory=8 * GIB, pods=58, storage=80 * GIB),
        allocatable=Amounts(cpu=1930, memory=7 * GIB, pods=58, storage=72 * GIB),
        internal_ip=f"10.0.{number % 3 + 1}.{17 + number * 13 % 230}",
        external_ip="",
        kubelet="v1.32.5-eks-5d4a308" if number == DISK_PRESSURE else "v1.33.1-eks-1a2b3c4",
        os_image="Amazon Linux 2023.7.20250512",
        kernel="6.1.134-152.225.amzn2023.x86_64",
        runtime="containerd://1.7.27",
        architecture="amd64",
        provider_id=f"aws:///{ZONES[number % 3]}/i-{0xABC0000 + number:017x}",
    )


def _conditions(ready: str, disk: str, now: float) -> Iterable[Condition]:
    for kind, said in PROBLEMS.items():
        status = disk if kind == "DiskPressure" else "False"
        told = ("KubeletHasDiskPressure", "kubelet has disk pressure") if status == "True" else said
        yield Condition(
            kind, "Unknown" if ready == "Unknown" else status, *told, now - 40, now - DAY
        )
    if ready == "True":
        yield Condition(
            "Ready", "True", "KubeletReady", "kubelet is posting ready status", now - 40, now - DAY
        )
    else:
        silent = "Kubelet stopped posting node status."
        yield Condition("Ready", ready, "NodeStatusUnknown", silent, now - 94, now - 54)


def pod(number: int, host: str, now: float = NOW) -> PodRow:
    """A pod of one of three deployments; the seventh never comes up."""
    app = ("web", "api", "worker")[number % 3]
    namespace = ("shop", "payments", "kube-system")[number % 3]
    broken = number == 7
    return PodRow(
        uid=f"pod-{number}",
        namespace=namespace,
        name=f"{app}-7d876db474-{number:05x}",
        node=host,
        status="CrashLoopBackOff" if broken else "Running",
        ready=0 if broken else 1,
        containers=1,
        restarts=12 if broken else 0,
        restarted=now - 130 if broken else None,
        created=now - 3600 * (number + 1),
        ip=f"10.0.{number % 3 + 1}.{100 + number % 150}",
        requests=Requests(cpu=100, memory=GIB // 8, cpu_limit=500, memory_limit=GIB // 4),
        labels=f"app={app},pod-template-hash=7d876db474",
        owner=f"ReplicaSet/{app}-7d876db474",
        owner_api="apps/v1",
        owner_uid=f"{namespace}/{app}-7d876db474",
        counted=True,
    )


def leases(rows: Iterable[NodeRow], now: float = NOW) -> Iterable[LeaseRow]:
    """The nodes' heartbeats, two leaders and two API servers."""
    for number, row in enumerate(rows):
        renewed = now - (94 if number == NOT_READY else number + 1)
        yield LeaseRow("kube-node-lease", row.name, f"l-{number}", row.name, renewed, None, 40, 0)
    for name in ("kube-scheduler", "kube-controller-manager", "cloud-controller-manager"):
        holder = "ip-10-0-7-21.us-west-2.compute.internal_39c82220"
        yield LeaseRow("kube-system", name, f"l-{name}", holder, now - 1, now - DAY, 15, 2)
    for name in ("apiserver-2jr5qp5k", "apiserver-x6mbf7cu"):
        holder = f"{name}_7c1a"
        yield LeaseRow(
            "kube-system", name, name, holder, now - 4, None, 3600, 0, identity="kube-apiserver"
        )


def events(store: Store, now: float = NOW) -> Iterable[EventRow]:
    """What was said about the nodes in trouble and the pod that crashes."""
    told = [
        (f"Node//{node_name(NOT_READY)}", "NodeNotReady", "Node status is now: NodeNotReady"),
        (f"Node//{node_name(DISK_PRESSURE)}", "NodeHasDiskPressure", "status is now: DiskPressure"),
    ]
    if broken := store.pods.get("pod-7"):
        about = f"Pod/{broken.namespace}/{broken.name}"
        told.append((about, "BackOff", "Back-off restarting failed container api"))
    for number, (about, reason, message) in enumerate(told):
        yield EventRow(
            uid=f"event-{number}",
            namespace="default",
            name=f"event.{number}",
            about=about,
            type="Warning",
            reason=reason,
            message=message,
            source="kubelet",
            count=number + 1,
            first=now - 600,
            last=now - 60,
        )


def facts(tell: Callable[[FactKey[Any], Reading[Any]], None], now: float = NOW) -> None:
    """Where we are, who we are, and how the API server says it is."""
    checks = tuple(Check(name, True) for name in ("ping", "log", "etcd", "etcd-readiness"))
    tell(Facts.readyz, Read(Probe("readyz", now - 2, True, 0.011, 200, checks), now))
    tell(Facts.livez, Read(Probe("livez", now - 2, True, 0.009, 200, checks[:3]), now))
    tell(Facts.version, Read(ServerVersion("v1.33.4-eks-1a2b3c4", "1", "33", "linux/amd64"), now))
    tell(
        Facts.target,
        Read(
            Target(
                context="prod",
                cluster="prod",
                server="https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com",
                user="ops",
                namespace="",
                source="/home/ops/.kube/config",
            ),
            now,
        ),
    )
    tell(Facts.identity, Read(Identity("ops", ("system:masters",), expires=now + 660), now))


def links(tell: Callable[[Link], None], now: float = NOW) -> None:
    """All streams live; ECS isn't read."""
    kinds = [kind for kind in Kind if kind.link not in ECS_PLANS]
    for number, name in enumerate((*kinds, "health")):
        tell(
            Link(
                str(name),
                Phase.LIVE,
                now - 300,
                heard=now - 1,
                last_event=now - 2,
                events=100 * (number + 1),
            )
        )


def tell(store: Store) -> Callable[[Sink], None]:
    """A plan for the fake backend: everything a store holds, as a cluster would tell it."""

    def plan(sink: Sink) -> None:
        for kind in Kind:
            sink.send(Swap(kind, list(store.table(kind.row).values())))
        for link in store.links.values():
            sink.send(LinkState(link))
        for key, reading in store.facts:
            sink.send(FactSet(key, reading))

    return plan


class TestedApp(EksviewApp):
    """The real application on a fake backend, with a clock in the test's hand."""

    __test__ = False

    def __init__(
        self,
        store: Store | None = None,
        *,
        settings: Settings | None = None,
        now: float = NOW,
        files: UserFiles | None = None,
    ) -> None:
        self.now = now
        self.fake = FakeBackend()
        told = store if store is not None else populate(Store(), now=now)
        self._told = tell(told)
        self._awaited = set(told.links)
        fill(self.fake.objects, told)
        settings = settings or Settings(animate=False)
        super().__init__(settings, self._make, clock=lambda: self.now, files=files)

    def _make(self, _: Settings, sink: Sink) -> FakeBackend:
        self.fake.sink, self.fake.plan = sink, self._told
        return self.fake

    @property
    def arrived(self) -> bool:
        """Whether everything that was told at the start has been in the store once."""
        self._awaited -= self.view.store.links.keys()
        return not self._awaited

    def lines(self) -> list[str]:
        """What the terminal shows, dialogs included."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines())
