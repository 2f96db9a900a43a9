"""Facts: a reading by a typed key, and never a value where none was read."""

import pytest

from eksview.domain.base.reading import (
    NOT_ASKED,
    NotAsked,
    Permission,
    Read,
    ReadFailed,
    Refused,
    value_of,
    why_unread,
)
from eksview.domain.live.facts import Facts, call_key
from eksview.domain.rows.aws import Call
from eksview.domain.rows.server import Probe, ServerVersion

SERVER = ServerVersion("v1.33.4")
DENIED = Refused("Not permitted.", Permission("get", "/version"), 1.0)


def test_a_fact_is_not_asked_until_it_is_put() -> None:
    facts = Facts()
    assert isinstance(facts.version, NotAsked)
    facts.put(Facts.version, Read(SERVER, 1.0))
    assert facts.version == Read(SERVER, 1.0)
    assert isinstance(facts.target, NotAsked)
    facts.clear()
    assert facts.version is NOT_ASKED


@pytest.mark.parametrize(
    ("reading", "value", "reason"),
    [
        (Read(SERVER, 1.0), SERVER, ""),
        (DENIED, None, "Not permitted."),
        (ReadFailed("Timed out.", 1.0), None, "Timed out."),
        (NOT_ASKED, None, ""),
    ],
)
def test_only_what_was_read_has_a_value(reading, value, reason) -> None:
    assert (value_of(reading), why_unread(reading)) == (value, reason)


def test_probes_and_calls_are_listed_by_name_where_they_were_read() -> None:
    facts, probe = Facts(), Probe("readyz", 1.0, True)
    call = Call("ec2:DescribeInstances", 60.0, 180, 1)
    facts.put(Facts.readyz, Read(probe, 1.0))
    facts.put(Facts.livez, DENIED)
    facts.put(call_key("ec2"), Read(call, 1.0))
    assert facts.probes() == {"readyz": probe}
    assert facts.calls() == {"ec2": call}
    assert (facts.call("ec2"), facts.call("eks")) == (Read(call, 1.0), NOT_ASKED)


def test_a_key_is_its_name_and_the_type_of_its_value() -> None:
    assert (Facts.aws_identity.name, Facts.readyz.value) == ("aws-identity", Probe)
    assert call_key("ec2") == call_key("ec2") != call_key("eks")
