"""Errors and pages of the functions that answer operations."""

from typing import Any

from eksview_demo.aws.wire import Parameters


class NoSuch(Exception):  # noqa: N818 - it is what AWS says
    """An error answer: the resource or operation doesn't exist."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def page(
    items: list[Any], parameters: Parameters, size: str, token: str, most: int = 1000
) -> tuple[list[Any], dict[str, str]]:
    """Return a page of items, and the token of the next page under the parameter's name."""
    start = int(parameters.get(token) or 0)
    end = start + int(parameters.get(size) or most)
    return items[start:end], ({token: str(end)} if end < len(items) else {})
