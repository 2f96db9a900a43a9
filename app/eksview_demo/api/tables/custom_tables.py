"""Tables of custom resources, by the printer columns of their definitions.

Source: kubernetes `apiextensions-apiserver/pkg/registry/customresource/tableconvertor`.
"""

import re
from typing import Any

from eksview_demo.api.tables.printing import Printer
from eksview_demo.cluster.objects.custom_types import COLUMNS, PrinterColumn

_STEP = re.compile(r"""\.((?:\\.|[^.\[\\])+)|\[\?\(@\.(\w+)=="([^"]*)"\)\]""")

_DESCRIBED = "Custom resource definition column (in JSONPath format)"


def columns(name: str) -> list[dict[str, Any]]:
    """Return the columnDefinitions of a custom resource."""
    described = "Name must be unique within a namespace."
    first = {"name": "Name", "type": "string", "format": "name", "description": described}
    return [
        first | {"priority": 0},
        *(
            {"name": each.name, "type": each.type, "format": "", "priority": each.priority}
            | {"description": f"{_DESCRIBED}: {each.path}"}
            for each in COLUMNS[name]
        ),
    ]


def cells(name: str, item: Any, printer: Printer) -> list[Any]:
    """Return the cells of a custom resource; one whose path leads nowhere is null."""
    printed = (_cell(each, item, printer) for each in COLUMNS[name])
    return [item["metadata"]["name"], *printed]


def _cell(column: PrinterColumn, item: Any, printer: Printer) -> Any:
    value = resolve(item, column.path)
    if value is None:
        return None
    if column.type == "date":
        return printer.age(value)
    return value if column.type == "integer" else str(value)


def resolve(item: Any, path: str) -> Any:
    """Return the value at a simple JSONPath, None if there is none."""
    for key, field, wanted in _STEP.findall(path):
        if field:
            item = next((each for each in item if each.get(field) == wanted), None)
        else:
            item = item.get(key.replace("\\", ""))
        if item is None:
            return None
    return item
