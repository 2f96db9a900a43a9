"""Where the log of a container is."""

import pytest

from eksview.domain.base.text import Clean
from eksview.domain.ecs.log_source import TaskLogSource, log_of
from eksview.domain.rows.ecs import ContainerSpec
from tests.domain.ecs_objects import container, definition, spec, task

RUNTIME = "0f1e2d3c"


@pytest.mark.parametrize(
    ("wanted", "of"),
    [
        (
            TaskLogSource(Clean("/ecs/web"), Clean("ecs/web/t1"), Clean("us-west-2")),
            spec(awslogs_group="/ecs/web", awslogs_stream_prefix="ecs", awslogs_region="us-west-2"),
        ),
        (
            TaskLogSource(Clean("/ecs/web"), Clean(RUNTIME), Clean("")),
            spec(awslogs_group="/ecs/web"),
        ),
    ],
)
def test_awslogs_has_a_stream(wanted: TaskLogSource, of: ContainerSpec) -> None:
    row = container(runtime_id=Clean(RUNTIME))
    assert log_of(row, task(), definition(of)) == wanted


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (spec(), "The log of web has the driver awslogs, but no awslogs-group."),
        (
            spec(awslogs_group="/ecs/web"),
            "web has written no log yet: its stream in /ecs/web is named by the ID that Docker "
            "gives it when it starts.",
        ),
        (
            spec("splunk", splunk_url="https://splunk.example.com:8088"),
            "The log of web goes to Splunk at https://splunk.example.com:8088 (log driver splunk).",
        ),
        (spec("gelf"), "The log of web goes to a GELF endpoint (log driver gelf)."),
        (
            spec("awsfirelens", Name="cloudwatch_logs", log__group__name="/x"),
            "FireLens routes the log of web to cloudwatch_logs, log group /x (log driver "
            "awsfirelens).",
        ),
        (spec("none"), "The log of web is kept nowhere: its log driver is none."),
        (
            spec("json-file"),
            "The log of web stays on its instance: log driver json-file; docker logs shows it "
            "there.",
        ),
        (
            spec(""),
            "The log of web stays on its instance: the task definition sets no log driver; docker "
            "logs shows it there.",
        ),
        (
            spec("journald"),
            "The log of web stays on its instance: log driver journald; journalctl shows it there.",
        ),
        (
            spec("lokilog"),
            "The log of web goes to its log driver lokilog, which eksview can't read.",
        ),
    ],
)
def test_another_log_driver_is_named_with_its_target(of: ContainerSpec, words: str) -> None:
    assert log_of(container(), task(), definition(of)) == words


def test_nothing_keeps_a_log_without_a_driver_on_fargate() -> None:
    words = "The log of web is kept nowhere on Fargate: the task definition sets no log driver."
    assert log_of(container(), task(launch_type="FARGATE"), definition(spec(""))) == words


def test_a_container_that_ecs_added_has_no_log_in_the_definition() -> None:
    words = log_of(container("ecs-service-connect-1"), task(), definition(spec()))
    assert words == (
        "The log of ecs-service-connect-1 is unknown: web:7 doesn't define it, because ECS added "
        "it by itself."
    )
