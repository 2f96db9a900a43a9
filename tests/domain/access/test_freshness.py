"""Old is never shown as live: a step that rests on old facts has an age and no state."""

import pytest
from msgspec.structs import replace

from eksview.domain.access.access_step import AccessStep, Inputs
from eksview.domain.access.chain import broken, chain, fixable
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read
from eksview.domain.rows.access import CredentialFact, EndpointFact, Hop, Right, RightsFact, WhoFact
from eksview.domain.rows.aws import AccessEntryRow, AwsIdentity
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth, Mapped
from tests.domain.access.test_chain import ARN, GOOD, LIST, NOW, ROLE, WATCH, eks, step

READ = NOW - 40  # when everything was read
LOST = NOW - 30  # when the probe of the API server failed first
ENTRY = AccessEntryRow(ROLE, "STANDARD", "ada", (), ("AmazonEKSAdminPolicy",))
SOURCES = ("sts", "eks", "access-entries", "aws-auth")
LIVE = {name: Link(name, Phase.LIVE, READ, heard=READ) for name in (*SOURCES, "nodes")}
AT_READ = {
    "endpoint": replace(GOOD.endpoint, at=READ),
    "who": replace(GOOD.who, at=READ, extra=(("arn", (ARN,)),)),
    "rights": replace(GOOD.rights, at=READ),
    "rbac": replace(GOOD.rbac, at=READ),
    "link": LIVE["nodes"],
    "links": LIVE,
    "entries": (ENTRY,),
    "auth": AwsAuth(READ, exists=True),
}


def without(name: str, phase: Phase = Phase.RETRYING) -> dict[str, Link]:
    return {**LIVE, name: Link(name, phase, LOST, "No answer.", heard=READ)}


def facts(**changes: object) -> Inputs:
    return eks(**{**AT_READ, **changes})


def silent(**changes: object) -> Inputs:
    """Return the facts while the API server doesn't answer."""
    health = Link("health", Phase.RETRYING, LOST, "No answer.", heard=READ)
    links = changes.pop("links", LIVE)
    return facts(links={**links, "health": health}, **changes)


def ages(inputs: Inputs) -> dict[str, float]:
    return {step.id: step.age for step in chain(inputs) if step.age is not None}


def states(inputs: Inputs) -> dict[str, Health]:
    return {step.id: step.state for step in chain(inputs)}


def test_while_all_is_live_no_step_has_an_age() -> None:
    assert ages(facts()) == {}
    assert set(states(facts()).values()) == {Health.OK}


@pytest.mark.parametrize("source", ["eks", "access-entries", "aws-auth"])
@pytest.mark.parametrize("phase", [Phase.RETRYING, Phase.REFUSED])
def test_the_mapping_is_as_old_as_a_source_that_is_lost(source: str, phase: Phase) -> None:
    inputs = facts(links=without(source, phase))
    assert ages(inputs) == {"mapping": 40}
    assert states(inputs)["mapping"] is Health.UNKNOWN
    assert step(inputs, "mapping").evidence == step(facts(), "mapping").evidence


def test_an_identity_that_only_aws_reported_is_as_old_as_its_link() -> None:
    who = WhoFact(READ, "ada", status=201)
    assert ages(facts(who=who, links=without("sts"))) == {"mapping": 40}
    assert ages(facts(links=without("sts"))) == {}


def test_a_source_that_was_never_read_makes_nothing_old() -> None:
    links = {**LIVE, "access-entries": Link("access-entries", Phase.REFUSED, LOST, "Denied.")}
    auth = AwsAuth(READ, exists=True, roles=(Mapped(ROLE, "ada", ("ops",)),))
    assert ages(facts(links=links, entries=None, auth=auth)) == {}


def test_without_the_api_server_all_that_it_answered_is_old() -> None:
    lost = dict.fromkeys(("endpoint", "authentication", "mapping", "rbac", "answer"), 40)
    assert ages(silent()) == lost
    assert set(states(silent(eks=False)).values()) == {Health.OK, Health.UNKNOWN}
    assert states(silent())["credentials"] is Health.OK, "the expiry is computed here"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        (
            {
                "who": WhoFact(READ, status=401, reason="Not accepted."),
                "credential": CredentialFact("password"),
            },
            "authentication",
        ),
        ({"rights": RightsFact(READ, (Right(LIST, False), Right(WATCH, False)))}, "rbac"),
    ],
)
def test_an_old_fault_is_no_fault_of_now_but_its_remedy_stays(
    changes: dict[str, object], name: str
) -> None:
    assert broken(chain(facts(**changes))) == step(facts(**changes), name)
    inputs = silent(**changes)
    assert broken(chain(inputs)) is None
    old = next(step for step in chain(inputs) if step.todo)
    assert fixable(chain(inputs)) == old


def test_what_is_found_after_the_loss_is_of_now() -> None:
    refused = (Hop("tcp", False, "10.0.0.1:443", reason="Refused."), Hop("http", None, "/livez"))
    inputs = silent(endpoint=EndpointFact(NOW - 5, "api", 443, refused))
    assert states(inputs)["endpoint"] is Health.BAD
    inputs = silent(endpoint=EndpointFact(LOST - 1, "api", 443, refused))
    assert states(inputs)["endpoint"] is Health.BAD, "nothing was heard since that failure"
    down = Link("nodes", Phase.RETRYING, LOST, "Refused.", heard=READ)
    inputs = silent(link=down, links={**LIVE, "nodes": down}, nodes=None)
    assert states(inputs)["answer"] is Health.BAD, "which is about the link itself"


def test_a_mismatch_of_identities_is_as_old_as_either() -> None:
    other = "arn:aws:sts::111122223333:assumed-role/other/ada"
    aws = Read(AwsIdentity("111122223333", other, "us-west-2", "prod"), READ)

    def credentials(inputs: Inputs) -> AccessStep:
        return step(inputs, "credentials")

    assert credentials(facts(aws=aws)).state is Health.WARN
    assert credentials(facts(aws=aws, links=without("sts"))).age == 40
    assert credentials(silent(aws=aws)).age == 40
    ended = CredentialFact("token", expires=NOW - 60)
    assert credentials(silent(aws=aws, credential=ended)).state is Health.BAD
