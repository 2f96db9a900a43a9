"""The values of both sides of the comparison, and how each was read."""

import pytest

from eksview.config.package_texts import compare_texts
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, Refused
from eksview.domain.base.text import Clean
from eksview.domain.compare.questions import System
from eksview.domain.explain.chapter_text import placeholders
from eksview.domain.live.facts import Answered, part_key
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.compare import compared_names, compared_values
from eksview.store.store import Store
from tests.domain.ecs_objects import ecs_cluster, ecs_instance, task
from tests.store.selectors.explain.sources import CLUSTERS, NOW, ecs_only, eks, source_of

PARTS = tuple(kind for kind in Kind if kind.value.startswith("ecs-"))


def ecs_read(store: Store) -> Store:
    """Return a store in which ECS was read too."""
    for kind in PARTS:
        store.set_fact(part_key(kind.part), Read(Answered(), NOW))
        store.set_link(Link(kind.link, Phase.LIVE, NOW, heard=NOW))
    store.put(Kind.ECS_CLUSTER, ecs_cluster())
    store.put(Kind.ECS_INSTANCE, ecs_instance())
    store.put(Kind.ECS_INSTANCE, ecs_instance(arn="arn:other", connected=False))
    store.put(Kind.ECS_TASK, task())
    return store


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_placeholder_has_a_value(name: str) -> None:
    values = compared_values(source_of(CLUSTERS[name]()), "shop")
    texts = compare_texts("en")
    for system in System:
        templates = [text.value(system) for text in texts.questions.values()]
        templates.append(texts.screen[system.value.lower()])
        wanted = {place for text in templates for place in placeholders(text)}
        assert wanted <= values[system].keys()


def test_agents_are_counted_of_the_chosen_cluster_only() -> None:
    source = source_of(ecs_read(eks()))
    values = compared_values(source, "shop")[System.ECS]
    assert (values["connected"].text, values["instances"].text) == ("1", "2")
    assert values["connected"].health is Health.WARN
    assert compared_values(source, "bakery")[System.ECS]["instances"].text == "0"


def test_the_capacity_providers_are_those_of_the_cluster() -> None:
    store = ecs_read(eks())
    store.put(Kind.ECS_CLUSTER, ecs_cluster(providers=(Clean("spot"), Clean("FARGATE"))))
    values = compared_values(source_of(store), "shop")[System.ECS]
    assert values["providers"].text == "FARGATE, spot"


def test_a_denied_verb_names_the_missing_right() -> None:
    store = ecs_read(eks())
    denied = Refused(Clean("Denied."), Clean("ecs:ListTasks"), NOW)
    store.set_fact(part_key(Kind.ECS_TASK.part), denied)
    values = compared_values(source_of(store), "shop")[System.ECS]
    assert (values["running"].unread, values["running"].right) == ("refused", "ecs:ListTasks")
    assert values["instances"].unread == ""


def test_ecs_that_nothing_reads_yet_is_loading_and_not_empty() -> None:
    values = compared_values(source_of(eks()), "shop")[System.ECS]
    assert {values[name].unread for name in ("instances", "running", "services")} == {"loading"}


def test_without_kubernetes_nothing_of_it_is_shown_as_read() -> None:
    values = compared_values(source_of(ecs_only()), "shop")[System.EKS]
    assert all(value.unread for value in values.values() if not value.text)
    assert values["nodes"].text == ""


def test_commands_are_about_what_exists() -> None:
    store = ecs_read(eks())
    names = compared_names(source_of(store), "shop")
    assert (names.ecs, names.task) == ("shop", task().arn)
    assert names.node in store.nodes
