"""The messages are those that controllers and admission plugins of real clusters report."""

import pytest

from eksview.domain.base.text import clean
from eksview.domain.rows.kube import EventRow
from eksview.domain.scheduling.creation import (
    creation_refusal,
    failure_in_conditions,
    failure_in_events,
)

WEB = 'pods "web-5d8f7c6b9d-p2xnq" is forbidden: '
QUOTA = (
    "exceeded quota: namespace-quota, requested: limits.cpu=1,limits.memory=2Gi, "
    "used: limits.cpu=6,limits.memory=12Gi, limited: limits.cpu=6,limits.memory=12Gi"
)
OVER = (
    "limits.cpu: requested 1, used 6, limited 6",
    "limits.memory: requested 2Gi, used 12Gi, limited 12Gi",
)

MESSAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    f"(combined from similar events): Error creating: {WEB}{QUOTA}": (
        "quota namespace-quota exceeded",
        OVER,
    ),
    f"{WEB}{QUOTA}": ("quota namespace-quota exceeded", OVER),  # the condition ReplicaFailure
    'Error creating: pods "app-1-" is forbidden: Exceeded quota: object-counts, requested: '
    "count/pods=1, used: count/pods=20, limited: count/pods=20": (
        "quota object-counts exceeded",
        ("count/pods: requested 1, used 20, limited 20",),
    ),
    # cut at 1,024 bytes
    'Error creating: pods "a" is forbidden: exceeded quota: q, requested: limits.cpu=500m,'
    "limits.memory=512Mi, used: limits.cpu=1,limits.memory=1Gi, limited: limits.cpu=1": (
        "quota q exceeded",
        (
            "limits.cpu: requested 500m, used 1, limited 1",
            "limits.memory: requested 512Mi, used 1Gi",
        ),
    ),
    'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: failed quota: '
    "fpl-quota: must specify requests.cpu,requests.memory": (
        "quota fpl-quota demands values that the pods don't set",
        ("requests.cpu", "requests.memory"),
    ),
    f"Error creating: {WEB}failed quota: compute-quota: must specify limits.cpu for: app,podinfo; "
    "limits.memory for: podinfo": (
        "quota compute-quota demands values that the pods don't set",
        ("limits.cpu for: app,podinfo", "limits.memory for: podinfo"),
    ),
    'create Claim data-db-0 Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data'
    '-db-0" is forbidden: exceeded quota: disks, requested: requests.storage=20Gi, used: '
    "requests.storage=90Gi, limited: requests.storage=100Gi": (
        "quota disks exceeded",
        ("requests.storage: requested 20Gi, used 90Gi, limited 100Gi",),
    ),
    f"{WEB}[maximum cpu usage per Container is 2, but limit is 4, maximum cpu usage per Pod is 4, "
    "but limit is 5]": (
        "a LimitRange forbids the requests or limits",
        (
            "maximum cpu usage per Container is 2, but limit is 4",
            "maximum cpu usage per Pod is 4, but limit is 5",
        ),
    ),
    f"Error creating: {WEB}minimum memory usage per Container is 64Mi, but request is 32Mi": (
        "a LimitRange forbids the requests or limits",
        ("minimum memory usage per Container is 64Mi, but request is 32Mi",),
    ),
    f"Error creating: {WEB}cpu max limit to request ratio per Container is 2, but provided ratio is"
    " 4.000000": (
        "a LimitRange forbids the requests or limits",
        ("cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",),
    ),
    f'Error creating: {WEB}violates PodSecurity "restricted:latest": allowPrivilegeEscalation != '
    'false (container "nginx" must set securityContext.allowPrivilegeEscalation=false), hostPath '
    'volumes (volumes "data", "var-log")': (
        "Pod Security restricted:latest is violated",
        (
            'allowPrivilegeEscalation != false (container "nginx" must set '
            "securityContext.allowPrivilegeEscalation=false)",
            'hostPath volumes (volumes "data", "var-log")',
        ),
    ),
    f"Error creating: {WEB}unable to validate against any security context constraint: [provider "
    '"anyuid": Forbidden: not usable by user or serviceaccount, provider restricted-v2: '
    ".containers[0].runAsUser: Invalid value: 1000: must be in the ranges: [1000, 1999]]": (
        "no security context constraint allows the pods",
        (
            'provider "anyuid": Forbidden: not usable by user or serviceaccount',
            "provider restricted-v2: .containers[0].runAsUser: Invalid value: 1000: must be in the "
            "ranges: [1000, 1999]",
        ),
    ),
    f'Error creating: {WEB}error looking up service account shop/web: serviceaccount "web" not '
    "found": ("service account web doesn't exist", ()),
    f"Error creating: {WEB}no PriorityClass with name high was found": (
        "priority class high doesn't exist",
        (),
    ),
    f'Error creating: {WEB}pod rejected: RuntimeClass "gvisor" not found': (
        "runtime class gvisor doesn't exist",
        (),
    ),
    f"Error creating: {WEB}unable to create new content in namespace shop because it is being "
    "terminated": ("namespace shop is being deleted", ()),
    'Error creating: admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource'
    " Pod/shop/web was blocked": (
        "webhook validate.kyverno.svc-fail denies the pods",
        ("resource Pod/shop/web was blocked",),
    ),
    'Error creating: admission webhook "pods.example.com" denied the request without explanation': (
        "webhook pods.example.com denies the pods",
        (),
    ),
    'Error creating: Internal error occurred: failed calling webhook "mpod.elbv2.k8s.aws": failed '
    'to call webhook: Post "https://x.kube-system.svc:443/mutate": no endpoints available for '
    'service "x"': (
        "webhook mpod.elbv2.k8s.aws can't be called",
        (
            'failed to call webhook: Post "https://x.kube-system.svc:443/mutate": no endpoints '
            'available for service "x"',
        ),
    ),
    f"Error creating: {WEB}ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request:"
    " image tag latest": ("admission policy no-latest denies the pods", ("image tag latest",)),
    'Error creating: Pod "web-x" is invalid: spec.containers[0].resources.requests: Invalid value: '
    '"2": must be less than or equal to cpu limit of 1': (
        "the pods are invalid",
        (
            'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal '
            "to cpu limit of 1",
        ),
    ),
    "Error creating job: etcdserver: request timed out": ("etcdserver: request timed out", ()),
    "": ("", ()),
}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_taken_apart(message: str) -> None:
    refusal = creation_refusal(message)
    assert (refusal.cause, refusal.details) == MESSAGES[message]


