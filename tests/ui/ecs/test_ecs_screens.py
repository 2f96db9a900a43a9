"""The screens of ECS: what they show, what they have read for it, and what they say of the rest."""

import pytest
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.reading import Refused
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import part_key
from eksview.domain.logs.task import TaskLogRequest
from eksview.domain.rows.ecs import EcsInstanceRow, EcsMachineRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.base.messages import OpenContainerInstance, OpenService, OpenTask
from tests.ui.ecs_account import (
    DISCONNECTED,
    FAILED_TASK,
    LONE,
    WEB,
    ecs_links,
    instance_arn,
    machine_id,
    populate_ecs,
    task_arn,
)
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, settled, shows, until
from tests.ui.snapshots.screens import ecs_denied_store

SIZES = ((40, 12), (80, 24), (120, 36), (250, 70))


def ecs_app(store: Store | None = None, **settings: object) -> TestedApp:
    return TestedApp(
        store if store is not None else populate_ecs(populate(Store())),
        settings=Settings(animate=False, **settings),
    )


async def test_the_screen_shows_the_cluster_with_most_tasks_its_providers_and_workers():
    app = ecs_app()
    async with running(app) as press:
        await press("7")
        await shows(app, "shop", "ecs-general", "target 100%", "machine", "on Fargate")
        await shows(app, "5 of 6 connected", "ecs-instances")


async def test_ecs_is_read_while_its_screens_are_shown_and_no_longer():
    app = ecs_app()
    async with running(app) as press:
        assert not [call for call in app.fake.calls if "ecs" in call]
        await press("7")
        await until(app.pilot, lambda: "follow_ecs shop" in app.fake.calls)
        await press("p")
        await shows(app, "18 tasks")
        assert "leave_ecs shop" not in app.fake.calls
        await press("2")
        await until(app.pilot, lambda: "leave_ecs" in app.fake.calls)
        followed = [call for call in app.fake.calls if call.startswith("follow_ecs")]
        left = [call for call in app.fake.calls if call.startswith("leave_ecs")]
        assert len(followed) == len(left)


async def test_enter_in_the_clusters_shows_another_one():
    app = ecs_app()
    async with running(app) as press:
        await press("7")
        await shows(app, "shop")
        await press("n")
        await shows(app, "2 clusters")
        await press("home", "enter")
        await shows(app, "No container instance is registered in this cluster")
        assert app.view.ecs_cluster == "batch"
        await until(app.pilot, lambda: app.view.ecs_followed == "batch")


async def test_a_command_names_the_cluster():
    app = ecs_app()
    async with running(app) as press:
        await press("7")
        await shows(app, "shop")
        app.navigation.run_line("ecs batch")
        await until(app.pilot, lambda: app.view.ecs_followed == "batch")


async def test_a_worker_opens_with_its_tasks_and_these_with_their_containers():
    app = ecs_app()
    async with running(app) as press:
        await press("7")
        await shows(app, "Workers")
        app.post_message(OpenContainerInstance(instance_arn(DISCONNECTED)))
        await shows(app, "The agent is disconnected", "ecs.availability-zone")
        await press("i")
        await shows(app, "Security groups")
        await press("p")
        await shows(app, "service:web")
        await press("enter")
        await shows(app, "CloudWatch Logs: /ecs/web", "FireLens routes the log of envoy")
        await press("d")
        await shows(app, "ecsTaskExecutionRole")


async def test_a_machine_without_an_agent_says_why():
    app = ecs_app()
    async with running(app):
        app.post_message(OpenContainerInstance(machine_id(LONE)))
        await shows(app, "not registered", "ECS_CLUSTER=default, not shop")


async def test_a_stopped_task_shows_exit_code_and_reason():
    app = ecs_app()
    async with running(app):
        app.post_message(OpenTask(FAILED_TASK))
        await shows(app, "EssentialContainerExited", "exit code 137", "out of memory")


async def test_a_service_shows_deployments_events_and_tasks():
    app = ecs_app()
    async with running(app) as press:
        app.post_message(OpenService(WEB))
        await shows(app, "5 of 6 running", "Deployment PRIMARY")
        await press("e")
        await shows(app, "was unable to place a task")
        await press("p")
        await shows(app, "web:7", "RUNNING")


async def test_l_follows_the_only_log_that_cloudwatch_has():
    app = ecs_app()
    async with running(app) as press:
        app.post_message(OpenTask(task_arn(1)))
        await shows(app, "CloudWatch Logs")
        await press("l")
        await until(app.pilot, lambda: bool(app.fake.log_requests))
        stream = f"ecs/web/{1:032x}"
        assert app.fake.log_requests == [TaskLogRequest("/ecs/web", (stream,), "us-west-2")]


async def test_s_offers_ecs_exec_in_each_container_and_says_why_not():
    app = ecs_app()
    app.shells.find_program = lambda name: f"/usr/bin/{name}"
    async with running(app) as press:
        app.post_message(OpenTask(task_arn(1)))
        await shows(app, "Containers")
        await press("s")
        await shows(app, "ECS Exec: web", "execute-command", "start-session")
        await press("escape")
        app.post_message(OpenTask(task_arn(0)))
        await shows(app, "not enabled")
        await press("s")
        await shows(app, "ECS Exec isn't enabled for the task")


async def test_the_equivalent_commands_describe_the_task():
    app = ecs_app()
    async with running(app) as press:
        app.post_message(OpenTask(task_arn(1)))
        await shows(app, "Containers")
        await press("K")
        await shows(app, "aws ecs describe-tasks", "--cluster shop")


