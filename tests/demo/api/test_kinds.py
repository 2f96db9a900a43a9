"""kubectl prints every kind of the demo, with the columns that its own printers name."""

from pathlib import Path

import pytest

from eksview_demo.storage.resources import ALL
from tests.demo.conftest import Client
from tests.demo.kubectl import NEEDS_KUBECTL, Kubectl

# k8s.io/kubernetes/pkg/printers/internalversion/printers.go; after | those of -o wide.
COLUMNS = {
    "deployments": "NAME READY UP-TO-DATE AVAILABLE AGE | CONTAINERS IMAGES SELECTOR",
    "replicasets": "NAME DESIRED CURRENT READY AGE | CONTAINERS IMAGES SELECTOR",
    "statefulsets": "NAME READY AGE | CONTAINERS IMAGES",
    "daemonsets": "NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE-SELECTOR AGE"
    " | CONTAINERS IMAGES SELECTOR",
    "jobs": "NAME STATUS COMPLETIONS DURATION AGE | CONTAINERS IMAGES SELECTOR",
    "cronjobs": "NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST-SCHEDULE AGE"
    " | CONTAINERS IMAGES SELECTOR",
    "services": "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE | SELECTOR",
    "endpointslices": "NAME ADDRESSTYPE PORTS ENDPOINTS AGE",
    "ingresses": "NAME CLASS HOSTS ADDRESS PORTS AGE",
    "ingressclasses": "NAME CONTROLLER PARAMETERS AGE",
    "networkpolicies": "NAME POD-SELECTOR AGE",
    "persistentvolumeclaims": "NAME STATUS VOLUME CAPACITY ACCESS-MODES STORAGECLASS"
    " VOLUMEATTRIBUTESCLASS AGE | VOLUMEMODE",
    "persistentvolumes": "NAME CAPACITY ACCESS-MODES RECLAIM-POLICY STATUS CLAIM STORAGECLASS"
    " VOLUMEATTRIBUTESCLASS REASON AGE | VOLUMEMODE",
    "storageclasses": "NAME PROVISIONER RECLAIMPOLICY VOLUMEBINDINGMODE ALLOWVOLUMEEXPANSION AGE",
    "secrets": "NAME TYPE DATA AGE",
    "serviceaccounts": "NAME SECRETS AGE",
    "poddisruptionbudgets": "NAME MIN-AVAILABLE MAX-UNAVAILABLE ALLOWED-DISRUPTIONS AGE",
    "horizontalpodautoscalers": "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE",
    "priorityclasses": "NAME VALUE GLOBAL-DEFAULT AGE PREEMPTIONPOLICY",
    "resourcequotas": "NAME REQUEST LIMIT AGE",
    "limitranges": "NAME CREATED-AT",
    "customresourcedefinitions": "NAME CREATED-AT",
    "apiservices": "NAME SERVICE AVAILABLE AGE",
    # The printer columns of Karpenter's, Argo CD's and Flux's definitions.
    "nodeclaims": "NAME TYPE CAPACITY ZONE NODE READY AGE | IMAGEID ID NODEPOOL NODECLASS",
    "nodepools": "NAME NODECLASS NODES READY AGE | WEIGHT CPU MEMORY",
    "applications": "NAME SYNC-STATUS HEALTH-STATUS | REVISION PROJECT",
    "kustomizations": "NAME AGE READY STATUS",
    "nodes": "NAME STATUS ROLES AGE VERSION"
    " | INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME",
    "pods": "NAME READY STATUS RESTARTS AGE | IP NODE NOMINATED-NODE READINESS-GATES",
    "namespaces": "NAME STATUS AGE",
    "leases": "NAME HOLDER AGE",
    "configmaps": "NAME DATA AGE",
    "roles": "NAME CREATED-AT",
    "rolebindings": "NAME ROLE AGE | USERS GROUPS SERVICEACCOUNTS",
    "clusterroles": "NAME CREATED-AT",
    "clusterrolebindings": "NAME ROLE AGE | USERS GROUPS SERVICEACCOUNTS",
}
# Not in this order: a column of -o wide comes between the others.
_TWO_WORDS = ("NODE SELECTOR", "LAST SCHEDULE", "NOMINATED NODE", "READINESS GATES", "CREATED AT",
              "LAST SEEN", "FIRST SEEN", "ACCESS MODES", "RECLAIM POLICY", "MIN AVAILABLE",
              "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "SYNC STATUS", "HEALTH STATUS")  # fmt: skip
EVENTS = "LAST-SEEN TYPE REASON OBJECT SUBOBJECT SOURCE MESSAGE FIRST-SEEN COUNT NAME"


@pytest.fixture
def kubectl(kubeconfig: Path) -> Kubectl:
    return Kubectl(kubeconfig)


def header(printed: str) -> list[str]:
    """The columns of a table, those of two words joined."""
    line = printed.splitlines()[0]
    for words in _TWO_WORDS:
        line = line.replace(words, words.replace(" ", "-"))
    return line.split()


@NEEDS_KUBECTL
@pytest.mark.parametrize("name", sorted(COLUMNS))
async def test_the_columns_of_a_kind_are_kubectls(kubectl: Kubectl, name: str) -> None:
    default, _, wide = COLUMNS[name].partition(" | ")
    namespaced = next(each.namespaced for each in ALL if each.name == name)
    scope = ("-A",) if namespaced else ()
    above = ["NAMESPACE"] if namespaced else []
    printed = await kubectl("get", name, *scope)
    assert header(printed) == above + default.split()
    assert len(printed.splitlines()) > 1
    printed = await kubectl("get", name, *scope, "-o", "wide")
    assert header(printed) == above + default.split() + wide.split()


@NEEDS_KUBECTL
async def test_the_columns_of_events_are_kubectls(kubectl: Kubectl) -> None:
    printed = await kubectl("get", "events", "-A", "-o", "wide")
    assert header(printed) == ["NAMESPACE", *EVENTS.split()]


@NEEDS_KUBECTL
async def test_get_all_prints_the_workloads(kubectl: Kubectl) -> None:
    printed = (await kubectl("get", "all", "-A", "-o", "name")).split()
    groups = {name.partition("/")[0] for name in printed}
    assert {"pod", "deployment.apps", "replicaset.apps", "daemonset.apps", "statefulset.apps",
            "job.batch", "cronjob.batch", "service", "horizontalpodautoscaler.autoscaling",
            } <= groups  # fmt: skip


@NEEDS_KUBECTL
@pytest.mark.parametrize(
    ("what", "says"),
    [
        (("deployment", "web", "-n", "shop"), "NewReplicaSet:   web-7d876db474"),
        (("cronjob", "nightly-report", "-n", "batch"), "Schedule:                      0 2 * * *"),
        (("daemonset", "kube-proxy", "-n", "kube-system"), "Desired Number of Nodes Scheduled: 6"),
        (
            ("replicaset", "coredns-7bf648ff5d", "-n", "kube-system"),
            "Controlled By:  Deployment/coredns",
        ),
    ],
)
async def test_describe_reads_what_belongs_together(
    kubectl: Kubectl, what: tuple[str, ...], says: str
) -> None:
    assert says in await kubectl("describe", *what)


async def test_every_kind_has_a_table(client: Client) -> None:
    accept = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
    for resource in ALL:
        root = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
        table = await client.get(f"{root}/{resource.name}", headers=accept)
        assert table["kind"] == "Table", resource.name
        width = len(table["columnDefinitions"])
        assert all(len(row["cells"]) == width for row in table["rows"]), resource.name
