"""The routes of the API server."""

import time
from collections.abc import Callable

from aiohttp import web
from msgspec import Struct

from eksview_demo.api import (
    access,
    answers,
    discovery,
    eks_metrics,
    lists,
    metadata_view,
    prometheus,
    reviews,
    usage,
    watches,
    writes,
)
from eksview_demo.api.access import Access, User
from eksview_demo.api.discovery import Discovery
from eksview_demo.api.exchange import ApiRequest, Exchange
from eksview_demo.api.health import Health, Meters
from eksview_demo.api.kubelet import configz, node_logs, pod_logs, port_forward
from eksview_demo.api.metadata_view import MetadataView
from eksview_demo.api.tables import table_view
from eksview_demo.api.tables.table_view import TableView
from eksview_demo.api.watches import JsonLines, Options, Pulse, Watch, WatchLines
from eksview_demo.api.writes import Writes
from eksview_demo.cluster import api_services
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.storage import status
from eksview_demo.storage.resources import ALL, Resource
from eksview_demo.storage.status import StatusError
from eksview_demo.storage.storage import Stored

_HEALTH = {"readyz", "livez", "healthz"}
_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
_VERSIONS = {resource.group: resource.version for resource in ALL}
_TRUE = {"true", "1", "True", "t", "T", "TRUE"}


class Route(Struct, frozen=True):
    """The target of a path; `resource` is None where that isn't a stored resource."""

    path: str
    resource: Resource | None = None
    namespace: str = ""
    name: str = ""


def route(path: str) -> Route:
    parts = path.strip("/").split("/")
    if parts[:2] == ["api", "v1"]:
        group, rest = "", parts[2:]
    elif parts[0] == "apis" and len(parts) > 2 and parts[2] == _VERSIONS.get(parts[1]):
        group, rest = parts[1], parts[3:]
    else:
        return Route(path)
    namespace = ""
    if len(rest) > 2 and rest[0] == "namespaces":
        namespace, rest = rest[1], rest[2:]
    for resource in ALL:
        if rest and (resource.group, resource.name) == (group, rest[0]) and len(rest) < 3:
            if namespace and not resource.namespaced:
                break
            return Route(path, resource, namespace, rest[1] if len(rest) > 1 else "")
    return Route(path)


