"""ECS's answers -> rows (Amazon ECS API Reference)."""

import re
from collections.abc import Iterable, Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import seconds, shared, text, texts
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.ecs import (
    CapacityProviderRow,
    ContainerSpec,
    EcsAmounts,
    EcsClusterRow,
    EcsContainer,
    EcsDeployment,
    EcsEvent,
    EcsInstanceRow,
    EcsServiceRow,
    EcsTaskRow,
    TaskDefinitionRow,
    cluster_name,
)

EXEC_AGENT = "ExecuteCommandAgent"
GROUP_NAME = "autoScalingGroupName/"  # in the ARN of a group, before its name
LOG_OPTION = re.compile(r"awslogs-.*|.*-(?:url|address)|Name|region|log_group_name")
"""The log options that are kept: others may hold tokens, such as `splunk-token`."""


def cluster(item: Answer) -> EcsClusterRow:
    logging = (item.get("configuration") or {}).get("executeCommandConfiguration") or {}
    settings = {each.get("name"): each.get("value") for each in item.get("settings") or ()}
    return EcsClusterRow(
        arn=text(item.get("clusterArn")),
        name=text(item.get("clusterName")),
        status=shared(item.get("status")),
        instances=int(item.get("registeredContainerInstancesCount") or 0),
        running=int(item.get("runningTasksCount") or 0),
        pending=int(item.get("pendingTasksCount") or 0),
        services=int(item.get("activeServicesCount") or 0),
        providers=texts(item.get("capacityProviders")),
        strategy=_strategy(item.get("defaultCapacityProviderStrategy")),
        insights=shared(settings.get("containerInsights")),
        exec_logging=shared(logging.get("logging")),
    )


def provider(item: Answer) -> CapacityProviderRow:
    group = item.get("autoScalingGroupProvider") or {}
    scaling = group.get("managedScaling") or {}
    return CapacityProviderRow(
        name=text(item.get("name")),
        status=shared(item.get("status")),
        group=text(str(group.get("autoScalingGroupArn") or "").partition(GROUP_NAME)[2]),
        scaling=shared(scaling.get("status")),
        target=_number(scaling.get("targetCapacity")),
        protection=shared(group.get("managedTerminationProtection")),
        draining=shared(group.get("managedDraining")),
        update=shared(item.get("updateStatus")),
    )


def service(item: Answer) -> EcsServiceRow:
    return EcsServiceRow(
        arn=text(item.get("serviceArn")),
        cluster=_cluster_of(item),
        name=text(item.get("serviceName")),
        status=shared(item.get("status")),
        scheduling=shared(item.get("schedulingStrategy")),
        launch_type=shared(item.get("launchType")),
        strategy=_strategy(item.get("capacityProviderStrategy")),
        definition=shared(item.get("taskDefinition")),
        desired=int(item.get("desiredCount") or 0),
        running=int(item.get("runningCount") or 0),
        pending=int(item.get("pendingCount") or 0),
        deployments=tuple(map(_deployment, item.get("deployments") or ())),
        events=tuple(map(_event, item.get("events") or ())),
        created=seconds(item.get("createdAt")),
        exec_enabled=bool(item.get("enableExecuteCommand")),
    )


def _deployment(item: Answer) -> EcsDeployment:
    return EcsDeployment(
        id=text(item.get("id")),
        status=shared(item.get("status")),
        rollout=shared(item.get("rolloutState")),
        reason=text(item.get("rolloutStateReason")),
        definition=shared(item.get("taskDefinition")),
        desired=int(item.get("desiredCount") or 0),
        running=int(item.get("runningCount") or 0),
        pending=int(item.get("pendingCount") or 0),
        failed=int(item.get("failedTasks") or 0),
        created=seconds(item.get("createdAt")),
        updated=seconds(item.get("updatedAt")),
    )


def _event(item: Answer) -> EcsEvent:
    return EcsEvent(at=seconds(item.get("createdAt")), message=text(item.get("message")))


def instance(item: Answer, cluster: Clean) -> EcsInstanceRow:
    """Return a container instance of a cluster, which the answer itself doesn't name."""
    versions = item.get("versionInfo") or {}
    attributes = item.get("attributes") or ()
    pairs = ((shared(each.get("name")), shared(each.get("value"))) for each in attributes)
    return EcsInstanceRow(
        arn=text(item.get("containerInstanceArn")),
        cluster=cluster,
        instance=text(item.get("ec2InstanceId")),
        status=shared(item.get("status")),
        reason=text(item.get("statusReason")),
        connected=bool(item.get("agentConnected")),
        agent=shared(versions.get("agentVersion")),
        docker=shared(versions.get("dockerVersion")),
        update=shared(item.get("agentUpdateStatus")),
        registered=_amounts(item.get("registeredResources")),
        remaining=_amounts(item.get("remainingResources")),
        running=int(item.get("runningTasksCount") or 0),
        pending=int(item.get("pendingTasksCount") or 0),
        provider=shared(item.get("capacityProviderName")),
        since=seconds(item.get("registeredAt")),
        attributes=tuple(sorted(pairs)),
        health=shared((item.get("healthStatus") or {}).get("overallStatus")),
    )


