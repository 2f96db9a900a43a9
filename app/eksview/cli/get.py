"""`eksview get`: one question to the API server, answered in kubectl's words."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from typing import TextIO
from urllib.parse import quote

import msgspec
from msgspec import Struct

from eksview.cli.output import Printer, Query, printer_of
from eksview.config.settings import Settings
from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean
from eksview.domain.base.versions import NEWEST_MINOR, printing_minor
from eksview.domain.rows.kube import Kind
from eksview.engine.connect import open_cluster
from eksview.kube.client.connection import Connection

PAGE = 500
TABLES = ("table", "wide")
VERSION_LIMIT = 4.0  # seconds for the version; a table isn't worth a longer wait


class _Version(Struct, rename="camel"):
    git_version: str = ""


def run(settings: Settings, question: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the answer to stdout; returns 0. `UserError` when the cluster said no."""
    asyncio.run(_run(settings, question, environ, sys.stdout))
    return 0


async def _run(
    settings: Settings, question: Query, environ: Mapping[str, str], out: TextIO
) -> None:
    async with await open_cluster(settings, environ) as connection:
        namespace = settings.namespace or connection.target.namespace or "default"
        version = asyncio.create_task(_server_minor(connection, question))
        printer = printer_of(question, out, time.time(), version.result)
        path = path_of(question, namespace)
        missing = []
        try:
            if question.names:
                missing = await _each(connection, path, question.names, printer)
            else:
                await _pages(connection, path, question, printer)
            await version
        finally:
            version.cancel()
        printer.end()
        out.flush()
        if missing:
            raise UserError("; ".join(missing))
        if printer.count == 0 and question.output in TABLES:
            sys.stderr.write(nothing_found(question, namespace))


async def _server_minor(connection: Connection, question: Query) -> int:
    """Return the minor version as which tables are printed; other outputs don't need it."""
    if question.output not in TABLES:
        return NEWEST_MINOR
    try:
        body = await connection.get_bytes("/version", limit=VERSION_LIMIT)
        version = msgspec.json.decode(body, type=_Version)
    except (UserError, msgspec.DecodeError):
        return NEWEST_MINOR
    return printing_minor(version.git_version)


def path_of(question: Query, namespace: str) -> str:
    """Where the API has these objects."""
    if question.kind is Kind.NODE or question.everywhere:
        return f"/api/v1/{question.kind.value}"
    return f"/api/v1/namespaces/{quote(namespace, safe='')}/{question.kind.value}"


def nothing_found(question: Query, namespace: str) -> str:
    """What kubectl says of an empty table."""
    if question.kind is Kind.NODE or question.everywhere:
        return "No resources found\n"
    return f"No resources found in {clean(namespace)} namespace.\n"


async def _each(
    connection: Connection, path: str, names: tuple[str, ...], printer: Printer
) -> list[str]:
    """Print what is there; returns a sentence for each that isn't."""
    missing = []
    for name in names:
        try:
            body = await connection.get_bytes(f"{path}/{quote(name, safe='')}")
        except UserError as problem:
            missing.append(str(problem))
        else:
            printer.one(body)
    return missing


async def _pages(connection: Connection, path: str, question: Query, printer: Printer) -> None:
    query = {"limit": str(PAGE)}
    if question.labels:
        query["labelSelector"] = question.labels
    if question.fields:
        query["fieldSelector"] = question.fields
    while True:
        query["continue"] = printer.page(await connection.get_bytes(path, query))
        if not query["continue"]:
            return
