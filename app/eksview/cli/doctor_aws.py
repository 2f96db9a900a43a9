"""What AWS knows of who we are and how the cluster lets us in, asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import time

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.access.chain import Inputs
from eksview.domain.aws.poll_plan import ACCESS, EKS
from eksview.domain.aws.target import AwsTarget, place_of
from eksview.domain.base.problem import UserError
from eksview.domain.base.reading import last_of, value_of
from eksview.domain.live.messages import Fanout, Swap
from eksview.domain.rows.kube import Kind
from eksview.engine.aws import AwsSide
from eksview.engine.connect import clues_of, flags_of
from eksview.engine.one_shot import AwsHalf, Gathering, settled
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.poll.polled_resources import AwsAuthPoll
from eksview.store.selectors.facts import entries

ASKED = (EKS, ACCESS)
"""The links that the chain is made of, beside the identity that comes before all."""


def place(
    connection: Connection, settings: Settings, environ: Mapping[str, str]
) -> AwsTarget | None:
    """Where AWS is asked; None where nothing leads to an EKS cluster."""
    found = place_of(clues_of(connection.access), flags_of(settings), environ)
    return found if found.cluster and found.region else None


async def ask(
    inputs: Inputs,
    connection: Connection,
    aws: Callable[[Fanout], AwsHalf],
    limit: float,
) -> Inputs:
    """`inputs` with what AWS and the aws-auth map said within so many seconds."""
    gathering = Gathering()
    half = aws(gathering.messages)
    half.start()
    gathering.messages.send(Swap(Kind.NODE, ()))  # it waits for no nodes
    await asyncio.gather(
        _within(settled(gathering, time, ASKED), limit),
        _within(_auth(AwsAuthPoll(connection, gathering.messages, time)), limit),
    )
    await half.stop()
    store = gathering.store
    return replace(
        inputs,
        eks=True,
        aws=store.facts.aws_identity,
        cluster=last_of(store.facts.cluster),
        entries=entries(store),
        auth=value_of(store.facts.aws_auth),
    )


def side(found: AwsTarget, environ: Mapping[str, str]) -> Callable[[Fanout], AwsHalf]:
    """Makes the AWS half of a place."""
    return lambda messages: AwsSide(found, messages, environ)


async def _auth(auth: AwsAuthPoll) -> None:
    try:
        await auth.ask()
    except RequestError as failed:
        auth.unanswered(failed)
    except UserError:
        pass  # no credential: its own step says so


async def _within(work: Awaitable[None], limit: float) -> None:
    try:
        async with asyncio.timeout(limit):
            await work
    except TimeoutError:
        pass  # what didn't come is unknown
