"""An instance that takes shell commands of the AWS CLI and refuses what AWS refuses.

Sources: EC2 User Guide, "Amazon EC2 managed instances", "Start and stop your instance", "Stop a
Spot Instance", "Troubleshoot an unreachable instance" (the latest output is Nitro's only); EC2
error codes; Amazon EKS User Guide, "EKS Auto Mode"; Session Manager's prerequisites.
"""

import shlex
from dataclasses import dataclass
from typing import Any

from botocore import xform_name

from tests.aws.strict_account import Refused, parsed

CHANGES = {"StartInstances", "StopInstances", "ModifyInstanceMetadataOptions"}


@dataclass
class StrictMachine:
    """`by_eks` is an instance of Auto Mode, `grouped` one that a group ends once it is stopped.

    `spot` is one of a one-time request, or one that EC2 stopped.
    """

    id: str
    state: str
    nitro: bool = True
    by_eks: bool = False
    spot: bool = False
    grouped: bool = False

    def run(self, line: str) -> None:
        """Run the AWS CLI of a line; what its output is piped to isn't run."""
        words = shlex.split(line.partition(" | ")[0])
        if words[words.index("aws") + 1 :][:2] == ["ec2-instance-connect", "ssh"]:
            self._opened(words[words.index("--instance-id") + 1])
            return
        operation, given = parsed(words)
        for name in given.get("InstanceIds") or [given.get("InstanceId") or given.get("Target")]:
            if name != self.id:
                raise Refused("InvalidInstanceID.NotFound")
        if operation in CHANGES and self.by_eks:
            raise Refused("OperationNotPermitted: the instance is managed by EKS")
        getattr(self, f"_{xform_name(operation)}")(given)

    def _start_instances(self, _: dict[str, Any]) -> None:
        if self.state != "stopped":
            raise Refused("IncorrectInstanceState")
        if self.spot:
            raise Refused("IncorrectSpotRequestState")

    def _stop_instances(self, _: dict[str, Any]) -> None:
        if self.spot or self.grouped or self.state in ("shutting-down", "terminated"):
            raise Refused("UnsupportedOperation")

    def _modify_instance_metadata_options(self, given: dict[str, Any]) -> None:
        if self.state in ("shutting-down", "terminated"):
            raise Refused("IncorrectInstanceState")

    def _get_console_output(self, given: dict[str, Any]) -> None:
        if given.get("Latest") and not self.nitro:
            raise Refused("UnsupportedOperation: only instances of the Nitro System")

    def _describe_instance_attribute(self, _: dict[str, Any]) -> None:
        """Answer for every instance."""

    def _start_session(self, given: dict[str, Any]) -> None:
        self._opened(given["Target"])

    def _opened(self, name: str) -> None:
        if name != self.id or self.by_eks or self.state not in ("running", "pending"):
            raise Refused("TargetNotConnected")