def _amounts(items: Iterable[Answer] | None) -> EcsAmounts:
    named = {str(item.get("name")): item for item in items or ()}
    ports = (named.get("PORTS") or {}).get("stringSetValue") or ()
    udp = (named.get("PORTS_UDP") or {}).get("stringSetValue") or ()
    gpu = named.get("GPU") or {}
    return EcsAmounts(
        cpu=_number((named.get("CPU") or {}).get("integerValue")),
        memory=_number((named.get("MEMORY") or {}).get("integerValue")),
        # A set of the GPUs' ids, or a number of them.
        gpus=len(gpu.get("stringSetValue") or ()) or int(gpu.get("integerValue") or 0),
        ports=len(ports) + len(udp),
    )


def task(item: Answer) -> EcsTaskRow:
    return EcsTaskRow(
        arn=text(item.get("taskArn")),
        cluster=_cluster_of(item),
        group=shared(item.get("group")),
        definition=shared(item.get("taskDefinitionArn")),
        status=shared(item.get("lastStatus")),
        desired=shared(item.get("desiredStatus")),
        health=shared(item.get("healthStatus")),
        launch_type=shared(item.get("launchType")),
        provider=shared(item.get("capacityProviderName")),
        on=shared(item.get("containerInstanceArn")),
        zone=shared(item.get("availabilityZone")),
        cpu=shared(item.get("cpu")),
        memory=shared(item.get("memory")),
        created=seconds(item.get("createdAt")),
        started=seconds(item.get("startedAt")),
        stopped=seconds(item.get("stoppedAt")),
        stop_code=shared(item.get("stopCode")),
        reason=text(item.get("stoppedReason")),
        containers=tuple(map(_container, item.get("containers") or ())),
        address=_address(item),
        platform=shared(item.get("platformVersion")),
        started_by=shared(item.get("startedBy")),
        exec_enabled=bool(item.get("enableExecuteCommand")),
    )


def _container(item: Answer) -> EcsContainer:
    agents = item.get("managedAgents") or ()
    states = (each.get("lastStatus") for each in agents if each.get("name") == EXEC_AGENT)
    return EcsContainer(
        name=shared(item.get("name")),
        image=shared(item.get("image")),
        status=shared(item.get("lastStatus")),
        exit_code=_number(item.get("exitCode")),
        reason=text(item.get("reason")),
        health=shared(item.get("healthStatus")),
        runtime_id=text(item.get("runtimeId")),
        exec_agent=shared(next(states, None)),
    )


def _address(item: Answer) -> Clean:
    """Return the private IPv4 address of a task with a network interface of its own."""
    for attachment in item.get("attachments") or ():
        for detail in attachment.get("details") or ():
            if detail.get("name") == "privateIPv4Address":
                return text(detail.get("value"))
    return EMPTY


def definition(item: Answer) -> TaskDefinitionRow:
    return TaskDefinitionRow(
        arn=text(item.get("taskDefinitionArn")),
        family=text(item.get("family")),
        revision=int(item.get("revision") or 0),
        status=shared(item.get("status")),
        network=shared(item.get("networkMode")),
        cpu=shared(item.get("cpu")),
        memory=shared(item.get("memory")),
        task_role=shared(item.get("taskRoleArn")),
        execution_role=shared(item.get("executionRoleArn")),
        containers=tuple(map(_spec, item.get("containerDefinitions") or ())),
    )


def _spec(item: Answer) -> ContainerSpec:
    logging = item.get("logConfiguration") or {}
    options = sorted((logging.get("options") or {}).items())
    return ContainerSpec(
        name=text(item.get("name")),
        image=text(item.get("image")),
        essential=item.get("essential") is not False,  # the API's default is true
        cpu=int(item.get("cpu") or 0),
        memory=_number(item.get("memory")),
        reserved=_number(item.get("memoryReservation")),
        log_driver=shared(logging.get("logDriver")),
        log_options=tuple(
            (shared(name), text(value)) for name, value in options if LOG_OPTION.fullmatch(name)
        ),
    )


def _cluster_of(item: Answer) -> Clean:
    return shared(cluster_name(str(item.get("clusterArn") or "")))


def _strategy(items: Iterable[Answer] | None) -> tuple[Clean, ...]:
    return tuple(map(_share, items or ()))


def _share(item: Answer) -> Clean:
    """Return an item of a strategy as "FARGATE_SPOT weight 3 base 1"."""
    return clean(" ".join(_share_words(item)))


def _share_words(item: Answer) -> Iterator[str]:
    yield str(item.get("capacityProvider") or "")
    for name in ("weight", "base"):
        if item.get(name):
            yield f"{name} {item[name]}"


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