def test_what_is_said_is_clean() -> None:
    refusal = creation_refusal('admission webhook "a\x1b[31m" denied the request: b\x1b[0m')
    assert refusal.cause.isprintable()
    assert refusal.details[0].isprintable()


def event(reason: str, last: float, message: str = "") -> EventRow:
    texts = map(clean, (f"{reason}-{last}", "shop", reason, "ReplicaSet/shop/web-1", "Warning"))
    return EventRow(*texts, clean(reason), clean(message), clean(""), 3, last, last)


def test_the_newest_event_decides() -> None:
    refused = event("FailedCreate", 60, f"Error creating: {WEB}{QUOTA}")
    by = clean("ReplicaSet/web-1")
    failure = failure_in_events(by, [event("SuccessfulCreate", 50), refused])
    assert failure is not None
    assert failure.refusal.details == OVER
    assert failure.event is refused
    assert failure_in_events(by, [refused, event("SuccessfulCreate", 70)]) is None
    assert failure_in_events(by, [event("SuccessfulCreate", 60), refused]), "of the same second"
    assert failure_in_events(by, []) is None


def test_a_condition_tells_it_without_events() -> None:
    failed = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}
    whole = {
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "status": {"conditions": [{"type": "Available"}, {**failed, "message": WEB + QUOTA}]},
    }
    failure = failure_in_conditions(whole)
    assert failure is not None
    assert (failure.by, failure.refusal.details) == ("Deployment/web", OVER)
    whole["status"] = {"conditions": [{**failed, "status": "False"}]}
    assert failure_in_conditions(whole) is None
    assert failure_in_conditions(None) is None
