"""EC2: instances and what belongs to them."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account, Instance
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.ecs import machines
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.node_state import C6I_2XLARGE, M6I_4XLARGE, M6I_LARGE, M6I_XLARGE

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64,
         "stopped": 80}  # fmt: skip
MACHINES = (M6I_LARGE, M6I_XLARGE, C6I_2XLARGE, M6I_4XLARGE)
INTERFACES = {"m6i.large": (3, 10), "m6i.xlarge": (4, 15), "c6i.2xlarge": (4, 15),
              "m6i.4xlarge": (8, 30)}  # fmt: skip
GONE = ("shutting-down", "terminated")
OWNER, ECS_OWNER = "602401143452", "591542846629"  # of Amazon's AMIs for EKS and for ECS
Values = Callable[[str], Iterable[str]]


def matches(parameters: Parameters, values: Values) -> bool:
    """Return whether every filter matches one of these values; `*` at an end is a wildcard."""
    return all(
        any(_meets(value, wanted) for value in values(each["Name"]) for wanted in each["Values"])
        for each in parameters.get("Filters") or ()
    )


def _meets(value: str, wanted: str) -> bool:
    return value.startswith(wanted[:-1]) if wanted.endswith("*") else value == wanted


def only(name: str, *values: str) -> Values:
    """Return the values of something that has a single filter name."""
    return lambda filtered: values if filtered == name else ()


def of_tags(tags: Mapping[str, str], name: str) -> list[str]:
    """Return the values that a filter on tags compares."""
    if name == "tag-key":
        return list(tags)
    key = name.removeprefix("tag:")
    return [tags[key]] if key != name and key in tags else []


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as EC2 lists them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def chosen(account: Account, parameters: Parameters) -> list[Instance]:
    """Return the instances requested by id and by filter. Raises NoSuch for unknown ids."""
    ids = parameters.get("InstanceIds") or ()
    if ids:
        requested = set(ids)
        existing = {each.id: each for each in _every(account) if each.id in requested}
        if unknown := [each for each in ids if each not in existing]:
            raise _unknown(unknown)
        instances = [existing[each] for each in ids]
    else:
        instances = _named(account, parameters)
    return [each for each in instances if matches(parameters, _values(each))]


def _named(account: Account, parameters: Parameters) -> list[Instance]:
    """Return those that a filter may match: by far the fewest of thousands, where it has ids."""
    filters = parameters.get("Filters") or ()
    ids = [set(each["Values"]) for each in filters if each["Name"] == "instance-id"]
    return [each for each in _every(account) if all(each.id in values for values in ids)]


def _every(account: Account) -> Iterator[Instance]:
    """Yield the instances of EKS and those of ECS."""
    yield from account.instances()
    yield from machines.machines(account)


def _unknown(ids: list[str]) -> NoSuch:
    named = ", ".join(ids)
    message = f"The instance ID '{named}' does not exist"
    if len(ids) > 1:
        message = f"The instance IDs '{named}' do not exist"
    return NoSuch("InvalidInstanceID.NotFound", message)


def _values(instance: Instance) -> Values:
    plain = {
        "instance-state-name": instance.state,
        "instance-id": instance.id,
        "instance-type": instance.machine.name,
        "availability-zone": instance.zone,
        "vpc-id": e.VPC,
        "subnet-id": e.subnet_of(instance),
        "private-dns-name": dns(instance),
        "image-id": instance.image,
        "iam-instance-profile.arn": e.profile_of(instance),
    }
    tags = e.tags(instance)
    several = {"instance.group-id": [each["GroupId"] for each in _security_groups(instance)]}
    return lambda name: (
        several.get(name) or ([plain[name]] if name in plain else of_tags(tags, name))
    )


def dns(instance: Instance) -> str:
    return f"ip-{instance.ip.replace('.', '-')}.{instance.zone[:-1]}.compute.internal"


def describe_instances(account: Account, parameters: Parameters) -> Parameters:
    """Return one reservation per instance, as Auto Scaling makes them."""
    instances, token = page(chosen(account, parameters), parameters, "MaxResults", "NextToken")
    ips = account.pod_ips()
    return {
        "Reservations": [
            {
                "ReservationId": f"r-{instance.id[2:]}",
                "OwnerId": e.ACCOUNT,
                "Instances": [_instance(instance, ips.get(instance.ip, []))],
            }
            for instance in instances
        ],
        **token,
    }


def _instance(instance: Instance, ips: list[str]) -> dict[str, Any]:
    gone = instance.state in GONE
    described: dict[str, Any] = {
        "InstanceId": instance.id,
        "ImageId": instance.image,
        "State": {"Code": CODES[instance.state], "Name": instance.state},
        "StateTransitionReason": "User initiated" if instance.reason else "",
        "InstanceType": instance.machine.name,
        "Placement": {"AvailabilityZone": instance.zone, "Tenancy": "default"},
        "LaunchTime": instance.launched,
        "Architecture": "x86_64",
        "PrivateDnsName": "" if gone else dns(instance),
        "PrivateIpAddress": None if gone else instance.ip,
        "PublicDnsName": "",
        "VpcId": None if gone else e.VPC,
        "SubnetId": None if gone else e.subnet_of(instance),
        "IamInstanceProfile": {"Arn": e.profile_of(instance), "Id": "AIPADEMO0000EXAMPLE00"},
        "SecurityGroups": [] if gone else _security_groups(instance),
        "NetworkInterfaces": [] if gone else _interfaces(instance, ips),
        "BlockDeviceMappings": [] if gone else [_mapping(instance)],
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
        "Tags": pairs(e.tags(instance)),
    }
    if instance.reason:
        code = instance.reason.split(":", 1)[0]
        described["StateReason"] = {"Code": code, "Message": instance.reason}
    if instance.spot:
        described |= {"InstanceLifecycle": "spot", "SpotInstanceRequestId": _spot_id(instance)}
    return described


def _security_groups(instance: Instance) -> list[dict[str, str]]:
    if instance.kind == "ecs":
        return [{"GroupId": machines.SECURITY_GROUP, "GroupName": "ecs-general"}]
    return [{"GroupId": e.CLUSTER_GROUP, "GroupName": f"eks-cluster-sg-{e.CLUSTER}"},
            {"GroupId": e.NODE_GROUP, "GroupName": f"{e.CLUSTER}-node"}]  # fmt: skip


def _interfaces(instance: Instance, ips: list[str]) -> list[dict[str, Any]]:
    """Return as many as the pods' addresses need: the VPC CNI fills one after another."""
    limit, addresses = INTERFACES[instance.machine.name]
    most = addresses - 1  # each has an address of its own
    filled = [ips[low : low + most] for low in range(0, len(ips), most)] or [[]]
    return [_interface(instance, number, part) for number, part in enumerate(filled[:limit])]


