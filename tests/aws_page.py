"""The policy in docs/aws.md, made of the declared calls: `python -m tests.aws_page` writes it."""

import json
from pathlib import Path
from typing import Any

import eksview.aws.account_watcher
import eksview.aws.services.clusters  # noqa: F401
from eksview.aws.services.reader import DECLARED

PAGE = Path(__file__).parents[1] / "docs" / "aws.md"
FENCE, END = "```json\n", "```"


def policy_of(text: str) -> dict[str, Any]:
    """Return the policy of a page."""
    policy: dict[str, Any] = json.loads(text.partition(FENCE)[2].partition(END)[0])
    return policy


def page(text: str) -> str:
    """Return the page with the actions of the declared calls in its policy."""
    policy = policy_of(text)
    actions = {action for call in DECLARED.values() for action in call.actions}
    policy["Statement"][0]["Action"] = sorted(actions)
    head, _, rest = text.partition(FENCE)
    return f"{head}{FENCE}{json.dumps(policy, indent=2)}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
