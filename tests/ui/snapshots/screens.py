"""Every screen of the snapshots: the store behind it and the keys that lead there."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, cast

from msgspec.structs import replace
from textual.message import Message
from textual.pilot import Pilot

from eksview.config.settings import Settings
from eksview.domain.base.language import Language
from eksview.domain.base.reading import Read, Refused
from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.chapters import CHAPTER_IDS
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import Facts, part_key
from eksview.domain.live.polled import SIGNING
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.domain.rows.access import (
    AccessRequest,
    Binding,
    KubeconfigFact,
    PolicyRule,
    RbacFact,
    Right,
    RightsFact,
    Role,
    Subject,
    WhoFact,
)
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.kube import Kind, SigningRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Probe, ServerTimings, Timing
from eksview.store.rates import SAMPLE
from eksview.store.store import Store
from eksview.ui.base.messages import (
    OpenContainerInstance,
    OpenInstance,
    OpenNode,
    OpenPod,
    OpenService,
    OpenTask,
)
from tests.domain.kube.test_kubelet import CONFIGZ
from tests.ui.aws_account import LOST, NODES, cluster, detail, instance_id, populate_aws
from tests.ui.ecs_account import (
    FAILED_TASK,
    LONE,
    WEB,
    clusters,
    ecs_links,
    instance_arn,
    instances,
    machine_id,
    populate_ecs,
    providers,
)
from tests.ui.explain.requests import ANSWERED
from tests.ui.harness import (
    CORDONED,
    DISK_PRESSURE,
    NOT_READY,
    NOW,
    TestedApp,
    leases,
    node,
    node_name,
    pod,
    populate,
)
from tests.ui.network.test_network_screen import GOOD
from tests.ui.nodes.test_aws_screens import ENTRIES
from tests.ui.shell.test_app import settled, shows, until

SIZES = ((80, 24), (120, 36), (200, 60))
TROUBLED = (DISK_PRESSURE, NOT_READY, CORDONED)
CRASHING_POD = "pod-7"


class Scene(NamedTuple):
    """A screen in a known state.

    `waits_for` is text that it shows once it is complete: a value of the cluster, not a label,
    so that a change of labels needs no change here.
    """

    waits_for: str
    keys: tuple[str, ...] = ()
    store: Callable[[], Store] | None = None  # None: `full_store`
    opens: Message | None = None
    lang: Language = Language.EN


def healthy_store() -> Store:
    """Return a cluster in which nothing is wrong."""
    store = _cluster_of([number for number in range(9) if number not in TROUBLED], pods=40)
    store.drop(Kind.POD, store.pods[CRASHING_POD])
    store.set_fact(Facts.cluster, Read(cluster(), NOW))
    return store


def large_store() -> Store:
    """Return a cluster of so many nodes that home is a heat map; their load differs."""
    return _cluster_of(range(600), pods=3000)


def _cluster_of(numbers: Iterable[int], pods: int) -> Store:
    store = populate(Store(), nodes=0, pods=0)
    rows = [replace(node(number), unschedulable=number % 100 == CORDONED) for number in numbers]
    for row in rows:
        store.put(Kind.NODE, row)
    for number, lease in enumerate(leases(rows)):
        silence = 94 if lease.name == node_name(NOT_READY) else 1 + number % 9
        store.put(Kind.LEASE, replace(lease, renewed=NOW - silence))
    for number in range(pods):
        store.put(Kind.POD, pod(number, rows[number * number // 7 % len(rows)].name))
    return store


def full_store() -> Store:
    """Return a cluster with something to show on every screen, some of it broken."""
    store = populate_aws(populate(Store()))
    store.put(Kind.NODE, replace(node(NODES - 1), unschedulable=True))
    _add_access_facts(store)
    _add_signing_requests(store)
    store.set_fact(Facts.endpoint, Read(GOOD, NOW))
    viewer = Viewer(1, "eve", "eve@laptop", "127.0.0.1", 120, 36, NOW - 60)
    store.set_fact(Facts.viewers, Read(Viewers(16, (viewer,)), NOW))
    return store


def ecs_store() -> Store:
    """Return the account with a cluster of ECS, some of it in trouble."""
    return populate_ecs(full_store())


def ecs_denied_store() -> Store:
    """Return the same, but tasks may not be listed and machines not be described."""
    store = full_store()
    for kind, rows in (
        (Kind.ECS_CLUSTER, clusters()),
        (Kind.ECS_PROVIDER, providers()),
        (Kind.ECS_INSTANCE, instances()),
    ):
        for row in rows:
            store.put(kind, row)
    ecs_links(store)
    for part in (Kind.ECS_TASK.part, Kind.ECS_MACHINE.part):
        reason = clean(f"{part} is denied: an administrator can allow it.")
        store.set_fact(part_key(part), Refused(reason, part, NOW))
    return store


def ecs_empty_store() -> Store:
    """Return the account of a region without ECS."""
    store = full_store()
    ecs_links(store)
    return store


def broken_store() -> Store:
    """Return a cluster whose API server doesn't answer and whose streams are cut."""
    store = full_store()
    refused = "Connection refused by 10.0.0.9:443."
    store.set_fact(
        Facts.readyz, Read(Probe("readyz", NOW - 2, False, None, None, (), reason=refused), NOW)
    )
    store.set_fact(
        Facts.livez, Read(Probe("livez", NOW - 2, False, None, None, (), reason=refused), NOW)
    )
    for name in (*map(str, Kind), "health"):
        if name in store.links:
            link = Link(name, Phase.RETRYING, NOW - 30, refused, heard=NOW - 40, retry_at=NOW + 8)
            store.set_link(link)
    return store


