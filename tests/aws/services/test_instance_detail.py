"""An instance that is opened: what is asked of it then, and what a refusal leaves."""

from base64 import b64encode
from itertools import count
from typing import Any

from msgspec.structs import replace

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services import parse_ec2
from eksview.aws.services.instance_detail import LAST_LINES, Opened
from eksview.domain.aws.target import AwsTarget
from eksview.domain.rows.aws import InstanceDetail, InstanceRow
from tests.aws.fakes import FakeSession, Heard, Reply, Time, refusal

ONE = "i-0aaaaaaaaaaaaaaa1"
GROUP = {"Key": "aws:autoscaling:groupName", "Value": "g"}


def row(**more: Any) -> InstanceRow:
    said = {
        "InstanceId": ONE,
        "State": {"Name": "running"},
        "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/path/node"},
        "BlockDeviceMappings": [{"Ebs": {"VolumeId": "vol-1"}}],
        "Tags": [GROUP],
    }
    return replace(parse_ec2.instance(said), **more)


def account() -> FakeSession:
    role = {"Arn": "arn:aws:iam::111122223333:role/node"}
    return FakeSession(
        {
            "ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "vol-1", "Size": 80}]},
            "iam:GetInstanceProfile": {"InstanceProfile": {"Roles": [role]}},
            "iam:ListAttachedRolePolicies": {
                "AttachedPolicies": [{"PolicyName": "AmazonEKSWorkerNodePolicy"}]
            },
            "ec2:GetConsoleOutput": {
                "InstanceId": "i-1",
                "Output": b64encode(b"line 1\r\nline 2\n").decode(),
            },
            "ec2:DescribeSpotInstanceRequests": {
                "SpotInstanceRequests": [
                    {"Status": {"Code": "marked-for-termination", "Message": "Two minutes."}}
                ]
            },
            "autoscaling:DescribeScalingActivities": {"Activities": []},
        }
    )


async def opened(session: FakeSession, instance: InstanceRow) -> InstanceDetail:
    time = Time()
    means = AwsContext(
        session,
        AwsTarget(cluster="demo", region="us-west-2"),
        Heard(),
        CredentialsGate(),
        time.sleep,
        time.clock,
        lambda: 0.0,
        AwsCallLog(lambda _: None, count(1), time.clock, "us-west-2"),
        {},
    )
    meter = ThrottledClient(means, "detail", 100, lambda _refused, _wait: None)
    return await Opened(meter, instance).detail()


async def test_volumes_role_policies_and_console_are_read() -> None:
    session = account()
    found = await opened(session, row())
    assert [volume.id for volume in found.volumes] == ["vol-1"]
    assert found.role == "arn:aws:iam::111122223333:role/node"
    assert found.policies == ("AmazonEKSWorkerNodePolicy",)
    assert found.console == ("line 1", "line 2")
    assert found.reason == ()
    assert session.made("iam:GetInstanceProfile") == [{"InstanceProfileName": "node"}]
    assert not session.made("ec2:DescribeSpotInstanceRequests")


async def test_a_profile_without_a_role_is_told_from_one_that_wasnt_read() -> None:
    session = account()
    session.answers["iam:GetInstanceProfile"] = {"InstanceProfile": {"Roles": []}}
    assert (await opened(session, row())).no_role == "node has no role"
    session.answers["iam:GetInstanceProfile"] = refusal("NoSuchEntity", "not found")
    assert (await opened(session, row())).no_role == "node was deleted"
    session.answers["iam:GetInstanceProfile"] = refusal("AccessDenied", "not authorized")
    found = await opened(session, row())
    assert (found.no_role, found.denied) == ("", ("iam:GetInstanceProfile",))


async def test_a_spot_instance_tells_its_interruption() -> None:
    found = await opened(account(), row(lifecycle="spot", spot_request="sir-1"))
    assert found.spot == "marked-for-termination: Two minutes."
    assert found.rebalance is False  # its group was asked


async def test_what_no_group_was_asked_about_isnt_known() -> None:
    alone = row(lifecycle="spot", spot_request="sir-1", tags={})
    assert (await opened(account(), alone)).rebalance is None


async def test_a_rebalance_recommendation_is_read_from_the_groups_activities() -> None:
    session = account()
    cause = "… in response to an EC2 instance rebalance recommendation."
    activity = {"Description": f"Terminating EC2 instance: {ONE}", "Cause": cause}
    session.answers["autoscaling:DescribeScalingActivities"] = {"Activities": [activity]}
    assert (await opened(session, row(lifecycle="spot", spot_request="sir-1"))).rebalance


async def test_what_is_denied_is_a_sentence_and_the_rest_is_there() -> None:
    session = account()
    session.answers["iam:GetInstanceProfile"] = refusal("AccessDenied")
    session.answers["ec2:GetConsoleOutput"] = refusal("UnauthorizedOperation")
    found = await opened(session, row())
    assert [volume.id for volume in found.volumes] == ["vol-1"]
    assert len(found.reason) == 2
    assert "iam:GetInstanceProfile" in found.reason[0]
    assert not session.made("iam:ListAttachedRolePolicies")


async def test_an_instance_that_has_no_latest_console_output_shows_the_last_boots() -> None:
    def output(asked: dict[str, Any]) -> Reply:
        if asked.get("Latest"):
            return refusal("UnsupportedOperation")
        return {"InstanceId": "i-1", "Output": b64encode(b"boot").decode()}

    session = account()
    session.answers["ec2:GetConsoleOutput"] = output
    found = await opened(session, row())
    assert (found.console, found.reason) == (("boot",), ())


async def test_only_the_consoles_last_lines_are_kept() -> None:
    session = account()
    long = "\n".join(str(number) for number in range(500))
    session.answers["ec2:GetConsoleOutput"] = {
        "InstanceId": "i-1",
        "Output": b64encode(long.encode()).decode(),
    }
    lines = (await opened(session, row())).console
    assert len(lines) == LAST_LINES
    assert lines[-1] == "499"


async def test_an_instance_without_profile_or_volumes_is_asked_about_neither() -> None:
    session = account()
    found = await opened(session, row(profile="", volumes=(), state="terminated"))
    assert found == InstanceDetail()
    assert session.calls == []
