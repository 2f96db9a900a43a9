"""docs/aws.md says what is asked: no action too few, none too many, and every link as it is."""

import json
import re
from pathlib import Path

from eksview.domain.aws.poll_plan import PLANS
from eksview_demo.aws.operations import OPERATIONS

TEXT = (Path(__file__).parents[2] / "docs" / "aws.md").read_text()


def test_the_policy_allows_what_is_asked_and_nothing_else() -> None:
    policy = json.loads(TEXT.partition("```json\n")[2].partition("```")[0])
    (statement,) = policy["Statement"]
    # The demo answers exactly what eksview asks: test_demo_estate holds it to that.
    asked = [f"{service}:{name}" for service, names in OPERATIONS.items() for name in names]
    assert statement["Action"] == sorted(asked)


def test_every_link_is_in_the_table_with_its_budget() -> None:
    rows = re.findall(r"^\| ([\w-]+) \| (\w+) \|.*\| (\d+) \|$", TEXT, re.MULTILINE)
    plans = [(p.name, p.action.partition(":")[2], str(p.budget)) for p in PLANS.values()]
    assert sorted(rows) == sorted(plans)