def empty_store() -> Store:
    """Return a cluster that answers and has no nodes."""
    return populate(Store(), nodes=0, pods=0)


def _add_access_facts(store: Store) -> None:
    role = Role("", "node-reader", (PolicyRule(("get", "list", "watch"), ("",), ("nodes",)),))
    binding = Binding("", "readers", "ClusterRole", "node-reader", (Subject("User", "ops"),))
    rights = (
        Right(AccessRequest("list", "nodes"), True),
        Right(AccessRequest("watch", "nodes"), False),
    )
    kubeconfig = KubeconfigFact(
        ("/home/ops/.kube/config",), "prod", "prod", "https://api.example.com", "ops"
    )
    store.set_fact(Facts.kubeconfig, Read(kubeconfig, NOW))
    store.set_fact(Facts.who, Read(WhoFact(NOW, "ops", ("system:authenticated",), status=201), NOW))
    store.set_fact(Facts.rights, Read(RightsFact(NOW, rights), NOW))
    store.set_fact(Facts.rbac, Read(RbacFact(NOW, (role,), (binding,), complete=True), NOW))


def _add_signing_requests(store: Store) -> None:
    store.set_link(Link(SIGNING, Phase.LIVE, NOW))
    user = f"system:node:{node_name(0)}"
    serving = "kubernetes.io/kubelet-serving"
    store.put(Kind.SIGNING, SigningRow("csr-1", "u1", NOW - 60, serving, user, "Pending"))


def requests() -> tuple[ApiCall, ...]:
    """Return calls of several links: fast, slow, refused and failed."""
    return (
        _request(1, "list", "/api/v1/nodes"),
        _request(2, "list", "/api/v1/pods", source="pods", status=403),
        _request(3, "get", "/readyz?verbose=true", source="health", took=0.345),
        _request(4, "watch", "/api/v1/nodes", status=None, took=None),
        _request(5, "get", "/version", status=None, took=4.0, reason="It timed out."),
    )


def _request(number: int, verb: str, target: str, **fields: object) -> ApiCall:
    values = {"source": "nodes", "status": 200, "took": 0.012, "wait": 0.008, "size": 2048}
    return ApiCall(number, NOW - 20 + number, "kubernetes", verb, target, **(values | fields))  # type: ignore[arg-type]


def _command(name: str) -> tuple[str, ...]:
    return ("colon", *("space" if each == " " else each for each in name), "enter")


