"""The operations of ECS that read. Pages and limits are those of the Amazon ECS API Reference."""

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.ecs import clusters
from eksview_demo.aws.ecs.definition_documents import definition_document
from eksview_demo.aws.ecs.definitions import DELETED, FAMILIES
from eksview_demo.aws.ecs.deployments import newest
from eksview_demo.aws.ecs.estate import estate_of
from eksview_demo.aws.ecs.instance_documents import instance_document
from eksview_demo.aws.ecs.names import arn, last
from eksview_demo.aws.ecs.service_documents import service_document
from eksview_demo.aws.ecs.services import CLUSTERS, SERVICES
from eksview_demo.aws.ecs.task_documents import task_document
from eksview_demo.aws.ecs.task_life import TaskLife
from eksview_demo.aws.ecs.world import cluster_now
from eksview_demo.aws.wire import Parameters

RowT = TypeVar("RowT")
_MOST = 100  # of a page, and of what one call describes
_FEW = 10  # of a page of services, and of the services that one call describes


def _page(
    ids: Iterable[str], parameters: Parameters, most: int = _MOST
) -> tuple[list[str], dict[str, str]]:
    """Return the ids of a page, of sorted ones. The token is the last id: none is missed."""
    size = int(parameters.get("maxResults") or most)
    if not 1 <= size <= _MOST:
        raise NoSuch("InvalidParameterException", "maxResults must be between 1 and 100.")
    after = parameters.get("nextToken") or ""
    shown = list(islice((each for each in ids if each > after), size + 1))
    return shown[:size], ({"nextToken": shown[size - 1]} if len(shown) > size else {})


def _few(parameters: Parameters, name: str, label: str, most: int = _MOST) -> list[str]:
    """Return the names requested. Raises NoSuch for none, or for too many."""
    names: list[str] = parameters.get(name) or []
    if not names:
        raise NoSuch("InvalidParameterException", f"{label} cannot be empty.")
    if len(names) > most:
        raise NoSuch("InvalidParameterException", f"{label} can have at most {most} items.")
    return names


def _found(names: list[str], present: Mapping[str, RowT]) -> list[RowT]:
    """Return those that exist, by ARN or id, in the order of the request."""
    return [present[last(each)] for each in names if last(each) in present]


def _missing(names: list[str], present: Container[str], *path: str) -> list[dict[str, str]]:
    """Return the failures for names that don't exist, with ARNs of a kind and its cluster."""
    return [
        {"arn": name if ":" in name else arn(*path, name), "reason": "MISSING"}
        for name in names
        if last(name) not in present
    ]


def list_clusters(_: Account, parameters: Parameters) -> Parameters:
    shown, token = _page(CLUSTERS, parameters)
    return {"clusterArns": [arn("cluster", each) for each in shown], **token}


def describe_clusters(account: Account, parameters: Parameters) -> Parameters:
    names = list(map(last, parameters.get("clusters") or ["default"]))
    if len(names) > _MOST:
        raise NoSuch("InvalidParameterException", f"Clusters can have at most {_MOST} items.")
    include = parameters.get("include") or []
    existing = [each for each in names if each in CLUSTERS]
    return {
        "clusters": [
            clusters.cluster_document(cluster_now(account, each), include) for each in existing
        ],
        "failures": _missing(names, CLUSTERS, "cluster"),
    }


def list_services(account: Account, parameters: Parameters) -> Parameters:
    time = cluster_now(account, parameters.get("cluster", ""))
    scheduling, launch = parameters.get("schedulingStrategy"), parameters.get("launchType")
    names = [
        each.name
        for each in time.services.values()
        if scheduling in (None, "DAEMON" if each.daemon else "REPLICA")
        and launch in (None, "" if each.strategy else each.launch)
    ]
    shown, token = _page(sorted(names), parameters, _FEW)
    return {"serviceArns": [time.services[each].arn for each in shown], **token}


def describe_services(account: Account, parameters: Parameters) -> Parameters:
    time = cluster_now(account, parameters.get("cluster", ""))
    names = _few(parameters, "services", "Services", _FEW)
    return {
        "services": [service_document(time, each) for each in _found(names, time.services)],
        "failures": _missing(names, time.services, "service", time.name),
    }


