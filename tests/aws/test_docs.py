"""docs/aws.md holds the calls as they are declared, every link, and nothing else."""

import re

from eksview.aws.account_watcher import READERS
from eksview.aws.services.reader import DECLARED
from eksview.domain.aws.poll_plan import PLANS
from eksview_demo.aws.server import OPERATIONS
from tests import aws_page

TEXT = aws_page.PAGE.read_text()


def test_the_policy_allows_what_is_declared_and_nothing_else() -> None:
    assert aws_page.page(TEXT) == TEXT
    (statement,) = aws_page.policy_of(TEXT)["Statement"]
    # The demo answers exactly what eksview asks: test_demo_account holds it to that.
    asked = [f"{service}:{name}" for service, names in OPERATIONS.items() for name in names]
    assert statement["Action"] == sorted(asked)


def test_every_link_is_in_the_table_with_its_budget() -> None:
    rows = re.findall(r"^\| ([\w-]+) \| (\w+) \|.*\| (\d+) \|$", TEXT, re.MULTILINE)
    plans = [(p.name, p.action.partition(":")[2], str(p.budget)) for p in PLANS.values()]
    assert sorted(rows) == sorted(plans)


def test_a_link_is_named_by_an_essential_call_of_its_own() -> None:
    methods = {member for reader in READERS for member in vars(reader).values() if callable(member)}
    polled = [call for method, call in DECLARED.items() if method in methods]
    assert {call.link for call in polled} == set(PLANS)
    for name, plan in PLANS.items():
        essential = [call for call in polled if call.link == name and call.essential]
        assert plan.action in {action for call in essential for action in call.actions}
