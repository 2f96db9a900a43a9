"""What all parsers of AWS answers share.

An answer is a dict as botocore makes it. Anything may be missing from it: a field AWS didn't send
is an empty string, zero, an empty tuple or None, as `domain.rows.kube.aws` has it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from sys import intern

from eksview.aws.client.errors import Answer
from eksview.domain.base.age import parse_time
from eksview.domain.rows.aws import Issue, Tags


def seconds(value: object) -> float | None:
    """A timestamp as seconds since the epoch; some APIs send text where others send a time."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return parse_time(value) if isinstance(value, str) else None


def shared(value: object) -> str:
    """Text that many rows have in common: one object for all of them."""
    return intern(value) if isinstance(value, str) else ""


def texts(values: Iterable[object] | None) -> tuple[str, ...]:
    """A list of strings."""
    return tuple(shared(value) for value in values or () if isinstance(value, str))


def tags_of(pairs: Iterable[Answer] | None) -> Tags:
    """The `Key`/`Value` list of EC2 and Auto Scaling as a dict."""
    return {shared(pair.get("Key")): str(pair.get("Value") or "") for pair in pairs or ()}


def issues_of(health: Answer | None) -> tuple[Issue, ...]:
    """The `health.issues` of an EKS cluster, nodegroup or add-on."""
    return tuple(
        Issue(
            code=str(issue.get("code") or ""),
            message=str(issue.get("message") or ""),
            resources=texts(issue.get("resourceIds")),
        )
        for issue in (health or {}).get("issues") or ()
    )


def template_of(template: Answer | None) -> str:
    """A launch template as "NAME v3": the name where AWS says it, else the id; empty for none.

    EKS writes `name`, `id` and `version`, Auto Scaling the long names.
    """
    said = template or {}
    name = said.get("LaunchTemplateName") or said.get("name")
    name = name or said.get("LaunchTemplateId") or said.get("id") or ""
    version = said.get("Version") or said.get("version") or ""
    return shared(f"{name} v{version}" if name and version else str(name))
