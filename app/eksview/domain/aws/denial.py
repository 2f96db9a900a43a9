"""The policy that denies an action, by AWS's message, and what allows the action. Pure.

Source: IAM User Guide, "Troubleshoot access denied error messages".
"""

import re
from typing import NamedTuple

_KINDS = (
    r"service control polic(?:y|ies)|resource control polic(?:y|ies)|permissions boundary"
    r"|session policy|VPC endpoint policy|identity-based policy|resource-based policy"
    r"|role trust policy"
)
_EXPLICIT = re.compile(rf"with an explicit deny(?: in (?:an?|the) (?P<kind>{_KINDS}))?", re.I)
_IMPLICIT = re.compile(rf"because no (?P<kind>{_KINDS}) allows", re.I)
_ENCODED = re.compile(r"encoded authorization failure message", re.I)
ASSUME = "sts:AssumeRole"


class _Policy(NamedTuple):
    """A kind of policy: its name, and who or what changes its effect."""

    name: str
    change: str


_ADMINISTRATORS = "ask the organization's administrators to change it"
_POLICIES = {
    "service control policy": _Policy(
        "a service control policy of the organization", _ADMINISTRATORS
    ),
    "resource control policy": _Policy(
        "a resource control policy of the organization", _ADMINISTRATORS
    ),
    "permissions boundary": _Policy(
        "the permissions boundary of this identity", "have the boundary changed"
    ),
    "session policy": _Policy(
        "the policy that this session was opened with", "open one without that policy"
    ),
    "vpc endpoint policy": _Policy(
        "the policy of the VPC endpoint", "have that policy changed, or use another way to AWS"
    ),
    "identity-based policy": _Policy(
        "a policy of this identity", "have that statement removed, or meet its condition (MFA?)"
    ),
    "resource-based policy": _Policy("the policy of the resource", "have that policy changed"),
    "role trust policy": _Policy("the trust policy of the role", "have that policy changed"),
}
_SOME = _Policy("a policy", "have that policy changed, or meet its condition (MFA?)")
_OWN = ("", "identity-based policy")
"""Kinds in which an allow for the identity is the remedy, where nothing denies explicitly."""


def denied(action: str, message: str) -> str:
    """Return the sentence for a denied action; `message` is AWS's.

    An allow is proposed only where it has an effect: an explicit deny overrides it, and so does a
    policy of another kind that doesn't allow the action.
    """
    if match := _EXPLICIT.search(message):
        policy = _POLICIES.get(_kind(match["kind"]), _SOME)
        return (
            f"Access denied: {policy.name} explicitly denies {action}, which no allow overrides: "
            f"{policy.change}."
        )
    match = _IMPLICIT.search(message)
    kind = _kind(match["kind"]) if match else ""
    if action == ASSUME and kind != "permissions boundary":
        return (
            f"Access denied: allow {action} for these AWS credentials and in the trust policy "
            "of the role."
        )
    if kind not in _OWN:
        policy = _POLICIES[kind]
        return f"Access denied: {policy.name} doesn't allow {action}: {policy.change}."
    if _ENCODED.search(message):
        return (
            f"Access denied: allow {action} for these AWS credentials. If a policy does, "
            "`aws sts decode-authorization-message` explains the answer that the AWS CLI prints."
        )
    return f"Access denied: allow {action} for these AWS credentials."


def _kind(name: str | None) -> str:
    return (name or "").lower().replace("policies", "policy")
