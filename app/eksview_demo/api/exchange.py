"""A request as the API understands it, and the ways in which its answer is sent."""

from collections.abc import AsyncIterator, Iterable

from aiohttp import web
from msgspec import Struct

from eksview_demo.api import answers

_API_VERBS = {"page": "list", "watchlist": "watch"}


class ApiRequest(Struct, frozen=True):
    """A request in the API's terms.

    `verb` is `list`, `page` (a list continued), `watch`, `watchlist` (a streaming list), `get`
    or `create`; `resource` is empty for paths such as /readyz.
    """

    verb: str
    resource: str
    namespace: str
    path: str
    query: dict[str, str]

    @property
    def api_verb(self) -> str:
        """Return the verb as RBAC and the server's metrics have it."""
        return _API_VERBS.get(self.verb, self.verb)


class Exchange:
    """A request's answer on its way to the client; a subclass may disturb it."""

    async def early(self, request: web.BaseRequest) -> web.StreamResponse | None:  # noqa: ARG002
        """Return an answer that replaces the API's; None for the API's own."""
        return None

    async def large(self, request: web.BaseRequest, body: Iterable[bytes]) -> web.StreamResponse:
        """Send a body that is made while it is sent."""
        return await answers.large(request, body)

    async def watch(
        self,
        request: web.BaseRequest,
        batches: AsyncIterator[list[bytes]],
        content_type: str = answers.JSON,
    ) -> web.StreamResponse:
        """Stream the lines of a watch or a log as chunks until it ends."""
        response = web.StreamResponse(headers=answers.headers(content_type))
        response.enable_chunked_encoding()
        await response.prepare(request)
        async for batch in batches:
            await response.write(b"".join(batch))
        await response.write_eof()
        return response
