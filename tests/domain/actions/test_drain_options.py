"""What may be typed for a drain is what kubectl 1.32 takes for the same flags."""

import pytest

from eksview.domain.actions.drain_options import DrainOptions, parsed_options


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", DrainOptions()),
        ("--grace-period=30", DrainOptions(30)),
        ("--grace-period 0", DrainOptions(0)),
        ("--grace-period=-1", DrainOptions()),
        ("--timeout=5m", DrainOptions(None, 300.0)),
        (" --timeout=1h30m  --grace-period=5 ", DrainOptions(5, 5400.0)),
        ("--timeout=1.5m", DrainOptions(None, 90.0)),
        ("--timeout=0s", DrainOptions()),
        ("--timeout=0", DrainOptions()),
        ("--timeout=5m --timeout=1m", DrainOptions(None, 60.0)),
    ],
)
def test_the_flags_of_kubectl_are_taken(text: str, options: DrainOptions) -> None:
    assert parsed_options(text) == options


@pytest.mark.parametrize(
    "text",
    [
        # kubectl: invalid argument for the flag
        "--timeout=30", "--timeout=5x", "--timeout=", "--grace-period=3x", "--grace-period=1.5",
        "--grace-period=99999999999999999999", "--grace-period=\u0663",
        # another flag, or none
        "30", "--force", "--timeout=5m --force", "--grace-period=3 4", "--timeoutt=5m",
        # kubectl takes a negative timeout, which ends a drain before it begins
        "--timeout=-5m",
    ],
)  # fmt: skip
def test_what_kubectl_refuses_is_refused(text: str) -> None:
    assert parsed_options(text) is None
