"""AWS's own description of its answers, held against ours."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.parsers import create_parser

_LOADER = Loader()
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (float, int),
    "double": (float, int),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (bytes,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


@cache
def model(service: str) -> ServiceModel:
    """botocore's model of a service."""
    return ServiceModel(_LOADER.load_service_model(service, "service-2"), service)


def operation(action: str) -> OperationModel:
    """Of `ec2:DescribeInstances`."""
    service, _, name = action.partition(":")
    return model(service).operation_model(name)


def parsed(action: str, body: bytes, status: int = 200) -> dict[str, Any]:
    """An answer's body as botocore hands it to its caller."""
    made = operation(action)
    parser = create_parser(made.service_model.metadata["protocol"])
    response = {"body": body, "headers": {}, "status_code": status}
    found: dict[str, Any] = parser.parse(response, made.output_shape)
    found.pop("ResponseMetadata", None)
    return found


def faults(action: str, answer: dict[str, Any]) -> list[str]:
    """What AWS wouldn't have said: unknown members, values outside an enum, wrong types."""
    shape = operation(action).output_shape
    return list(_faults(shape, answer, action)) if shape is not None else []


def _faults(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, _TYPES[shape.type_name]):
        yield f"{where}: {value!r} is no {shape.type_name}"
        return
    match shape.type_name:
        case "structure":
            yield from _of_members(shape, value, where)
        case "list":
            for number, each in enumerate(value):
                yield from _faults(shape.member, each, f"{where}[{number}]")
        case "map":
            for key, each in value.items():
                yield from _faults(shape.value, each, f"{where}[{key}]")
        case "string":
            if shape.enum and value not in shape.enum:
                yield f"{where}: {value!r} is none of {', '.join(shape.enum)}"


def _of_members(shape: Shape, value: dict[str, Any], where: str) -> Iterator[str]:
    for name, each in value.items():
        if name not in shape.members:
            yield f"{where}.{name}: {shape.name} has no such member"
        else:
            yield from _faults(shape.members[name], each, f"{where}.{name}")
    for name in shape.required_members:
        if name not in value:
            yield f"{where}.{name} is missing"
