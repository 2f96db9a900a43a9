"""The control plane's logs for a command without a screen."""

import asyncio
from collections.abc import Mapping
from itertools import count
from random import random
from typing import TYPE_CHECKING

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.live.messages import Message
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.inbox import LogInbox
from eksview.engine.connect import aws_session, target_of

if TYPE_CHECKING:
    from eksview.kube.client.cluster_access import ClusterAccess

NO_CLUSTER = "The kubeconfig names no EKS cluster: give its name with --cluster."


class _NoSink:
    """Takes the calls of the trace, which a command doesn't show."""

    def send(self, message: Message) -> None:
        """Drop a message."""


async def read_control_plane(
    settings: Settings,
    environ: Mapping[str, str],
    access: "ClusterAccess",
    request: ControlPlaneRequest,
    inbox: LogInbox,
) -> None:
    """Read into an inbox, whose state says what AWS refuses. Raises `UserError`."""
    from eksview.aws.client.call_log import AwsCallLog  # noqa: PLC0415 - heavy imports
    from eksview.aws.client.context import AwsContext  # noqa: PLC0415
    from eksview.aws.client.credentials_gate import CredentialsGate  # noqa: PLC0415
    from eksview.aws.logs.control_plane_log import ControlPlaneLog  # noqa: PLC0415

    target = target_of(settings, environ, access)
    if not target.cluster:
        raise UserError(NO_CLUSTER)
    async with aws_session(target, environ) as session:
        clock = session.server_clock
        recorder = AwsCallLog(lambda _: None, count(1), clock, target.region)
        gate = CredentialsGate()
        context = AwsContext(
            session, target, _NoSink(), gate, asyncio.sleep, clock, random, recorder, environ
        )
        await ControlPlaneLog(context, request, inbox).run()
