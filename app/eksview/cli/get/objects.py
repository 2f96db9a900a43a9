"""`eksview get RESOURCE`: prints objects of the API server as kubectl does."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TextIO

import msgspec
from msgspec import Raw, Struct

from eksview.cli.announced import run_announced
from eksview.cli.get.output import print_each, printer_of, raise_each
from eksview.cli.get.printer import METADATA_ONLY, Printer
from eksview.cli.get.query import Query, Selection
from eksview.cli.get.served_resources import served
from eksview.cli.interrupted import ending_on_signals
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.base.versions import NEWEST_MINOR, printing_minor
from eksview.domain.kube.api_types import Status, WatchEvent
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import METADATA_KIND, KindCheck
from eksview.domain.rows.kube import undecoded_text
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import JSON, Connection
from eksview.kube.client.errors import RequestError, RequestTimeoutError, from_event
from eksview.kube.client.lists import Page, pages, raw_list, readable
from eksview.kube.watch.line_splitter import LineSplitter

NOT_FOUND = 404
WITHOUT_VALUES = (
    "secrets are printed without their values, which are never requested; kubectl get secret "
    "prints them"
)
WATCH_LIMIT = 7200.0  # seconds; an API server ends a watch within the hour, eventful or not
VERSION_LIMIT = 4.0  # seconds; then the table is printed as the newest version prints it


class _Version(Struct, rename="camel"):
    git_version: str = ""


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the objects and return 0. Raises `UserError` if the cluster refused."""
    run_announced(_run(settings, query, environ, sys.stdout))
    return 0


async def _run(settings: Settings, query: Query, environ: Mapping[str, str], out: TextIO) -> None:
    async with await open_cluster(settings, environ, query.limits) as connection:
        namespace = settings.namespace or connection.target.namespace or "default"
        if query.is_served:
            query = await served(query, connection)
        minor = asyncio.create_task(_server_minor(connection, query))
        printer = printer_of(query, out, connection.server_clock, minor.result)
        try:
            version, missing = await _print_all(connection, query, namespace, printer)
            await minor
        finally:
            minor.cancel()
        if printer.count or not query.missing_is_fine:
            printer.end()
        sys.stderr.write(_undecoded(printer.undecoded))
        if _omits_values(query):
            print_each([WITHOUT_VALUES])
        if query.watch:
            await _print_changes(connection, query, namespace, printer, version)
        raise_each(missing, out)
        if not (printer.count or query.watch or query.missing_is_fine) and query.is_table:
            sys.stderr.write(_no_resources(query, namespace))


async def _print_all(
    connection: Connection, query: Query, namespace: str, printer: Printer
) -> tuple[str, list[str]]:
    """Print what there is; return the version of the last list, and the errors of the others.

    Of several resources one that is refused costs no other, as in kubectl.
    """
    version, errors = "", []
    for selection in query.selections:
        printer.begin(selection.resource)
        if selection.names and not query.watch:
            errors += await _print_named(connection, query, selection, namespace, printer)
            continue
        try:
            version = await _print_list(connection, query, selection, namespace, printer)
        except RequestError as error:
            if len(query.selections) == 1 or error.failure.status is None:
                raise
            errors.append(str(error))
    return version, errors


async def _print_list(
    connection: Connection, query: Query, selection: Selection, namespace: str, printer: Printer
) -> str:
    """Print a list, unless only its changes are wanted; return its version."""
    path = _path(query, selection, namespace)
    if query.listed:
        return await _print_pages(connection, path, query, printer)
    return await _version_of(connection, path, query)


async def _server_minor(connection: Connection, query: Query) -> int:
    """Return the minor version whose tables are printed; only tables depend on it."""
    if query.is_served or not query.is_table:
        return NEWEST_MINOR
    try:
        body = await connection.get_bytes("/version", limit=VERSION_LIMIT)
        version = msgspec.json.decode(body, type=_Version)
    except (UserError, msgspec.DecodeError):
        return NEWEST_MINOR
    return printing_minor(version.git_version)


def _path(query: Query, selection: Selection, namespace: str) -> str:
    return selection.resource.path("" if query.all_namespaces else namespace)


def _no_resources(query: Query, namespace: str) -> str:
    """Return kubectl's sentence for an empty table."""
    if query.all_namespaces or not query.all_namespaced:
        return "No resources found\n"
    return f"No resources found in {clean(namespace)} namespace.\n"