def list_instances(account: Account, parameters: Parameters) -> Parameters:
    time = cluster_now(account, parameters.get("cluster", ""))
    if parameters.get("filter"):
        raise NoSuch("InvalidParameterException", "The demo doesn't know the query language.")
    status = parameters.get("status")
    ids = [each.id for each in time.hosts.values() if status in (None, each.status)]
    shown, token = _page(sorted(ids), parameters)
    return {"containerInstanceArns": [time.hosts[each].arn for each in shown], **token}


def describe_instances(account: Account, parameters: Parameters) -> Parameters:
    time = cluster_now(account, parameters.get("cluster", ""))
    names = _few(parameters, "containerInstances", "Container instances")
    include = parameters.get("include") or []
    return {
        "containerInstances": [
            instance_document(time, each, include) for each in _found(names, time.hosts)
        ],
        "failures": _missing(names, time.hosts, "container-instance", time.name),
    }


def list_tasks(account: Account, parameters: Parameters) -> Parameters:
    """Return the tasks that are to run, or that are to be stopped on request."""
    time = cluster_now(account, parameters.get("cluster", ""))
    tasks: Sequence[TaskLife] = list(time.tasks.values())
    if host := parameters.get("containerInstance"):
        if last(host) not in time.hosts:
            raise NoSuch("InvalidParameterException", "Container instance not found.")
        tasks = time.of_host[last(host)]
    if service := parameters.get("serviceName"):
        if last(service) not in time.services:
            raise NoSuch("ServiceNotFoundException", "Service not found.")
        tasks = time.of_group[f"service:{last(service)}"]
    desired = parameters.get("desiredStatus") or "RUNNING"
    tests: dict[str, Callable[[TaskLife], str]] = {
        "family": lambda task: task.family_name,
        "startedBy": lambda task: task.by,
        "launchType": lambda task: task.launch,
    }
    filters = [(test, parameters[name]) for name, test in tests.items() if parameters.get(name)]
    first = bisect_right(tasks, parameters.get("nextToken") or "", key=lambda task: task.id)
    ids = (
        task.id
        for task in islice(tasks, first, None)
        if task.desired(time.now) == desired and all(test(task) == value for test, value in filters)
    )
    shown, token = _page(ids, parameters)
    return {"taskArns": [time.tasks[each].arn for each in shown], **token}


def describe_tasks(account: Account, parameters: Parameters) -> Parameters:
    time = cluster_now(account, parameters.get("cluster", ""))
    names = _few(parameters, "tasks", "Tasks")
    return {
        "tasks": [task_document(each, time.now) for each in _found(names, time.tasks)],
        "failures": _missing(names, time.tasks, "task", time.name),
    }


def describe_definition(account: Account, parameters: Parameters) -> Parameters:
    """Return a revision of a family, the newest one without a number."""
    name, _, number = last(parameters["taskDefinition"]).partition(":")
    if name not in FAMILIES or name == DELETED:
        raise _undescribed()
    estate = estate_of(account)
    family = FAMILIES[name]
    rolled = [newest(estate, each, account.now) for each in SERVICES if each.name == name]
    latest = family.revision + max(rolled, default=0)
    revision = int(number) if number.isdigit() else latest
    if number and not 1 <= revision <= latest:
        raise _undescribed()
    return {"taskDefinition": definition_document(family, revision, estate.began), "tags": []}


def _undescribed() -> NoSuch:
    return NoSuch("ClientException", "Unable to describe task definition.")


def describe_providers(_: Account, parameters: Parameters) -> Parameters:
    """Return the capacity providers requested, or all by pages."""
    names = list(map(last, parameters.get("capacityProviders") or clusters.PROVIDERS))
    existing = [each for each in names if each in clusters.PROVIDERS]
    shown, token = _page(sorted(existing), parameters, _FEW)
    return {
        "capacityProviders": [clusters.provider_document(each) for each in shown],
        "failures": _missing(names, clusters.PROVIDERS, "capacity-provider"),
        **token,
    }


OPERATIONS = {
    "ListClusters": list_clusters,
    "DescribeClusters": describe_clusters,
    "ListServices": list_services,
    "DescribeServices": describe_services,
    "ListContainerInstances": list_instances,
    "DescribeContainerInstances": describe_instances,
    "ListTasks": list_tasks,
    "DescribeTasks": describe_tasks,
    "DescribeTaskDefinition": describe_definition,
    "DescribeCapacityProviders": describe_providers,
}
