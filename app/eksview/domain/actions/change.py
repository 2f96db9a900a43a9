"""The write requests that eksview sends, each with the right it needs and kubectl's command.

Source of the bodies: kubectl 1.32 (`cordon`, `drain`, `delete`, `scale`, `rollout restart`).
"""

from typing import Any, Literal

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.api_resource import object_path
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest

JSON = "application/json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


class Change(Struct, frozen=True):
    """One write request. No answer means that its effect isn't known, and it isn't repeated.

    `patient` if the client waits and repeats it while a busy server puts it off, as client-go does.
    """

    method: Literal["PATCH", "DELETE", "POST"]
    path: str
    body: dict[str, Any]
    needs: AccessRequest
    words: tuple[str, ...]  # of kubectl
    content_type: str = JSON
    patient: bool = True


class Outcome(Struct, frozen=True):
    """What came of a change. `status` is of HTTP, None without an answer.

    `reason` is a sentence, empty after a success; `cause` is the server's word for it, such as
    `DisruptionBudget`; `retry_after` is in seconds.
    """

    status: int | None
    reason: Clean = EMPTY
    retry_after: float | None = None
    cause: str = ""

    @property
    def done(self) -> bool:
        return self.status is not None and self.status < 300

    @property
    def lost(self) -> bool:
        """Return whether it isn't known if the server did it."""
        return self.status is None


def cordon(node: ObjectRef, *, on: bool) -> Change:
    """Return the change that makes a node unschedulable, or schedulable again."""
    return Change(
        "PATCH",
        object_path(node),
        {"spec": {"unschedulable": True if on else None}},
        needs("patch", node),
        ("cordon" if on else "uncordon", node.name),
        STRATEGIC,
    )


def delete(ref: ObjectRef, grace: int | None = None) -> Change:
    """Return the deletion of an object, and of no other that has its name by then."""
    body: dict[str, Any] = {"kind": "DeleteOptions", "apiVersion": "v1"}
    body["propagationPolicy"] = "Background"
    if grace is not None:
        body["gracePeriodSeconds"] = grace
    if ref.uid:
        body["preconditions"] = {"uid": ref.uid}
    graced = () if grace is None else (f"--grace-period={grace}",)
    forced = ("--force",) if grace == 0 else ()
    words = ("delete", ref.qualified, ref.name, *ref.namespace_words, *graced, *forced)
    return Change("DELETE", object_path(ref), body, needs("delete", ref), words)


def evict(pod: ObjectRef, grace: int | None = None) -> Change:
    """Return the eviction of a pod, which its budgets may refuse with 429."""
    options: dict[str, Any] = {"preconditions": {"uid": pod.uid}} if pod.uid else {}
    if grace is not None:
        options["gracePeriodSeconds"] = grace
    body = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod.name, "namespace": pod.namespace},
        "deleteOptions": options,
    }
    path = object_path(pod, "eviction")
    right = needs("create", pod, "eviction")
    return Change("POST", path, body, right, ("drain",), patient=False)  # a drain shows each try


def restart(ref: ObjectRef, at: str) -> Change:
    """Return the change that rolls a workload's pods; `at` is RFC 3339."""
    annotations = {RESTARTED_AT: at}
    return Change(
        "PATCH",
        object_path(ref),
        {"spec": {"template": {"metadata": {"annotations": annotations}}}},
        needs("patch", ref),
        ("rollout", "restart", f"{ref.qualified}/{ref.name}", *ref.namespace_words),
        STRATEGIC,
    )


def scale(ref: ObjectRef, replicas: int) -> Change:
    """Return the change of a workload's number of pods."""
    target = f"{ref.qualified}/{ref.name}"
    return Change(
        "PATCH",
        object_path(ref, "scale"),
        {"spec": {"replicas": replicas}},
        needs("patch", ref, "scale"),
        ("scale", target, f"--replicas={replicas}", *ref.namespace_words),
        MERGE,
    )


def needs(verb: str, ref: ObjectRef, sub: str = "") -> AccessRequest:
    """Return the right that a request for an object needs."""
    resource = f"{ref.plural}/{sub}" if sub else ref.plural
    return AccessRequest(verb, resource, ref.group, clean(ref.namespace), ref.name)
