"""Which clusters are protected, and the name that has to be typed."""

import pytest

from eksview.domain.actions.facts import ActedObject, ActionFacts
from eksview.domain.actions.question import effect_of, paused, question
from eksview.domain.actions.registry import Verb
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.command_context import CommandContext
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


@pytest.mark.parametrize(
    ("kind", "labels", "words"),
    [
        ("Pod", {}, "a pod that has a controller is created again"),
        ("Node", {}, "not the EC2 instance, which goes on running"),
        ("Node", {"karpenter.sh/nodepool": "default"}, "Karpenter then drains"),
        ("Namespace", {}, "everything in it"),
        ("Deployment", {}, "and its pods"),
        ("StatefulSet", {}, "PersistentVolumeClaims stay"),
        ("PersistentVolumeClaim", {}, "unless its reclaim policy is Retain"),
        ("CustomResourceDefinition", {}, "every object of its kind, in all namespaces"),
        ("Widget", {}, "what names it as its owner"),
    ],
)
def test_the_question_before_a_deletion_says_what_it_leads_to(kind, labels, words) -> None:
    ref = ObjectRef("v1", kind, f"{kind.lower()}s", "a")
    acted = fitting({"metadata": {"labels": labels}}, ActedObject)
    effect = effect_of(Verb.DELETE, (ref,), ActionFacts({ref: acted}))
    assert words in effect
    assert "{" not in effect
    assert effect_of(Verb.DELETE, (ref, ref), ActionFacts()).startswith("Deletes ")


def test_a_node_whose_labels_werent_read_isnt_said_to_be_drained() -> None:
    known, unread = NODE, ObjectRef("v1", "Node", "nodes", "node-b")
    acted = fitting({"metadata": {"labels": {"karpenter.sh/nodepool": "default"}}}, ActedObject)
    effect = effect_of(Verb.DELETE, (known, unread), ActionFacts({known: acted}))
    assert "Karpenter" not in effect


def test_a_paused_workload_is_resumed_in_its_context_and_namespace() -> None:
    web = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    facts = ActionFacts({web: fitting({"spec": {"paused": True}}, ActedObject)})
    context = CommandContext(context="work", files=("/home/ada/config",))
    assert paused((web,), facts, context.kubectl) == (
        "web is paused. First run: kubectl --kubeconfig /home/ada/config --context work "
        "rollout resume deployments.apps/web -n shop",
    )
