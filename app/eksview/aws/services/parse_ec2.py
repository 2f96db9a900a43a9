"""EC2's answers about instances, images and types -> rows (EC2 API Reference)."""

import re
from collections.abc import Iterable, Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import seconds, shared, tags_of
from eksview.domain.rows.aws import (
    ImageRow,
    InstanceRow,
    Interface,
    ScheduledEvent,
    StatusRow,
    TypeRow,
    Volume,
)

MIB = 1024 * 1024
_DONE = re.compile(r"^\[(Completed|Canceled)\]")
"""How a scheduled event that is over begins its description: it is listed for another week."""


def instances(answer: Answer) -> Iterator[InstanceRow]:
    """The instances of a page of DescribeInstances, which counts reservations, not instances."""
    for reservation in answer.get("Reservations") or ():
        yield from map(instance, reservation.get("Instances") or ())


def instance(said: Answer) -> InstanceRow:
    """One Instance."""
    metadata = said.get("MetadataOptions") or {}
    return InstanceRow(
        id=str(said.get("InstanceId") or ""),
        state=shared((said.get("State") or {}).get("Name")),
        state_reason=_reason(said),
        type=shared(said.get("InstanceType")),
        zone=shared((said.get("Placement") or {}).get("AvailabilityZone")),
        launched=seconds(said.get("LaunchTime")),
        image=shared(said.get("ImageId")),
        architecture=shared(said.get("Architecture")),
        private_dns=str(said.get("PrivateDnsName") or ""),
        private_ip=str(said.get("PrivateIpAddress") or ""),
        public_ip=str(said.get("PublicIpAddress") or ""),
        vpc=shared(said.get("VpcId")),
        subnet=shared(said.get("SubnetId")),
        lifecycle=shared(said.get("InstanceLifecycle")),
        spot_request=str(said.get("SpotInstanceRequestId") or ""),
        profile=shared((said.get("IamInstanceProfile") or {}).get("Arn")),
        security_groups=_groups(said.get("SecurityGroups")),
        interfaces=tuple(map(interface, said.get("NetworkInterfaces") or ())),
        volumes=tuple(_volumes(said)),
        metadata_tokens=shared(metadata.get("HttpTokens")),
        metadata_hops=int(metadata.get("HttpPutResponseHopLimit") or 0),
        metadata_endpoint=shared(metadata.get("HttpEndpoint")),
        tags=tags_of(said.get("Tags")),
    )


def interface(said: Answer) -> Interface:
    """One InstanceNetworkInterface."""
    return Interface(
        id=str(said.get("NetworkInterfaceId") or ""),
        device=int((said.get("Attachment") or {}).get("DeviceIndex") or 0),
        subnet=shared(said.get("SubnetId")),
        private_ip=str(said.get("PrivateIpAddress") or ""),
        public_ip=str((said.get("Association") or {}).get("PublicIp") or ""),
        addresses=len(said.get("PrivateIpAddresses") or ()),
        prefixes=len(said.get("Ipv4Prefixes") or ()),
        security_groups=_groups(said.get("Groups")),
        status=shared(said.get("Status")),
        description=shared(said.get("Description")),
    )


def statuses(answer: Answer) -> Iterator[StatusRow]:
    """A page of DescribeInstanceStatus."""
    for said in answer.get("InstanceStatuses") or ():
        yield StatusRow(
            id=str(said.get("InstanceId") or ""),
            system=_status(said.get("SystemStatus")),
            instance=_status(said.get("InstanceStatus")),
            ebs=_status(said.get("AttachedEbsStatus")),
            events=tuple(_events(said.get("Events"))),
        )


def images(answer: Answer) -> Iterator[ImageRow]:
    """A page of DescribeImages."""
    for said in answer.get("Images") or ():
        yield ImageRow(
            id=str(said.get("ImageId") or ""),
            name=str(said.get("Name") or ""),
            created=seconds(said.get("CreationDate")),
            deprecated=seconds(said.get("DeprecationTime")),
        )


def types(answer: Answer) -> Iterator[TypeRow]:
    """A page of DescribeInstanceTypes."""
    for said in answer.get("InstanceTypes") or ():
        network = said.get("NetworkInfo") or {}
        yield TypeRow(
            name=str(said.get("InstanceType") or ""),
            vcpus=int((said.get("VCpuInfo") or {}).get("DefaultVCpus") or 0),
            memory=int((said.get("MemoryInfo") or {}).get("SizeInMiB") or 0) * MIB,
            interfaces=int(network.get("MaximumNetworkInterfaces") or 0),
            addresses=int(network.get("Ipv4AddressesPerInterface") or 0),
        )


def volumes(answer: Answer, instance_id: str) -> Iterator[Volume]:
    """A page of DescribeVolumes; the device is the one by which this instance knows it."""
    for said in answer.get("Volumes") or ():
        devices = [
            str(attachment.get("Device") or "")
            for attachment in said.get("Attachments") or ()
            if attachment.get("InstanceId") == instance_id
        ]
        yield Volume(
            id=str(said.get("VolumeId") or ""),
            device=devices[0] if devices else "",
            size=int(said.get("Size") or 0),
            type=str(said.get("VolumeType") or ""),
            iops=int(said.get("Iops") or 0),
            encrypted=bool(said.get("Encrypted")),
            state=str(said.get("State") or ""),
        )


def _reason(said: Answer) -> str:
    reason = said.get("StateReason") or {}
    message = str(reason.get("Message") or reason.get("Code") or "")
    return message or str(said.get("StateTransitionReason") or "")


def _groups(said: Iterable[Answer] | None) -> tuple[str, ...]:
    return tuple(shared(group.get("GroupId")) for group in said or ())


def _volumes(said: Answer) -> Iterator[str]:
    for mapping in said.get("BlockDeviceMappings") or ():
        if volume := (mapping.get("Ebs") or {}).get("VolumeId"):
            yield str(volume)


def _status(said: Answer | None) -> str:
    return shared((said or {}).get("Status"))


def _events(said: Iterable[Answer] | None) -> Iterator[ScheduledEvent]:
    for event in said or ():
        description = str(event.get("Description") or "")
        if not _DONE.match(description):
            yield ScheduledEvent(
                code=shared(event.get("Code")),
                description=description,
                not_before=seconds(event.get("NotBefore")),
                not_after=seconds(event.get("NotAfter")),
            )
