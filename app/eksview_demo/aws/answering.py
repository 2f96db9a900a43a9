"""What the answering functions have in common: what isn't there, and pages."""

from typing import Any

from eksview_demo.aws.wire import Parameters


class NoSuch(Exception):  # noqa: N818 - it is what AWS says
    """What is asked about isn't there."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def page(
    items: list[Any], parameters: Parameters, size: str, token: str, most: int = 1000
) -> tuple[list[Any], dict[str, str]]:
    """A page of items and, by the name it has there, the token of the next one."""
    start = int(parameters.get(token) or 0)
    end = start + int(parameters.get(size) or most)
    return items[start:end], ({token: str(end)} if end < len(items) else {})
