"""Helpers of all parsers of AWS answers.

An answer is botocore's dict. A missing member becomes an empty string, zero, an empty tuple or
None, as `domain.rows.aws` declares it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from eksview.aws.client.errors import Answer
from eksview.domain.base.age import parse_time
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.base.text import shared as shared_text
from eksview.domain.rows.aws import Issue, Tags


def seconds(value: object) -> float | None:
    """Return a timestamp in epoch seconds; some APIs send text where others send a time."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return parse_time(value) if isinstance(value, str) else None


def text(value: object) -> Clean:
    """Return a member as clean text; empty for a missing one."""
    return clean(str(value)) if value else EMPTY


def shared(value: object) -> Clean:
    """Return one shared object for a text that many rows have in common."""
    return shared_text(value) if isinstance(value, str) else EMPTY


def texts(values: Iterable[object] | None) -> tuple[Clean, ...]:
    return tuple(shared(value) for value in values or () if isinstance(value, str))


def tags_of(pairs: Iterable[Answer] | None) -> Tags:
    """Return the `Key`/`Value` list of EC2 and Auto Scaling as a dict."""
    return {shared(pair.get("Key")): text(pair.get("Value")) for pair in pairs or ()}


def issues_of(issues: Iterable[Answer] | None) -> tuple[Issue, ...]:
    """Return the issues of a part's `health`, or the `errors` of an update with longer keys."""
    return tuple(
        Issue(
            code=text(issue.get("code") or issue.get("errorCode")),
            message=text(issue.get("message") or issue.get("errorMessage")),
            resources=texts(issue.get("resourceIds")),
        )
        for issue in issues or ()
    )


def template_of(template: Answer | None) -> Clean:
    """Return a launch template as "NAME v3", by its name or else its id; empty for none.

    EKS writes `name`, `id` and `version`, Auto Scaling the long names.
    """
    item = template or {}
    name = item.get("LaunchTemplateName") or item.get("name")
    name = name or item.get("LaunchTemplateId") or item.get("id") or ""
    version = item.get("Version") or item.get("version") or ""
    return shared(f"{name} v{version}" if name and version else str(name))
