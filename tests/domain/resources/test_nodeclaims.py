"""NodeClaims as the API has them, whole and half made."""

import msgspec
import pytest

from eksview.domain.resources.nodeclaims import RESOURCE
from eksview.domain.rows.kube import ClaimRow, Condition

CLAIM = {
    "metadata": {
        "name": "default-x7k2p",
        "uid": "u1",
        "creationTimestamp": "2027-01-15T08:00:00Z",
        "labels": {
            "karpenter.sh/nodepool": "default",
            "node.kubernetes.io/instance-type": "c6i.2xlarge",
        },
    },
    "status": {
        "providerID": "aws:///us-west-2a/i-0abc",
        "nodeName": "ip-10-0-1-2.us-west-2.compute.internal",
        "conditions": [
            {
                "type": "Registered",
                "status": "True",
                "reason": "Registered",
                "lastTransitionTime": "2027-01-15T08:00:40Z",
            }
        ],
    },
}


def page(*items: dict, after: str = "") -> bytes:
    return msgspec.json.encode({"metadata": {"continue": after}, "items": list(items)})


def test_a_claim_ties_an_instance_to_its_node():
    rows, after = RESOURCE.page(page(CLAIM, after="more"))
    assert after == "more"
    assert rows == [
        ClaimRow(
            name="default-x7k2p",
            uid="u1",
            created=1_800_000_000.0,
            nodepool="default",
            provider_id="aws:///us-west-2a/i-0abc",
            node="ip-10-0-1-2.us-west-2.compute.internal",
            type="c6i.2xlarge",
            conditions=(Condition("Registered", "True", "Registered", transition=1_800_000_040.0),),
        )
    ]


@pytest.mark.parametrize("status", [None, {}, {"conditions": None, "providerID": None}])
def test_a_claim_of_which_nothing_has_come_yet_is_a_row_too(status):
    rows, _ = RESOURCE.page(page({"metadata": {"name": "new"}, "status": status}))
    assert (rows[0].name, rows[0].provider_id, rows[0].node) == ("new", "", "")
    assert rows[0].conditions == ()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"items":3}', b'{"items":[{"metadata":'])
def test_what_is_no_list_is_an_error(body):
    with pytest.raises(msgspec.DecodeError):
        RESOURCE.page(body)
