"""The mapping of IAM identities to Kubernetes users, and its faults.

Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries" and
"Grant IAM users access to Kubernetes with a ConfigMap".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.health import Health, Remark, remark
from eksview.domain.base.reading import NotAsked, ReadFailed, Reading, Refused
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.server import AwsAuth, Mapped

Source: TypeAlias = Literal["access entry", "aws-auth", ""]

_ASSUMED = re.compile(
    r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*"
)
_ENTRIES, _CONFIG = ("API", "API_AND_CONFIG_MAP"), ("CONFIG_MAP", "API_AND_CONFIG_MAP")
_NODE_TYPES = ("EC2_LINUX", "EC2_WINDOWS", "EC2", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX")
_NODE_GROUPS = ("system:bootstrappers", "system:nodes")


class Match(Struct, frozen=True):
    """The mapping of an identity; `winner` is the source that applies."""

    entry: AccessEntryRow | None
    mapped: Mapped | None
    winner: Source
    reason: Clean  # one sentence
    unread: tuple[Clean, ...] = ()  # sources that may apply but couldn't be read


class MapRow(Struct, frozen=True):
    """A row of either source; `faults` are sentences."""

    source: Source
    principal: Clean
    type: Clean
    user: Clean
    groups: tuple[Clean, ...]
    policies: tuple[Clean, ...] = ()
    faults: tuple[Clean, ...] = ()


def principal_of(arn: str) -> str:
    """Return `arn:aws:iam::1:role/NAME` for an assumed role's session; other ARNs as is.

    STS omits a role's path, so the result has none either.
    """
    session = _ASSUMED.fullmatch(arn)
    if not session:
        return arn
    return f"arn:{session['partition']}:iam::{session['account']}:role/{session['role']}"


def without_path(arn: str) -> str:
    """Return `…:role/NAME` for `…:role/team/a/NAME`, the form of aws-auth and STS.

    STS keeps the path of a user.
    """
    account, role, name = arn.partition(":role/")
    return f"{account}{role}{name.rsplit('/', 1)[-1]}"


def match(
    arn: str, mode: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None
) -> Match:
    """Return the mapping of an identity in an authentication mode; None for an unread source.

    With API_AND_CONFIG_MAP an access entry overrides every aws-auth row of the same principal.
    """
    principal = principal_of(arn)
    entry = next((e for e in entries or () if without_path(e.principal) == principal), None)
    mapped = mapped_of(principal, auth)
    entry_counts = entry is not None and mode in _ENTRIES
    mapped_counts = mapped is not None and mode in _CONFIG
    if entry_counts:
        reason = clean(f"Access entry {principal} applies{_overridden(mapped, mode)}.")
        return Match(entry, mapped, "access entry", reason)
    if mapped_counts:
        return Match(entry, mapped, "aws-auth", clean(f"aws-auth maps {principal}."))
    unread = () if entry or mapped else _unread(mode, entries, auth)
    if unread:
        reason = clean(f"Unknown because {' and '.join(unread)} can't be read.")
        return Match(None, None, "", reason, tuple(map(clean, unread)))
    reason = clean(_unmapped_reason(principal, mode, entry, mapped))
    return Match(entry, mapped, "", reason)


def mapped_of(principal: str, auth: AwsAuth | None) -> Mapped | None:
    """Return the aws-auth row of an identity; the last of several, as the authenticator does."""
    rows = (*auth.roles, *auth.users) if auth else ()
    return next((row for row in reversed(rows) if row.arn.lower() == principal.lower()), None)


def _overridden(mapped: Mapped | None, mode: str) -> str:
    if mapped is None:
        return ""
    if mode == "API":
        return "; authentication mode API ignores its aws-auth row"
    return "; it overrides the aws-auth row of the same principal"


def _unread(
    mode: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None
) -> tuple[str, ...]:
    """Return the unread sources that apply in this mode; in an unknown mode both may."""
    unread = []
    if entries is None and mode in ("", *_ENTRIES):
        unread.append("the access entries")
    if auth is None and mode in ("", *_CONFIG):
        unread.append("aws-auth")
    return tuple(unread)


def _unmapped_reason(
    principal: str, mode: str, entry: AccessEntryRow | None, mapped: Mapped | None
) -> str:
    if entry is not None:
        return f"There is an access entry, but authentication mode {mode} reads only aws-auth."
    if mapped is not None:
        return f"aws-auth maps {principal}, but authentication mode {mode} ignores aws-auth."
    return f"Nothing maps {principal}: neither an access entry nor aws-auth names it."


def table(
    entries: Iterable[AccessEntryRow],
    auth: AwsAuth | None,
    *,
    mode: str,
    node_roles: Mapping[str, str],
    known_roles: frozenset[str] | None = None,
) -> tuple[MapRow, ...]:
    """Return the rows of both sources with their faults; unmapped node roles come last.

    `node_roles` are ARNs by nodegroup; `known_roles` are the ARNs in IAM, None if unread.
    """
    entries = tuple(entries)
    iam_roles = frozenset(map(without_path, known_roles or ()))
    principals = {without_path(entry.principal) for entry in entries}
    rows = [_entry_row(entry, mode, iam_roles) for entry in entries]
    if auth is not None:
        rows += _mapped_rows(auth, principals, mode, iam_roles)
    return (*rows, *_missing(node_roles, entries, auth, mode))


def remarks(reading: Reading[AwsAuth], mode: str, unread_entries: str) -> tuple[Remark, ...]:
    """Return remarks on the sources as a whole: unread, missing, or with ignored parts.

    `unread_entries` is why the access entries couldn't be read; empty where they were.
    """
    result = [remark("access entries", Health.UNKNOWN, unread_entries)] if unread_entries else []
    if isinstance(reading, NotAsked) or mode == "API":
        return tuple(result)
    if isinstance(reading, Refused | ReadFailed):
        if reading.reason != unread_entries:
            result.append(remark("aws-auth", Health.UNKNOWN, reading.reason))
        return tuple(result)
    auth = reading.value
    if not auth.exists and mode in _CONFIG:
        bad = Health.BAD if mode == "CONFIG_MAP" else Health.UNKNOWN
        says = "There is no ConfigMap aws-auth in kube-system, so it maps nobody."
        result.append(remark("aws-auth", bad, says))
    return (*result, *(remark("aws-auth", Health.BAD, fault) for fault in auth.faults))


def _entry_row(entry: AccessEntryRow, mode: str, iam_roles: frozenset[str]) -> MapRow:
    faults = []
    if mode == "CONFIG_MAP":
        faults.append("ignored by authentication mode CONFIG_MAP")
    if _gone(entry.principal, iam_roles):
        faults.append("the role no longer exists")
    fields = entry.principal, entry.type, entry.user, entry.groups, entry.policies
    return MapRow("access entry", *fields, tuple(map(clean, faults)))


def _mapped_rows(
    auth: AwsAuth, principals: set[str], mode: str, iam_roles: frozenset[str]
) -> list[MapRow]:
    times = Counter(row.arn for row in (*auth.roles, *auth.users))
    return [
        MapRow(
            "aws-auth",
            row.arn,
            clean(kind),
            row.user,
            row.groups,
            faults=_mapped_faults(row, times[row.arn], principals, mode, iam_roles),
        )
        for kind, rows in (("mapRoles", auth.roles), ("mapUsers", auth.users))
        for row in rows
    ]


def _mapped_faults(
    row: Mapped, times: int, principals: set[str], mode: str, iam_roles: frozenset[str]
) -> tuple[Clean, ...]:
    path = ":role/" in row.arn and row.arn != without_path(row.arn)
    faults = {
        "ignored by authentication mode API": mode == "API",
        f"an ARN with a path never matches: write {without_path(row.arn)}": path,
        "the ARN of a session never matches: write the role's": ":assumed-role/" in row.arn,
        f"listed {times} times: the last one applies": times > 1,
        "overridden by an access entry": row.arn in principals and mode == "API_AND_CONFIG_MAP",
        "the role no longer exists": _gone(row.arn, iam_roles),
    }
    return tuple(clean(sentence) for sentence, true in faults.items() if true)


def _gone(arn: str, iam_roles: frozenset[str]) -> bool:
    account, role, _ = arn.partition(":role/")
    if not role or without_path(arn) in iam_roles:
        return False
    # IAM lists only this account's roles.
    return any(listed.startswith(f"{account}:role/") for listed in iam_roles)


def _missing(
    node_roles: Mapping[str, str],
    entries: tuple[AccessEntryRow, ...],
    auth: AwsAuth | None,
    mode: str,
) -> tuple[MapRow, ...]:
    return tuple(
        MapRow(
            "",
            clean(role),
            Clean("node role"),
            EMPTY,
            (),
            faults=(clean(f"missing: nodes of {group} can't join"),),
        )
        for group, role in sorted(node_roles.items())
        if node_role_mapped(role, entries, auth, mode) is False
    )


def node_role_mapped(
    role: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None, mode: str
) -> bool | None:
    """Check whether nodes of this role are authorized; None while a source is unread.

    An access entry of another type overrides the aws-auth row that would authorize them.
    """
    plain = without_path(role)
    entry = next((row for row in entries or () if without_path(row.principal) == plain), None)
    if entry is not None and mode in _ENTRIES:
        return entry.type in _NODE_TYPES or "system:nodes" in entry.groups
    mapped = mapped_of(plain, auth) if mode in _CONFIG else None
    if mapped is not None and all(group in mapped.groups for group in _NODE_GROUPS):
        return None if entries is None and mode in _ENTRIES else True
    return None if not mode or _unread(mode, entries, auth) else False
