"""Details of an instance that are read only when it is opened: volumes, role, console, spot."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services import parse_ec2
from eksview.aws.services.parse import text, texts
from eksview.aws.services.reader import DETAIL, filtered, reads
from eksview.domain.aws.tags import GROUP_TAG
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.rows.aws import InstanceDetail, InstanceRow

LAST_LINES = 40  # of the serial console
REBALANCE = "rebalance recommendation"
"""The cause that Auto Scaling writes when it replaces a spot instance that is at risk."""


class Opened:
    """The reader of one instance's details. A part that is refused leaves its sentence."""

    def __init__(self, client: ThrottledClient, row: InstanceRow) -> None:
        self._client = client
        self._row = row
        self._detail = InstanceDetail()

    async def detail(self) -> InstanceDetail:
        """Read all parts that apply to the instance."""
        row = self._row
        if row.volumes:
            await self._attempt(self._volumes)
        if row.profile:
            await self._attempt(self._role)
        if self._detail.role:
            await self._attempt(self._policies)
        if row.spot_request:
            await self._attempt(self._spot)
        if row.lifecycle == "spot" and GROUP_TAG in row.tags:
            await self._attempt(self._rebalance)
        if row.state not in ("pending", "terminated"):
            await self._attempt(self._console)
        return self._detail

    async def _attempt(self, ask: Callable[[], Awaitable[None]]) -> None:
        try:
            await ask()
        except CallRefused as refused:
            sentences = (*self._detail.reason, refused.refusal.sentence)
            actions = filter(None, (*self._detail.denied, refused.refusal.action))
            self._detail = replace(
                self._detail, reason=tuple(dict.fromkeys(sentences)), denied=tuple(actions)
            )

    @reads(DETAIL, "ec2:DescribeVolumes")
    async def _volumes(self) -> None:
        pages = filtered(self._client, "DescribeVolumes", "volume-id", self._row.volumes)
        volumes = [row async for page in pages for row in parse_ec2.volumes(page, self._row.id)]
        self._detail = replace(self._detail, volumes=tuple(volumes))

    @reads(DETAIL, "iam:GetInstanceProfile")
    async def _role(self) -> None:
        name = self._row.profile.rpartition("/")[2]
        try:
            answer = await self._client.call("iam", "GetInstanceProfile", InstanceProfileName=name)
        except CallRefused as refused:
            if refused.code != "NoSuchEntity":
                raise
            self._detail = replace(self._detail, no_role=clean(f"{name} was deleted"))
            return
        roles = (answer.get("InstanceProfile") or {}).get("Roles") or ()
        # An instance profile holds one role at most (IAM User Guide, "Using instance profiles").
        role = next((text(role.get("Arn")) for role in roles), EMPTY)
        no_role = EMPTY if role else clean(f"{name} has no role")
        self._detail = replace(self._detail, role=role, no_role=no_role)

    @reads(DETAIL, "iam:ListAttachedRolePolicies")
    async def _policies(self) -> None:
        name = self._detail.role.rpartition("/")[2]
        answer = await self._client.call("iam", "ListAttachedRolePolicies", RoleName=name)
        attached = answer.get("AttachedPolicies") or ()
        policies = texts(policy.get("PolicyName") for policy in attached)
        self._detail = replace(self._detail, policies=policies)

    @reads(DETAIL, "ec2:DescribeSpotInstanceRequests")
    async def _spot(self) -> None:
        named = [{"Name": "spot-instance-request-id", "Values": [self._row.spot_request]}]
        answer = await self._client.call("ec2", "DescribeSpotInstanceRequests", Filters=named)
        for request in answer.get("SpotInstanceRequests") or ():
            status = request.get("Status") or {}
            words = (text(status.get("Code")), text(status.get("Message")))
            self._detail = replace(self._detail, spot=clean(": ".join(filter(None, words))))

    @reads(DETAIL, "autoscaling:DescribeScalingActivities")
    async def _rebalance(self) -> None:
        group = self._row.tags[GROUP_TAG]
        answer = await self._client.call(
            "autoscaling", "DescribeScalingActivities", AutoScalingGroupName=group, MaxRecords=50
        )
        activities = answer.get("Activities") or ()
        sentences = (f"{item.get('Description')} {item.get('Cause')}" for item in activities)
        at_risk = any(self._row.id in words and REBALANCE in words for words in sentences)
        self._detail = replace(self._detail, rebalance=at_risk)

    @reads(DETAIL, "ec2:GetConsoleOutput")
    async def _console(self) -> None:
        output = _decoded(await self._output()).strip("\r\n")
        lines = output.splitlines()[-LAST_LINES:]
        console = tuple(clean(line.rstrip()) for line in lines)
        self._detail = replace(self._detail, console=console)

    async def _output(self) -> str:
        named: dict[str, Any] = {"InstanceId": self._row.id}
        try:
            answer = await self._client.call("ec2", "GetConsoleOutput", **named, Latest=True)
        except CallRefused as refused:
            # Only Nitro instances have the latest output; others keep what the last boot wrote.
            if refused.code != "UnsupportedOperation":
                raise
            answer = await self._client.call("ec2", "GetConsoleOutput", **named)
        return str(answer.get("Output") or "")


def _decoded(output: str) -> str:
    try:
        return b64decode(output, validate=True).decode(errors="replace")
    except NotBase64:
        return output
