"""EC2's answers about instances, images and types -> rows (EC2 API Reference)."""

import re
from collections.abc import Iterable, Iterator

from eksview.aws.client.errors import Answer
from eksview.aws.services.parse import seconds, shared, tags_of, text
from eksview.domain.base.text import EMPTY, Clean
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
"""The start of the description of a past event, which is listed for another week."""


def instances(answer: Answer) -> Iterator[InstanceRow]:
    """Yield the instances of a page of DescribeInstances, which groups them by reservation."""
    for reservation in answer.get("Reservations") or ():
        yield from map(instance, reservation.get("Instances") or ())


def instance(item: Answer) -> InstanceRow:
    metadata = item.get("MetadataOptions") or {}
    return InstanceRow(
        id=text(item.get("InstanceId")),
        state=shared((item.get("State") or {}).get("Name")),
        state_reason=_reason(item),
        type=shared(item.get("InstanceType")),
        zone=shared((item.get("Placement") or {}).get("AvailabilityZone")),
        launched=seconds(item.get("LaunchTime")),
        image=shared(item.get("ImageId")),
        architecture=shared(item.get("Architecture")),
        private_dns=text(item.get("PrivateDnsName")),
        private_ip=text(item.get("PrivateIpAddress")),
        public_ip=text(item.get("PublicIpAddress")),
        vpc=shared(item.get("VpcId")),
        subnet=shared(item.get("SubnetId")),
        lifecycle=shared(item.get("InstanceLifecycle")),
        spot_request=text(item.get("SpotInstanceRequestId")),
        profile=shared((item.get("IamInstanceProfile") or {}).get("Arn")),
        security_groups=_groups(item.get("SecurityGroups")),
        interfaces=tuple(map(interface, item.get("NetworkInterfaces") or ())),
        volumes=tuple(_volumes(item)),
        metadata_tokens=shared(metadata.get("HttpTokens")),
        metadata_hops=int(metadata.get("HttpPutResponseHopLimit") or 0),
        metadata_endpoint=shared(metadata.get("HttpEndpoint")),
        tags=tags_of(item.get("Tags")),
        ipv6=_ipv6(item),
        platform=shared(item.get("Platform")),
    )


def _ipv6(item: Answer) -> Clean:
    """Return the first IPv6 address of the instance's interfaces."""
    for member in item.get("NetworkInterfaces") or ():
        for address in member.get("Ipv6Addresses") or ():
            return text(address.get("Ipv6Address"))
    return text(item.get("Ipv6Address"))


def interface(item: Answer) -> Interface:
    return Interface(
        id=text(item.get("NetworkInterfaceId")),
        device=int((item.get("Attachment") or {}).get("DeviceIndex") or 0),
        subnet=shared(item.get("SubnetId")),
        private_ip=text(item.get("PrivateIpAddress")),
        public_ip=text((item.get("Association") or {}).get("PublicIp")),
        addresses=len(item.get("PrivateIpAddresses") or ()),
        prefixes=len(item.get("Ipv4Prefixes") or ()),
        security_groups=_groups(item.get("Groups")),
        status=shared(item.get("Status")),
        description=shared(item.get("Description")),
        more_addresses=text(" ".join(_more_addresses(item))),
    )


def _more_addresses(item: Answer) -> Iterator[str]:
    for address in item.get("PrivateIpAddresses") or ():
        if not address.get("Primary"):
            yield address.get("PrivateIpAddress") or ""
    for address in item.get("Ipv6Addresses") or ():
        yield address.get("Ipv6Address") or ""


def statuses(answer: Answer) -> Iterator[StatusRow]:
    """Yield the rows of a page of DescribeInstanceStatus."""
    for item in answer.get("InstanceStatuses") or ():
        yield StatusRow(
            id=text(item.get("InstanceId")),
            system=_status(item.get("SystemStatus")),
            instance=_status(item.get("InstanceStatus")),
            ebs=_status(item.get("AttachedEbsStatus")),
            events=tuple(_events(item.get("Events"))),
        )


def images(answer: Answer) -> Iterator[ImageRow]:
    """Yield the rows of a page of DescribeImages."""
    for item in answer.get("Images") or ():
        yield ImageRow(
            id=text(item.get("ImageId")),
            name=text(item.get("Name")),
            created=seconds(item.get("CreationDate")),
            deprecated=seconds(item.get("DeprecationTime")),
            owner=shared(item.get("OwnerId")),
            alias=shared(item.get("ImageOwnerAlias")),
        )


def types(answer: Answer) -> Iterator[TypeRow]:
    """Yield the rows of a page of DescribeInstanceTypes."""
    for item in answer.get("InstanceTypes") or ():
        network = item.get("NetworkInfo") or {}
        yield TypeRow(
            name=text(item.get("InstanceType")),
            vcpus=int((item.get("VCpuInfo") or {}).get("DefaultVCpus") or 0),
            memory=int((item.get("MemoryInfo") or {}).get("SizeInMiB") or 0) * MIB,
            interfaces=int(network.get("MaximumNetworkInterfaces") or 0),
            addresses=int(network.get("Ipv4AddressesPerInterface") or 0),
        )


def volumes(answer: Answer, instance_id: str) -> Iterator[Volume]:
    """Yield the volumes of a page of DescribeVolumes, with their device on this instance."""
    for item in answer.get("Volumes") or ():
        devices = [
            text(attachment.get("Device"))
            for attachment in item.get("Attachments") or ()
            if attachment.get("InstanceId") == instance_id
        ]
        yield Volume(
            id=text(item.get("VolumeId")),
            device=devices[0] if devices else EMPTY,
            size=int(item.get("Size") or 0),
            type=text(item.get("VolumeType")),
            iops=int(item.get("Iops") or 0),
            encrypted=bool(item.get("Encrypted")),
            state=text(item.get("State")),
        )


def _reason(item: Answer) -> Clean:
    reason = item.get("StateReason") or {}
    message = text(reason.get("Message") or reason.get("Code"))
    return message or text(item.get("StateTransitionReason"))


def _groups(item: Iterable[Answer] | None) -> tuple[Clean, ...]:
    return tuple(shared(group.get("GroupId")) for group in item or ())


def _volumes(item: Answer) -> Iterator[Clean]:
    for mapping in item.get("BlockDeviceMappings") or ():
        if volume := (mapping.get("Ebs") or {}).get("VolumeId"):
            yield text(volume)


def _status(item: Answer | None) -> Clean:
    return shared((item or {}).get("Status"))


def _events(item: Iterable[Answer] | None) -> Iterator[ScheduledEvent]:
    for event in item or ():
        description = text(event.get("Description"))
        if not _DONE.match(description):
            yield ScheduledEvent(
                code=shared(event.get("Code")),
                description=description,
                not_before=seconds(event.get("NotBefore")),
                not_after=seconds(event.get("NotAfter")),
            )
