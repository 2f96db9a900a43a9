"""An account that takes shell commands of the AWS CLI and refuses what AWS refuses.

Parameters are validated by botocore's models. The other rules are those of the Amazon EKS API
Reference (CreateAccessEntry, AssociateAccessPolicy, UpdateAccessEntry) and of the User Guide,
"Create access entries" and "Review access policy permissions".
"""

import re
import shlex
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

from tests.aws.shapes import model

POLICIES = {
    "AmazonEKSAdminPolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
    "AmazonEKSSecretReaderPolicy",
}
"""The policies that a STANDARD entry takes."""
RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""The starts of names that users and groups of an access entry may not have."""
GLOBAL = {"region", "profile", "endpoint_url", "query", "output"}
_SUBSTITUTION = re.compile(r'"\$\((?P<command>[^"]*)\)"')


class Refused(Exception):  # noqa: N818 - AWS's word
    """What AWS or its CLI answers to a command that can't succeed."""


@dataclass
class Entry:
    type: str = "STANDARD"
    groups: list[str] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)  # names and scopes


@dataclass
class StrictAccount:
    """Principals are whole ARNs, with their paths, as IAM has them."""

    cluster: str
    mode: str = "API"
    principals: frozenset[str] = frozenset()
    partition: str = "aws"
    entries: dict[str, Entry] = field(default_factory=dict)

    def run(self, text: str) -> str:
        """Run the commands of a text one after the other, and return what the last one prints."""
        printed = ""
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith(("aws ", "env ")):
                printed = self._run(_SUBSTITUTION.sub(lambda m: self.run(m["command"]), line))
        return printed

    def _run(self, line: str) -> str:
        operation, arguments = parsed(shlex.split(line))
        answer: str = getattr(self, f"_{xform_name(operation)}")(**arguments) or ""
        return answer

    def _get_role(self, *, RoleName: str) -> str:  # noqa: N803 - AWS's name
        for principal in self.principals:
            if ":role/" in principal and principal.rsplit("/", 1)[1] == RoleName:
                return principal
        raise Refused(f"NoSuchEntity: The role with name {RoleName} cannot be found.")

    def _create_access_entry(self, **given: Any) -> None:
        self._check(given)
        principal, kind = given["principalArn"], given.get("type", "STANDARD")
        if principal not in self.principals or "/aws-service-role/" in principal:
            raise Refused("InvalidParameterException: The specified principalArn is invalid")
        if principal in self.entries:
            raise Refused("ResourceInUseException")
        groups = given.get("kubernetesGroups", [])
        self._check_names([given.get("username", ""), *groups])
        if kind != "STANDARD" and (groups or given.get("username")):
            raise Refused("InvalidParameterException: not for this type")
        self.entries[principal] = Entry(kind, groups)

    def _update_access_entry(self, **given: Any) -> None:
        entry = self._entry(given)
        groups = given.get("kubernetesGroups", [])
        self._check_names([given.get("username", ""), *groups])
        if entry.type != "STANDARD":
            raise Refused("InvalidParameterException: not for this type")
        entry.groups = groups

    def _associate_access_policy(self, **given: Any) -> None:
        entry = self._entry(given)
        start, _, name = given["policyArn"].rpartition("/")
        if start != f"arn:{self.partition}:eks::aws:cluster-access-policy" or name not in POLICIES:
            raise Refused("InvalidParameterException: policyArn")
        if entry.type != "STANDARD":
            raise Refused("InvalidRequestException: not for this type of entry")
        scope = given["accessScope"]
        if (scope["type"] == "namespace") is not bool(scope.get("namespaces")):
            raise Refused("InvalidParameterException: namespaces")
        entry.policies[name] = scope["type"]

    def _entry(self, given: dict[str, Any]) -> Entry:
        self._check(given)
        if given["principalArn"] not in self.entries:
            raise Refused(
                "ResourceNotFoundException: The specified principalArn could not be found"
            )
        return self.entries[given["principalArn"]]

    def _check(self, given: dict[str, Any]) -> None:
        if given["clusterName"] != self.cluster:
            raise Refused("ResourceNotFoundException: No cluster found")
        if self.mode == "CONFIG_MAP":
            raise Refused(
                "InvalidRequestException: The cluster's authentication mode must be set to one of "
                "[API, API_AND_CONFIG_MAP] to perform this operation."
            )

    def _check_names(self, names: list[str]) -> None:
        if any(name.startswith(RESERVED) for name in names):
            raise Refused("InvalidParameterException: a reserved name")


def parsed(words: list[str]) -> tuple[str, dict[str, Any]]:
    """Return the operation and the parameters of a command, as the AWS CLI parses them."""
    service, command, *flags = words[words.index("aws") + 1 :]
    api = model(service)
    names = {xform_name(name, "-"): name for name in api.operation_names}
    if command not in names:
        raise Refused(f"aws: Invalid choice: {command}")
    operation = api.operation_model(names[command])
    arguments = _arguments(operation, flags)
    report = ParamValidator().validate(arguments, operation.input_shape)
    if report.has_errors():
        raise Refused(report.generate_report())
    return operation.name, arguments


def _arguments(operation: OperationModel, flags: list[str]) -> dict[str, Any]:
    """Return the parameters of flags, as the AWS CLI parses them."""
    members = {xform_name(name, "-"): name for name in operation.input_shape.members}
    arguments: dict[str, Any] = {}
    values: list[str] = []
    for word in flags:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            values.append(word)
            continue
        values = [value] if equals else []
        arguments[name] = values
    parsed: dict[str, Any] = {}
    for name, given in arguments.items():
        if xform_name(name) in GLOBAL or name.replace("-", "_") in GLOBAL:
            continue
        if name not in members:
            raise Refused(f"aws: Unknown options: --{name}")
        parsed[members[name]] = _value(operation.input_shape.members[members[name]], given)
    return parsed


def _value(shape: Shape, given: list[str]) -> Any:
    if shape.type_name == "list":
        return given
    if shape.type_name == "boolean" and not given:
        return True
    if len(given) != 1:
        raise Refused(f"aws: {given} is no single value")
    if shape.type_name == "structure":
        return dict(part.split("=", 1) for part in given[0].split(","))
    return given[0]
