"""`eksview doctor`: the chain from the kubeconfig to the answer, a line a step, no screen."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Mapping
from time import time
from typing import TextIO, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.cli import doctor_aws
from eksview.config.settings import Settings
from eksview.domain.access.chain import SEE_NODES, AccessStep, Inputs, chain
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.health import Health
from eksview.domain.base.problem import DescribeClusterError, UserError
from eksview.domain.base.reading import ReadFailed
from eksview.domain.base.text import clean
from eksview.domain.rows.access import (
    CredentialFact,
    EndpointFact,
    KubeconfigFact,
    RbacFact,
    Right,
    RightsFact,
    WhoFact,
)
from eksview.domain.rows.aws import AwsIdentity
from eksview.domain.rows.link import Link, Phase
from eksview.engine.connect import by_name, flags_of, open_cluster
from eksview.kube.access import self_review
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.client.connection import Connection

LIMIT = 15.0
"""Seconds for all of it: what hangs is then said to hang, and the rest is printed."""
OPENING = 0.6
"""The part of them in which EKS must have said where a cluster named by `--cluster` is."""
STOPPING = 1.0  # seconds kept of it for letting go of AWS
T = TypeVar("T")

MARKS = {
    Health.OK: ("✔", "ok"),
    Health.WARN: ("▲", "!!"),
    Health.BAD: ("✖", "XX"),
    Health.UNKNOWN: ("○", "??"),
}


class Checkup(Struct):
    """What has been found so far, and whether something still hangs."""

    inputs: Inputs
    hung: bool = False


def run(settings: Settings, *, as_json: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print the chain to stdout; 0 when nothing in it is broken, else 1."""
    checkup = asyncio.run(examine(settings, environ=environ))
    steps = chain(checkup.inputs)
    write = _print_json if as_json else _print_lines
    write(steps, sys.stdout, ascii_only=settings.ascii)
    sys.stdout.flush()
    code = int(any(step.state is Health.BAD for step in steps))
    if checkup.hung:
        os._exit(code)  # a resolver's thread that hangs would hold up the interpreter's end
    return code


async def examine(
    settings: Settings, limit: float = LIMIT, environ: Mapping[str, str] = os.environ
) -> Checkup:
    """Ask everything at once; whatever takes longer than the limit stays unknown."""
    checkup = Checkup(Inputs(now=time()))
    clock = asyncio.get_running_loop().time
    until = clock() + limit
    try:
        connection = await _opened(checkup, open_cluster(settings, environ), limit * OPENING)
    except UserError as problem:
        checkup.inputs = _unopened(checkup.inputs, settings, problem)
        return checkup
    fact = self_review.kubeconfig_fact(connection.access)
    checkup.inputs = replace(checkup.inputs, kubeconfig=fact)
    place = doctor_aws.place(connection, settings, environ)
    await asyncio.gather(
        _walked(checkup, connection, until - clock()),
        _asked(checkup, connection, until - clock()),
        _aws(checkup, connection, place, environ, until - clock()),
    )
    await _within(connection.close(), 1.0)
    return checkup


def _unopened(inputs: Inputs, settings: Settings, problem: UserError) -> Inputs:
    """The failure stands at the step that it belongs to."""
    why = str(problem)
    if not by_name(settings):
        return replace(inputs, kubeconfig=KubeconfigFact(why=why))
    flags = flags_of(settings)
    place = AwsIdentity("", "", flags.region, flags.cluster, flags.profile)
    identity = ReadFailed(why, inputs.now, place)
    known = replace(inputs, eks=True, kubeconfig=KubeconfigFact(cluster=flags.cluster))
    if isinstance(problem, DescribeClusterError) and problem.credentials:
        return replace(known, aws=identity, credential=CredentialFact("EKS token", why=why))
    return replace(known, aws=identity, endpoint=EndpointFact(inputs.now, "", 0, (), why=why))


async def _opened(checkup: Checkup, opening: Awaitable[Connection], limit: float) -> Connection:
    """Only a cluster that is named by `--cluster` has to be asked for."""
    connection = await _within(opening, limit)
    if connection is None:
        checkup.hung = True
        why = f"EKS didn't say within {limit:.0f} s where the cluster is"
        raise UserError(f"{why}: check the network and the proxies on the way to AWS.")
    return connection


