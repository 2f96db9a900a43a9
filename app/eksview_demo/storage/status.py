"""The API server's `Status`, its error response."""

from typing import Any, TypeAlias

import msgspec

Fields: TypeAlias = dict[str, Any]
REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    410: "Expired",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}

PAGE_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start"
    " a new list without the continue parameter, or use the continue token in this response to"
    " retrieve the remainder of the results. Continuing with the provided token results in an"
    " inconsistent list - objects that were created, modified, or deleted between the time the"
    " first chunk was returned and now may show up in the list."
)


class StatusError(Exception):
    """An error that is answered with a Status and these headers."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        details: Fields | None = None,
        metadata: Fields | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        self.body = status(code, message, details=details, metadata=metadata)


def status(
    code: int, message: str, *, details: Fields | None = None, metadata: Fields | None = None
) -> Fields:
    """Return a Status with its fields in a real server's order."""
    body: Fields = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": metadata or {},
        "status": "Failure",
        "message": message,
        "reason": REASONS.get(code, "Unknown"),
    }
    if details is not None:
        body["details"] = details
    body["code"] = code
    return body


def too_old(version: int, oldest: int) -> Fields:
    """Return the Status of a watch from a compacted version."""
    return status(410, f"too old resource version: {version} ({oldest})")


def error_line(body: Fields) -> bytes:
    """Return a Status as the last event of a watch."""
    return msgspec.json.encode({"type": "ERROR", "object": body}) + b"\n"


def not_found(resource: str, name: str, group: str = "") -> StatusError:
    qualified = f"{resource}.{group}" if group else resource
    details = {"name": name, **({"group": group} if group else {}), "kind": resource}
    return StatusError(404, f'{qualified} "{name}" not found', details=details)
