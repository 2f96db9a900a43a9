"""The entries of the actions."""

import pytest

from eksview.domain.actions.registry import ACTIONS, ChangeValues, Verb, changes_of, needed
from eksview.domain.kube.object_ref import ObjectRef

REF = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")


@pytest.mark.parametrize("verb", Verb)
def test_an_action_says_what_it_did_and_asks_for_the_rights_it_needs(verb: Verb) -> None:
    assert bool(ACTIONS[verb].done) is bool(changes_of(verb, (REF,), ChangeValues("", 1)))
    assert needed(verb, (REF,))


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.DELETE])
def test_an_action_has_its_effect_and_a_deletion_that_of_the_kind(verb: Verb) -> None:
    assert ACTIONS[verb].effect
