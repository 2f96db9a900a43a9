"""The pods of a Job, of which its table prints none: those that are active, and should be."""

from collections.abc import Sequence

from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.base.text import clean
from eksview.domain.guides.object_values import ObjectValue


def active_and_wanted(job: Json) -> Sequence[str]:
    """Return both numbers as `1/3`; nothing of a Job that doesn't run or has failed indexes.

    Source: `manageJob` of Kubernetes' `pkg/controller/job/job_controller.go`.
    """
    status, spec = at(job, "status"), at(job, "spec")
    if not _runs(job) or at(status, "failedIndexes"):
        return ()
    active, parallelism = number(status, "active"), number(spec, "parallelism")
    if at(spec, "podReplacementPolicy") == "Failed":
        active += number(status, "terminating")
    succeeded = number(status, "succeeded")
    succeeded += len(texts(status, "uncountedTerminatedPods", "succeeded"))
    if at(spec, "completions") is None:  # a queue of work: no pod is replaced once one succeeded
        wanted = active if succeeded else parallelism
    else:
        wanted = max(0, min(parallelism, number(spec, "completions") - succeeded))
    return (f"{active}/{wanted}",)


def _runs(job: Json) -> bool:
    """Return whether the controller creates pods of a Job, whose status is printed as Running."""
    status = at(job, "status")
    stopped = at(job, "spec", "suspend") or at(job, "metadata", "deletionTimestamp")
    conditions = items(status, "conditions")
    return (
        at(status, "startTime") is not None
        and not stopped
        and not any(word(condition, "status") == "True" for condition in conditions)
    )


ACTIVE_PODS = ObjectValue("active pods", clean("ACTIVE PODS"), active_and_wanted, of_metadata=False)