PRINTED = (
    Clean("NAME           STATUS   ROLES    AGE   VERSION"),
    Clean("ip-10-0-1-17   Ready    <none>   9d    v1.33.1"),
)
FULL, CRASHING = OpenNode(node_name(DISK_PRESSURE)), OpenPod(CRASHING_POD)
CLUSTER = _command("eks")
JA = Language.JA
LONE_MACHINE = OpenContainerInstance(machine_id(LONE))
SCENES = {
    "home": Scene("ip-10-0-", store=healthy_store),
    "home-broken": Scene("Connection refused", store=broken_store),
    "home-empty": Scene("etcd", store=empty_store),
    "home-aws": Scene("VersionUpdate"),
    "home-heat-map": Scene("ng-spot", store=large_store),
    "nodes": Scene("ip-10-0-1-17", ("2",)),
    "node-conditions": Scene("KubeletReady", opens=FULL),
    "node-pods": Scene("7d876db474", ("p",), opens=FULL),
    "node-kubelet": Scene("5m", ("u",), opens=OpenNode(node_name(0))),
    "node-ec2": Scene("m6i.large", ("i",), opens=FULL),
    "node-lifecycle": Scene("ip-10-0-1-56", ("f",), opens=OpenNode(node_name(NOT_READY))),
    "node-details": Scene("Amazon Linux", ("d",), opens=FULL),
    "node-events": Scene("NodeHasDiskPressure", ("e",), opens=FULL),
    "node-yaml": Scene("apiVersion", ("y",), opens=FULL),
    "pods": Scene("7d876db474", ("3",)),
    "pod-containers": Scene("CrashLoopBackOff", opens=CRASHING),
    "pod-details": Scene("Burstable", ("d",), opens=CRASHING),
    "pod-events": Scene("BackOff", ("e",), opens=CRASHING),
    "pod-yaml": Scene("apiVersion", ("y",), opens=CRASHING),
    "namespaces": Scene("payments", ("3", "n")),
    "mapping": Scene("ip-10-0-1-17", ("4",)),
    "nodegroups": Scene("ng-general", _command("nodegroups")),
    "nodegroup": Scene("ng-", (*_command("nodegroups"), "d")),
    "instance-lifecycle": Scene(LOST, opens=OpenInstance(LOST)),
    "instance-ec2": Scene("m6i.large", ("i",), opens=OpenInstance(LOST)),
    "cluster": Scene("ACTIVE", CLUSTER),
    "cluster-addons": Scene("DEGRADED", (*CLUSTER, "a")),
    "cluster-upgrades": Scene("Version skew", (*CLUSTER, "u")),
    "cluster-calls": Scene("4/180", (*CLUSTER, "w")),
    "component": Scene("ping", ("tab", "right", "enter")),
    "access-chain": Scene("RBAC", ("5",)),
    "access-map": Scene("role/other", ("5", "m")),
    "access-who": Scene("readers", ("5", "u")),
    "network-path": Scene("TLSv1.3", ("6",)),
    "network-vpc": Scene("10.0.2.0/24", ("6", "v")),
    "network-groups": Scene("eks-cluster-sg", ("6", "s")),
    "trace": Scene("/readyz", ("9",)),
    "request": Scene("/api/v1/nodes", ("9", "G", "enter")),
    **{
        f"explain-{chapter}": Scene(f"{number}/11 ", _command(f"explain {number}"))
        for number, chapter in enumerate(CHAPTER_IDS, 1)
    },
    **{
        f"explain-{chapter}-ja": Scene(f"{number}/11 ", _command(f"explain {number}"), lang=JA)
        for number, chapter in enumerate(CHAPTER_IDS, 1)
    },
    "explain-measured-ja": Scene("8,120", (*_command("explain 2"), "m"), lang=JA),
    "help-ja": Scene("キー", ("2", "question_mark"), store=empty_store, lang=JA),
    "explain-measured": Scene("8,120 bytes", (*_command("explain 2"), "m")),
    "explain-output": Scene("Printed by kubectl", (*_command("explain 11"), "enter")),
    "explain-down": Scene("Last read", ("f1",), store=broken_store),
    "sessions": Scene("ada@", _command("sessions")),
    "viewers": Scene("127.0.0.1", (*_command("sessions"), "v")),
    "help": Scene("Keys", ("2", "question_mark"), store=empty_store),
    "command-line": Scene("network", ("colon", "n"), store=empty_store),
    "contexts": Scene("staging", _command("ctx"), store=empty_store),
    "clusters": Scene("UPDATING", _command("clusters"), store=empty_store),
    "equivalent-commands": Scene("kubectl", ("K",), opens=FULL),
    "ecs": Scene("i-0ec5", ("7",), store=ecs_store),
    "ecs-denied": Scene("ecs:ListTasks", ("7",), store=ecs_denied_store),
    "ecs-empty": Scene("no ECS cluster", ("7",), store=ecs_empty_store),
    "ecs-clusters": Scene("batch", ("7", "n"), store=ecs_store),
    "ecs-services": Scene("3 services", ("7", "v"), store=ecs_store),
    "ecs-instances": Scene("i-0ec5", ("7", "i"), store=ecs_store),
    "ecs-tasks": Scene("18 tasks", ("7", "p"), store=ecs_store),
    "ecs-instance": Scene("1.89.3", store=ecs_store, opens=OpenContainerInstance(instance_arn(3))),
    "ecs-lone-instance": Scene("ECS_CLUSTER", store=ecs_store, opens=LONE_MACHINE),
    "ecs-task": Scene("OutOfMemoryError", store=ecs_store, opens=OpenTask(FAILED_TASK)),
    "ecs-service": Scene("5 of 6 running", store=ecs_store, opens=OpenService(WEB)),
    "node-shells": Scene("start-session", ("s",), opens=FULL),
}
"""By the name of the picture."""

