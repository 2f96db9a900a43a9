"""EC2: instances and what belongs to them."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eksview_demo.aws import estate as e
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.estate import Account, Instance
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.node_state import C6I_2XLARGE, M6I_4XLARGE, M6I_LARGE, M6I_XLARGE

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64,
         "stopped": 80}  # fmt: skip
MACHINES = (M6I_LARGE, M6I_XLARGE, C6I_2XLARGE, M6I_4XLARGE)
INTERFACES = {"m6i.large": (3, 10), "m6i.xlarge": (4, 15), "c6i.2xlarge": (4, 15),
              "m6i.4xlarge": (8, 30)}  # fmt: skip
OWNER = "602401143452"  # Amazon EKS's AMIs
Values = Callable[[str], Iterable[str]]


def matches(filters: Iterable[Mapping[str, Any]], values: Values) -> bool:
    """Whether every filter has one of its values among these; `*` at an end is a wildcard."""
    return all(
        any(_meets(value, wanted) for value in values(each["Name"]) for wanted in each["Values"])
        for each in filters
    )


def _meets(value: str, wanted: str) -> bool:
    return value.startswith(wanted[:-1]) if wanted.endswith("*") else value == wanted


def only(name: str, *values: str) -> Values:
    """For what can be filtered by one name alone."""
    return lambda asked: values if asked == name else ()


def of_tags(tags: Mapping[str, str], name: str) -> list[str]:
    """What a filter on tags looks at."""
    if name == "tag-key":
        return list(tags)
    key = name.removeprefix("tag:")
    return [tags[key]] if key != name and key in tags else []


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as EC2 lists them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def chosen(estate: Account, parameters: Parameters) -> list[Instance]:
    """The instances asked for by id and by filter. Raises NoSuch for ids that don't exist."""
    ids = parameters.get("InstanceIds") or ()
    if ids:
        known = estate.of_ids(ids)
        unknown = [each for each in ids if each not in known]
        if unknown:
            many = "s" if len(unknown) > 1 else ""
            said = (
                f"The instance ID{many} '{', '.join(unknown)}' do{'' if many else 'es'} not exist"
            )
            raise NoSuch("InvalidInstanceID.NotFound", said)
        found = [known[each] for each in ids]
    else:
        found = list(estate.instances())
    filters = parameters.get("Filters") or ()
    return [each for each in found if matches(filters, _values(each))]


def _unknown(ids: list[str]) -> NoSuch:
    named = ", ".join(ids)
    said = f"The instance ID '{named}' does not exist"
    if len(ids) > 1:
        said = f"The instance IDs '{named}' do not exist"
    return NoSuch("InvalidInstanceID.NotFound", said)


def _values(instance: Instance) -> Values:
    plain = {
        "instance-state-name": instance.state,
        "instance-id": instance.id,
        "instance-type": instance.machine.name,
        "availability-zone": instance.zone,
        "vpc-id": e.VPC,
        "subnet-id": e.subnet_of(instance),
        "private-dns-name": dns(instance),
        "image-id": e.IMAGE,
    }
    tags = e.tags(instance)
    return lambda name: [plain[name]] if name in plain else of_tags(tags, name)


def dns(instance: Instance) -> str:
    """The private DNS name."""
    return f"ip-{instance.ip.replace('.', '-')}.{instance.zone[:-1]}.compute.internal"


def describe_instances(estate: Account, parameters: Parameters) -> Parameters:
    """In reservations of one, as Auto Scaling makes them."""
    found, token = page(chosen(estate, parameters), parameters, "MaxResults", "NextToken")
    return {
        "Reservations": [
            {
                "ReservationId": f"r-{each.id[2:]}",
                "OwnerId": e.ACCOUNT,
                "Instances": [_instance(each)],
            }
            for each in found
        ],
        **token,
    }