def _omits_values(query: Query) -> bool:
    """Return whether kubectl would print values that eksview never requests."""
    whole = query.output.format not in ("table", "wide", "name")
    return whole and any(selection.resource.secret for selection in query.selections)


def _undecoded(objects: Sequence[str]) -> str:
    """Return a line for all objects that couldn't be decoded, then one for each."""
    if not objects:
        return ""
    lines = (f"{undecoded_text(len(objects))}:", *(f"  {text}" for text in objects))
    return "".join(f"{clean(line)}\n" for line in lines)


async def _print_named(
    connection: Connection, query: Query, selection: Selection, namespace: str, printer: Printer
) -> list[str]:
    """Print the objects with the names; return a sentence for each that can't be read."""
    missing = []
    for name in selection.names:
        path = selection.resource.path(namespace, name)
        try:
            body = await connection.get_bytes(path, printer.query, accept=printer.accept)
        except RequestError as error:
            if error.failure.status is None:
                raise  # nothing else would be answered either
            if not (query.missing_is_fine and error.failure.status == NOT_FOUND):
                missing.append(str(error))
        else:
            printer.single(body)
    return missing


async def _print_pages(connection: Connection, path: str, query: Query, printer: Printer) -> str:
    """Print a list; return its version."""
    version = ""

    def read(body: bytes) -> Page[Raw]:
        nonlocal version
        page = printer.page(body)
        version = page.metadata.resource_version
        return page.items or (), page.metadata.continue_

    client = _Accepting(connection, printer.accept)
    async for _ in pages(client, path, read, _selectors(query) | printer.query):
        pass
    return version


class _Accepting(Struct):
    """A client of lists in the form that a printer takes."""

    connection: Connection
    accept: str

    async def get_bytes(self, path: str, query: dict[str, str] | None = None) -> bytes:
        return await self.connection.get_bytes(path, query, accept=self.accept)


async def _version_of(connection: Connection, path: str, query: Query) -> str:
    """Return the version of a list of which nothing else is wanted."""
    secret = query.selections[0].resource.secret
    accept = METADATA_ONLY if secret else JSON
    body = await connection.get_bytes(path, _selectors(query) | {"limit": "1"}, accept=accept)
    resource = query.selections[0].resource
    kind = f"{METADATA_KIND}List" if resource.secret else f"{resource.object_kind}List"
    return raw_list(resource.name, kind, body).metadata.resource_version


def _selectors(query: Query) -> dict[str, str]:
    """Return the selectors; a name that is watched is one."""
    fields = f"metadata.name={query.names[0]}" if query.names else query.fields
    selectors = {"labelSelector": query.labels, "fieldSelector": fields}
    return {name: value for name, value in selectors.items() if value}


async def _print_changes(
    connection: Connection, query: Query, namespace: str, printer: Printer, version: str
) -> None:
    """Print each object that changes since a list, until the API server ends the watch."""
    sys.stdout.flush()
    parameters = _selectors(query) | printer.query
    parameters |= {"watch": "true", "resourceVersion": version}
    selection = query.selections[0]
    path = _path(query, selection, namespace)
    splitter, expected = LineSplitter(), printer.expected
    # kubectl ends a watch at its time limit as if it were complete
    with ending_on_signals(), suppress(RequestTimeoutError):
        async with connection.stream(path, parameters, WATCH_LIMIT, printer.accept) as chunks:
            async for chunk in chunks:
                for line in splitter.feed(chunk):
                    _print_change(connection, line, expected, printer)
                    printer.end()  # a line widens the columns of those after it only
                sys.stdout.flush()


def _print_change(
    connection: Connection, line: bytes, expected: KindCheck, printer: Printer
) -> None:
    """Print the object of an event; raises `RequestError` for an ERROR and what is no event."""
    with readable("a watch event"):
        expected.event(line)
        event = parse(line, WatchEvent[Raw])
        if event.type == "ERROR":
            status = parse(bytes(event.object), Status)
            server = connection.target.server
            raise from_event(status, server=server, secrets=connection.secrets)
        if not bytes(event.object).startswith(b"{"):
            raise msgspec.ValidationError("it has no object")
        if event.type != "BOOKMARK":
            printer.item(event.object)
