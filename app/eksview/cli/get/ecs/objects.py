"""The rows of ECS as JSON: with AWS's names of members, times in RFC 3339, null for unknown."""

from typing import Any

from eksview.cli.kubectl_format import Object, timestamp
from eksview.domain.aws.arn import parse_arn
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.ecs.service_status import service_health
from eksview.domain.ecs.task_status import exit_meaning, task_health
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.ecs import (
    EcsAmounts,
    EcsClusterRow,
    EcsContainer,
    EcsDeployment,
    EcsInstanceRow,
    EcsServiceRow,
    EcsTaskRow,
)


def cluster_object(row: EcsClusterRow) -> Object:
    return _known(
        clusterArn=row.arn,
        clusterName=row.name,
        region=parse_arn(row.arn).region,
        status=row.status,
        registeredContainerInstancesCount=row.instances,
        runningTasksCount=row.running,
        pendingTasksCount=row.pending,
        activeServicesCount=row.services,
        capacityProviders=list(row.providers),
        defaultCapacityProviderStrategy=list(row.strategy),
        containerInsights=row.insights,
        executeCommandLogging=row.exec_logging,
    )


def instance_object(pair: EcsPair) -> Object:
    """Return a pair: what ECS and what EC2 report of it, null for a side that is missing."""
    return _known(
        cluster=pair.cluster,
        id=pair.id,
        status=pair.words,
        health=pair.health.value,
        reasons=list(pair.reasons),
        autoScalingGroup=pair.group,
        containerInstance=_container_instance(pair.instance),
        instance=_machine(pair.machine),
    )


def service_object(row: EcsServiceRow, now: float) -> Object:
    health, words = service_health(row, now)
    return _known(
        serviceArn=row.arn,
        serviceName=row.name,
        cluster=row.cluster,
        status=row.status,
        health=health.value,
        summary=words,
        schedulingStrategy=row.scheduling,
        launchType=row.launch_type,
        capacityProviderStrategy=list(row.strategy),
        taskDefinition=row.definition,
        desiredCount=row.desired,
        runningCount=row.running,
        pendingCount=row.pending,
        createdAt=timestamp(row.created),
        enableExecuteCommand=row.exec_enabled,
        deployments=[_deployment(each) for each in row.deployments],
        events=[{"createdAt": timestamp(each.at), "message": each.message} for each in row.events],
    )


def task_object(row: EcsTaskRow) -> Object:
    health, words = task_health(row)
    return _known(
        taskArn=row.arn,
        id=row.id,
        cluster=row.cluster,
        group=row.group,
        summary=words,
        health=health.value,
        lastStatus=row.status,
        desiredStatus=row.desired,
        healthStatus=row.health,
        launchType=row.launch_type,
        capacityProviderName=row.provider,
        taskDefinitionArn=row.definition,
        containerInstanceArn=row.on,
        availabilityZone=row.zone,
        cpu=row.cpu,
        memory=row.memory,
        createdAt=timestamp(row.created),
        startedAt=timestamp(row.started),
        stoppedAt=timestamp(row.stopped),
        startedBy=row.started_by,
        stopCode=row.stop_code,
        stoppedReason=row.reason,
        privateIPv4Address=row.address,
        platformVersion=row.platform,
        enableExecuteCommand=row.exec_enabled,
        containers=[_container(each) for each in row.containers],
    )


def _container_instance(row: EcsInstanceRow | None) -> Object | None:
    if row is None:
        return None
    return _known(
        containerInstanceArn=row.arn,
        ec2InstanceId=row.instance,
        status=row.status,
        statusReason=row.reason,
        agentConnected=row.connected,
        agentVersion=row.agent,
        dockerVersion=row.docker,
        agentUpdateStatus=row.update,
        healthStatus=row.health,
        registeredResources=_amounts(row.registered),
        remainingResources=_amounts(row.remaining),
        runningTasksCount=row.running,
        pendingTasksCount=row.pending,
        capacityProviderName=row.provider,
        registeredAt=timestamp(row.since),
        attributes={str(name): text for name, text in row.attributes},
    )


def _machine(row: InstanceRow | None) -> Object | None:
    if row is None:
        return None
    return _known(
        id=row.id,
        state=row.state,
        stateReason=row.state_reason,
        type=row.type,
        zone=row.zone,
        launched=timestamp(row.launched),
        image=row.image,
        privateIP=row.private_ip,
        publicIP=row.public_ip,
        instanceProfile=row.profile,
    )


def _amounts(row: EcsAmounts) -> Object:
    return {"cpu": row.cpu, "memory": row.memory, "gpus": row.gpus, "reservedPorts": row.ports}


def _deployment(row: EcsDeployment) -> Object:
    return _known(
        id=row.id,
        status=row.status,
        rolloutState=row.rollout,
        rolloutStateReason=row.reason,
        taskDefinition=row.definition,
        desiredCount=row.desired,
        runningCount=row.running,
        pendingCount=row.pending,
        failedTasks=row.failed,
        createdAt=timestamp(row.created),
        updatedAt=timestamp(row.updated),
    )


def _container(row: EcsContainer) -> Object:
    return _known(
        name=row.name,
        image=row.image,
        lastStatus=row.status,
        exitCode=row.exit_code,
        exitMeaning=exit_meaning(row),
        reason=row.reason,
        healthStatus=row.health,
        runtimeId=row.runtime_id,
    )


def _known(**fields: Any) -> Object:
    """Return the members, with null for empty texts."""
    return {name: value if value != "" else None for name, value in fields.items()}
