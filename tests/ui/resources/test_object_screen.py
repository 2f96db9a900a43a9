"""The screen of any object, by keyboard."""

import re

from msgspec.structs import replace

from eksview.domain.base.text import Clean
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import Kind
from eksview.ui.base.messages import OpenObject, OpenPod
from eksview.ui.pods.pod_screen import PodScreen
from eksview.ui.resources.object_screen import ResourceObjectScreen
from tests.ui.harness import TestedApp
from tests.ui.resources.cluster import (
    ALL,
    OF_REPLICA_SETS,
    REPLICA_SETS,
    SERVICES,
    WEB,
    WEB_BODY,
    columns,
    refuse,
    row,
    show,
    show_deployments,
)
from tests.ui.shell.test_app import running, shows, until

REPLICA_SET = ObjectRef(
    "apps/v1", "ReplicaSet", "replicasets", "web-7d876db474", "shop", "shop/web-7d876db474"
)


WIDGET = ObjectRef("example.com/v1", "Widget", "widgets", "huge", "shop", "shop/huge")


def prepared(app: TestedApp) -> None:
    """A deployment with its replica set; the harness has its pods."""
    app.fake.discovered = ALL
    app.fake.bodies[WEB] = WEB_BODY
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "shop/web"}
    app.fake.bodies[REPLICA_SET] = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": "web-7d876db474",
            "namespace": "shop",
            "uid": "shop/web-7d876db474",
            "ownerReferences": [{**owner, "controller": True}],
        },
        "spec": {"replicas": 2, "selector": {}, "template": {}},
    }
    show_deployments(app)
    show(
        app,
        REPLICA_SETS,
        row(OF_REPLICA_SETS, "shop", "web-7d876db474", "14", "14", "13", "", owners=(WEB,)),
    )


async def test_enter_describes_an_object_as_kubectl_does():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        await press("colon", *"deploy", "space", *"shop", "enter", "G", "enter")
        await shows(app, "Deployments › web › Describe", "StrategyType:")
        assert "Replicas:           2 desired | 0 updated | 2 total" in app.text()
        assert "NewReplicaSet" in app.text() or app.size.height < 60


async def test_of_a_huge_object_the_first_lines_are_described_and_the_rest_is_counted():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        sizes = {f"size{number}": number for number in range(9_000)}
        app.fake.bodies[WIDGET] = {
            "apiVersion": "example.com/v1",
            "kind": "Widget",
            "metadata": {"name": "huge", "namespace": "shop", "uid": "shop/huge"},
            "spec": {"blob": "x" * 700_000, **sizes},
        }
        app.post_message(OpenObject(WIDGET))
        await shows(app, "huge › Describe", "API Version:")
        await press("G")
        await shows(app, "... 4,011 more lines. The YAML has all of them.")


API = ObjectRef("v1", "Service", "services", "api", "shop", "shop/api")
SLICES = ObjectRef("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", "", "shop")


def with_service(app: TestedApp) -> None:
    """A service with one port."""
    app.fake.discovered = ALL
    app.fake.bodies[API] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "api", "namespace": "shop", "uid": "shop/api"},
        "spec": {"ports": [{"name": "http", "port": 80, "protocol": "TCP"}]},
    }
    show(app, SERVICES, row(columns("Name", "Type"), "shop", "api", "ClusterIP"))


async def test_a_service_has_its_endpoints():
    app = TestedApp()
    async with running(app) as press:
        with_service(app)
        labels = {"kubernetes.io/service-name": "api"}
        app.fake.bodies[SLICES] = {
            "items": [
                {
                    "metadata": {"labels": labels},
                    "ports": [{"name": "http", "port": 8080}],
                    "endpoints": [
                        {"addresses": ["10.0.0.1"]},
                        {"addresses": ["10.0.0.2"], "conditions": {"ready": False}},
                        {"addresses": ["fd00::1"], "conditions": {"ready": True}},
                    ],
                }
            ]
        }
        await press("colon", *"svc", "enter", "enter")
        await shows(app, "Endpoints:         10.0.0.1:8080,[fd00::1]:8080")