def _interface(instance: Instance, number: int, ips: list[str]) -> dict[str, Any]:
    first = instance.ip if number == 0 else f"10.0.{64 + number}.{int(instance.id[-2:], 16)}"
    secondary = [{"Primary": False, "PrivateIpAddress": ip} for ip in ips]
    return {
        "NetworkInterfaceId": f"eni-0{number}{instance.id[4:]}",
        "Attachment": {"DeviceIndex": number, "Status": "attached"},
        "SubnetId": e.subnet_of(instance),
        "VpcId": e.VPC,
        "PrivateIpAddress": first,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": first}, *secondary],
        "Groups": _security_groups(instance),
        "Status": "in-use",
        "Description": "" if number == 0 else f"aws-K8S-{instance.id}",
    }


def _mapping(instance: Instance) -> dict[str, Any]:
    ebs = {"VolumeId": f"vol-{instance.id[2:]}", "Status": "attached", "DeleteOnTermination": True}
    return {"DeviceName": "/dev/xvda", "Ebs": ebs}


def _spot_id(instance: Instance) -> str:
    return f"sir-{instance.id[-8:]}"


def describe_instance_status(account: Account, parameters: Parameters) -> Parameters:
    """Return the status of running instances, or of all on request."""
    include_all = parameters.get("IncludeAllInstances", False)
    reported = [
        instance
        for instance in chosen(account, parameters)
        if include_all or instance.state == "running"
    ]
    shown, token = page(reported, parameters, "MaxResults", "NextToken")
    return {"InstanceStatuses": [_status(instance) for instance in shown], **token}


def _status(instance: Instance) -> dict[str, Any]:
    word = "ok" if instance.state == "running" else "not-applicable"
    passed = "passed" if word == "ok" else "insufficient-data"
    summary = {"Status": word, "Details": [{"Name": "reachability", "Status": passed}]}
    event = {
        "InstanceEventId": f"instance-event-{instance.id[2:]}",
        "Code": "system-reboot",
        "Description": "The host of this instance is going to be maintained",
        "NotBefore": instance.event,
        "NotAfter": None if instance.event is None else instance.event + 7200,
    }
    return {
        "InstanceId": instance.id,
        "AvailabilityZone": instance.zone,
        "InstanceState": {"Code": CODES[instance.state], "Name": instance.state},
        "SystemStatus": summary,
        "InstanceStatus": summary,
        "AttachedEbsStatus": summary,
        "Events": [event] if instance.event is not None else [],
    }


def describe_instance_types(_: Account, parameters: Parameters) -> Parameters:
    wanted = set(parameters.get("InstanceTypes") or ())
    machines = [
        machine
        for machine in MACHINES
        if (not wanted or machine.name in wanted)
        and matches(parameters, only("instance-type", machine.name))
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
            for machine in machines
        ]
    }