def _instance(each: Instance) -> dict[str, Any]:
    gone = each.state in ("shutting-down", "terminated")
    described: dict[str, Any] = {
        "InstanceId": each.id,
        "ImageId": e.IMAGE,
        "State": {"Code": CODES[each.state], "Name": each.state},
        "StateTransitionReason": "User initiated" if each.reason else "",
        "InstanceType": each.machine.name,
        "Placement": {"AvailabilityZone": each.zone, "Tenancy": "default"},
        "LaunchTime": each.launched,
        "Architecture": "x86_64",
        "PrivateDnsName": "" if gone else dns(each),
        "PrivateIpAddress": None if gone else each.ip,
        "PublicDnsName": "",
        "VpcId": None if gone else e.VPC,
        "SubnetId": None if gone else e.subnet_of(each),
        "IamInstanceProfile": {"Arn": e.profile(each.group), "Id": "AIPADEMO0000EXAMPLE00"},
        "SecurityGroups": [] if gone else _security_groups(),
        "NetworkInterfaces": [] if gone else _interfaces(each),
        "BlockDeviceMappings": [] if gone else [_mapping(each)],
        "MetadataOptions": {
            "State": "applied",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
        },
        "EbsOptimized": True,
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "Monitoring": {"State": "disabled"},
        "Tags": pairs(e.tags(each)),
    }
    if each.reason:
        code = each.reason.split(":", 1)[0]
        described["StateReason"] = {"Code": code, "Message": each.reason}
    if each.spot:
        described |= {"InstanceLifecycle": "spot", "SpotInstanceRequestId": _spot_id(each)}
    return described


def _security_groups() -> list[dict[str, str]]:
    return [{"GroupId": e.CLUSTER_GROUP, "GroupName": f"eks-cluster-sg-{e.CLUSTER}"},
            {"GroupId": e.NODE_GROUP, "GroupName": f"{e.CLUSTER}-node"}]  # fmt: skip


def _interfaces(each: Instance) -> list[dict[str, Any]]:
    """As many as the pods' addresses need: the VPC CNI fills one after another."""
    limit, addresses = INTERFACES[each.machine.name]
    left, number, found = max(1, each.addresses), 0, []
    while left > 0 and number < limit:
        here = min(left, addresses)
        found.append(_interface(each, number, here))
        left, number = left - here, number + 1
    return found


def _interface(each: Instance, number: int, many: int) -> dict[str, Any]:
    first = each.ip if number == 0 else f"10.0.{64 + number}.{int(each.id[-2:], 16)}"
    secondary = [
        {"Primary": False, "PrivateIpAddress": f"100.64.{number}.{4 + at}"} for at in range(1, many)
    ]
    return {
        "NetworkInterfaceId": f"eni-0{number}{each.id[4:]}",
        "Attachment": {"DeviceIndex": number, "Status": "attached"},
        "SubnetId": e.subnet_of(each),
        "VpcId": e.VPC,
        "PrivateIpAddress": first,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": first}, *secondary],
        "Groups": _security_groups(),
        "Status": "in-use",
        "Description": "" if number == 0 else f"aws-K8S-{each.id}",
    }


def _mapping(each: Instance) -> dict[str, Any]:
    ebs = {"VolumeId": f"vol-{each.id[2:]}", "Status": "attached", "DeleteOnTermination": True}
    return {"DeviceName": "/dev/xvda", "Ebs": ebs}


def _spot_id(each: Instance) -> str:
    return f"sir-{each.id[-8:]}"


def describe_instance_status(estate: Account, parameters: Parameters) -> Parameters:
    """Running instances, or all when asked to include them."""
    every = parameters.get("IncludeAllInstances", False)
    found = [each for each in chosen(estate, parameters) if every or each.state == "running"]
    shown, token = page(found, parameters, "MaxResults", "NextToken")
    return {"InstanceStatuses": [_status(each) for each in shown], **token}


def _status(each: Instance) -> dict[str, Any]:
    word = "ok" if each.state == "running" else "not-applicable"
    passed = "passed" if word == "ok" else "insufficient-data"
    summary = {"Status": word, "Details": [{"Name": "reachability", "Status": passed}]}
    event = {
        "InstanceEventId": f"instance-event-{each.id[2:]}",
        "Code": "system-reboot",
        "Description": "The host of this instance is going to be maintained",
        "NotBefore": each.event,
        "NotAfter": None if each.event is None else each.event + 7200,
    }
    return {
        "InstanceId": each.id,
        "AvailabilityZone": each.zone,
        "InstanceState": {"Code": CODES[each.state], "Name": each.state},
        "SystemStatus": summary,
        "InstanceStatus": summary,
        "AttachedEbsStatus": summary,
        "Events": [event] if each.event is not None else [],
    }


