"""AWS's protocols, both ways, as botocore's own service models describe them.

A request becomes the operation and its parameters by the names of the API reference; an answer, a
plain dict by the same names, becomes the body. Sources: Smithy's AWS protocols ("AWS EC2 query",
"AWS query", "AWS restJson1", "AWS JSON 1.1").
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from msgspec import Struct

Parameters: TypeAlias = dict[str, Any]
SERVICES = ("sts", "ec2", "eks", "autoscaling", "iam", "ssm", "logs", "ecs")
REQUEST_ID = "00000000-0000-4000-8000-000000000000"


class AwsRequest(Struct, frozen=True):
    """A parsed request."""

    service: str
    operation: str
    parameters: Parameters


class Unknown(Exception):  # noqa: N818 - it is what the request is
    """A request for a service or operation that the demo doesn't have."""


@lru_cache(maxsize=16)
def model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


# requests


def understood(
    service: str, method: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes
) -> AwsRequest:
    """Parse a request. `raw_path` is still percent-encoded: an ARN in it holds a slash."""
    if service not in SERVICES:
        raise Unknown(service)
    protocol = model(service).metadata["protocol"]
    if protocol == "rest-json":
        return _of_rest(service, method, raw_path, query, body)
    if protocol == "json":
        name = headers.get("X-Amz-Target", "").rpartition(".")[2]
        return AwsRequest(service, _operation(service, name).name, json.loads(body or b"{}"))
    flat = dict(parse_qsl(body.decode(), keep_blank_values=True) or parse_qsl(query))
    operation = _operation(service, flat.get("Action", ""))
    shape = operation.input_shape
    parameters = _structure(shape, _tree(flat), ec2=protocol == "ec2") if shape else {}
    return AwsRequest(service, operation.name, parameters)


def _operation(service: str, name: str) -> OperationModel:
    if name not in model(service).operation_names:
        raise Unknown(f"{service}:{name}")
    return model(service).operation_model(name)


def _tree(flat: Mapping[str, str]) -> Parameters:
    """Return `Filter.1.Value.2=x` as nested dicts."""
    tree: Parameters = {}
    for key, value in flat.items():
        *above, last = key.split(".")
        node = tree
        for part in above:
            node = node.setdefault(part, {})
        node[last] = value
    return tree


def _structure(shape: Shape, tree: Parameters, *, ec2: bool) -> Parameters:
    values: Parameters = {}
    for name, member in shape.members.items():
        key = _query_name(name, member) if ec2 else member.serialization.get("name", name)
        if key in tree:
            values[name] = _value(member, tree[key], ec2=ec2)
    return values


def _query_name(name: str, member: Shape) -> str:
    """Return EC2's name of a member: the queryName, else the locationName with a capital."""
    serialization = member.serialization
    if "queryName" in serialization:
        return str(serialization["queryName"])
    given = str(serialization.get("name", name))
    return given[:1].upper() + given[1:]


def _value(shape: Shape, tree: Any, *, ec2: bool) -> Any:
    match shape.type_name:
        case "structure":
            return _structure(shape, tree, ec2=ec2)
        case "list":
            inner = tree if ec2 or shape.serialization.get("flattened") else tree.get("member", {})
            ordered = sorted(inner.items(), key=lambda item: int(item[0]))
            return [_value(shape.member, each, ec2=ec2) for _, each in ordered]
        case "integer" | "long":
            return int(tree)
        case "boolean":
            return tree == "true"
    return tree


def _of_rest(service: str, method: str, raw_path: str, query: str, body: bytes) -> AwsRequest:
    for operation, pattern in _routes(service):
        match = pattern.fullmatch(raw_path) if operation.http["method"] == method else None
        if match:
            shape = operation.input_shape
            parameters = {name: unquote(value) for name, value in match.groupdict().items()}
            parameters |= json.loads(body) if body else {}
            return AwsRequest(
                service,
                operation.name,
                _placed(shape, parameters, parse_qsl(query)) if shape else {},
            )
    raise Unknown(f"{service} {method} {raw_path}")


@lru_cache(maxsize=4)
def _routes(service: str) -> tuple[tuple[OperationModel, re.Pattern[str]], ...]:
    operations = [model(service).operation_model(name) for name in model(service).operation_names]
    return tuple((each, _pattern(each.http["requestUri"])) for each in operations)


