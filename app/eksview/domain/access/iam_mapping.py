"""How an IAM identity becomes a Kubernetes user, and what is wrong with the map.

Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries" and
"Grant IAM users access to Kubernetes with a ConfigMap".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, ReadFailed, Reading, Refused
from eksview.domain.base.remark import Remark
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
    """What the map says of one identity; `winner` is the source that counts."""

    entry: AccessEntryRow | None
    mapped: Mapped | None
    winner: Source
    why: str  # one sentence
    unread: bool = False  # a source that counts couldn't be read


class MapRow(Struct, frozen=True):
    """A row of either source, for a person; `faults` are sentences."""

    source: Source
    principal: str
    type: str
    user: str
    groups: tuple[str, ...]
    policies: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def principal_of(arn: str) -> str:
    """`arn:aws:iam::1:role/NAME` of an assumed role's session; other ARNs as they are.

    STS leaves a role's path out, so the answer has none either.
    """
    found = _ASSUMED.fullmatch(arn)
    if not found:
        return arn
    return f"arn:{found['partition']}:iam::{found['account']}:role/{found['role']}"


def without_path(arn: str) -> str:
    """`…:role/NAME` of `…:role/team/a/NAME`; aws-auth and STS know roles only so."""
    head, slash, rest = arn.partition("/")
    return f"{head}/{rest.rsplit('/', 1)[-1]}" if slash else arn


def match(
    arn: str, mode: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None
) -> Match:
    """What lets this identity in, by the cluster's authentication mode; None: not readable.

    With API_AND_CONFIG_MAP an access entry hides every aws-auth row of the same principal.
    """
    principal = principal_of(arn)
    entry = next((e for e in entries or () if without_path(e.principal) == principal), None)
    mapped = mapped_of(principal, auth)
    entry_counts = entry is not None and mode in _ENTRIES
    mapped_counts = mapped is not None and mode in _CONFIG
    if entry_counts:
        why = f"The access entry of {principal} counts"
        return Match(entry, mapped, "access entry", why + _hidden(mapped, mode))
    if mapped_counts:
        return Match(entry, mapped, "aws-auth", f"aws-auth maps {principal}.")
    unread = () if entry or mapped else _unread(mode, entries, auth)
    if unread:
        why = f"Not known: {' and '.join(unread)} can't be read."
        return Match(None, None, "", why, unread=True)
    return Match(entry, mapped, "", _nothing(principal, mode, entry, mapped))


def mapped_of(principal: str, auth: AwsAuth | None) -> Mapped | None:
    """The aws-auth row of an identity; the last of several counts, as in the authenticator."""
    rows = (*auth.roles, *auth.users) if auth else ()
    return next((row for row in reversed(rows) if row.arn.lower() == principal.lower()), None)


def _hidden(mapped: Mapped | None, mode: str) -> str:
    if mapped is None:
        return "."
    if mode == "API":
        return "; its aws-auth row isn't looked at (authentication mode API)."
    return "; it hides the aws-auth row of the same principal."


def _unread(
    mode: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None
) -> tuple[str, ...]:
    """The sources that count in this mode (in any, if it isn't known) and can't be read."""
    unread = []
    if entries is None and mode in ("", *_ENTRIES):
        unread.append("the access entries")
    if auth is None and mode in ("", *_CONFIG):
        unread.append("aws-auth")
    return tuple(unread)


def _nothing(principal: str, mode: str, entry: AccessEntryRow | None, mapped: Mapped | None) -> str:
    if entry is not None:
        return f"There is an access entry, but authentication mode {mode} looks at aws-auth only."
    if mapped is not None:
        return f"aws-auth maps {principal}, but authentication mode {mode} doesn't look at it."
    return f"Nothing maps {principal}: neither an access entry nor aws-auth names it."


def table(
    entries: Iterable[AccessEntryRow],
    auth: AwsAuth | None,
    *,
    mode: str,
    node_roles: Mapping[str, str],
    known_roles: frozenset[str] | None = None,
) -> tuple[MapRow, ...]:
    """Both sources side by side, with their faults; node roles nobody maps come last.

    `node_roles` has the node role's ARN by the nodegroup's name. `known_roles` are the ARNs that
    exist in IAM, None where that couldn't be read.
    """
    entries = tuple(entries)
    principals = {without_path(entry.principal) for entry in entries}
    rows = [_entry_row(entry, mode, known_roles) for entry in entries]
    if auth is not None:
        rows += _mapped_rows(auth, principals, mode, known_roles)
    return (*rows, *_missing(node_roles, entries, auth, mode))


def remarks(reading: Reading[AwsAuth], mode: str, entries_why: str) -> tuple[Remark, ...]:
    """What is to be said of the sources as a whole: unread, absent, or with parts that don't count.

    `entries_why` is why the access entries couldn't be read; empty where they were.
    """
    found = [Remark("access entries", Health.UNKNOWN, entries_why)] if entries_why else []
    if isinstance(reading, NotAsked) or mode == "API":
        return tuple(found)
    if isinstance(reading, Refused | ReadFailed):
        seen = reading.why == entries_why
        return (*found, *(() if seen else (Remark("aws-auth", Health.UNKNOWN, reading.why),)))
    auth = reading.value
    if not auth.found and mode in _CONFIG:
        bad = Health.BAD if mode == "CONFIG_MAP" else Health.UNKNOWN
        says = "There is no ConfigMap aws-auth in kube-system: it lets nobody in."
        found.append(Remark("aws-auth", bad, says))
    return (*found, *(Remark("aws-auth", Health.BAD, fault) for fault in auth.faults))


def _entry_row(entry: AccessEntryRow, mode: str, known: frozenset[str] | None) -> MapRow:
    faults = []
    if mode == "CONFIG_MAP":
        faults.append("not looked at: the authentication mode is CONFIG_MAP")
    if _gone(entry.principal, known):
        faults.append("the role no longer exists")
    return MapRow(
        "access entry",
        entry.principal,
        entry.type,
        entry.user,
        entry.groups,
        entry.policies,
        tuple(faults),
    )


def _mapped_rows(
    auth: AwsAuth, principals: set[str], mode: str, known: frozenset[str] | None
) -> list[MapRow]:
    times = Counter(row.arn for row in (*auth.roles, *auth.users))
    return [
        MapRow(
            "aws-auth",
            row.arn,
            kind,
            row.user,
            row.groups,
            faults=_mapped_faults(row, times[row.arn], principals, mode, known),
        )
        for kind, rows in (("mapRoles", auth.roles), ("mapUsers", auth.users))
        for row in rows
    ]


def _mapped_faults(
    row: Mapped, times: int, principals: set[str], mode: str, known: frozenset[str] | None
) -> tuple[str, ...]:
    path = ":role/" in row.arn and row.arn != without_path(row.arn)
    faults = {
        "not looked at: the authentication mode is API": mode == "API",
        f"the ARN has a path, which never matches: write {without_path(row.arn)}": path,
        "an ARN of a session, which never matches: name the role": ":assumed-role/" in row.arn,
        f"listed {times} times: the last one counts": times > 1,
        "hidden by the access entry of the same principal": row.arn in principals
        and mode == "API_AND_CONFIG_MAP",
        "the role no longer exists": _gone(row.arn, known),
    }
    return tuple(sentence for sentence, true in faults.items() if true)


def _gone(arn: str, known: frozenset[str] | None) -> bool:
    if not known or ":role/" not in arn:
        return False
    # Only this account's roles are known; another's may well exist.
    if arn.split(":")[4] not in {each.split(":")[4] for each in known}:
        return False
    return without_path(arn) not in {without_path(each) for each in known}


def _missing(
    node_roles: Mapping[str, str],
    entries: tuple[AccessEntryRow, ...],
    auth: AwsAuth | None,
    mode: str,
) -> tuple[MapRow, ...]:
    return tuple(
        MapRow(
            "",
            role,
            "node role",
            "",
            (),
            faults=(f"missing: nodes of {group} can't join",),
        )
        for group, role in sorted(node_roles.items())
        if node_role_mapped(role, entries, auth, mode) is False
    )


def node_role_mapped(
    role: str, entries: Iterable[AccessEntryRow] | None, auth: AwsAuth | None, mode: str
) -> bool | None:
    """Whether nodes of this role are let in; None where a source that counts can't be read.

    An access entry of another type hides the aws-auth row that would have let them in.
    """
    plain = without_path(role)
    entry = next((each for each in entries or () if without_path(each.principal) == plain), None)
    if entry is not None and mode in _ENTRIES:
        return entry.type in _NODE_TYPES or "system:nodes" in entry.groups
    mapped = mapped_of(plain, auth) if mode in _CONFIG else None
    if mapped is not None and all(group in mapped.groups for group in _NODE_GROUPS):
        return None if entries is None and mode in _ENTRIES else True
    return None if not mode or _unread(mode, entries, auth) else False
