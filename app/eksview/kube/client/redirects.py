"""Redirects, which are followed to the same origin only: credentials go to no other server.

client-go sends its token, certificate and impersonation wherever an answer points to. No API
server redirects elsewhere; a login page of a proxy does.
"""

from types import SimpleNamespace

import aiohttp
import yarl

HEADERS = ("Location", "URI")  # in the order in which aiohttp takes them


class RedirectedElsewhereError(aiohttp.ClientError):
    """A redirect to another origin, which wasn't followed."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin


def staying() -> aiohttp.TraceConfig:
    """Return what makes a session refuse redirects to another origin."""
    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_check)
    return trace


async def _check(
    _session: aiohttp.ClientSession,
    _context: SimpleNamespace,
    redirect: aiohttp.TraceRequestRedirectParams,
) -> None:
    response = redirect.response
    location = next(filter(None, map(response.headers.get, HEADERS)), "")
    if origin := elsewhere(response.url, location):
        response.close()
        raise RedirectedElsewhereError(origin)


def elsewhere(url: yarl.URL, location: str) -> str:
    """Return the origin that a redirect points to; empty for that of the URL, or for none."""
    try:
        target = url.join(yarl.URL(location))
        return str(target.origin()) if target.origin() != url.origin() else ""
    except ValueError:  # aiohttp refuses it too
        return ""