def _pattern(uri: str) -> re.Pattern[str]:
    path = uri.partition("?")[0]
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _placed(shape: Shape, given: Parameters, query: list[tuple[str, str]]) -> Parameters:
    """Return the parameters of path, query and body by their API names."""
    placed: Parameters = {}
    for name, member in shape.members.items():
        key = str(member.serialization.get("name", name))
        if member.serialization.get("location") == "querystring":
            values = [value for each, value in query if each == key]
            if values:
                placed[name] = values if member.type_name == "list" else _value(
                    member, values[0], ec2=False
                )  # fmt: skip
        elif key in given:
            placed[name] = given[key]
    return placed


# answers


def answer(service: str, operation: str, result: Parameters) -> tuple[str, bytes]:
    """Return the content type and the body of an answer."""
    made = model(service).operation_model(operation)
    protocol = model(service).metadata["protocol"]
    shape = made.output_shape
    if protocol in ("json", "rest-json"):
        document = _json(shape, result) if shape else {}
        return "application/json", json.dumps(document).encode()
    inner = "".join(_members(shape, result)) if shape else ""
    return "text/xml", _envelope(made, protocol, inner).encode()


def _envelope(operation: OperationModel, protocol: str, inner: str) -> str:
    name = operation.name
    if protocol == "ec2":
        inside = f"<requestId>{REQUEST_ID}</requestId>{inner}"
    else:
        wrapper = (operation.output_shape.serialization if operation.output_shape else {}).get(
            "resultWrapper", f"{name}Result"
        )
        about = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
        inside = f"<{wrapper}>{inner}</{wrapper}>{about}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response>{inside}</{name}Response>'


def _members(shape: Shape, values: Parameters) -> Iterator[str]:
    for name, value in values.items():
        member = shape.members[name]  # a KeyError is a bug of ours: AWS has no such member
        if value is not None:
            yield _element(str(member.serialization.get("name", name)), member, value)


def _element(tag: str, shape: Shape, value: Any) -> str:
    match shape.type_name:
        case "structure":
            return f"<{tag}>{''.join(_members(shape, value))}</{tag}>"
        case "list":
            inner = shape.member
            if shape.serialization.get("flattened"):
                name = str(inner.serialization.get("name", tag))
                return "".join(_element(name, inner, each) for each in value)
            name = str(inner.serialization.get("name", "member"))
            return f"<{tag}>{''.join(_element(name, inner, each) for each in value)}</{tag}>"
        case "map":
            return f"<{tag}>{''.join(_entries(shape, value))}</{tag}>"
    return f"<{tag}>{escape(_scalar(shape, value))}</{tag}>"


def _entries(shape: Shape, value: Mapping[str, Any]) -> Iterator[str]:
    for key, item in value.items():
        pair = _element("key", shape.key, key) + _element("value", shape.value, item)
        yield f"<entry>{pair}</entry>"


def _scalar(shape: Shape, value: Any) -> str:
    match shape.type_name:
        case "timestamp":
            return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        case "boolean":
            return "true" if value else "false"
        case "blob":
            return base64.b64encode(value).decode()
    return str(value)


def _json(shape: Shape, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            return {
                shape.members[name].serialization.get("name", name): _json(
                    shape.members[name], each
                )
                for name, each in value.items()
                if each is not None
            }
        case "list":
            return [_json(shape.member, each) for each in value]
        case "map":
            return {key: _json(shape.value, each) for key, each in value.items()}
        case "blob":
            return base64.b64encode(value).decode()
    return value


def refusal(service: str, code: str, message: str) -> tuple[str, bytes]:
    """Return the content type and the body of an error."""
    protocol = model(service).metadata["protocol"] if service in SERVICES else "query"
    if protocol in ("json", "rest-json"):
        return "application/json", json.dumps({"__type": code, "message": message}).encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if protocol == "ec2":
        body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST_ID}"
        return "text/xml", f"{body}</RequestID></Response>".encode()
    body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST_ID}"
    return "text/xml", f"{body}</RequestId></ErrorResponse>".encode()
