"""The endpoint of every service of the demo's AWS, on one port of the loopback."""

import asyncio
import re
import socket
from collections.abc import Callable, Mapping
from typing import TypeAlias

from aiohttp import web

from eksview_demo.aws import (
    autoscaling,
    ec2,
    eks,
    eks_access,
    eks_changes,
    iam,
    logs,
    network,
    ssm,
    wire,
)
from eksview_demo.aws.account import ACCESS_KEY, ACCOUNT, CALLER, Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.ecs import answers
from eksview_demo.aws.wire import AwsRequest, Parameters

Answering: TypeAlias = Callable[[Account, Parameters], Parameters]


def _caller_identity(_: Account, __: Parameters) -> Parameters:
    return {
        "UserId": "AROADEMO0000EXAMPLE00:demo",
        "Account": ACCOUNT,
        "Arn": CALLER,
    }


OPERATIONS: Mapping[str, Mapping[str, Answering]] = {
    "sts": {"GetCallerIdentity": _caller_identity},
    "ec2": {**ec2.OPERATIONS, **network.OPERATIONS},
    "eks": {**eks.OPERATIONS, **eks_changes.OPERATIONS, **eks_access.OPERATIONS},
    "autoscaling": autoscaling.OPERATIONS,
    "iam": iam.OPERATIONS,
    "ssm": ssm.OPERATIONS,
    "logs": logs.OPERATIONS,
    "ecs": answers.OPERATIONS,
}


def perform(account: Account, request: AwsRequest) -> Parameters:
    """Answer an operation. Raises NoSuch."""
    action = f"{request.service}:{request.operation}"
    if action in account.refused:
        raise _denied(action)
    operation = OPERATIONS[request.service].get(request.operation)
    if operation is None:
        raise NoSuch("InvalidAction", f"The demo doesn't answer {request.operation}.")
    return operation(account, request.parameters)


def _denied(action: str) -> NoSuch:
    """Return the error of a denied action, in the words of IAM and with the service's code."""
    of_ec2 = action.startswith("ec2:")
    before = "You are not authorized to perform this operation. " if of_ec2 else ""
    message = (
        f"{before}User: {CALLER} is not authorized to perform: {action} because no identity-based "
        f"policy allows the {action} action"
    )
    return NoSuch("UnauthorizedOperation" if of_ec2 else "AccessDeniedException", message, 403)


_SCOPE = re.compile(
    r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[\w-]+)/(?P<service>[\w-]+)/aws4_request"
)


class AwsServer:
    """Answers signed requests; a signature is looked for, and its key, but not computed."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._runner: web.ServerRunner | None = None

    async def serve(self, listener: socket.socket) -> None:
        """Begin to answer. The models are read in a thread: the cluster lives on meanwhile."""
        await asyncio.to_thread(_prepare)
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Close every connection."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None:
            return _refused("sts", NoSuch("MissingAuthenticationToken", "Sign it.", 403))
        service = scope["service"]
        if scope["key"] != ACCESS_KEY:
            return _refused(service, _unknown_key(service))
        try:
            parsed = wire.understood(
                service,
                request.method,
                request.rel_url.raw_path,
                request.rel_url.raw_query_string,
                request.headers,
                await request.read(),
            )
        except (wire.Unknown, ValueError) as unknown:
            return _refused(service, NoSuch("InvalidAction", f"Not known here: {unknown}"))
        try:
            result = perform(self._account, parsed)
        except NoSuch as none:
            return _refused(parsed.service, none)
        kind, body = wire.answer(parsed.service, parsed.operation, result)
        return web.Response(body=body, content_type=kind)


def _unknown_key(service: str) -> NoSuch:
    """Return the error of an unknown access key, which services word differently."""
    if service == "ec2":
        message = "AWS was not able to validate the provided access credentials"
        return NoSuch("AuthFailure", message, 401)
    code = "UnrecognizedClientException" if service == "eks" else "InvalidClientTokenId"
    return NoSuch(code, "The security token included in the request is invalid.", 403)


def _refused(service: str, error: NoSuch) -> web.Response:
    kind, body = wire.refusal(service, error.code, str(error))
    headers = {"x-amzn-errortype": error.code}
    return web.Response(body=body, status=error.status, content_type=kind, headers=headers)


def _prepare() -> None:
    for service in wire.SERVICES:
        wire.model(service)
