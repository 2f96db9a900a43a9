"""What a call to AWS brought is counted."""

import pytest

from eksview.aws.client.call_log import items_of


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ({"cluster": {"name": "prod"}, "ResponseMetadata": {}}, None),
        ({"clusters": ["a", "b"]}, 2),
        ({"clusters": []}, 0),
        ({"Reservations": [{"Instances": [{}, {}]}, {"Instances": [{}]}, {}]}, 3),
        ({}, None),
    ],
)
def test_the_things_an_answer_lists_are_counted(answer, items):
    assert items_of(answer) == items
