"""What isn't from Kubernetes, though it came with 200 or 404, is never taken for an answer.

A proxy or a load balancer in between may answer with a page, or with JSON of its own.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from eksview.domain.actions.change import evict
from eksview.domain.actions.registry import Verb
from eksview.domain.base.errors import UserError
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest
from eksview.kube.access.self_review import review_access
from eksview.kube.actions.drain_reader import read_drain_facts
from eksview.kube.actions.facts_reader import read_action_facts, read_uid
from eksview.kube.actions.sender import send
from eksview.kube.client.connection import Connection
from eksview.kube.discovery import Discovery, read_resources
from eksview.kube.history import find_service
from eksview.kube.objects import read_object
from tests.demo.faults import Answer, html
from tests.kube.world import World

POD = ObjectRef("v1", "Pod", "pods", "web-1", "shop", "u2")
WEB = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
SECRET = ObjectRef("v1", "Secret", "secrets", "db", "shop")
BODIES = {
    "a page": html(200),
    "a page as JSON": Answer(200, body=b"<html></html>"),
    "nothing": Answer(200, body=b""),
    "null": Answer(200, body=b"null"),
    "a list": Answer(200, body=b"[]"),
    "an empty object": Answer(200, body=b"{}"),
    "half": Answer(200, body=b'{"kind":"PodList","items":[{"metad'),
    "another object": Answer(200, body=b'{"kind":"Ingress","metadata":{"name":"web"},"items":[]}'),
    "another's JSON": Answer(200, body=b'{"status":"ok","allowed":"yes","groups":[]}'),
    "an error with 200": Answer(200, body=b'{"kind":"Status","status":"Failure","message":"no"}'),
    "deep JSON": Answer(200, body=b'{"kind":' * 5000 + b"1" + b"}" * 5000),
}
READERS: dict[str, Callable[[Connection], Awaitable[Any]]] = {
    "discovery": read_resources,
    "an object": lambda made: read_object(made, Discovery(made), WEB),
    "objects": lambda made: read_object(
        made, Discovery(made), ObjectRef("v1", "Pod", "pods", "", "shop")
    ),
    "a secret": lambda made: read_object(made, Discovery(made), SECRET),
    "a uid": lambda made: read_uid(made, POD),
    "a drain plan": lambda made: read_drain_facts(made, "node-a"),
    "Prometheus": find_service,
}


@pytest.mark.parametrize("body", BODIES)
async def test_no_reader_takes_a_foreign_answer(world: World, body: str) -> None:
    world.server.faults.add(BODIES[body], times=None)
    async with world.connect() as connection:
        for name, read in READERS.items():
            with pytest.raises(UserError) as raised:
                pytest.fail(f"{name}: {await read(connection)!r}")
            assert "not foreseen" not in raised.value.sentence


@pytest.mark.parametrize("body", BODIES)
async def test_a_foreign_answer_grants_nothing_and_does_nothing(world: World, body: str) -> None:
    world.server.faults.add(BODIES[body], times=None)
    async with world.connect() as connection:
        right = await review_access(connection, AccessRequest("get", "pods"))
        assert (right.allowed, bool(right.reason)) == (None, True)
        facts = await read_action_facts(connection, Verb.SCALE, [WEB])
        assert not facts.objects
        assert len(facts.unread) == 2
        if body != "another object":  # the server's answer to a change may be of any kind
            outcome = await send(connection, evict(POD))
            assert outcome.lost
            assert outcome.reason


@pytest.mark.parametrize("allowed", [b'"yes"', b"1", b"{}", b"null"])
async def test_only_true_is_a_right(world: World, allowed: bytes) -> None:
    review = b'{"kind":"SelfSubjectAccessReview","status":{"allowed":%b}}' % allowed
    world.server.faults.add(Answer(200, body=review))
    async with world.connect() as connection:
        right = await review_access(connection, AccessRequest("get", "pods"))
    assert not right.allowed


async def test_a_proxys_404_is_no_deletion(world: World) -> None:
    world.server.faults.add(html(404), times=2)
    async with world.connect() as connection:
        with pytest.raises(UserError, match="isn't a Kubernetes API"):
            await read_uid(connection, POD)
        assert (await send(connection, evict(POD))).lost
        assert await read_uid(connection, POD) is None  # the API server's own
        assert (await send(connection, evict(POD))).status == 404
