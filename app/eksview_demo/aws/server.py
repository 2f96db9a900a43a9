"""The endpoint of every service of the demo's AWS, on one port of the loopback."""

import asyncio
import re
import socket

from aiohttp import web

from eksview_demo.aws import wire
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.estate import ACCESS_KEY, Account
from eksview_demo.aws.faults import AwsFaults, HtmlPage, Refuse, Slow
from eksview_demo.aws.operations import perform

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[\w-]+)/(?P<service>[\w-]+)/aws4_request"
)


class AwsServer:
    """Answers signed requests; a signature is looked for, and its key, but not computed."""

    def __init__(self, estate: Account, faults: AwsFaults) -> None:
        self._estate = estate
        self._faults = faults
        self._runner: web.ServerRunner | None = None

    async def serve(self, door: socket.socket) -> None:
        """Begin to answer. The models are read in a thread: the cluster lives on meanwhile."""
        await asyncio.to_thread(_prepare)
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await self._runner.setup()
        await web.SockSite(self._runner, door).start()

    async def stop(self) -> None:
        """Let go of every connection."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        if scope is None:
            return _refused("sts", Refuse("MissingAuthenticationToken", "Sign it.", 403))
        service = scope["service"]
        if scope["key"] != ACCESS_KEY:
            return _refused(service, _unknown_key(service))
        try:
            asked = wire.understood(
                service,
                request.method,
                request.rel_url.raw_path,
                request.rel_url.raw_query_string,
                request.headers,
                await request.read(),
            )
        except (wire.Unknown, ValueError) as unknown:
            return _refused(service, Refuse("InvalidAction", f"Not known here: {unknown}", 400))
        return await self._answered(asked)

    async def _answered(self, asked: wire.AwsRequest) -> web.StreamResponse:
        fault = self._faults.take(f"{asked.service}:{asked.operation}")
        match fault:
            case Refuse():
                return _refused(asked.service, fault)
            case HtmlPage(body=body, status=status):
                return web.Response(body=body, status=status, content_type="text/html")
            case Slow(seconds=seconds):
                await asyncio.sleep(seconds)
        try:
            said = perform(self._estate, asked)
        except NoSuch as none:
            return _refused(asked.service, Refuse(none.code, str(none), none.status))
        kind, body = wire.answer(asked.service, asked.operation, said)
        return web.Response(body=body, content_type=kind)


def _unknown_key(service: str) -> Refuse:
    """Each in its own words."""
    if service == "ec2":
        message = "AWS was not able to validate the provided access credentials"
        return Refuse("AuthFailure", message, 401)
    code = "UnrecognizedClientException" if service == "eks" else "InvalidClientTokenId"
    return Refuse(code, "The security token included in the request is invalid.", 403)


def _refused(service: str, refuse: Refuse) -> web.Response:
    kind, body = wire.refusal(service, refuse.code, refuse.message)
    headers = {"x-amzn-errortype": refuse.code}
    return web.Response(body=body, status=refuse.status, content_type=kind, headers=headers)


def _prepare() -> None:
    for service in wire.SERVICES:
        wire.model(service)
