"""The guides, one per resource; a resource without one is judged by the usual words.

To add one, add a row to `GUIDES`: the names of the columns are those that `kubectl get` prints.
"""

from collections.abc import Mapping

from eksview.domain.base.health import Health
from eksview.domain.guides.guide import Fewer, Holds, KindGuide, ReadyPart, StateWords
from eksview.domain.guides.job_pods import ACTIVE_PODS

OK, WARN, BAD, UNKNOWN = Health.OK, Health.WARN, Health.BAD, Health.UNKNOWN

_READY = StateWords("ready", {"True": OK, "False": BAD, "Unknown": UNKNOWN})
_STATE = {
    "Active": OK,
    "Available": OK,
    "Bound": OK,
    "Healthy": OK,
    "Ready": OK,
    "Running": OK,
    "Succeeded": OK,
    "Degraded": WARN,
    "Pending": WARN,
    "Terminating": WARN,
    "Error": BAD,
    "Failed": BAD,
    "Unknown": UNKNOWN,
}
ANY = KindGuide(
    "",
    rules=(_READY, ReadyPart("ready"), StateWords("status", _STATE), StateWords("phase", _STATE)),
)
"""The guide to a resource without one of its own, such as a custom one."""

GUIDES: tuple[KindGuide, ...] = (
    KindGuide(
        "deployments.apps",
        ("ready", "up-to-date", "available"),
        (ReadyPart("ready"),),
        pods="owner",
        children=("replicasets.apps",),
    ),
    KindGuide(
        "replicasets.apps",
        ("desired", "current", "ready"),
        (Fewer("ready", "desired"),),
        pods="owner",
    ),
    KindGuide(
        "replicationcontrollers",
        ("desired", "current", "ready"),
        (Fewer("ready", "desired"),),
        pods="owner",
    ),
    KindGuide("statefulsets.apps", ("ready",), (ReadyPart("ready"),), pods="owner"),
    KindGuide(
        "daemonsets.apps",
        ("desired", "ready", "available"),
        (Fewer("ready", "desired"), Fewer("available", "desired")),
        pods="owner",
    ),
    KindGuide(
        "jobs.batch",
        ("status", "completions", "duration"),
        (
            StateWords(
                "status",
                {
                    "Complete": OK,
                    "SuccessCriteriaMet": OK,
                    "Running": OK,
                    "Suspended": WARN,
                    "Terminating": WARN,
                    "FailureTarget": BAD,
                    "Failed": BAD,
                },
            ),
            ReadyPart("status", ACTIVE_PODS.name),
        ),
        pods="owner",
        values=(ACTIVE_PODS,),
    ),
    KindGuide(
        "cronjobs.batch",
        ("schedule", "suspend", "active", "last schedule"),
        pods="owner",
        children=("jobs.batch",),
    ),
    KindGuide(
        "services",
        ("type", "external-ip", "port(s)"),
        (StateWords("external-ip", {"<pending>": WARN}),),
        pods="selector",
        children=("endpointslices.discovery.k8s.io",),
    ),
    KindGuide("endpoints", ("endpoints",), (StateWords("endpoints", {"<none>": WARN}, OK),)),
    KindGuide(
        "endpointslices.discovery.k8s.io",
        ("ports", "endpoints"),
        (StateWords("endpoints", {"<unset>": WARN}, OK),),
    ),
    KindGuide(
        "persistentvolumeclaims",
        ("status", "capacity", "storageclass"),
        (StateWords("status", {"Bound": OK, "Lost": BAD, "Pending": WARN, "Terminating": WARN}),),
    ),
    KindGuide(
        "persistentvolumes",
        ("capacity", "status", "claim"),
        (
            StateWords(
                "status",
                {"Bound": OK, "Available": OK, "Released": WARN, "Pending": WARN, "Failed": BAD},
            ),
        ),
    ),
    KindGuide(
        "namespaces",
        ("status",),
        (StateWords("status", {"Active": OK, "Terminating": WARN}),),
        opens="pods",
        pods="namespace",
    ),
    KindGuide(
        "events",
        ("last seen", "reason", "object", "message"),
        (StateWords("type", {"Normal": OK}, WARN),),
        newest="last seen",
    ),
    KindGuide(
        "events.events.k8s.io",
        ("last seen", "reason", "object", "message"),
        (StateWords("type", {"Normal": OK}, WARN),),
        newest="last seen",
    ),
    KindGuide(
        "poddisruptionbudgets.policy",
        ("min available", "allowed disruptions"),
        (StateWords("allowed disruptions", {"0": WARN}, OK),),
        pods="selector",
    ),
    KindGuide(
        "horizontalpodautoscalers.autoscaling",
        ("targets", "minpods", "maxpods", "replicas"),
        (Holds("targets", "<unknown>", WARN),),
    ),
    KindGuide("ingresses.networking.k8s.io", ("class", "hosts", "address")),
    KindGuide(
        "certificatesigningrequests.certificates.k8s.io",
        ("requestor", "condition"),
        (
            Holds("condition", "Denied", BAD),
            Holds("condition", "Failed", BAD),
            Holds("condition", "Pending", WARN),
            Holds("condition", "Issued", OK),
        ),
    ),
    KindGuide(
        "apiservices.apiregistration.k8s.io",
        ("service", "available"),
        (StateWords("available", {"True": OK}, BAD),),
    ),
    KindGuide("nodeclaims.karpenter.sh", ("type", "zone", "node", "ready"), (_READY,)),
    KindGuide(
        "nodepools.karpenter.sh",
        ("nodeclass", "nodes", "ready"),
        (_READY,),
        children=("nodeclaims.karpenter.sh",),
    ),
)
_BY_NAME: Mapping[str, KindGuide] = {guide.resource: guide for guide in GUIDES}


def guide_to(resource: str) -> KindGuide:
    """Return the guide to a resource by its qualified name, such as `deployments.apps`."""
    return _BY_NAME.get(resource, ANY)