STEPS = 12
"""Samples of the event rates before a picture is taken."""
STREAMS = (Kind.NODE, Kind.POD, Kind.LEASE, Kind.EVENT)
"""The links that events come from; a new link leaves the pictures as they are."""


_LINE_CLIPS = re.compile(
    r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\n?| clip-path="url\([^)]*-line-\d+\)"', re.DOTALL
)
_CRISP = ' shape-rendering="crispEdges"'


class PicturedApp(TestedApp):
    """The application with pictures of half the bytes that look the same."""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the picture without what Rich repeats for every word."""
        svg = _LINE_CLIPS.sub("", super().export_screenshot(title=title, simplify=simplify))
        svg = svg.replace(_CRISP, "").replace("&#160;", "\N{NO-BREAK SPACE}")
        return svg.replace("</style>", "    rect { shape-rendering: crispEdges }\n    </style>", 1)


def app_of(scene: Scene) -> PicturedApp:
    """Return the application on the scene's store, `STEPS` samples before `NOW`."""
    store = (scene.store or full_store)()
    settings = Settings(animate=False, jump="ops@bastion", ssh_user="ec2-user", lang=scene.lang)
    app = PicturedApp(store, settings=settings, now=NOW - SAMPLE * STEPS)
    app.shells.find_program = lambda name: f"/usr/bin/{name}"
    app.fake.configuration = CONFIGZ
    app.fake.details = {LOST: detail()} | {instance_id(number): detail() for number in range(NODES)}
    app.fake.entries = ENTRIES
    app.fake.request = ANSWERED
    app.fake.checked["nodes"] = CheckOutput(PRINTED, NOW, 0)
    app.fake.measured = ServerTimings(
        NOW, {("LIST", "", "nodes"): Timing(4, 3.0)}, {("list", "", "nodes"): Timing(1, 0.002)}
    )
    return app


async def play(scene: Scene, pilot: Pilot[None]) -> None:
    """Let the clock run to `NOW`, open the scene's screen and wait until it stays the same."""
    app = cast(TestedApp, pilot.app)
    app.pilot = pilot
    await until(pilot, lambda: "start" in app.fake.calls and app.view.store.links)
    for request in requests():
        app.view.store.set_request(request)
    _run_the_clock(app)
    if scene.opens is not None:
        depth = len(app.screen_stack)
        app.post_message(scene.opens)
        await until(pilot, lambda: len(app.screen_stack) > depth)
    await pilot.press(*scene.keys)
    await shows(app, scene.waits_for)
    app._frames.flush()
    await settled(app)


def _run_the_clock(app: TestedApp) -> None:
    """Take a fixed series of samples, whatever was sampled while the application started."""
    store, rates = app.view.store, app.view.rates
    rates.forget()
    for step in range(1, STEPS + 1):
        for number, name in enumerate(STREAMS, 1):
            link = store.links[name]
            if link.phase is Phase.LIVE:
                store.set_link(replace(link, events=link.events + step * number % 11))
        app.now += SAMPLE
        app._frames.flush()
