"""The rows of hostile answers: nothing that AWS writes into any member acts where it is drawn."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from eksview.aws.client.errors import Answer
from eksview.aws.services import autoscaling, network, parse_ec2, parse_eks, ssm
from eksview.domain.aws.credential_errors import Caller
from eksview.domain.aws.errors import refusal_of
from tests.aws.shapes import operation
from tests.hostile import POISONS
from tests.texts import texts

Parse = Callable[[Answer], Any]
PARSERS: dict[str, tuple[str, Parse]] = {
    "ec2:DescribeInstances": ("", parse_ec2.instances),
    "ec2:DescribeInstanceStatus": ("", parse_ec2.statuses),
    "ec2:DescribeImages": ("", parse_ec2.images),
    "ec2:DescribeInstanceTypes": ("", parse_ec2.types),
    "ec2:DescribeVolumes": ("", lambda answer: parse_ec2.volumes(answer, "i-0")),
    "ec2:DescribeSubnets": ("", network.subnets),
    "ec2:DescribeSecurityGroups": ("", network.security_groups),
    "ec2:DescribeVpcEndpoints": ("", network.vpc_endpoints),
    "autoscaling:DescribeAutoScalingGroups": ("", autoscaling.groups),
    "autoscaling:DescribeScalingActivities": ("", autoscaling.activities),
    "ssm:DescribeSessions": ("", lambda answer: ssm.sessions(answer, active=True)),
    "eks:DescribeCluster": ("cluster", parse_eks.cluster),
    "eks:DescribeNodegroup": ("nodegroup", parse_eks.nodegroup),
    "eks:DescribeFargateProfile": ("fargateProfile", parse_eks.fargate),
    "eks:DescribeAddon": ("addon", parse_eks.addon),
    "eks:DescribeUpdate": ("update", parse_eks.update),
    "eks:DescribeInsight": ("insight", parse_eks.insight),
    "eks:DescribeAccessEntry": ("accessEntry", parse_eks.access_entry),
    "eks:ListAssociatedAccessPolicies": (
        "associatedAccessPolicies",
        lambda policies: parse_eks.with_policies(parse_eks.access_entry({}), policies),
    ),
}
"""Actions, the member of the answer that is parsed, and its parser."""


def answer_of(shape: Shape, poison: str, depth: int = 0) -> Any:
    """An answer with the poison in every text, by botocore's description of it."""
    if depth > 9:
        return None
    match shape:
        case StructureShape():
            members = shape.members.items()
            return {name: answer_of(each, poison, depth + 1) for name, each in members}
        case ListShape():
            return [answer_of(shape.member, poison, depth + 1)]
        case MapShape():
            return {poison: answer_of(shape.value, poison, depth + 1)}
        case StringShape():
            return poison
    return {
        "integer": 7, "long": 7, "float": 7.0, "double": 7.0, "boolean": True, "blob": b"",
        "timestamp": datetime(2025, 3, 1, tzinfo=UTC),
    }.get(shape.type_name, poison)  # fmt: skip


def rows_of(action: str, poison: str) -> Any:
    member, parse = PARSERS[action]
    answer = answer_of(operation(action).output_shape, poison)
    rows = parse(answer[member] if member else answer)
    return list(rows) if isinstance(rows, Iterator) else [rows]


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("action", PARSERS)
def test_every_text_of_a_row_is_clean(action: str, poison: str) -> None:
    shown = list(texts(rows_of(action, poison)))
    assert shown
    assert [text for text in shown if not text.isprintable()] == []


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("code", ["AccessDenied", "ThrottlingException", "ResourceNotFound", "?"])
def test_the_sentence_of_an_error_is_clean(code: str, poison: str) -> None:
    for given in (code, poison):
        refusal = refusal_of(given, poison, "ec2:DescribeInstances", Caller())
        assert refusal.sentence.isprintable()
        assert refusal.action.isprintable()