def describe_instance_types(_: Account, parameters: Parameters) -> Parameters:
    """Those the demo has nodes of."""
    wanted = set(parameters.get("InstanceTypes") or ())
    filters = parameters.get("Filters") or ()
    found = [
        machine
        for machine in MACHINES
        if (not wanted or machine.name in wanted)
        and matches(filters, only("instance-type", machine.name))
    ]
    return {
        "InstanceTypes": [
            {
                "InstanceType": machine.name,
                "VCpuInfo": {"DefaultVCpus": machine.cores},
                "MemoryInfo": {"SizeInMiB": machine.memory * 1024},
                "NetworkInfo": {
                    "MaximumNetworkInterfaces": INTERFACES[machine.name][0],
                    "Ipv4AddressesPerInterface": INTERFACES[machine.name][1],
                },
            }
            for machine in found
        ]
    }


def describe_images(_: Account, parameters: Parameters) -> Parameters:
    """The one AMI of all nodes."""
    image = {
        "ImageId": e.IMAGE,
        "Name": "amazon-eks-node-al2023-x86_64-standard-1.33-v20250915",
        "CreationDate": "2025-09-15T18:22:07.000Z",
        "DeprecationTime": "2027-09-15T18:22:07.000Z",
        "OwnerId": OWNER,
        "State": "available",
        "Architecture": "x86_64",
    }
    ids = parameters.get("ImageIds") or [e.IMAGE]
    filters = parameters.get("Filters") or ()
    fits = matches(filters, only("image-id", e.IMAGE))
    return {"Images": [image] if e.IMAGE in ids and fits else []}


def describe_volumes(estate: Account, parameters: Parameters) -> Parameters:
    """The root volumes."""
    filters = parameters.get("Filters") or ()
    found = [
        each
        for each in estate.instances()
        if each.state not in ("shutting-down", "terminated")
        and matches(filters, only("volume-id", f"vol-{each.id[2:]}"))
    ]  # fmt: skip
    shown, token = page(found, parameters, "MaxResults", "NextToken")
    return {"Volumes": [_volume(each) for each in shown], **token}


def _volume(each: Instance) -> dict[str, Any]:
    attachment = {"InstanceId": each.id, "Device": "/dev/xvda", "State": "attached",
                  "VolumeId": f"vol-{each.id[2:]}", "DeleteOnTermination": True}  # fmt: skip
    return {
        "VolumeId": f"vol-{each.id[2:]}",
        "Size": 80,
        "VolumeType": "gp3",
        "Iops": 3000,
        "Throughput": 125,
        "Encrypted": True,
        "State": "in-use",
        "AvailabilityZone": each.zone,
        "Attachments": [attachment],
    }


def describe_spot_requests(estate: Account, parameters: Parameters) -> Parameters:
    """Fulfilled, all of them."""
    filters = parameters.get("Filters") or ()
    return {
        "SpotInstanceRequests": [
            {
                "SpotInstanceRequestId": _spot_id(each),
                "InstanceId": each.id,
                "State": "active",
                "Status": {
                    "Code": "fulfilled",
                    "Message": "Your Spot request is fulfilled.",
                },
            }
            for each in estate.instances()
            if each.spot and matches(filters, only("spot-instance-request-id", _spot_id(each)))
        ]
    }


_JOINED = (
    "[    0.000000] Linux version 6.12.40-64.114.amzn2023.x86_64",
    "[   11.271045] cloud-init: nodeadm: Configuring kubelet",
    "[   14.902113] systemd: Started kubelet.service - Kubernetes Kubelet.",
)
_REFUSED = (
    'kubelet: E "Unable to register node with API server" err="Unauthorized"',
    'kubelet: E "Attempting to register node" err="Unauthorized"',
)


def get_console_output(estate: Account, parameters: Parameters) -> Parameters:
    """What the serial console last showed."""
    name = parameters.get("InstanceId", "")
    if name not in estate.of_ids([name]):
        raise _unknown([name])
    lines = (*_JOINED, *_REFUSED) if name == estate.stray else _JOINED
    text = base64.b64encode("\n".join(lines).encode()).decode()
    return {"InstanceId": name, "Timestamp": estate.now, "Output": text}


OPERATIONS = {
    "DescribeInstances": describe_instances,
    "DescribeInstanceStatus": describe_instance_status,
    "DescribeInstanceTypes": describe_instance_types,
    "DescribeImages": describe_images,
    "DescribeVolumes": describe_volumes,
    "DescribeSpotInstanceRequests": describe_spot_requests,
    "GetConsoleOutput": get_console_output,
}
