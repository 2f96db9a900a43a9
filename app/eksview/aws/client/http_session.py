"""HTTP to AWS without redirects: no API of AWS redirects, and botocore follows none.

aiohttp, which aiobotocore uses, would send the session token and the request's body along.
"""

from types import SimpleNamespace
from typing import Any

import aiohttp
import yarl
from aiobotocore.httpsession import AIOHTTPSession


class RedirectedError(Exception):
    """A redirect, which wasn't followed."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.target = target


class DirectSession(AIOHTTPSession):  # type: ignore[misc]  # aiobotocore has no types
    """The HTTP session of an AWS client."""

    # A private name of aiobotocore, which has no other place for what aiohttp offers.
    async def _get_session(self, proxy_url: str | None) -> Any:
        session = await super()._get_session(proxy_url)
        if not session.trace_configs:
            trace = aiohttp.TraceConfig()
            trace.on_request_redirect.append(_refuse)
            trace.freeze()
            session.trace_configs.append(trace)
        return session


async def _refuse(
    _session: aiohttp.ClientSession,
    _context: SimpleNamespace,
    redirect: aiohttp.TraceRequestRedirectParams,
) -> None:
    response = redirect.response
    response.close()
    try:
        target = response.url.join(yarl.URL(response.headers.get("Location", "")))
        raise RedirectedError(str(target.origin()))
    except ValueError:
        raise RedirectedError("no address") from None
