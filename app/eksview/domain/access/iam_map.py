"""The rows of access entries and aws-auth with their faults, and the roles that nothing maps."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from eksview.domain.access.iam_mapping import (
    CONFIG,
    MappingSources,
    Source,
    is_of_former_role,
    without_path,
)
from eksview.domain.access.node_role import NodeRole, RoleVerdict, judge_role
from eksview.domain.base.health import Health, Remark, remark
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.server import AwsAuth, Mapped

MISSING = "missing: "


class MapRow(Struct, frozen=True):
    """A row of either source; `faults` are sentences."""

    source: Source
    principal: Clean
    type: Clean
    user: Clean
    groups: tuple[Clean, ...]
    policies: tuple[Clean, ...] = ()
    faults: tuple[Clean, ...] = ()


def table(
    sources: MappingSources,
    node_roles: Iterable[NodeRole] = (),
    known_roles: frozenset[str] | None = None,
) -> tuple[MapRow, ...]:
    """Return the rows of both sources with their faults; unauthorized node roles come last.

    `known_roles` are the ARNs in IAM, None if unread.
    """
    mode, entries, auth = sources.mode, sources.known_entries or (), sources.known_auth
    iam_roles = frozenset(map(without_path, known_roles or ()))
    principals = {without_path(entry.principal).lower() for entry in entries}
    rows = [_entry_row(entry, sources, iam_roles) for entry in entries]
    if auth is not None:
        rows += _mapped_rows(auth, principals, mode, iam_roles)
    return (*rows, *unauthorized(sources, node_roles))


def unauthorized(sources: MappingSources, node_roles: Iterable[NodeRole]) -> tuple[MapRow, ...]:
    """Return a row for each node role whose nodes can't join."""
    judged = [(role, judge_role(role.arn, role.kind, sources)) for role in node_roles]
    return tuple(
        MapRow(
            "",
            role.arn,
            Clean("pod execution role") if role.kind == "fargate" else Clean("node role"),
            EMPTY,
            (),
            faults=(_fault(role, verdict),),
        )
        for role, verdict in judged
        if verdict.authorized is False
    )


def undecided(sources: MappingSources, node_roles: Iterable[NodeRole]) -> tuple[Clean, ...]:
    """Return a sentence for each node role of which nobody knows whether its nodes can join."""
    verdicts = (judge_role(role.arn, role.kind, sources) for role in node_roles)
    return tuple(dict.fromkeys(each.says for each in verdicts if each.authorized is None))


def _fault(role: NodeRole, verdict: RoleVerdict) -> Clean:
    start = f"{role.nodes} of {role.used_by} can't join"
    return clean(f"{start}: {verdict.says}" if verdict.mapped else f"{MISSING}{start}")


def remarks(sources: MappingSources) -> tuple[Remark, ...]:
    """Return remarks on the sources as a whole: unread, missing, empty, or with ignored parts."""
    return (
        *_remarks_on_mode(sources),
        *_remarks_on_entries(sources),
        *_remarks_on_auth(sources),
    )


def beside_rbac(sources: MappingSources) -> str:
    """Return that access policies grant rights which no role shows; empty where none does.

    Source: Amazon EKS User Guide, "Associate access policies with access entries".
    """
    if sources.mode == "CONFIG_MAP" or (sources.known_entries is None and not sources.mode):
        return ""
    if sources.known_entries is None:
        says = "Access policies of EKS grant rights beside RBAC; the access entries aren't read."
        return f"{says} {sources.entries_reason}".strip()
    granted = sum(bool(entry.policies) for entry in sources.known_entries)
    unread = sum(entry.policies is None for entry in sources.known_entries)
    entries = "1 access entry has" if granted == 1 else f"{granted} access entries have"
    words = (
        f"{entries} access policies of EKS, which grant rights beside RBAC (see IAM map)."
        if granted
        else "",
        f"The access policies of {unread} aren't read." if unread else "",
    )
    return " ".join(filter(None, words))


def progress(sources: MappingSources) -> str:
    """Return how many access entries are read, in a sentence; empty once all are."""
    entries = sources.known_entries or ()
    read = sum(entry.described for entry in entries)
    return f"{read} of {len(entries)} access entries are read." if read < len(entries) else ""


def _remarks_on_mode(sources: MappingSources) -> Iterator[Remark]:
    if not sources.mode and sources.mode_reason:
        yield remark("authentication mode", Health.UNKNOWN, sources.mode_reason)


def _remarks_on_entries(sources: MappingSources) -> Iterator[Remark]:
    says = f"{sources.entries_reason} {progress(sources)}".strip()
    if says and sources.mode != "CONFIG_MAP":
        yield remark("access entries", Health.UNKNOWN, says)


def _remarks_on_auth(sources: MappingSources) -> Iterator[Remark]:
    mode, auth = sources.mode, sources.known_auth
    if mode == "API":
        return
    if auth is None:
        if sources.auth_reason and sources.auth_reason != sources.entries_reason:
            yield remark("aws-auth", Health.UNKNOWN, sources.auth_reason)
        return
    state = Health.BAD if mode == "CONFIG_MAP" else Health.UNKNOWN
    if not auth.exists and mode in CONFIG:
        says = "There is no ConfigMap aws-auth in kube-system, so it maps nobody."
        yield remark("aws-auth", state, says)
    elif not (auth.roles or auth.users or auth.accounts or auth.faults) and mode in CONFIG:
        yield remark("aws-auth", state, "The ConfigMap aws-auth is empty, so it maps nobody.")
    for fault in auth.faults:
        yield remark("aws-auth", Health.BAD, fault)


def _entry_row(entry: AccessEntryRow, sources: MappingSources, iam_roles: frozenset[str]) -> MapRow:
    faults = []
    if sources.mode == "CONFIG_MAP":
        faults.append("ignored by authentication mode CONFIG_MAP")
    if _gone(entry.principal, iam_roles):
        faults.append("the role no longer exists")
    if is_of_former_role(entry, sources):
        faults.append("of a former role of that name: delete the entry and create it again")
    return MapRow(
        "access entry",
        entry.principal,
        entry.type if entry.described else Clean("not read"),
        entry.user,
        entry.groups,
        entry.policies or (),
        tuple(map(clean, faults)),
    )


def _mapped_rows(
    auth: AwsAuth, principals: set[str], mode: str, iam_roles: frozenset[str]
) -> list[MapRow]:
    times = Counter(row.arn.lower() for row in (*auth.roles, *auth.users))
    return [
        MapRow(
            "aws-auth",
            row.arn,
            clean(kind),
            row.user,
            row.groups,
            faults=_mapped_faults(row, times[row.arn.lower()], principals, mode, iam_roles),
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
        "it isn't an ARN, so it never matches": not row.arn.strip().startswith("arn:"),
        "an ARN with blanks around it never matches": row.arn != row.arn.strip(),
        "an ARN with * never matches: there are no wildcards": "*" in row.arn,
        f"listed {times} times: the last one applies": times > 1,
        "overridden by an access entry": row.arn.lower() in principals
        and mode == "API_AND_CONFIG_MAP",
        "the role no longer exists": _gone(row.arn, iam_roles),
    }
    return tuple(clean(sentence) for sentence, true in faults.items() if true)


def _gone(arn: str, iam_roles: frozenset[str]) -> bool:
    account, role, _ = arn.partition(":role/")
    if not role or without_path(arn) in iam_roles:
        return False
    # IAM lists only this account's roles.
    return any(listed.startswith(f"{account}:role/") for listed in iam_roles)
