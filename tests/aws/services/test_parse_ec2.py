"""EC2's answers, in the shapes botocore gives them, as rows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from eksview.aws.client.errors import named_ids
from eksview.aws.services import parse_ec2
from eksview.domain.rows.aws import ScheduledEvent, TypeRow, Volume

LAUNCHED = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
ONE = "i-0aaaaaaaaaaaaaaa1"


def whole() -> dict[str, Any]:
    return {
        "InstanceId": ONE,
        "ImageId": "ami-1",
        "InstanceType": "m6i.large",
        "InstanceLifecycle": "spot",
        "SpotInstanceRequestId": "sir-1",
        "State": {"Code": 80, "Name": "stopped"},
        "StateReason": {"Code": "Client.UserInitiatedShutdown", "Message": "Client.User…: by user"},
        "StateTransitionReason": "User initiated (2025-03-02 10:00:00 GMT)",
        "LaunchTime": LAUNCHED,
        "Placement": {"AvailabilityZone": "us-west-2a"},
        "PrivateDnsName": "ip-10-0-1-4.us-west-2.compute.internal",
        "PrivateIpAddress": "10.0.1.4",
        "PublicIpAddress": "198.51.100.4",
        "VpcId": "vpc-1",
        "SubnetId": "subnet-1",
        "Architecture": "x86_64",
        "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/node"},
        "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "nodes"}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}}, {}],
        "MetadataOptions": {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
        },
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-1",
                "SubnetId": "subnet-1",
                "Attachment": {"DeviceIndex": 1},
                "PrivateIpAddress": "10.0.1.4",
                "Association": {"PublicIp": "198.51.100.4"},
                "PrivateIpAddresses": [{}, {}, {}],
                "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.16/28"}],
                "Groups": [{"GroupId": "sg-2"}],
                "Status": "in-use",
                "Description": "aws-K8S-i-1",
            }
        ],
        "Tags": [{"Key": "kubernetes.io/cluster/demo", "Value": "owned"}],
    }


def test_an_instance_keeps_what_the_screens_show() -> None:
    row = parse_ec2.instance(whole())
    assert (row.id, row.state, row.type, row.zone) == (ONE, "stopped", "m6i.large", "us-west-2a")
    assert row.state_reason == "Client.User…: by user"
    assert row.launched == LAUNCHED.timestamp()
    assert (row.lifecycle, row.spot_request) == ("spot", "sir-1")
    assert (row.private_ip, row.public_ip) == ("10.0.1.4", "198.51.100.4")
    assert row.private_dns == "ip-10-0-1-4.us-west-2.compute.internal"
    assert row.profile.endswith("instance-profile/node")
    assert (row.security_groups, row.volumes) == (("sg-1",), ("vol-1",))
    assert (row.metadata_tokens, row.metadata_hops) == ("required", 2)
    assert row.tags == {"kubernetes.io/cluster/demo": "owned"}
    (interface,) = row.interfaces
    assert (interface.device, interface.addresses, interface.prefixes) == (1, 3, 1)
    assert (interface.public_ip, interface.security_groups) == ("198.51.100.4", ("sg-2",))


def test_an_instance_of_which_aws_says_nothing_but_its_id_is_a_row_too() -> None:
    row = parse_ec2.instance({"InstanceId": ONE})
    assert (row.state, row.launched, row.interfaces, row.tags) == ("", None, (), {})


def test_a_running_instance_was_stopped_for_no_reason() -> None:
    said = whole() | {"StateReason": None, "StateTransitionReason": ""}
    assert parse_ec2.instance(said).state_reason == ""


def test_all_instances_of_all_reservations_are_read() -> None:
    answer = {
        "Reservations": [
            {"Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]},
            {},
            {"Instances": [{"InstanceId": "i-3"}]},
        ]
    }
    assert [row.id for row in parse_ec2.instances(answer)] == ["i-1", "i-2", "i-3"]
    assert list(parse_ec2.instances({})) == []


def test_a_status_has_its_checks_and_the_events_that_are_still_to_come() -> None:
    event = {"Code": "instance-retirement", "Description": "Retiring.", "NotBefore": LAUNCHED}
    over = {"Code": "system-reboot", "Description": "[Completed] rebooted", "NotBefore": LAUNCHED}
    canceled = {"Code": "system-reboot", "Description": "[Canceled] rebooted"}
    said = {
        "InstanceId": ONE,
        "SystemStatus": {"Status": "impaired"},
        "InstanceStatus": {"Status": "ok"},
        "AttachedEbsStatus": {"Status": "ok"},
        "Events": [event, over, canceled],
    }
    (row,) = parse_ec2.statuses({"InstanceStatuses": [said]})
    assert (row.system, row.instance, row.ebs) == ("impaired", "ok", "ok")
    assert row.events == (ScheduledEvent("instance-retirement", "Retiring.", LAUNCHED.timestamp()),)


def test_an_image_says_its_time_in_text() -> None:
    said = {"ImageId": "ami-1", "Name": "eks-node", "CreationDate": "2025-03-01T12:00:00.000Z"}
    (row,) = parse_ec2.images({"Images": [said]})
    assert (row.name, row.created, row.deprecated) == ("eks-node", LAUNCHED.timestamp(), None)


def test_a_type_tells_how_many_addresses_fit() -> None:
    said = {
        "InstanceType": "m6i.large",
        "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 8192},
        "NetworkInfo": {"MaximumNetworkInterfaces": 3, "Ipv4AddressesPerInterface": 10},
    }
    (row,) = parse_ec2.types({"InstanceTypes": [said]})
    assert row == TypeRow("m6i.large", 2, 8 * 1024**3, 3, 10)


def test_a_volume_is_named_by_the_device_it_is_on_this_instance() -> None:
    said = {
        "VolumeId": "vol-1",
        "Size": 80,
        "VolumeType": "gp3",
        "Iops": 3000,
        "Encrypted": True,
        "State": "in-use",
        "Attachments": [
            {"InstanceId": "i-other", "Device": "/dev/sdz"},
            {"InstanceId": ONE, "Device": "/dev/xvda"},
        ],
    }
    (volume,) = parse_ec2.volumes({"Volumes": [said]}, ONE)
    assert volume == Volume("vol-1", "/dev/xvda", 80, "gp3", 3000, True, "in-use")


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        ("The instance ID 'i-0a1b2c3d4e5f60718' does not exist", {"i-0a1b2c3d4e5f60718"}),
        ("The instance IDs 'i-0a, i-0b' do not exist", {"i-0a", "i-0b"}),
        ('Invalid id: "i-zz" (expecting "i-...")', {"i-zz"}),
        ("You are not authorized", set()),
    ],
)
def test_the_ids_that_ec2_does_not_know_are_read_from_its_words(
    message: str, ids: set[str]
) -> None:
    assert named_ids(message) == ids