async def test_endpoints_that_may_not_be_listed_are_unknown_and_say_why():
    app = TestedApp()
    async with running(app) as press:
        with_service(app)
        app.fake.unreachable["endpointslices"] = "You may not list endpointslices."
        await press("colon", *"svc", "enter", "enter")
        await shows(app, "Endpoints:         unknown because the endpointslices weren't read")
        await shows(app, "You may not list endpointslices.")


async def test_the_pods_of_another_owner_of_the_same_kind_and_name_are_not_its_own():
    """An owner reference has the UID: the kind may be of another group, the object be older."""
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        foreign = replace(
            app.view.store.pods["pod-0"],
            uid=Clean("foreign"),
            name=Clean("foreign"),
            owner_api=Clean("apps.example.com/v1"),
            owner_uid=Clean("another"),
        )
        app.view.store.put(Kind.POD, foreign)
        app.post_message(OpenObject(REPLICA_SET))
        await shows(app, "Pods Status:")
        await press("p")
        await shows(app, "p Pods 14", "web-7d876db474-00000")
        assert "foreign" not in app.text()
        await press("o")
        await shows(app, "ReplicaSet/web-7d876db474", "Pod/web-7d876db474-00000")
        assert "foreign" not in app.text()


async def test_its_pods_are_those_of_its_children():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.post_message(OpenObject(WEB))
        await shows(app, "StrategyType:")
        await press("p")
        await shows(app, "p Pods 14", "web-7d876db474-00000")
        await press("enter")
        await until(app.pilot, lambda: isinstance(app.screen, PodScreen))


async def test_actions_and_files_take_the_marked_pods_of_an_object():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.post_message(OpenObject(WEB, "pods"))
        await shows(app, "p Pods 14")
        await press("space", "space")
        await shows(app, "2 marked")
        screen = app.screen
        assert isinstance(screen, ResourceObjectScreen)
        names = [ref.name for ref in screen.targets()]
        assert len(set(names)) == 2
        assert screen.copied() == "\n".join(names)
        contents = screen.table_contents()
        assert contents is not None
        assert [row.name for row in contents.rows] == names
        await press("d")
        assert [ref.name for ref in screen.targets()] == ["web"], "marks are of their tab"


async def test_the_usage_of_its_pods_is_read_while_they_are_shown():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.post_message(OpenObject(WEB, "pods"))
        await shows(app, "p Pods 14")
        await until(app.pilot, lambda: "show_usage 'shop' None" in app.fake.calls)
        await press("d")
        await until(app.pilot, lambda: "show_usage None 'shop'" in app.fake.calls)


async def test_the_tree_has_the_owners_above_and_the_children_below():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.post_message(OpenObject(REPLICA_SET))
        await shows(app, "Pods Status:")
        await press("o")
        await shows(
            app, "  Deployment/web", "╰─ ReplicaSet/web-7d876db474", "╰─ Pod/web-7d876db474-"
        )
        assert "desired 14  current 14  ready 13" in app.text(), "the figure that is trouble"
        lines = [line for line in app.lines() if "/web" in line]
        names = [line.split("/")[0].split()[-1] for line in lines if "›" not in line]
        assert names[names.index("Deployment") + 1] == "ReplicaSet"
        await press("g", "enter")
        await shows(app, "StrategyType:")
        screen = app.screen
        assert isinstance(screen, ResourceObjectScreen)
        assert screen.crumb == "web"


async def test_no_name_of_the_tree_is_cut_for_a_long_status_at_64_columns():
    app = TestedApp()
    async with running(app, (64, 24)) as press:
        prepared(app)
        app.post_message(OpenObject(WEB))
        await shows(app, "p Pods 14")
        await press("o")
        await shows(app, "╰─ Pod/web-7d876db474-")
        objects = [re.search(r"[A-Z]\w+/\S+", line) for line in app.lines() if "/web-7d" in line]
        assert objects
        assert not any(each is None or each[0].endswith("…") for each in objects)