def describe_images(_: Account, parameters: Parameters) -> Parameters:
    """Return the AMI that all nodes use, and that of ECS's machines."""
    names = {
        e.IMAGE: "amazon-eks-node-al2023-x86_64-standard-1.33-v20250915",
        machines.IMAGE: machines.IMAGE_NAME,
    }
    ids = parameters.get("ImageIds") or list(names)
    return {
        "Images": [
            _image(image, name)
            for image, name in names.items()
            if image in ids and matches(parameters, only("image-id", image))
        ]
    }


def _image(image: str, name: str) -> dict[str, Any]:
    return {
        "ImageId": image,
        "Name": name,
        "CreationDate": "2025-09-15T18:22:07.000Z",
        "DeprecationTime": "2027-09-15T18:22:07.000Z",
        "OwnerId": OWNER if image == e.IMAGE else ECS_OWNER,
        "ImageOwnerAlias": "amazon",
        "State": "available",
        "Architecture": "x86_64",
    }


def describe_volumes(account: Account, parameters: Parameters) -> Parameters:
    instances = [
        instance
        for instance in _every(account)
        if instance.state not in GONE
        and matches(parameters, only("volume-id", f"vol-{instance.id[2:]}"))
    ]  # fmt: skip
    shown, token = page(instances, parameters, "MaxResults", "NextToken")
    return {"Volumes": [_volume(instance) for instance in shown], **token}


def _volume(instance: Instance) -> dict[str, Any]:
    attachment = {"InstanceId": instance.id, "Device": "/dev/xvda", "State": "attached",
                  "VolumeId": f"vol-{instance.id[2:]}", "DeleteOnTermination": True}  # fmt: skip
    return {
        "VolumeId": f"vol-{instance.id[2:]}",
        "Size": 80,
        "VolumeType": "gp3",
        "Iops": 3000,
        "Throughput": 125,
        "Encrypted": True,
        "State": "in-use",
        "AvailabilityZone": instance.zone,
        "Attachments": [attachment],
    }


def describe_spot_requests(account: Account, parameters: Parameters) -> Parameters:
    return {
        "SpotInstanceRequests": [
            {
                "SpotInstanceRequestId": _spot_id(each),
                "InstanceId": each.id,
                **_spot_state(each),
            }
            for each in account.instances()
            if each.spot and matches(parameters, only("spot-instance-request-id", _spot_id(each)))
        ]
    }


def _spot_state(instance: Instance) -> dict[str, Any]:
    if instance.state not in GONE:
        message = "Your Spot request is fulfilled."
        return {"State": "active", "Status": {"Code": "fulfilled", "Message": message}}
    message = "Your Spot Instance was terminated by user."
    code = "instance-terminated-by-user"
    return {"State": "closed", "Status": {"Code": code, "Message": message}}


_JOINED = (
    "[    0.000000] Linux version 6.12.40-64.114.amzn2023.x86_64",
    "[   11.271045] cloud-init: nodeadm: Configuring kubelet",
    "[   14.902113] systemd: Started kubelet.service - Kubernetes Kubelet.",
)
_REFUSED = (
    'kubelet: E "Unable to register node with API server" err="Unauthorized"',
    'kubelet: E "Attempting to register node" err="Unauthorized"',
)


def get_console_output(account: Account, parameters: Parameters) -> Parameters:
    name = parameters.get("InstanceId", "")
    instance = next((each for each in _every(account) if each.id == name), None)
    if instance is None:
        raise _unknown([name])
    lines: tuple[str, ...] = _JOINED + (_REFUSED if name == account.stray else ())
    if instance.kind == "ecs":
        lines = machines.console_lines(account, instance)
    text = base64.b64encode("\n".join(lines).encode()).decode()
    return {"InstanceId": name, "Timestamp": account.now, "Output": text}


def describe_instance_attribute(account: Account, parameters: Parameters) -> Parameters:
    """Return the user data of an instance; those of EKS have none here."""
    name, attribute = parameters["InstanceId"], parameters["Attribute"]
    instance = next((each for each in _every(account) if each.id == name), None)
    if instance is None:
        raise _unknown([name])
    if attribute != "userData":
        raise NoSuch("InvalidParameterValue", f"The demo doesn't know the attribute {attribute}.")
    if instance.kind != "ecs":
        return {"InstanceId": name, "UserData": {}}
    script = machines.user_data(account, instance).encode()
    return {"InstanceId": name, "UserData": {"Value": base64.b64encode(script).decode()}}


OPERATIONS = {
    "DescribeInstanceAttribute": describe_instance_attribute,
    "DescribeInstances": describe_instances,
    "DescribeInstanceStatus": describe_instance_status,
    "DescribeInstanceTypes": describe_instance_types,
    "DescribeImages": describe_images,
    "DescribeVolumes": describe_volumes,
    "DescribeSpotInstanceRequests": describe_spot_requests,
    "GetConsoleOutput": get_console_output,
}
