"""Auto Scaling's answers -> rows (Amazon EC2 Auto Scaling API Reference)."""

from collections.abc import Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import seconds, shared, tags_of, template_of
from eksview.domain.rows.aws import Activity, AutoScalingRow, Member


def groups(answer: Answer) -> Iterator[AutoScalingRow]:
    """A page of DescribeAutoScalingGroups; the activities are another question."""
    for said in answer.get("AutoScalingGroups") or ():
        yield AutoScalingRow(
            name=str(said.get("AutoScalingGroupName") or ""),
            least=int(said.get("MinSize") or 0),
            desired=int(said.get("DesiredCapacity") or 0),
            most=int(said.get("MaxSize") or 0),
            members=tuple(map(_member, said.get("Instances") or ())),
            suspended=tuple(
                str(process.get("ProcessName") or "")
                for process in said.get("SuspendedProcesses") or ()
            ),
            template=_template(said),
            tags=tags_of(said.get("Tags")),
        )


def activities(answer: Answer) -> Iterator[Activity]:
    """A page of DescribeScalingActivities, newest first as AWS has them."""
    for said in answer.get("Activities") or ():
        yield Activity(
            started=seconds(said.get("StartTime")),
            ended=seconds(said.get("EndTime")),
            status=shared(said.get("StatusCode")),
            description=str(said.get("Description") or ""),
            cause=str(said.get("Cause") or ""),
            message=str(said.get("StatusMessage") or ""),
        )


def _member(said: Answer) -> Member:
    return Member(
        instance=str(said.get("InstanceId") or ""),
        lifecycle=shared(said.get("LifecycleState")),
        health=shared(said.get("HealthStatus")),
        zone=shared(said.get("AvailabilityZone")),
        template=_template(said),
        protected=bool(said.get("ProtectedFromScaleIn")),
    )


def _template(said: Answer) -> str:
    mixed = (said.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
    template = said.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
    return template_of(template) or shared(said.get("LaunchConfigurationName"))