async def test_pods_that_are_not_created_are_explained_first():
    quota = (
        'pods "web-7d876db474-x2k7p" is forbidden: exceeded quota: compute, '
        "requested: pods=1, used: pods=3, limited: pods=3"
    )
    failed = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.fake.bodies[WEB] = {
            **WEB_BODY,
            "status": {"conditions": [{**failed, "message": quota}]},
        }
        app.post_message(OpenObject(WEB))
        await shows(
            app,
            "Why its pods aren't created",
            "quota compute exceeded",
            "pods: requested 1, used 3, limited 3",
            "reported by Deployment/web",
        )
        refuse(app, "ReplicaSet/shop/web-7d876db474", f"Error creating: {quota}")
        await press("o")
        await shows(app, "quota compute exceeded  desired 14")


async def test_the_watches_of_an_object_end_with_its_screen():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        app.post_message(OpenObject(WEB))
        await shows(app, "StrategyType:")
        started = [call for call in app.fake.calls if call.startswith("follow ")]
        assert started == ["follow deployments.apps", "follow replicasets.apps"]
        await press("escape")
        left = [call.replace("follow", "leave") for call in started]
        await until(
            app.pilot, lambda: [c for c in app.fake.calls if c.startswith("leave ")] == left
        )


async def test_a_missing_object_says_so():
    app = TestedApp()
    async with running(app):
        app.fake.discovered = ALL
        app.post_message(OpenObject(WEB))
        await shows(app, "Deployment web was not found; it may have been deleted.")


async def test_the_owner_of_a_pod_opens_up_to_the_deployment():
    app = TestedApp()
    async with running(app) as press:
        prepared(app)
        await press("3")
        await shows(app, "40 pods")
        await press("slash", *"shop", "space", *"web", "enter", "J")
        await shows(app, "web-7d876db474 › Describe", "Controlled By:", "Deployment/web")
        await press("J")
        await shows(app, "web › Describe", "StrategyType:")
        await press("J")
        await shows(app, "Nothing is known to own the object under the cursor.")


async def test_the_owner_of_a_pod_is_of_the_group_that_the_pod_names():
    """Volcano's Job isn't that of batch/v1, and its own owner has no namespace."""
    train = ObjectRef("batch.volcano.sh/v1alpha1", "Job", "jobs", "train", "shop", "job")
    queue = ObjectRef("scheduling.volcano.sh/v1beta1", "Queue", "queues", "gpu", "", "queue")
    jobs = ApiResource("batch", "v1", "jobs", "Job", "job")
    volcano = ApiResource("batch.volcano.sh", "v1alpha1", "jobs", "Job", "job")
    queues = ApiResource("scheduling.volcano.sh", "v1beta1", "queues", "Queue", namespaced=False)
    app = TestedApp()
    async with running(app) as press:
        app.fake.discovered = ApiResources((jobs, volcano, queues))
        owner = {"apiVersion": queue.api, "kind": "Queue", "name": "gpu", "uid": "queue"}
        meta = {"name": "train", "namespace": "shop", "uid": "job", "ownerReferences": [owner]}
        app.fake.bodies[train] = {"apiVersion": train.api, "kind": "Job", "metadata": meta}
        app.fake.bodies[queue] = {"apiVersion": queue.api, "kind": "Queue",
                                  "metadata": {"name": "gpu", "uid": "queue"}}  # fmt: skip
        pod = replace(
            app.view.store.pods["pod-0"],
            owner=Clean("Job/train"),
            owner_api=Clean(train.api),
            owner_uid=Clean("job"),
        )
        app.view.store.put(Kind.POD, pod)
        app.post_message(OpenPod("pod-0"))
        await until(app.pilot, lambda: isinstance(app.screen, PodScreen))
        await press("J")
        await shows(app, "shop/train", "Job.batch.volcano.sh", "train › Describe")
        await until(app.pilot, lambda: app.screen.subject() is not None)
        opened = app.screen.subject()
        assert isinstance(opened, OpenObject)
        assert opened.ref(app.view.store) == train
        await press("J")
        await shows(app, "gpu › Describe")
        opened = app.screen.subject()
        assert isinstance(opened, OpenObject)
        assert opened.ref(app.view.store) == queue
