"""Workloads in the store of a tested application, as the tables of an API server have them."""

from typing import Any

from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey, TableColumn, TableColumns
from eksview.domain.rows.kube import EventRow, Kind
from eksview.domain.rows.link import Link, Phase
from tests.ui.harness import NOW, TestedApp

DEPLOYMENTS = ApiResource(
    "apps", "v1", "deployments", "Deployment", "deployment", ("deploy",), True, ("list", "watch")
)
REPLICA_SETS = ApiResource("apps", "v1", "replicasets", "ReplicaSet", "replicaset", ("rs",), True)
NAMESPACES = ApiResource("", "v1", "namespaces", "Namespace", "namespace", ("ns",), False)
SERVICES = ApiResource("", "v1", "services", "Service", "service", ("svc",), True)
JOBS = ApiResource("batch", "v1", "jobs", "Job", "job", (), True)
WIDGETS = ApiResource("example.com", "v1", "widgets", "Widget", "widget", (), True)
EVENTS = ApiResource("", "v1", "events", "Event", "event", ("ev",), True)
PODS = ApiResource("", "v1", "pods", "Pod", "pod", ("po",), True)
ALL = ApiResources((PODS, NAMESPACES, DEPLOYMENTS, REPLICA_SETS, SERVICES, JOBS, WIDGETS, EVENTS))


def columns(*names: str) -> TableColumns:
    """Columns by name; `!` after one makes it wide, `#` a number."""
    return TableColumns(tuple(map(_column, names)))


def _column(name: str) -> TableColumn:
    wide, number = name.endswith("!"), name.endswith("#")
    kind = "integer" if number else "string"
    return TableColumn(Clean(name.rstrip("!#")), Clean(kind), priority=int(wide))


OF_DEPLOYMENTS = columns(
    "Name", "Ready", "Up-to-date", "Available", "Age", "Containers!", "Images!", "Selector!"
)
OF_REPLICA_SETS = columns("Name", "Desired#", "Current#", "Ready#", "Age")
OF_JOBS = columns("Name", "Status", "Completions", "Duration", "Age")
OF_WIDGETS = columns("Name", "Phase", "Size#", "Age")
OF_EVENTS = columns("Name!", "Last Seen", "Type", "Reason", "Object", "Message")
OF_NAMESPACES = columns("Name", "Status", "Age")
OF_SERVICES = columns("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age")


def row(
    of: TableColumns, namespace: str, *cells: str, owners: tuple[ObjectRef, ...] = ()
) -> ObjectRow:
    """An object that was created a day ago, by its cells, of which the first is the name."""
    return ObjectRow(
        uid=Clean(f"{namespace}/{cells[0]}"),
        namespace=Clean(namespace),
        name=Clean(cells[0]),
        created=NOW - 86_400,
        deleted=None,
        labels=Clean(f"app={cells[0]}"),
        owners=owners,
        cells=tuple(map(Clean, cells)),
        columns=of,
    )


def show(app: TestedApp, resource: ApiResource, *rows: ObjectRow, **link: Any) -> None:
    """Put rows into the table of a resource, and its link."""
    key = ObjectTableKey(resource.qualified)
    for each in rows:
        app.view.store.put(key, each)
    state = Link(key.link, link.pop("phase", Phase.LIVE), NOW, heard=NOW, **link)
    app.view.store.set_link(state)


WEB_ROW = row(OF_DEPLOYMENTS, "shop", "web", "2/2", "2", "2", "", "web", "web:1", "app=web")


def show_deployments(app: TestedApp) -> None:
    """Three deployments in two namespaces, of which one isn't ready."""
    show(
        app,
        DEPLOYMENTS,
        WEB_ROW,
        row(OF_DEPLOYMENTS, "shop", "cart", "0/3", "3", "0", "", "cart", "cart:1", "app=cart"),
        row(OF_DEPLOYMENTS, "pay", "ledger", "1/1", "1", "1", "", "l", "l:1", "app=ledger"),
    )


def refuse(app: TestedApp, about: str, message: str) -> None:
    """Report that an object, named `Kind/namespace/name`, couldn't create its pods."""
    texts = map(clean, (about, "shop", "refused", about, "Warning", "FailedCreate", message))
    source = Clean("replicaset-controller")
    app.view.store.put(Kind.EVENT, EventRow(*texts, source, 9, NOW - 600, NOW - 20))


WEB = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop", "shop/web")
WEB_BODY: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop", "uid": "shop/web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"type": "Recreate"},
        "template": {"spec": {"containers": [{"name": "web", "image": "web:1"}]}},
    },
    "status": {"replicas": 2, "availableReplicas": 2},
}
