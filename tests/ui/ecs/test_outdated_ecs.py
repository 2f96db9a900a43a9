"""Links of ECS that are refused or fail after they were read: no screen shows them as live."""

import pytest
from botocore.exceptions import EndpointConnectionError

from eksview.domain.aws.poll_plan import ECS_PLANS
from tests.aws.denied_estate import denied
from tests.ui.ecs.ecs_estate import JOINED, READS, EcsEstate
from tests.ui.test_outdated_parts import AGE_OR_REASON, plain
from tests.ui.test_unread_parts import words

LATER = 900.0  # seconds, in which every call of every link is due
ACTIONS_OF = {
    link: sorted({each for call in READS.values() if call.link == link for each in call.actions})
    for link in ECS_PLANS
}


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("fault", ["denied", "silent"])
@pytest.mark.parametrize("link", ECS_PLANS)
async def test_a_link_that_fails_after_it_was_read_is_named_wherever_it_shows_something(
    link: str, fault: str, whole: dict[str, str]
) -> None:
    """What a link shows is what differs where it never answered."""
    silence = EndpointConnectionError(endpoint_url="https://aws")
    answers = {
        action: denied(action) if fault == "denied" else silence for action in ACTIONS_OF[link]
    }
    if not whole:
        whole.update(await bodies(EcsEstate({})))
    never = await bodies(EcsEstate(answers))
    pages = await bodies(EcsEstate({}), then=answers, later=LATER)
    silent = [
        name
        for name, text in pages.items()
        if plain(never[name]) not in (plain(whole[name]), plain(text))
        and not any(word in text for word in (*AGE_OR_REASON, *ACTIONS_OF[link]))
    ]
    assert not silent, {name: pages[name] for name in silent}


async def bodies(estate: EcsEstate, **then: object) -> dict[str, str]:
    """Return the screens without header and footer.

    The EC2 instance of a registration never changes, so its ID is as good as that of ECS.
    """
    await estate.read(**then)
    pages = await estate.shown()
    texts = {name: text.replace(JOINED, f"{1:032x}") for name, text in pages.items()}
    return words({name: "\n".join(text.splitlines()[1:-1]) for name, text in texts.items()})
