"""Each action that reads ECS is denied alone: no screen calls its part empty or well."""

from typing import Any

import pytest

from eksview.domain.aws.parts import LINK_OF
from eksview.domain.base.reading import NotAsked, Read
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import part_reading, table_reading
from tests.aws.denied_estate import denied, emptied
from tests.ui.ecs.ecs_estate import ACTIONS, READS, EcsEstate
from tests.ui.test_unread_parts import FAULTS, negatives, words


async def seen(answers: dict[str, Any]) -> dict[str, str]:
    """Return the screens of an account with these answers."""
    estate = EcsEstate(answers)
    await estate.read()
    return await estate.shown()


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """The screens of the account in which everything is read, once they were shown."""
    return {}


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_denied_action_is_named_and_its_part_is_not_called_empty(
    action: str, whole: dict[str, str]
) -> None:
    refused = await seen({action: denied(action)})
    assert any(action in text for text in words(refused).values())
    if emptied(action) is not None:
        if not whole:
            whole.update(await seen({}))
        empty = await seen({action: emptied(action)})
        assert not negatives(refused) & (negatives(empty) - negatives(whole))


async def test_without_a_denial_nothing_is_called_unread() -> None:
    for name, text in words(await seen({})).items():
        for word in ("denied", "not read", "incomplete", "last read", "loading", "Loading"):
            assert word not in text, (name, text)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_failing_action_leaves_its_part_unread_with_its_name(
    action: str, fault: str
) -> None:
    """Whatever answers instead of AWS: no answer of it is an empty list."""
    estate = EcsEstate({action: FAULTS[fault]})
    await estate.read()
    parts = [part for part, call in READS.items() if action in call.actions]
    for part in set(parts) & LINK_OF.keys():
        reading = part_reading(estate.store, part)
        assert not isinstance(reading, Read | NotAsked), part
        assert action in reading.reason
    for kind in Kind:
        if kind.part in parts:
            assert not isinstance(table_reading(estate.store, kind.row), Read)
