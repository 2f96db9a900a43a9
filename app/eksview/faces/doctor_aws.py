"""What AWS knows of who we are and how the cluster lets us in, asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import time

from msgspec.structs import replace

from eksview.domain.access_chain import Inputs
from eksview.domain.aws_links import ACCESS, EKS
from eksview.domain.eks_place import Place, place_of
from eksview.domain.messages import Fanout, Swap
from eksview.domain.ports import Problem
from eksview.domain.reading import last_of, value_of
from eksview.domain.rows import Kind
from eksview.faces.aws_side import AwsSide
from eksview.faces.join_once import AwsHalf, Gathering, settled
from eksview.faces.opening import clues_of, flags_of
from eksview.kube.connection import Connection
from eksview.kube.errors import Failed
from eksview.kube.questions import Map
from eksview.settings import Settings
from eksview.ui.standing import entries

ASKED = (EKS, ACCESS)
"""The links that the chain is made of, beside the identity that comes before all."""


def place(connection: Connection, settings: Settings, environ: Mapping[str, str]) -> Place | None:
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
        _within(_auth(Map(connection, gathering.messages, time)), limit),
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


def side(found: Place, environ: Mapping[str, str]) -> Callable[[Fanout], AwsHalf]:
    """Makes the AWS half of a place."""
    return lambda messages: AwsSide(found, messages, environ)


async def _auth(auth: Map) -> None:
    try:
        await auth.ask()
    except Failed as failed:
        auth.unanswered(failed)
    except Problem:
        pass  # no credential: its own step says so


async def _within(work: Awaitable[None], limit: float) -> None:
    try:
        async with asyncio.timeout(limit):
            await work
    except TimeoutError:
        pass  # what didn't come is unknown
