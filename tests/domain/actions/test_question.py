"""Which clusters are protected, and the name that has to be typed."""

import pytest

from eksview.domain.actions.facts import ActionFacts
from eksview.domain.actions.question import question
from eksview.domain.actions.verbs import Verb
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.server import Target

NODE = ObjectRef("v1", "Node", "nodes", "node-a")
ARN = "arn:aws:eks:us-west-2:111122223333:cluster/shop-prod"


@pytest.mark.parametrize("pattern", ["shop-prod", "*prod", "work", ARN])
def test_the_name_of_the_cluster_is_typed_as_eks_has_it(pattern) -> None:
    target = Target("work", ARN, "https://prod", "me", "default")
    made = question(Verb.CORDON, (NODE,), ActionFacts(), (), target, (pattern,), "shop-prod")
    assert (made.typed, made.cluster) == ("shop-prod", ARN)


@pytest.mark.parametrize(("pattern", "typed"), [("kind-*", "kind-prod"), ("prod", "")])
def test_another_cluster_is_typed_as_the_kubeconfig_has_it(pattern, typed) -> None:
    target = Target("work", "kind-prod", "https://prod", "me", "default")
    assert question(Verb.CORDON, (NODE,), ActionFacts(), (), target, (pattern,)).typed == typed
