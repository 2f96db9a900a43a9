"""The ConfigMap kube-system/aws-auth, read as the authenticator reads it.

Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap", and
aws-iam-authenticator's `ParseMap`: field names are matched in any case, and entries that can't be
parsed are skipped.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import yaml

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.server import AwsAuth, Mapped

RowsAndFaults: TypeAlias = tuple[list[Mapped], list[str]]

_LISTS = {"mapRoles": "rolearn", "mapUsers": "userarn"}
_ACCOUNTS = "mapAccounts"
_FIELDS = {"rolearn", "userarn", "username", "groups", "sso", "userid"}
_EMPTY = ("", "``", '""')  # aws-iam-authenticator, `isSkippable`
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
    entries, fault = _entries(data, key)
    if fault:
        return [], [fault]
    rows: list[Mapped] = []
    faults: list[str] = []
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
    data: Mapping[str, str],
    key: str,
    loader: type[yaml.BaseLoader | yaml.SafeLoader] = yaml.SafeLoader,
) -> tuple[list[Any], str]:
    """Return the entries of a list, or a sentence that says why it has none."""
    text = data.get(key, "")
    try:
        # The loader in C crashes the process on a bottomless nesting.
        loaded = yaml.load("[]" if text.strip() in _EMPTY else text, loader)  # noqa: S506 - a safe one, or texts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        return [], f"{key} isn't YAML{line}, so all of it is ignored."
    except (RecursionError, ValueError):  # a bottomless nesting, an impossible date
        return [], f"{key} can't be parsed, so all of it is ignored."
    if loaded is None or loaded in ("null", "~"):  # texts for the base loader
        return [], ""
    if not isinstance(loaded, list):
        return [], f"{key} isn't a list, so all of it is ignored."
    return loaded, ""


def _row(entry: dict[Any, Any], key: str, where: str, faults: list[str]) -> Mapped | None:
    fields = {str(name).lower(): value for name, value in entry.items()}
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
    user = _text(fields.get("username"))
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
    return tuple(map(_text, value))


def _accounts(data: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the account IDs and the faults; an ID with a leading zero is no octal number."""
    accounts, fault = _entries(data, _ACCOUNTS, yaml.BaseLoader)
    if fault:
        return [], [fault]
    wrong = [
        f"{_ACCOUNTS}, entry {number} isn't an account ID, so it is ignored."
        for number, account in enumerate(accounts, 1)
        if not isinstance(account, str)
    ]
    return [account for account in accounts if isinstance(account, str)], wrong


def _text(value: Any) -> Clean:
    return EMPTY if value is None else clean(str(value))
