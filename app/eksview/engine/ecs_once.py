"""The lists of ECS read once, for the commands without a screen; Kubernetes isn't needed."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count
from random import random
from time import time
from typing import TYPE_CHECKING

from eksview.config.settings import Settings
from eksview.domain.aws.errors import no_region
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import ECS, PLANS, STS
from eksview.domain.base.errors import UserError, explained
from eksview.domain.live.messages import Message, Trace
from eksview.domain.rows.ecs import EcsClusterRow, cluster_name
from eksview.domain.rows.kube import Kind
from eksview.engine.connect import aws_session, target_of
from eksview.engine.one_shot import LIMIT, OneShotStore, wait_settled
from eksview.process.first_of import first_of
from eksview.store.store import Store

if TYPE_CHECKING:
    from eksview.aws.client.context import AwsContext
    from eksview.aws.client.session import AwsSession
    from eksview.aws.poll.poller import AwsPoller


async def read_ecs(
    settings: Settings, environ: Mapping[str, str], links: Sequence[str], *, whole: bool
) -> Store:
    """Return a store with what these links read of the named ECS cluster, else of all clusters.

    `whole` reads what the clusters have, else only the clusters. What AWS refused is in the facts
    of the store, and what it didn't answer in time is unread. Raises `UserError` if there is no
    region or no such cluster.
    """
    with explained("Reading ECS"):
        deadline = asyncio.get_running_loop().time() + LIMIT
        async with aws_session(target_of(settings, environ), environ) as session:
            if not session.place.region:
                raise UserError(no_region())
            clusters: Sequence[str] = (cluster_name(settings.ecs_cluster),)
            if not settings.ecs_cluster:
                listed = await _read(session, environ, ("",), (ECS,), deadline)
                clusters = [row.name for row in listed.table(EcsClusterRow).values()]
                if not (whole and clusters):
                    return listed
            return await _read(session, environ, clusters, links, deadline)


async def _read(
    session: "AwsSession",
    environ: Mapping[str, str],
    clusters: Sequence[str],
    links: Sequence[str],
    deadline: float,
) -> Store:
    """Return a store with the first round of these links, as far as AWS answers in time.

    Raises `UserError` if there is none of the clusters.
    """
    from eksview.aws.ecs_watcher import EcsWatcher  # noqa: PLC0415 - loads botocore

    reader = OneShotStore()
    context = _context(session, reader, environ)
    absent = _absence(reader)
    watcher, identity = EcsWatcher(context), asyncio.create_task(_identity(context).run())
    watcher.follow(clusters)
    try:
        async with asyncio.timeout_at(deadline):
            await first_of(wait_settled(reader, time, links), absent.wait())
    except TimeoutError:
        pass  # the links and parts hold what is missing
    finally:
        identity.cancel()
        await asyncio.gather(identity, watcher.stop(), return_exceptions=True)
    if absent.is_set() and "" not in clusters:
        raise UserError(f"There is no ECS cluster {clusters[0]} in {session.place.region}.")
    reader.store.time.set_ahead(time() - session.server_clock())
    return reader.store


def _absence(reader: OneShotStore) -> asyncio.Event:
    """Return an event that is set once ECS has described the clusters, and there is none."""
    absent = asyncio.Event()

    def described(_: Message) -> None:
        if not reader.store.table(EcsClusterRow):
            absent.set()

    reader.messages.subscribe(described, Kind.ECS_CLUSTER)
    return absent


def _context(
    session: "AwsSession", reader: OneShotStore, environ: Mapping[str, str]
) -> "AwsContext":
    from eksview.aws.client.call_log import AwsCallLog  # noqa: PLC0415 - loads botocore
    from eksview.aws.client.context import AwsContext  # noqa: PLC0415
    from eksview.aws.client.credentials_gate import CredentialsGate  # noqa: PLC0415

    sink, place = reader.messages, session.place
    recorder = AwsCallLog(lambda call: sink.send(Trace(call)), count(1), time, place.region)
    return AwsContext(
        session, place, sink, CredentialsGate(), asyncio.sleep, time, random, recorder, environ
    )


def _identity(context: "AwsContext") -> "AwsPoller":
    """Return the poller of the identity, which opens the gate for the others."""
    from eksview.aws.poll.poller import AwsPoller  # noqa: PLC0415 - loads botocore
    from eksview.aws.services.inventory import Inventory  # noqa: PLC0415
    from eksview.aws.services.reader import WatchedAccount  # noqa: PLC0415
    from eksview.aws.services.sts import CallerIdentity  # noqa: PLC0415

    account = WatchedAccount(context, Inventory(time), InstanceTracker(), lambda: None)
    return AwsPoller(PLANS[STS], list(CallerIdentity(account).calls()), context, gated=False)
