"""`eksview doctor`: checks each step of the access chain and prints one line per step."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Mapping
from time import time
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.cli.announced import run_announced
from eksview.cli.doctor.output import print_json, print_lines
from eksview.config.settings import Settings
from eksview.domain.access.access_step import SEE_NODES, Inputs
from eksview.domain.access.chain import chain
from eksview.domain.aws.parts import CLUSTER, ENTRIES
from eksview.domain.aws.poll_plan import ACCESS, EC2, EKS, PLANS, STS
from eksview.domain.aws.target import AwsTarget, unidentified
from eksview.domain.base.errors import DescribeClusterError, UserError
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, ReadFailed, last_of, why_unread
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.control_plane.evidence import failing_checks
from eksview.domain.live.command_context import context_of
from eksview.domain.live.messages import LinkState, Swap
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.access import (
    CredentialFact,
    EndpointFact,
    KubeconfigFact,
    RbacFact,
    Right,
    RightsFact,
    WhoFact,
)
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.engine.aws_source import AwsSource
from eksview.engine.connect import commands_for, flags_of, named_by_eks, open_cluster, target_of
from eksview.engine.one_shot import OneShotStore, complete, wait_settled
from eksview.kube.access import self_review
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.client.connection import RETRIES, Connection, Limits
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import raw_list, readable
from eksview.kube.poll.polled_resources import AwsAuthPoll
from eksview.kube.poll.probes import Probes
from eksview.process.waits import WAITS
from eksview.store.selectors.readings import (
    access_entries,
    aws_identity,
    cluster_reading,
    known_roles,
    node_roles,
    node_roles_unread,
    part_reading,
    roles_created,
)
from eksview.store.store import Store

LIMIT = 15.0  # seconds for all requests; a step without an answer by then is reported as hanging
OPEN_SHARE = 0.6  # of the limit, for EKS to describe a cluster named by --cluster
STOP_TIME = 1.0  # seconds of the limit that are kept for closing AWS connections
NODES_TIME = 3.0  # seconds of the limit for some nodes, on which no step depends
SOME = 50  # nodes, whose instances are looked for
AWS_LINKS = (EKS, ACCESS, EC2)  # beside the identity, which precedes every AWS call
MAPPING = (CLUSTER, ENTRIES, Kind.NODEGROUP.part, Kind.FARGATE.part)
"""The parts of the account that the IAM mapping is judged by."""
T = TypeVar("T")


class Checkup(Struct):
    """The inputs of the chain so far, and whether a request hangs."""

    inputs: Inputs
    hung: bool = False

    def update(self, **fields: Any) -> None:
        self.inputs = replace(self.inputs, **fields)


def run(settings: Settings, *, as_json: bool, environ: Mapping[str, str] = os.environ) -> int:
    """Print the chain; return 1 if a step is broken, else 0."""
    return run_announced(_run(settings, as_json=as_json, environ=environ))


async def _run(settings: Settings, *, as_json: bool, environ: Mapping[str, str]) -> int:
    checkup = await examine(settings, environ=environ)
    steps = chain(checkup.inputs)
    write = print_json if as_json else print_lines
    write(steps, sys.stdout, ascii_only=settings.ascii)
    sys.stdout.flush()
    code = int(any(step.state is Health.BAD for step in steps))
    if checkup.hung:
        os._exit(code)  # the end of the loop would wait for a hanging DNS lookup in a thread
    return code


async def examine(
    settings: Settings, limit: float = LIMIT, environ: Mapping[str, str] = os.environ
) -> Checkup:
    """Run all checks at once; a check that exceeds the limit leaves its step unknown."""
    flags = flags_of(settings)
    commands = context_of(environ, region=flags.region, profile=flags.profile)
    checkup = Checkup(Inputs(now=time(), commands=commands))
    loop = asyncio.get_running_loop()
    until = loop.time() + limit
    try:
        connection = await _open(
            checkup,
            open_cluster(settings, environ, Limits(limit, retries=RETRIES)),
            limit * OPEN_SHARE,
        )
    except UserError as error:
        checkup.inputs = _unopened(checkup.inputs, settings, error)
        return checkup
    access = connection.access
    target = target_of(settings, environ, access)
    commands = commands_for(access, target, environ)
    checkup.update(kubeconfig=self_review.kubeconfig_fact(access), commands=commands)
    await asyncio.gather(
        _check_endpoint(checkup, connection, until - loop.time()),
        _check_kubernetes(checkup, connection, until - loop.time()),
        _check_health(checkup, connection, until - loop.time()),
        _check_aws(checkup, connection, target, environ, until - loop.time()),
    )
    server_clock = connection.server_clock
    checkup.update(now=server_clock(), ahead=server_clock.ahead)
    await _within(connection.close(), 1.0)
    return checkup


def _unopened(inputs: Inputs, settings: Settings, error: UserError) -> Inputs:
    """Return the inputs with the error at the step that it belongs to."""
    reason = error.sentence
    if not named_by_eks(settings):
        return replace(inputs, kubeconfig=KubeconfigFact(reason=reason))
    flags = flags_of(settings)
    place = unidentified(AwsTarget(flags.cluster, flags.region, flags.profile))
    inputs = replace(
        inputs,
        eks=True,
        kubeconfig=KubeconfigFact(cluster=clean(flags.cluster)),
        aws=ReadFailed(reason, inputs.now, place),
    )
    if isinstance(error, DescribeClusterError) and error.credentials:
        return replace(inputs, credential=CredentialFact("EKS token", reason=reason))
    return replace(inputs, endpoint=EndpointFact(inputs.now, EMPTY, 0, (), reason=reason))


async def _open(checkup: Checkup, opening: Awaitable[Connection], limit: float) -> Connection:
    """Return the connection; only with `--cluster` does opening it need a request."""
    began = time()
    connection = await _within(opening, limit)
    if connection is None:
        checkup.hung = True
        held_up = WAITS.held_up(began) or ": check the network and the proxies to AWS"
        raise UserError(f"EKS didn't describe the cluster within {limit:.0f} s{held_up}.")
    return connection


async def _check_endpoint(checkup: Checkup, connection: Connection, limit: float) -> None:
    endpoint = await _within(EndpointProbe(connection.access).once(), limit)
    checkup.hung |= endpoint is None
    checkup.update(endpoint=endpoint)


async def _check_health(checkup: Checkup, connection: Connection, limit: float) -> None:
    """Read which checks of the API server fail."""
    reader = OneShotStore()
    probes = Probes(connection, reader.messages)
    await _within(probes.once(with_version=False), limit)
    checkup.update(failing=failing_checks(reader.store.facts.probes()))


async def _check_aws(
    checkup: Checkup,
    connection: Connection,
    target: AwsTarget,
    environ: Mapping[str, str],
    limit: float,
) -> None:
    """Read the identity, the cluster, the access entries and aws-auth, if this is EKS."""
    if not (target.cluster and target.region):
        return
    began, reader = time(), OneShotStore()
    source = AwsSource(target, reader.messages, environ)
    source.start()
    reader.messages.send(Swap(Kind.NODE, await _within(_some_nodes(connection), NODES_TIME) or ()))
    reader.messages.send(LinkState(Link("nodes", Phase.LIVE, time(), heard=time())))
    auth = AwsAuthPoll(connection, reader.messages, time)
    await asyncio.gather(
        _within(wait_settled(reader, time, AWS_LINKS), limit - STOP_TIME),
        _within(_read_aws_auth(auth), limit - STOP_TIME),
    )
    await source.stop()
    store = reader.store
    complete(store)
    aws = aws_identity(store)
    if aws is NOT_ASKED:
        waited_for = WAITS.held_up(began) or f" to {PLANS[STS].action}"
        late = clean(f"No answer within {limit:.0f} s{waited_for}.")
        aws = ReadFailed(late, time(), unidentified(target, environ))
    checkup.update(
        eks=True,
        aws=aws,
        cluster=last_of(cluster_reading(store)),
        cluster_reason=why_unread(cluster_reading(store)),
        entries=access_entries(store),
        auth=store.facts.aws_auth,
        node_roles=node_roles(store),
        roles_unread=(*node_roles_unread(store), *_unanswered(store, limit)),
        roles=known_roles(store),
        roles_created=roles_created(store),
    )


def _unanswered(store: Store, limit: float) -> tuple[str, ...]:
    """Return a sentence for the parts of the IAM mapping that had no answer within the limit."""
    late = [part for part in MAPPING if part_reading(store, part) is NOT_ASKED]
    return (f"No answer to {', '.join(late)} within {limit:.0f} s.",) if late else ()


async def _some_nodes(connection: Connection) -> tuple[NodeRow, ...]:
    """Return the first nodes, whose instances show whether the account is theirs; none unread."""
    nodes = RESOURCES[Kind.NODE]
    try:
        body = await connection.get_bytes(nodes.path(), {"limit": str(SOME)})
        with readable("a list of nodes"):
            return tuple(nodes.rows(nodes.decode_list(body).items or ()))
    except UserError:
        return ()  # the step of the nodes has the reason


async def _read_aws_auth(auth: AwsAuthPoll) -> None:
    try:
        await auth.ask()
    except RequestError as error:
        auth.unanswered(error)
    except UserError:
        pass  # there is no credential, which has a step of its own


async def _check_kubernetes(checkup: Checkup, connection: Connection, limit: float) -> None:
    began = time()
    loop = asyncio.get_running_loop()
    until = loop.time() + limit

    def left() -> float:
        return max(0.1, until - loop.time())

    credential = await _within(self_review.credential_fact(connection), left())
    late = clean(f"No answer within {limit:.0f} s{WAITS.held_up(began)}.")
    checkup.update(credential=credential or CredentialFact("none", reason=late))
    identity, rights, rbac, nodes = await asyncio.gather(
        _within(self_review.identity(connection), left()),
        _within(self_review.rights(connection), left()),
        _within(self_review.rbac(connection), left()),
        _within(_count_nodes(connection), left()),
    )
    checkup.hung |= None in (credential, identity, rights, rbac, nodes)
    now = time()
    count, link = nodes or (None, Link("nodes", Phase.RETRYING, now, late))
    checkup.update(
        who=identity or WhoFact(now, reason=late),
        rights=rights or RightsFact(now, tuple(Right(ask, None, reason=late) for ask in SEE_NODES)),
        rbac=rbac or RbacFact(now, reason=late),
        nodes=count,
        link=link,
    )


async def _count_nodes(connection: Connection) -> tuple[int | None, Link]:
    now, nodes = time(), RESOURCES[Kind.NODE]
    try:
        body = await connection.get_bytes(nodes.path(), {"limit": "1"})
        page = raw_list(nodes.name, "NodeList", body)
    except UserError as error:
        return None, Link("nodes", Phase.REFUSED, now, error.sentence)
    count = len(page.items or ()) + (page.metadata.remaining_item_count or 0)
    return count, Link("nodes", Phase.LIVE, now)


async def _within(work: Awaitable[T], limit: float) -> T | None:
    """Return the result, or None after so many seconds."""
    try:
        async with asyncio.timeout(limit):
            return await work
    except TimeoutError:
        return None
