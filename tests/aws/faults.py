"""Faults of an AWS API, which tests arm."""

from typing import TypeAlias

from msgspec import Struct

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class Refuse(Struct, frozen=True):
    """An error answer."""

    code: str
    message: str = ""
    status: int = 400


class HtmlPage(Struct, frozen=True):
    """A web page instead of an answer."""

    body: bytes = HTML
    status: int = 502


class Slow(Struct, frozen=True):
    """The answer, but late."""

    seconds: float


Fault: TypeAlias = Refuse | HtmlPage | Slow

THROTTLED = Refuse("RequestLimitExceeded", "Request limit exceeded.", 503)
EXPIRED = Refuse("ExpiredToken", "The security token included in the request is expired", 403)


def denied(action: str) -> Refuse:
    """Return the refusal in the words of IAM."""
    user = "arn:aws:sts::111122223333:assumed-role/eksview-demo-admin/demo"
    message = (
        f"User: {user} is not authorized to perform: {action} because no identity-based policy "
        f"allows the {action} action"
    )
    code = "UnauthorizedOperation" if action.startswith("ec2:") else "AccessDeniedException"
    return Refuse(code, message, 403)


class AwsFaults:
    """Faults by operation, such as `ec2:DescribeInstances`, or `*` for all."""

    def __init__(self) -> None:
        self._armed: dict[str, list[tuple[Fault, int | None]]] = {}
        self.asked: list[str] = []

    def add(self, action: str, fault: Fault, times: int | None = 1) -> None:
        """Arm it; `times` None: until cleared."""
        self._armed.setdefault(action, []).append((fault, times))

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def take(self, action: str) -> Fault | None:
        """Return the fault for this call, None for none, and count it as used."""
        self.asked.append(action)
        for name in (action, "*"):
            armed = self._armed.get(name)
            if armed:
                fault, times = armed[0]
                if times is not None:
                    armed[0] = (fault, times - 1)
                    if times <= 1:
                        armed.pop(0)
                return fault
        return None
