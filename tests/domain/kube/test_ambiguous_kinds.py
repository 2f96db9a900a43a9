"""Kinds and plurals that several groups have, and references that name a kind alone."""

import pytest

from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.domain.kube.object_ref import ObjectRef

NODES = ApiResource("", "v1", "nodes", "Node", "node", namespaced=False)
SERVICES = ApiResource("", "v1", "services", "Service", "service")
JOBS = ApiResource("batch", "v1", "jobs", "Job", "job")
METRICS = ApiResource("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", namespaced=False)
KNATIVE = ApiResource("serving.knative.dev", "v1", "services", "Service", "service")
VOLCANO = ApiResource("batch.volcano.sh", "v1alpha1", "jobs", "Job", "job")
LONGHORN = ApiResource("longhorn.io", "v1beta2", "nodes", "Node", "node")
CRONS = ApiResource("batch", "v1", "cronjobs", "CronJob", "cronjob")
POOLS = ApiResource("karpenter.sh", "v1", "nodepools", "NodePool", "nodepool", namespaced=False)
ALL = ApiResources((NODES, SERVICES, JOBS, CRONS, METRICS, KNATIVE, VOLCANO, LONGHORN, POOLS))


@pytest.mark.parametrize(
    ("resource", "name", "kind"),
    [
        (NODES, "nodes", "Node"),
        (METRICS, "nodes.metrics.k8s.io", "NodeMetrics"),
        (SERVICES, "services", "Service"),
        (KNATIVE, "services.serving.knative.dev", "Service.serving.knative.dev"),
        (VOLCANO, "jobs.batch.volcano.sh", "Job.batch.volcano.sh"),
        (POOLS, "nodepools", "NodePool"),
    ],
)
def test_a_name_has_its_group_where_it_alone_means_another(
    resource: ApiResource, name: str, kind: str
) -> None:
    assert (ALL.name_of(resource), ALL.kind_of(resource)) == (name, kind)
    assert ALL.find(name) == resource
    assert ALL.find(kind) == resource


@pytest.mark.parametrize(
    ("api", "kind", "plural", "namespace", "served"),
    [
        ("batch/v1", "Job", "jobs", "shop", "batch/v1"),
        ("batch.volcano.sh/v1alpha1", "Job", "jobs", "shop", "batch.volcano.sh/v1alpha1"),
        ("v1", "Node", "nodes", "", "v1"),
        ("longhorn.io/v1beta2", "Node", "nodes", "shop", "longhorn.io/v1beta2"),
        ("karpenter.sh/v1", "NodePool", "nodepools", "", "karpenter.sh/v1"),
        ("batch/v1beta1", "CronJob", "cronjobs", "shop", "batch/v1"),  # removed in 1.25
        ("other.io/v1", "Job", "", "shop", "other.io/v1"),
    ],
)
def test_an_owner_is_the_resource_of_its_own_group(
    api: str, kind: str, plural: str, namespace: str, served: str
) -> None:
    completed = ALL.completed(ObjectRef(api, kind, "", "x", "shop", "uid"))
    assert completed == ObjectRef(served, kind, plural, "x", namespace, "uid")
