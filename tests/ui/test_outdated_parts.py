"""Links that are refused or fail after they were read: no screen shows old values as live."""

import re
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from eksview.aws.services.reader import DECLARED
from eksview.domain.aws.poll_plan import IMAGES, PLANS, STS
from tests.aws.denied_estate import denied
from tests.ui.test_unread_parts import Estate, shown, words

AGE_OR_REASON = ("last read", "last known", "incomplete", "can't be reached", "not read")
AGES = re.compile(r"\b\d+[smhdy](\d+[smhd])?\b|\b\d\d:\d\d(:\d\d)?\b")
LATER = 900.0  # seconds, in which every call of every link is due
ACTIONS_OF = {
    link: sorted(
        {action for call in DECLARED.values() if call.link == link for action in call.actions}
    )
    for link in PLANS
}


def failing(link: str, fault: str) -> dict[str, Any]:
    """Return the answers of a link, all of which are refusals or failures."""
    silence = EndpointConnectionError(endpoint_url="https://aws")
    return {action: denied(action) if fault == "denied" else silence for action in ACTIONS_OF[link]}


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("fault", ["denied", "silent"])
@pytest.mark.parametrize("link", [name for name in PLANS if name not in (STS, IMAGES)])
async def test_a_link_that_fails_after_it_was_read_is_named_wherever_it_shows_something(
    link: str, fault: str, whole: dict[str, str]
) -> None:
    """What a link shows is what differs where it never answered.

    Types and images don't change: they are read once.
    """
    if not whole:
        estate = Estate({})
        await estate.read(details=True)
        whole.update(await bodies(estate))
    estate = Estate(failing(link, fault))
    await estate.read(details=True)
    never = await bodies(estate)
    estate = Estate({})
    await estate.read(details=True, then=failing(link, fault), later=LATER)
    pages = await bodies(estate)
    silent = [
        name
        for name, text in pages.items()
        if plain(never[name]) != plain(whole[name]) and not says(text, link)
    ]
    assert not silent


def says(text: str, link: str) -> bool:
    """Return whether a screen has an age or the reason of a link."""
    return any(word in text for word in (*AGE_OR_REASON, *ACTIONS_OF[link]))


async def bodies(estate: Estate) -> dict[str, str]:
    """Return the screens without header and footer."""
    pages = await shown(estate)
    return words({name: "\n".join(text.splitlines()[1:-1]) for name, text in pages.items()})


def plain(text: str) -> str:
    """Return a text without ages and times."""
    return AGES.sub("AGE", text)
