"""A link is judged by the probe of the API server only if the API server is its source."""

import pytest

from eksview.domain.aws.link_trust import trust_of
from eksview.domain.live.trust import HEALTH, Trust
from eksview.domain.rows.link import Link, Phase

SILENT = {HEALTH: Link(HEALTH, Phase.RETRYING, 1.0, "No answer.", heard=0.0)}


@pytest.mark.parametrize("name", ["nodes", "pods/ip-10-0-3-78", "aws-auth", "nodeclaims"])
def test_what_the_api_server_told_is_old_while_it_is_silent(name: str) -> None:
    links = {name: Link(name, Phase.LIVE, 0.0, heard=0.0)}
    assert trust_of(name, links) is Trust.LIVE
    assert trust_of(name, {**links, **SILENT}) is Trust.STALE


@pytest.mark.parametrize("name", ["sts", "ec2", "eks", "access-entries", "network", "ssm"])
def test_what_aws_told_is_live_while_the_api_server_is_silent(name: str) -> None:
    links = {name: Link(name, Phase.LIVE, 0.0, heard=0.0), **SILENT}
    assert trust_of(name, links) is Trust.LIVE
    links[name] = Link(name, Phase.RETRYING, 1.0, "No answer.", heard=0.0)
    assert trust_of(name, links) is Trust.STALE


def test_a_link_that_never_started_is_absent() -> None:
    assert trust_of("ec2", SILENT) is Trust.ABSENT
