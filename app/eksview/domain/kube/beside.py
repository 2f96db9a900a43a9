"""Objects that are listed beside another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class Beside(Struct, frozen=True):
    """The objects by the plural of their resource, and why others weren't read."""

    found: Mapping[str, Sequence[Any]] = {}
    why_not: Mapping[str, str] = {}

    def unread(self, plural: str) -> str:
        """Return why the objects of a resource aren't known; empty where they are."""
        if plural in self.found:
            return ""
        why = self.why_not.get(plural, "")
        return f"unknown because the {plural} weren't read{': ' if why else ''}{why}"
