"""The log of a container: where its log driver sends it.

Sources: Amazon ECS API Reference, `LogConfiguration`; Amazon ECS Developer Guide, "Using the
awslogs log driver", for the names of streams: PREFIX/CONTAINER/TASK-ID, and the ID of the container
at Docker where no prefix is set.
"""

from collections.abc import Mapping

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.rows.ecs import ContainerSpec, EcsContainer, EcsTaskRow, TaskDefinitionRow

AWSLOGS = "awslogs"
_DRIVERS = {
    "splunk": ("Splunk", "splunk-url"),
    "fluentd": ("Fluentd", "fluentd-address"),
    "gelf": ("a GELF endpoint", "gelf-address"),
    "syslog": ("syslog", "syslog-address"),
    "logentries": ("Logentries", ""),
    "sumologic": ("Sumo Logic", "sumo-url"),
}
"""The drivers that send a log elsewhere, with the option that holds the address."""
_ON_INSTANCE = {
    "json-file": "docker logs",
    "journald": "journalctl",
    "": "docker logs",
}
"""The drivers that keep a log on the instance, with the program that shows it there."""


class TaskLogSource(Struct, frozen=True):
    """A log stream of CloudWatch Logs."""

    group: Clean
    stream: Clean
    region: Clean  # empty: the region of the task


def log_of(
    container: EcsContainer, task: EcsTaskRow, definition: TaskDefinitionRow
) -> TaskLogSource | Clean:
    """Return the stream of a container's log, else a sentence where the log is."""
    specs = (spec for spec in definition.containers if spec.name == container.name)
    spec = next(specs, None)
    if spec is None:
        return clean(
            f"The log of {container.name} is unknown: {definition.family}:{definition.revision} "
            "doesn't define it, because ECS added it by itself."
        )
    if spec.log_driver == AWSLOGS:
        return _awslogs(spec, container, task)
    return _elsewhere(spec, task, _options(spec))


def _awslogs(
    spec: ContainerSpec, container: EcsContainer, task: EcsTaskRow
) -> TaskLogSource | Clean:
    options = _options(spec)
    group, prefix = options.get("awslogs-group", EMPTY), options.get("awslogs-stream-prefix", EMPTY)
    stream = f"{prefix}/{container.name}/{task.id}" if prefix else container.runtime_id
    if not group:
        return clean(f"The log of {container.name} has the driver awslogs, but no awslogs-group.")
    if not stream:
        return clean(
            f"{container.name} has written no log yet: its stream in {group} is named by the ID "
            "that Docker gives it when it starts."
        )
    return TaskLogSource(group, clean(stream), options.get("awslogs-region", EMPTY))


def _options(spec: ContainerSpec) -> Mapping[str, Clean]:
    return {str(name): text for name, text in spec.log_options}


def _elsewhere(spec: ContainerSpec, task: EcsTaskRow, options: Mapping[str, Clean]) -> Clean:
    driver, name = spec.log_driver, spec.name
    if driver == "awsfirelens":
        return _firelens(name, options)
    if driver == "none":
        return clean(f"The log of {name} is kept nowhere: its log driver is none.")
    if driver in _DRIVERS:
        target, option = _DRIVERS[driver]
        address = options.get(option, EMPTY)
        at = f" at {address}" if address else ""
        return clean(f"The log of {name} goes to {target}{at} (log driver {driver}).")
    if driver in _ON_INSTANCE:
        return _on_instance(name, driver, task)
    return clean(f"The log of {name} goes to its log driver {driver}, which eksview can't read.")


def _on_instance(name: str, driver: str, task: EcsTaskRow) -> Clean:
    set_by = f"log driver {driver}" if driver else "the task definition sets no log driver"
    if task.launch_type == "FARGATE":
        return clean(f"The log of {name} is kept nowhere on Fargate: {set_by}.")
    program = _ON_INSTANCE[driver]
    return clean(f"The log of {name} stays on its instance: {set_by}; {program} shows it there.")


def _firelens(name: str, options: Mapping[str, Clean]) -> Clean:
    plugin, group = options.get("Name", EMPTY), options.get("log_group_name", EMPTY)
    target = f" to {plugin}" if plugin else ""
    into = f", log group {group}" if group else ""
    return clean(f"FireLens routes the log of {name}{target}{into} (log driver awsfirelens).")
