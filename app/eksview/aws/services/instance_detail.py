"""What is asked of an instance only when it is opened: volumes, role, console, spot signals."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services import parse_ec2
from eksview.aws.services.inventory import GROUP_TAG
from eksview.aws.services.parse import texts
from eksview.domain.rows.aws import InstanceDetail, InstanceRow

LAST_LINES = 40  # of the serial console
REBALANCE = "rebalance recommendation"
"""What Auto Scaling writes as the cause when it replaces a spot instance that is at risk."""


class Opened:
    """One instance being asked about. A part that is refused leaves a sentence, not a hole."""

    def __init__(self, meter: ThrottledClient, row: InstanceRow) -> None:
        self._meter = meter
        self._row = row
        self._found = InstanceDetail()

    async def detail(self) -> InstanceDetail:
        """All parts; those that don't apply aren't asked."""
        row = self._row
        if row.volumes:
            await self._try(self._volumes)
        if row.profile:
            await self._try(self._role)
        if self._found.role:
            await self._try(self._policies)
        if row.spot_request:
            await self._try(self._spot)
        if row.lifecycle == "spot" and GROUP_TAG in row.tags:
            await self._try(self._rebalance)
        if row.state not in ("pending", "terminated"):
            await self._try(self._console)
        return self._found

    async def _try(self, ask: Callable[[], Awaitable[None]]) -> None:
        try:
            await ask()
        except CallRefused as refused:
            sentences = (*self._found.why, refused.refusal.sentence)
            self._found = replace(self._found, why=tuple(dict.fromkeys(sentences)))

    async def _volumes(self) -> None:
        # By filter: a volume that was just deleted is no error then.
        named = [{"Name": "volume-id", "Values": list(self._row.volumes)}]
        answer = await self._meter.call("ec2", "DescribeVolumes", Filters=named)
        volumes = tuple(parse_ec2.volumes(answer, self._row.id))
        self._found = replace(self._found, volumes=volumes)

    async def _role(self) -> None:
        name = self._row.profile.rpartition("/")[2]
        answer = await self._meter.call("iam", "GetInstanceProfile", InstanceProfileName=name)
        roles = (answer.get("InstanceProfile") or {}).get("Roles") or ()
        # An instance profile holds one role at most (IAM User Guide, "Using instance profiles").
        self._found = replace(self._found, role=next((str(each.get("Arn")) for each in roles), ""))

    async def _policies(self) -> None:
        name = self._found.role.rpartition("/")[2]
        answer = await self._meter.call("iam", "ListAttachedRolePolicies", RoleName=name)
        attached = answer.get("AttachedPolicies") or ()
        policies = texts(each.get("PolicyName") for each in attached)
        self._found = replace(self._found, policies=policies)

    async def _spot(self) -> None:
        named = [{"Name": "spot-instance-request-id", "Values": [self._row.spot_request]}]
        answer = await self._meter.call("ec2", "DescribeSpotInstanceRequests", Filters=named)
        for request in answer.get("SpotInstanceRequests") or ():
            status = request.get("Status") or {}
            words = (str(status.get("Code") or ""), str(status.get("Message") or ""))
            self._found = replace(self._found, spot=": ".join(filter(None, words)))

    async def _rebalance(self) -> None:
        group = self._row.tags[GROUP_TAG]
        answer = await self._meter.call(
            "autoscaling", "DescribeScalingActivities", AutoScalingGroupName=group, MaxRecords=50
        )
        about = (
            f"{said.get('Description')} {said.get('Cause')}"
            for said in answer.get("Activities") or ()
        )
        at_risk = any(self._row.id in words and REBALANCE in words for words in about)
        self._found = replace(self._found, rebalance=at_risk)

    async def _console(self) -> None:
        text = _decoded(await self._output())
        lines = [line.rstrip() for line in text.splitlines()]
        last = "\n".join(lines[-LAST_LINES:]).strip("\n")
        self._found = replace(self._found, console=last)

    async def _output(self) -> str:
        named: dict[str, Any] = {"InstanceId": self._row.id}
        try:
            answer = await self._meter.call("ec2", "GetConsoleOutput", **named, Latest=True)
        except CallRefused as refused:
            # Only Nitro instances have the latest output; others keep what the last boot wrote.
            if refused.code != "UnsupportedOperation":
                raise
            answer = await self._meter.call("ec2", "GetConsoleOutput", **named)
        return str(answer.get("Output") or "")


def _decoded(output: str) -> str:
    try:
        return b64decode(output, validate=True).decode(errors="replace")
    except NotBase64:
        return output
