"""Templates, custom columns and --sort-by print what kubectl printed for the same objects."""

from io import StringIO

import msgspec
import pytest

from eksview.cli.get.arguments import query_of
from eksview.cli.get.output import printer_of
from eksview.cli.parser import parser
from eksview.config.option_types import UsageError
from eksview.domain.base.errors import UserError
from eksview.domain.base.versions import NEWEST_MINOR
from tests.golden.kubectl_templates import CASES, Case, recorded, split

NODES, ANSWERS = recorded()


def printed(case: Case) -> str:
    args = parser().parse_args(["get", case.kind, *split(case.arguments)])
    out = StringIO()
    printer = printer_of(query_of(args)[1], out, lambda: 0.0, lambda: NEWEST_MINOR)
    printer.page(msgspec.json.encode({**NODES, "kind": "NodeList"}))
    printer.end()
    return out.getvalue()


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_the_output_is_kubectls(case: Case) -> None:
    if case.succeeds:
        assert printed(case) == case.text
    else:
        with pytest.raises((UserError, UsageError)):
            printed(case)


def test_each_case_has_been_asked() -> None:
    asked = [(case.kind, case.arguments) for case in ANSWERS]
    assert asked == [(case.kind, case.arguments) for case in CASES]
