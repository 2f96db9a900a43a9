"""Which clusters are protected, and the name that has to be typed."""

import pytest

from eksview.domain.actions.change import Outcome
from eksview.domain.actions.facts import ActedObject, ActionFacts
from eksview.domain.actions.managers import warnings
from eksview.domain.actions.question import effect_of, paused, question
from eksview.domain.actions.registry import Verb
from eksview.domain.actions.result import result
from eksview.domain.base.text import Clean
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
        ("Pod", {}, "Deletes it."),
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


@pytest.mark.parametrize(
    ("controllers", "words"),
    [
        # kubectl delete pod ledger-db-0: the pod that follows has its name, and another uid
        (["StatefulSet"], "creates it again under the same name"),
        (["StatefulSet", "StatefulSet"], "creates them again under the same name"),
        (["ReplicaSet"], "is replaced by another one"),
        (["ReplicaSet", "StatefulSet"], "is replaced by another one"),
        (["", "StatefulSet"], "is replaced by another one"),
    ],
)
def test_what_follows_a_deleted_pod_is_up_to_its_controller(controllers, words) -> None:
    refs = [ObjectRef("v1", "Pod", "pods", f"p{each}") for each in range(len(controllers))]
    objects = {}
    for ref, kind in zip(refs, controllers, strict=True):
        owners = [{"kind": kind, "name": "a", "controller": True}] if kind else []
        objects[ref] = fitting({"metadata": {"ownerReferences": owners}}, ActedObject)
    assert words in effect_of(Verb.DELETE, refs, ActionFacts(objects))
    assert "is replaced by another one" in effect_of(Verb.DELETE, refs, ActionFacts())


@pytest.mark.parametrize(
    "detail",
    [
        # kube-apiserver 1.33, `storage.Preconditions` and `rest.BeforeDelete`
        "Precondition failed: UID in precondition: 1, UID in object meta: 2",
        "the UID in the precondition (1) does not match the UID in record (2). The object might "
        "have been deleted and then recreated",
    ],
)
def test_another_object_of_the_same_name_is_said_not_to_be_touched(detail: str) -> None:
    said = f'Operation cannot be fulfilled on pods "a": {detail}'
    ref = ObjectRef("v1", "Pod", "pods", "a", "shop")
    assert result(Verb.DELETE, [ref], [Outcome(409, Clean(said))]) == (
        "Delete: shop/a: it was deleted and created again meanwhile; the new one wasn't touched."
    )


def test_a_node_whose_labels_werent_read_isnt_said_to_be_drained() -> None:
    known, unread = NODE, ObjectRef("v1", "Node", "nodes", "node-b")
    acted = fitting({"metadata": {"labels": {"karpenter.sh/nodepool": "default"}}}, ActedObject)
    effect = effect_of(Verb.DELETE, (known, unread), ActionFacts({known: acted}))
    assert "Karpenter" not in effect


@pytest.mark.parametrize(("verb", "warned"), [(Verb.SCALE, True), (Verb.RESTART, False)])
def test_helm_keeps_the_annotation_of_a_restart(verb: Verb, warned: bool) -> None:
    """Helm 3 `kube.createPatch`: what is in neither the old nor the new chart stays as it is."""
    web = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    meta = {"annotations": {"meta.helm.sh/release-name": "shop"}}
    lines = list(warnings(verb, web, fitting({"metadata": meta}, ActedObject)))
    assert lines == ["Helm (release shop) undoes this with its next upgrade."] * warned


def test_a_paused_workload_is_resumed_in_its_context_and_namespace() -> None:
    web = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
    facts = ActionFacts({web: fitting({"spec": {"paused": True}}, ActedObject)})
    context = CommandContext(context="work", files=("/home/ada/config",))
    assert paused((web,), facts, context.kubectl) == (
        "web is paused. First run: kubectl --kubeconfig /home/ada/config --context work "
        "rollout resume deployments.apps/web -n shop",
    )
