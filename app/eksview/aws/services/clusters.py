"""The EKS clusters of an account and region, and the endpoint of one of them."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from eksview.aws.client.errors import of_aws
from eksview.aws.client.patience import AwsCallFailed, patiently
from eksview.aws.client.session import AwsSession
from eksview.aws.services.parse_eks import cluster
from eksview.aws.services.reader import ONCE, reads
from eksview.domain.aws import errors
from eksview.domain.base.errors import DescribeClusterError, UserError
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.rows.aws import ClusterEntry, ClusterInfo

T = TypeVar("T")
AT_ONCE = 5


async def clusters(session: AwsSession) -> tuple[ClusterEntry, ...]:
    """Return all clusters by name; one that can't be described has a reason.

    Raises `UserError` if they can't be listed.
    """
    names = await _answer(session, "eks:ListClusters", partial(_names, session))
    gate = asyncio.Semaphore(AT_ONCE)

    async def entry(name: str) -> ClusterEntry:
        async with gate:
            return await _entry(session, name)

    return tuple(await asyncio.gather(*map(entry, sorted(names))))


async def described(session: AwsSession, name: str) -> ClusterInfo:
    """Return a cluster; raises `UserError` when there is none, or it has no endpoint yet."""
    info = await _answer(session, "eks:DescribeCluster", partial(_described, session, name), name)
    if not info.endpoint:
        raise UserError(
            f"The EKS cluster {name} has no endpoint ({info.status.lower() or 'no status'}): "
            "wait until it is active."
        )
    return info


async def _entry(session: AwsSession, name: str) -> ClusterEntry:
    region = clean(session.place.region)
    try:
        info = await _answer(session, "eks:DescribeCluster", partial(_described, session, name))
    except UserError as problem:
        unread = EMPTY, EMPTY, EMPTY, EMPTY, None
        return ClusterEntry(clean(name), region, *unread, problem.sentence)
    return ClusterEntry(
        name=info.name,
        region=region,
        status=info.status,
        version=info.version,
        platform=info.platform,
        endpoint=info.endpoint,
        created=info.created,
    )


@reads(ONCE, "eks:ListClusters")
async def _names(session: AwsSession) -> list[str]:
    client = await session.client("eks")
    pages = client.get_paginator("list_clusters").paginate()
    answers = (of_aws(page, "eks:ListClusters") async for page in pages)
    return [str(name) async for answer in answers for name in answer["clusters"]]


@reads(ONCE, "eks:DescribeCluster")
async def _described(session: AwsSession, name: str) -> ClusterInfo:
    client = await session.client("eks")
    answer = of_aws(await client.describe_cluster(name=name), "eks:DescribeCluster")
    return cluster(answer["cluster"])


async def _answer(
    session: AwsSession, action: str, ask: Callable[[], Awaitable[T]], cluster: str = ""
) -> T:
    try:
        return await patiently(ask, action, session.place, session.environ)
    except AwsCallFailed as failed:
        refusal = failed.refusal
        if cluster and refusal.kind == "not-found":
            sentence = errors.no_cluster(cluster, session.place.region)
            raise DescribeClusterError(sentence, credentials=False) from None
        raise DescribeClusterError(refusal.sentence, credentials=refusal.of_credentials) from None
