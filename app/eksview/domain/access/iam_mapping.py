"""The mapping of IAM identities to Kubernetes users, and its faults.

Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries" and
"Grant IAM users access to Kubernetes with a ConfigMap".
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.aws.arn import parse_arn
from eksview.domain.base.reading import (
    NOT_ASKED,
    Reading,
    last_of,
    value_of,
    why_unread,
)
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.server import AwsAuth, Mapped

Source: TypeAlias = Literal["access entry", "aws-auth", ""]

_ASSUMED = re.compile(
    r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*"
)
ENTRIES, CONFIG = ("API", "API_AND_CONFIG_MAP"), ("CONFIG_MAP", "API_AND_CONFIG_MAP")
"""The authentication modes in which access entries count, and those in which aws-auth does."""


class MappingSources(Struct, frozen=True, kw_only=True):
    """The two sources of the mapping, as they were read, and the authentication mode."""

    mode: str = ""  # empty: unknown
    mode_reason: Clean = EMPTY  # why it is unknown, in a sentence; empty where it wasn't asked
    entries: Reading[tuple[AccessEntryRow, ...]] = NOT_ASKED
    auth: Reading[AwsAuth] = NOT_ASKED
    roles_created: Mapping[str, float] = {}  # by ARN, as far as IAM listed them

    @property
    def known_entries(self) -> tuple[AccessEntryRow, ...] | None:
        """Return the access entries as last listed; None while they are unread."""
        return last_of(self.entries)

    @property
    def known_auth(self) -> AwsAuth | None:
        """Return aws-auth; None while it is unread."""
        return value_of(self.auth)

    @property
    def entries_reason(self) -> str:
        """Return why the access entries are unread, in a sentence; empty where they aren't."""
        return why_unread(self.entries)

    @property
    def auth_reason(self) -> str:
        """Return why aws-auth is unread, in a sentence; empty where it isn't."""
        return why_unread(self.auth)


class Match(Struct, frozen=True):
    """The mapping of an identity; `winner` is the source that applies."""

    entry: AccessEntryRow | None
    mapped: Mapped | None
    winner: Source
    reason: Clean  # one sentence
    unread: tuple[Clean, ...] = ()  # sources that may apply but couldn't be read


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


def match(arn: str, sources: MappingSources) -> Match:
    """Return the mapping of an identity.

    With API_AND_CONFIG_MAP an access entry overrides every aws-auth row of the same principal.
    """
    principal, mode = principal_of(arn), sources.mode
    entry = entry_of(principal, sources.known_entries or ())
    mapped = mapped_of(principal, sources.known_auth)
    stale = entry is not None and is_of_former_role(entry, sources)
    entry_counts = entry is not None and mode in ENTRIES and not stale
    mapped_counts = mapped is not None and mode in CONFIG
    if entry_counts:
        reason = clean(f"Access entry {principal} applies{_overridden(mapped, mode)}.")
        return Match(entry, mapped, "access entry", reason)
    if mapped_counts:
        return Match(entry, mapped, "aws-auth", clean(f"aws-auth maps {principal}."))
    if account := _account_of(principal, sources):
        reason = clean(f"aws-auth maps every identity of account {account} (mapAccounts).")
        return Match(entry, mapped, "aws-auth", reason)
    unread = () if entry or mapped else _unread(sources)
    if unread:
        reason = clean(f"Unknown because {' and '.join(unread)} can't be read.")
        return Match(None, None, "", reason, tuple(map(clean, unread)))
    reason = clean(FORMER if stale else _unmapped_reason(principal, mode, entry, mapped))
    return Match(entry, mapped, "", reason)


FORMER = (
    "Its access entry is of a former role of that name, which has been deleted: delete the entry "
    "and create it again."
)


def is_of_former_role(entry: AccessEntryRow, sources: MappingSources) -> bool:
    """Check whether a role was created after its access entry, which names the former one's ID.

    Source: Amazon EKS User Guide, "Create access entries".
    """
    role = sources.roles_created.get(entry.principal)
    return role is not None and entry.created is not None and role > entry.created


def entry_of(principal: str, entries: Iterable[AccessEntryRow]) -> AccessEntryRow | None:
    """Return the access entry of an identity; its ARN may have a path that STS omits."""
    return next((row for row in entries if without_path(row.principal) == principal), None)


def mapped_of(principal: str, auth: AwsAuth | None) -> Mapped | None:
    """Return the aws-auth row of an identity: in mapRoles before mapUsers, the last of several.

    Source: aws-iam-authenticator, `ConfigMapMapper.Map` and `MapStore.saveMap`.
    """
    rows = (*auth.users, *auth.roles) if auth else ()
    return next((row for row in reversed(rows) if row.arn.lower() == principal.lower()), None)


def _account_of(principal: str, sources: MappingSources) -> str:
    """Return the account of an identity if mapAccounts has it: its user is the ARN, without groups.

    Source: aws-iam-authenticator, `IsAccountAllowed`.
    """
    account = parse_arn(principal).account
    auth = sources.known_auth
    listed = auth is not None and sources.mode in CONFIG and account in auth.accounts
    return account if listed else ""


def _overridden(mapped: Mapped | None, mode: str) -> str:
    if mapped is None:
        return ""
    if mode == "API":
        return "; authentication mode API ignores its aws-auth row"
    return "; it overrides the aws-auth row of the same principal"


def _unread(sources: MappingSources) -> tuple[str, ...]:
    """Return the unread sources that apply in this mode; in an unknown mode both may."""
    unread = []
    if sources.known_entries is None and sources.mode in ("", *ENTRIES):
        unread.append("the access entries")
    if sources.known_auth is None and sources.mode in ("", *CONFIG):
        unread.append("aws-auth")
    return tuple(unread)


def unread_sources(sources: MappingSources) -> tuple[str, ...]:
    """Return why the mode and the sources that apply are unread, in sentences."""
    reasons = (
        "" if sources.mode else sources.mode_reason,
        "" if sources.mode == "CONFIG_MAP" else sources.entries_reason,
        "" if sources.mode == "API" else sources.auth_reason,
    )
    return tuple(dict.fromkeys(filter(None, reasons)))


def _unmapped_reason(
    principal: str, mode: str, entry: AccessEntryRow | None, mapped: Mapped | None
) -> str:
    if entry is not None:
        return f"There is an access entry, but authentication mode {mode} reads only aws-auth."
    if mapped is not None:
        return f"aws-auth maps {principal}, but authentication mode {mode} ignores aws-auth."
    return f"Nothing maps {principal}: neither an access entry nor aws-auth names it."