async def _walked(checkup: Checkup, connection: Connection, limit: float) -> None:
    endpoint = await _within(EndpointProbe(connection.access).once(), limit)
    checkup.hung |= endpoint is None
    checkup.inputs = replace(checkup.inputs, endpoint=endpoint)


async def _aws(
    checkup: Checkup,
    connection: Connection,
    place: AwsTarget | None,
    environ: Mapping[str, str],
    limit: float,
) -> None:
    """Nothing of AWS where nothing leads there."""
    if place is None:
        return
    half = doctor_aws.side(place, environ)
    found = await doctor_aws.ask(Inputs(now=time()), connection, half, limit - STOPPING)
    checkup.inputs = replace(
        checkup.inputs,
        eks=found.eks,
        aws=found.aws,
        cluster=found.cluster,
        entries=found.entries,
        auth=found.auth,
    )


async def _asked(checkup: Checkup, connection: Connection, limit: float) -> None:
    late = f"Nothing came back within {limit:.0f} s."
    began = asyncio.get_running_loop().time()

    def left() -> float:
        return max(0.1, limit - (asyncio.get_running_loop().time() - began))

    credential = await _within(self_review.credential_fact(connection), left())
    found = credential or CredentialFact("none", why=late)
    checkup.inputs = replace(checkup.inputs, credential=found)
    who, rights, rbac, nodes = await asyncio.gather(
        _within(self_review.who(connection), left()),
        _within(self_review.rights(connection), left()),
        _within(self_review.rbac(connection), left()),
        _within(_nodes(connection), left()),
    )
    checkup.hung |= None in (credential, who, rights, rbac, nodes)
    now = time()
    count, link = nodes or (None, Link("nodes", Phase.RETRYING, now, late))
    checkup.inputs = replace(
        checkup.inputs,
        who=who or WhoFact(now, why=late),
        rights=rights or RightsFact(now, tuple(Right(ask, None, why=late) for ask in SEE_NODES)),
        rbac=rbac or RbacFact(now, why=late),
        nodes=count,
        link=link,
    )


async def _nodes(connection: Connection) -> tuple[int | None, Link]:
    now = time()
    try:
        body = await connection.get_json("/api/v1/nodes", {"limit": "1"})
    except UserError as problem:
        return None, Link("nodes", Phase.REFUSED, now, str(problem))
    rest = body.get("metadata", {}).get("remainingItemCount") or 0
    return len(body.get("items") or ()) + int(rest), Link("nodes", Phase.LIVE, now)


async def _within(work: Awaitable[T], limit: float) -> T | None:
    try:
        async with asyncio.timeout(limit):
            return await work
    except TimeoutError:
        return None


def _print_lines(steps: tuple[AccessStep, ...], out: TextIO, *, ascii_only: bool) -> None:
    width = max(len(step.title) for step in steps)
    arrow = "->" if ascii_only else "→"
    for step in steps:
        mark = MARKS[step.state][ascii_only]
        took = "" if step.took is None else f"  ({step.took * 1000:.0f} ms)"
        out.write(f"{mark} {step.title.ljust(width)}  {clean(step.says)}{took}\n")
        for text in step.todo if step.state is Health.BAD else ():  # all of them are in --json
            for number, line in enumerate(text.rstrip("\n").split("\n")):
                lead = arrow if number == 0 else " " * len(arrow)
                out.write(f"{' ' * (width + 4)}{lead} {clean(line)}\n")


def _print_json(steps: tuple[AccessStep, ...], out: TextIO, *, ascii_only: bool) -> None:
    document = {
        "ok": not any(step.state is Health.BAD for step in steps),
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "state": step.state.value,
                "says": step.says,
                "seconds": None if step.took is None else round(step.took, 4),
                "evidence": [{"name": name, "text": text} for name, text in step.evidence],
                "todo": list(step.todo),
            }
            for step in steps
        ],
    }
    out.write(json.dumps(document, indent=2, ensure_ascii=ascii_only) + "\n")
