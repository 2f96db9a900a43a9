"""Descriptions, beside those that kubectl 1.32 printed of the same objects."""

import json
from datetime import UTC
from typing import Any

import pytest

from eksview.domain.describe.common import PodPhases, Related
from eksview.domain.describe.description import described
from tests.golden import kubectl_describe
from tests.golden.kubectl_describe_cases import OBJECTS

KUBECTL = json.loads(kubectl_describe.ANSWERS.read_text())
ALONE = Related(
    now=1_800_000_000.0, phases=PodPhases(), used_by=(), endpoints={}, new_replicas=(), zone=UTC
)
"""What was beside the objects when kubectl described them: nothing."""


@pytest.mark.parametrize("obj", OBJECTS, ids=kubectl_describe.described)
def test_it_is_what_kubectl_prints(obj: dict[str, Any]) -> None:
    whole = {key: value for key, value in obj.items() if key != "plural"}
    ours = "\n".join(described(whole, ALONE))
    assert ours.rstrip() == KUBECTL[kubectl_describe.described(obj)].rstrip()