async def test_a_missing_right_is_named_and_the_rest_is_shown():
    store = populate_ecs(populate(Store()))
    reason = Clean("ecs:ListTasks is denied.")
    store.set_fact(part_key(Kind.ECS_TASK.part), Refused(reason, Kind.ECS_TASK.part, NOW))
    app = ecs_app(store)
    async with running(app) as press:
        await press("7")
        await shows(app, "ecs:ListTasks is denied", "i-0ec5")


async def test_a_region_without_clusters_says_so_and_one_that_is_unread_does_not():
    empty = populate(Store())
    ecs_links(empty)
    app = ecs_app(empty)
    async with running(app) as press:
        await press("7")
        await shows(app, "This region has no ECS cluster.")
    app = ecs_app(populate(Store()))
    async with running(app) as press:
        await press("7")
        await shows(app, "Loading ECS clusters")
        assert "no ECS cluster." not in app.text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("7",), ("shop", "Workers")),
        (("7", "p"), ("18 tasks", "RUNNING")),
        (("7", "i"), ("7 instances", "i-0ec5")),
        (("7", "v"), ("3 services", "web")),
        (("7", "n"), ("2 clusters", "batch")),
    ],
)
async def test_every_size_shows_the_count_and_the_names_of_rows(keys, words, size):
    app = ecs_app()
    async with running(app, size=size) as press:
        await press(*keys)
        await shows(app, *words)


async def test_five_thousand_instances_are_a_heat_map():
    store = populate_ecs(populate(Store()))
    one: EcsInstanceRow = store.table(EcsInstanceRow)[instance_arn(0)]
    machine: EcsMachineRow = store.table(EcsMachineRow)[machine_id(0)]
    for number in range(10, 5010):
        arn, ec2 = Clean(instance_arn(number)), Clean(machine_id(number))
        store.put(Kind.ECS_INSTANCE, replace(one, arn=arn, instance=ec2))
        store.put(Kind.ECS_MACHINE, replace(machine, machine=replace(machine.machine, id=ec2)))
    app = ecs_app(store)
    async with running(app, size=(120, 36)) as press:
        await press("7")
        await shows(app, "5,007 machines")


async def test_without_kubernetes_the_screen_of_ecs_is_the_first():
    app = ecs_app(ecs_cluster="shop")
    async with running(app) as press:
        await shows(app, "Amazon ECS control plane", "ecs-general")
        await press("p")
        await shows(app, "18 tasks")
        await press("escape")
        await shows(app, "Amazon ECS control plane")
        assert len(app.screen_stack) == 1


async def test_without_kubernetes_its_screens_say_so_instead_of_loading():
    store = populate_ecs(Store())
    said = Clean("eksview was opened with --ecs-cluster: there is no Kubernetes cluster.")
    for name in ("health", Kind.NODE.link, Kind.POD.link):
        store.set_link(Link(name, Phase.OFF, NOW, said))
    app = ecs_app(store, ecs_cluster="shop")
    async with running(app) as press:
        await shows(app, "shop", "Amazon ECS", "● live")
        await press("1")
        await shows(app, "kube-apiserver", "there is no Kubernetes cluster")
        assert "loading" not in "".join(await settled(app))
        for key, title in (("2", "Nodes"), ("3", "Pods"), ("5", "Kubeconfig"), ("6", "Path")):
            await press(key)
            await shows(app, title, said)
            text = "".join(await settled(app))
            for word in ("k8s", "reading usage", "Probing", "not read yet", "Not read yet"):
                assert word not in text


async def test_states_of_one_word_are_told_apart_by_their_marks():
    app = ecs_app()
    async with running(app) as press:
        await press("7", "p")
        await shows(app, "18 tasks in shop", "✖ 1 STOPPED", "● ")


async def test_the_path_keeps_the_name_of_an_instance_whose_rows_are_forgotten():
    app = ecs_app()
    async with running(app) as press:
        await press("7")
        app.screen.post_message(OpenContainerInstance(instance_arn(1)))
        await shows(app, machine_id(1))
        screen = app.screen
        list(app.view.store.swap(Kind.ECS_INSTANCE, ()))
        assert screen.crumb == machine_id(1)


async def test_a_narrow_screen_shows_the_age_of_every_link_and_counts_by_trouble():
    app = ecs_app()
    async with running(app, size=(80, 24)) as press:
        await press("7")
        await shows(app, "● ecs 12s", "● instances 12s", "● tasks 12s", "agent disconn")
        await press("i")
        await shows(app, "▲ i-0ec50000000000003  agent disconnected", "DRAINING, 5 left")
        await press("escape", "v")
        await shows(app, "deploying for 5m, 1 task failed")
        await press("escape", "p")
        await shows(app, "STOPPED, web exited with 137")


async def test_workers_are_in_sight_below_what_is_denied():
    app = TestedApp(ecs_denied_store(), settings=Settings(animate=False))
    async with running(app, size=(120, 36)) as press:
        await press("7")
        await shows(app, "ecs:ListTasks is denied", "general   3/4 ACTIVE", "spot   1/2 ACTIVE")
        await until(app.pilot, lambda: "more" not in app.lines()[-2])


async def test_a_service_of_which_no_task_is_desired_says_so():
    app = ecs_app()
    async with running(app, size=(120, 50)):
        app.post_message(OpenService(WEB))
        await shows(app, "1 running, 0 desired, 0 pending")
