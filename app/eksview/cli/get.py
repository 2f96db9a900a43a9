"""`eksview get nodes` and `get pods`: prints objects of the API server as kubectl does."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

import msgspec
from msgspec import Struct

from eksview.cli.announced import run_announced
from eksview.cli.get_output import Printer, Query, printer_of
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.base.versions import NEWEST_MINOR, printing_minor
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.kube import undecoded_text
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import Connection

PAGE = 500
VERSION_LIMIT = 4.0  # seconds; then the table is printed as the newest version prints it


class _Version(Struct, rename="camel"):
    git_version: str = ""


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the objects and return 0. Raises `UserError` if the cluster refused."""
    run_announced(_run(settings, query, environ, sys.stdout))
    return 0


async def _run(settings: Settings, query: Query, environ: Mapping[str, str], out: TextIO) -> None:
    async with await open_cluster(settings, environ) as connection:
        namespace = settings.namespace or connection.target.namespace or "default"
        version = asyncio.create_task(_server_minor(connection, query))
        printer = printer_of(query, out, connection.server_clock, version.result)
        missing = []
        try:
            if query.names:
                missing = await _print_named(connection, query, namespace, printer)
            else:
                await _print_pages(connection, _path(query, namespace), query, printer)
            await version
        finally:
            version.cancel()
        printer.end()
        sys.stderr.write(_undecoded(printer.undecoded))
        if missing:
            raise UserError("; ".join(missing))
        if printer.count == 0 and query.is_table:
            sys.stderr.write(_no_resources(query, namespace))


async def _server_minor(connection: Connection, query: Query) -> int:
    """Return the minor version whose tables are printed; only tables depend on it."""
    if not query.is_table:
        return NEWEST_MINOR
    try:
        body = await connection.get_bytes("/version", limit=VERSION_LIMIT)
        version = msgspec.json.decode(body, type=_Version)
    except (UserError, msgspec.DecodeError):
        return NEWEST_MINOR
    return printing_minor(version.git_version)


def _path(query: Query, namespace: str) -> str:
    return RESOURCES[query.kind].path("" if query.all_namespaces else namespace)


def _no_resources(query: Query, namespace: str) -> str:
    """Return kubectl's sentence for an empty table."""
    if query.all_namespaces or not RESOURCES[query.kind].namespaced:
        return "No resources found\n"
    return f"No resources found in {clean(namespace)} namespace.\n"


def _undecoded(objects: Sequence[str]) -> str:
    """Return a line for all objects that couldn't be decoded, then one for each."""
    if not objects:
        return ""
    return "\n  ".join((f"{undecoded_text(len(objects))}:", *objects)) + "\n"


async def _print_named(
    connection: Connection, query: Query, namespace: str, printer: Printer
) -> list[str]:
    """Print the objects with the query's names; return a sentence for each that can't be read."""
    missing = []
    for name in query.names:
        path = RESOURCES[query.kind].path(namespace, name)
        try:
            body = await connection.get_bytes(path)
        except UserError as error:
            missing.append(str(error))
        else:
            printer.single(body)
    return missing


async def _print_pages(connection: Connection, path: str, query: Query, printer: Printer) -> None:
    parameters = {"limit": str(PAGE)}
    if query.labels:
        parameters["labelSelector"] = query.labels
    if query.fields:
        parameters["fieldSelector"] = query.fields
    while True:
        parameters["continue"] = printer.page(await connection.get_bytes(path, parameters))
        if not parameters["continue"]:
            return
