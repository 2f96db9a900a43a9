"""The ConfigMap kube-system/aws-auth, read as the authenticator reads it.

Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap", and
aws-iam-authenticator's `ParseMap`: field names are matched in any case, the last one in the order
of their names applies, values that aren't texts are left empty, and only the first document counts.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

import yaml
from yaml.reader import Reader
from yaml.scanner import Scanner

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.server import AwsAuth, Mapped

RowsAndFaults: TypeAlias = tuple[list[Mapped], list[str]]


class _Tabs(Reader, Scanner):
    """Skips tabs between tokens where libyaml and Go do, which Python's scanner refuses."""

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()


class _Loader(_Tabs, yaml.SafeLoader):
    """Reads values by their types."""


class _TextLoader(_Tabs, yaml.BaseLoader):
    """Reads values as texts."""


_LISTS = {"mapRoles": "rolearn", "mapUsers": "userarn"}
_ACCOUNTS = "mapAccounts"
_FIELDS = {"rolearn", "userarn", "username", "groups", "sso", "userid"}
_EMPTY = ("", "``", '""', "''")  # aws-iam-authenticator, `isSkippable`
_END = object()
_NODES = "system:nodes"
_NODE_USER = "system:node:{{"


def parse(data: Mapping[str, str], at: float) -> AwsAuth:
    """Parse the ConfigMap's data, read at `at`; each fault is a sentence."""
    roles, wrong_roles = _mapped(data, "mapRoles")
    users, wrong_users = _mapped(data, "mapUsers")
    accounts, wrong_accounts = _accounts(data)
    faults = (*_unknown_keys(data), *wrong_roles, *wrong_users, *wrong_accounts)
    return AwsAuth(
        at=at,
        exists=True,
        roles=tuple(roles),
        users=tuple(users),
        accounts=tuple(map(clean, accounts)),
        faults=tuple(map(clean, faults)),
    )


def _unknown_keys(data: Mapping[str, str]) -> Iterator[str]:
    # A misspelt key locks everybody out and nothing else reports it.
    for key in data:
        if key not in (*_LISTS, _ACCOUNTS):
            yield f"{clean(key)} is ignored: the keys are {', '.join((*_LISTS, _ACCOUNTS))}."


def _mapped(data: Mapping[str, str], key: str) -> RowsAndFaults:
    entries, faults = _entries(data, key, _Loader)
    rows: list[Mapped] = []
    for number, entry in enumerate(entries, 1):
        where = f"{key}, entry {number}"
        if not isinstance(entry, dict):
            faults.append(f"{where} isn't a mapping, so it is ignored.")
            continue
        row = _row(entry, key, where, faults)
        if row is not None:
            rows.append(row)
    return rows, faults


def _entries(
    data: Mapping[str, str], key: str, loader: type[_Loader | _TextLoader]
) -> tuple[list[Any], list[str]]:
    """Return the entries of a list, and sentences that say why it has none, or not all."""
    text = data.get(key, "")
    try:
        loaded, single = _first_document("[]" if text.strip() in _EMPTY else text, loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        return [], [f"{key} isn't YAML{line}, so all of it is ignored."]
    except (RecursionError, ValueError):  # a bottomless nesting, an impossible date
        return [], [f"{key} can't be parsed, so all of it is ignored."]
    faults = [] if single else [f"{key} has several documents: only the first is read."]
    if loaded is None or loaded in ("null", "~"):  # texts for the base loader
        return [], faults
    if not isinstance(loaded, list):
        return [], [f"{key} isn't a list, so all of it is ignored."]
    return loaded, faults


def _first_document(text: str, loader: type[_Loader | _TextLoader]) -> tuple[Any, bool]:
    """Return the first document, and whether nothing is behind it. Raises YAMLError."""
    # The loader in C crashes the process on a bottomless nesting.
    documents = yaml.load_all(text, loader)
    first = next(documents, None)
    try:
        return first, next(documents, _END) is _END
    except (yaml.YAMLError, RecursionError, ValueError):
        return first, False


def _row(entry: dict[Any, Any], key: str, where: str, faults: list[str]) -> Mapped | None:
    ordered = sorted(entry.items(), key=lambda pair: str(pair[0]))
    fields = {str(name).lower(): value for name, value in ordered}
    faults += [
        f"{where}: {clean(name)} isn't a field, so it is ignored."
        for name in fields
        if name not in _FIELDS
    ]
    arn = fields.get(_LISTS[key])
    if not isinstance(arn, str) or not arn:
        if "sso" not in fields:
            faults.append(f"{where} has no {_LISTS[key]}, so it is ignored.")
        return None
    groups = _groups(fields.get("groups"), where, faults)
    user = _text(fields.get("username"), f"{where}: username", faults)
    if _NODES in groups and not user.startswith(_NODE_USER):
        faults.append(
            f"{where}: nodes of {clean(arn)} can't register as {user or 'nobody'}: "
            "set username to system:node:{{EC2PrivateDNSName}}."
        )
    return Mapped(arn=clean(arn), user=user, groups=groups)


def _groups(value: Any, where: str, faults: list[str]) -> tuple[Clean, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        faults.append(f"{where}: groups isn't a list, so it is ignored.")
        return ()
    return tuple(_text(group, f"{where}: group", faults) for group in value)


def _accounts(data: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the account IDs and the faults; an ID with a leading zero is no octal number."""
    accounts, faults = _entries(data, _ACCOUNTS, _TextLoader)
    faults += [
        f"{_ACCOUNTS}, entry {number} isn't an account ID, so it is ignored."
        for number, account in enumerate(accounts, 1)
        if not isinstance(account, str)
    ]
    return [account for account in accounts if isinstance(account, str)], faults


def _text(value: Any, what: str, faults: list[str]) -> Clean:
    """Return a text; another value is left empty, as Go's JSON decoder leaves it."""
    if isinstance(value, str | date):  # YAML dates stay texts in Go
        return clean(str(value))
    if value is not None:
        faults.append(f"{what} {clean(str(value))} isn't a text, so it is ignored: quote it.")
    return EMPTY