class Api:
    """The API of one cluster; tests replace `exchange` to disturb answers."""

    def __init__(self, cluster: DemoCluster, health: Health, rights: Access) -> None:
        self.storage = cluster.storage
        self.health = health
        self.access = rights
        self.discovery = Discovery()
        self.writes = Writes(cluster)
        self.exchange: Callable[[ApiRequest], Exchange] = lambda _: Exchange()
        self.pulse = Pulse()
        self.meters = Meters()
        self._cluster = cluster
        self._clock = cluster.clock

    def switch_service(self, group_version: str, down: bool) -> None:
        """Let the service of an aggregated API stop answering, or answer again."""
        group = group_version.partition("/")[0]
        (self.discovery.down.add if down else self.discovery.down.discard)(group)
        api_services.switch(self._cluster, group_version, down)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        began = time.perf_counter()
        target = route(request.path)
        call = self._call(request, target)
        self.meters.inflight += 1
        try:
            response = await self._answer(request, target, call)
        except StatusError as error:
            response = answers.refusal(error)
        finally:
            self.meters.inflight -= 1
        group = target.resource.group if target.resource else ""
        seconds = time.perf_counter() - began
        self.meters.done(call.api_verb.upper(), group, call.resource, response.status, seconds)
        return response

    def _call(self, request: web.BaseRequest, target: Route) -> ApiRequest:
        query = dict(request.query)
        verb = "get"
        if request.method != "GET":
            verb = {"POST": "create", "PATCH": "patch"}.get(request.method, request.method.lower())
        elif target.resource is not None and _flag(query, "watch"):
            verb = "watchlist" if _flag(query, "sendInitialEvents") else "watch"
        elif target.resource is not None and not target.name:
            verb = "page" if query.get("continue") else "list"
        name = target.resource.name if target.resource else ""
        return ApiRequest(verb, name, target.namespace, request.path, query)

    async def _answer(
        self, request: web.BaseRequest, target: Route, call: ApiRequest
    ) -> web.StreamResponse:
        exchange = self.exchange(call)
        if (answer := await exchange.early(request)) is not None:
            return answer
        began = time.perf_counter()
        user = self.access.user(request.headers.get("Authorization"), target.path)
        self.meters.check("authentication", "success", time.perf_counter() - began)
        if self.discovery.is_down(target.path):
            return answers.text("service unavailable\n", 503)
        if user is not None and (pod := pod_logs.pod_of(target.path)) is not None:
            lines = pod_logs.log_of(self._cluster, user, pod, request.query)
            return await exchange.watch(request, lines, answers.PLAIN)
        if user is not None and (changed := writes.target_of(request.method, target.path)):
            return await self.writes.answer(request, changed, user)
        if target.resource is None:
            return await self._path(request, target, user)
        if user is None:
            raise StatusError(401, "Unauthorized")
        return await self._resource(request, target, call, user, exchange)

    async def _path(
        self, request: web.BaseRequest, target: Route, user: User | None
    ) -> web.StreamResponse:
        if user is not None and (made := await self._aggregated(request, user)) is not None:
            return made
        access.check_path(user, target.path)
        first = target.path.strip("/")
        endpoint, _, check = first.partition("/")
        if endpoint in _HEALTH:
            verbose = "verbose" in request.query
            code, text = (
                self.health.single(endpoint, check)
                if check
                else self.health.report(endpoint, verbose)
            )
            return answers.text(text, code)
        if first == "version":
            return answers.json(self.health.version())
        if first == "metrics":
            text = self.meters.text(self.storage)
            return answers.text(text, content_type=_EXPOSITION)
        if request.method == "POST" and user is not None:
            return await self._review(request, target, user)
        return self._discover(request, target.path.rstrip("/"))

    def _discover(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if self.discovery.wants_aggregated(path, request.headers.get("Accept", "")):
            body, tag = self.discovery.groups(path)
            if request.headers.get("If-None-Match") == tag:
                return answers.not_modified(tag)
            return answers.tagged(body, tag, discovery.AGGREGATED)
        document = discovery.answer(path, request.host)
        if document is None:
            raise StatusError(404, "the server could not find the requested resource", details={})
        return answers.json(document)

    async def _aggregated(self, request: web.BaseRequest, user: User) -> web.StreamResponse | None:
        """Return the answers of aggregated APIs and kubelets; None for other paths."""
        path = request.path
        if component := eks_metrics.component_of(path):
            resource = f"{component}/metrics"
            access.check(user, Attributes("get", resource, eks_metrics.GROUP, name="container"))
            text = eks_metrics.text(self._cluster, component)
            return answers.text(text, content_type=_EXPOSITION)
        if pod := port_forward.forwarded_pod(path):
            return await port_forward.forward(request, self._cluster, user, pod)
        if usage.asks(path):
            body = usage.answer(self._cluster, user, path, dict(request.query))
            return await answers.large(request, body)
        return self._behind_proxy(request, user)

    def _behind_proxy(self, request: web.BaseRequest, user: User) -> web.StreamResponse | None:
        """Return the answers of kubelets and services behind a proxy; None for other paths."""
        path = request.path
        if node := configz.node_of(path):
            return answers.json(configz.configz(self._cluster, user, node))
        if node := node_logs.node_of(path):
            return node_logs.answer(self._cluster, user, node, request.query)
        if prometheus.asks(path):
            return prometheus.answer(self._cluster, user, request.query)
        return None

    async def _review(
        self, request: web.BaseRequest, target: Route, user: User
    ) -> web.StreamResponse:
        kind = target.path.rsplit("/", 1)[-1]
        if kind not in reviews.KINDS:
            raise StatusError(404, "the server could not find the requested resource", details={})
        body = await request.read()
        content_type = request.headers.get("Content-Type", "")
        reviewed = reviews.answer(kind, user, content_type, body, self._clock())
        return answers.json(reviewed, 201)

    async def _resource(
        self,
        request: web.BaseRequest,
        target: Route,
        call: ApiRequest,
        user: User,
        exchange: Exchange,
    ) -> web.StreamResponse:
        assert target.resource is not None  # noqa: S101 - checked by _answer
        resource = target.resource
        verb = call.api_verb
        attributes = Attributes(verb, resource.name, resource.group, target.namespace, target.name)
        began = time.perf_counter()
        access.check(user, attributes)
        self.meters.check("authorization", "allowed", time.perf_counter() - began)
        query = _query(call.query, target.namespace)
        view = self._view(request, resource, call)
        if verb == "watch":
            return await self._watch(request, target, query, call, exchange, view)
        if verb == "list":
            page = self._page(resource, query)
            chunks = view.body(page) if view else lists.body(resource, page)
            return await exchange.large(request, chunks)
        if verb == "get":
            stored = self._stored(target)
            return answers.raw(view.single(stored) if view else answers.whole(resource, stored))
        raise StatusError(405, "the server does not allow this method on the requested resource")

    def _view(
        self, request: web.BaseRequest, resource: Resource, call: ApiRequest
    ) -> TableView | MetadataView | None:
        """Return the form of an answer that isn't whole objects."""
        accept = request.headers.get("Accept", "")
        if kind := metadata_view.wanted(accept):
            return MetadataView(kind)
        if not table_view.wanted(accept):
            return None
        include = call.query.get("includeObject", "")
        return TableView(resource, include, self._clock, self.health.minor)

    def _page(self, resource: Resource, query: lists.Query) -> lists.Page:
        began = time.perf_counter()
        page = lists.page(self.storage, resource, query)
        self.meters.read("list", resource.group, resource.name, time.perf_counter() - began)
        return page

    def _stored(self, target: Route) -> Stored:
        assert target.resource is not None  # noqa: S101 - checked by _answer
        began = time.perf_counter()
        key = f"{target.namespace}/{target.name}" if target.namespace else target.name
        stored = self.storage.table(target.resource).objects.get(key)
        took = time.perf_counter() - began
        self.meters.read("get", target.resource.group, target.resource.name, took)
        if stored is None:
            raise status.not_found(target.resource.name, target.name, target.resource.group)
        return stored

    async def _watch(
        self,
        request: web.BaseRequest,
        target: Route,
        query: lists.Query,
        call: ApiRequest,
        exchange: Exchange,
        view: TableView | MetadataView | None,
    ) -> web.StreamResponse:
        assert target.resource is not None  # noqa: S101 - checked by _answer
        resource = target.resource
        seconds = call.query.get("timeoutSeconds", "")
        options = Options(
            query,
            bookmarks=_flag(call.query, "allowWatchBookmarks"),
            send_initial=_flag(call.query, "sendInitialEvents"),
            seconds=float(seconds) if seconds.isdigit() and seconds != "0" else None,
        )
        watches.check(options)
        lines: WatchLines = view or JsonLines(resource)
        watch = Watch(self.storage, resource, options, lines, self.pulse)
        counted = (resource.group, resource.name)
        self.meters.watches[counted] += 1
        try:
            return await exchange.watch(request, watch.batches())
        finally:
            self.meters.watches[counted] -= 1


def _flag(query: dict[str, str], name: str) -> bool:
    return query.get(name, "") in _TRUE


def _query(query: dict[str, str], namespace: str) -> lists.Query:
    limit, version = query.get("limit", ""), query.get("resourceVersion", "")
    if version and not version.isdigit():
        reason = f'strconv.ParseUint: parsing "{version}": invalid syntax'
        raise StatusError(400, f'resourceVersion: Invalid value: "{version}": {reason}')
    return lists.Query(
        namespace=namespace,
        field_selector=query.get("fieldSelector", ""),
        label_selector=query.get("labelSelector", ""),
        limit=int(limit) if limit.isdigit() else 0,
        continue_=query.get("continue", ""),
        version=version,
        version_match=query.get("resourceVersionMatch", ""),
    )
