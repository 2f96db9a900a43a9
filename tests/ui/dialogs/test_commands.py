"""What can be typed after a colon."""

import msgspec
import pytest

from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.ui.dialogs.command_history import MOST, CommandHistory
from eksview.ui.dialogs.commands import (
    COMMANDS,
    Command,
    CommandError,
    complete,
    meaning,
    parse,
    takes_context,
)

ARN = "arn:aws:eks:us-west-2:111122223333:cluster"
CHOICES = {
    "theme": ["eksview-night", "eksview-day"],
    "language": ["en", "ja"],
    "context": ["prod", "prod-eu", "staging", f"{ARN}/pay", f"{ARN}/payments"],
    "namespace": ["kube-system", "shop", "shop-eu"],
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nodes", Command("nodes")),
        (" :pods ", Command("pods")),
        ("NODES", Command("nodes")),
        ("po", Command("pods")),
        ("no", Command("nodes")),
        ("home", Command("home")),
        ("arch", Command("home")),
        ("architecture", Command("home")),
        ("q", Command("quit")),
        ("h", Command("help")),
        ("ctx", Command("ctx")),
        ("ctx prod", Command("ctx", "prod")),
        ("ctx st", Command("ctx", "staging")),
        ("ctx pay", Command("ctx", f"{ARN}/pay")),
        ("ctx paym", Command("ctx", f"{ARN}/payments")),
        ("context PROD-EU", Command("ctx", "prod-eu")),
        ("ns", Command("ns")),
        ("ns shop", Command("ns", "shop")),
        ("ns kube", Command("ns", "kube-system")),
        ("ns all", Command("ns", "all")),
        ("namespaces all", Command("ns", "all")),
        ("pods kube-system", Command("pods", "kube-system")),
        ("po all", Command("pods", "all")),
        ("pods shop app=web", Command("pods", "shop", "app=web")),
        ("pods shop /app=web !old", Command("pods", "shop", "app=web !old")),
        ("pods app=web", Command("pods", filter="app=web")),
        ("pods -l app=web", Command("pods", filter="-l app=web")),
        ("pods /web", Command("pods", filter="web")),
        ("nodes zone=2a", Command("nodes", filter="zone=2a")),
        ("nodes zone=2a cpu>50", Command("nodes", filter="zone=2a cpu>50")),
        ("no ip-10", Command("nodes", filter="ip-10")),
        ("ec2 stopped", Command("instances", filter="stopped")),
        ("ng spot", Command("nodegroups", filter="spot")),
        ("theme eksview-d", Command("theme", "eksview-day")),
        ("lang ja", Command("lang", "ja")),
        ("theme night", Command("theme", "eksview-night")),
    ],
)
def test_a_line_means_a_command(text: str, meant: Command) -> None:
    assert parse(text, CHOICES) == meant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("frobnicate", "Unknown command frobnicate; `{app.help}` lists all."),
        ("n", "Unknown command n (did you mean "),
        ("hoem", "Unknown command hoem (did you mean home or theme?); `{app.help}` lists all."),
        ("architectrue", "Unknown command architectrue (did you mean home?)"),
        ("nodse", "(did you mean nodes or pods?)"),
        ("access now", ":access takes no argument"),
        ("help me", ":help takes no argument"),
        ("lang", "Usage: :lang LANGUAGE (en, ja)"),
        ("lang fr", "Unknown language fr (there are en, ja)."),
        ("theme", "Usage: :theme THEME (eksview-night, eksview-day)"),
        ("theme dusk", "Unknown theme dusk (there are eksview-night, eksview-day)."),
        ("theme nigth", "(there are eksview-night, eksview-day)"),
        ("ctx nowhere", "Unknown context nowhere (there are prod, "),
        ("ctx pr", "Unknown context pr (did you mean prod or prod-eu?)"),
        ("ctx stagign", "Unknown context stagign (did you mean staging?)"),
        ("pods kube-sytem", "No pods in namespace kube-sytem (did you mean kube-system?)"),
        ("pods web", "No pods in namespace web; `:pods /web` filters."),
        ("x\x1b]52;c;\x07", "Unknown command x\\x1b]52;c;\\x07"),
    ],
)
def test_what_means_nothing_is_refused_with_a_reason(text: str, reason: str) -> None:
    refused = parse(text, CHOICES)
    assert isinstance(refused, CommandError)
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ns argocd", Command("ns", "argocd")),
        ("namespaces argocd", Command("ns", "argocd")),
        ("namespaces/argocd", Command("ns", "argocd")),
        ("ns/argocd", Command("ns", "argocd")),
        ("pods -n argocd", Command("pods", "argocd")),
    ],
)
def test_a_namespace_without_pods_is_one_too(text: str, command: Command) -> None:
    """`kubectl get pods -n NAME` finds no resources there, which is no error."""
    assert parse(text, CHOICES) == command


def test_any_name_will_do_where_the_names_are_not_known() -> None:
    assert parse("ctx anything", {}) == Command("ctx", "anything")
    assert parse("pods anywhere", {}) == Command("pods", "anywhere")


def test_nothing_typed_offers_every_command() -> None:
    assert complete("", CHOICES) == tuple(spec.name for spec in COMMANDS)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ctx p", ("ctx prod", "ctx prod-eu", f"ctx {ARN}/pay", f"ctx {ARN}/payments")),
        ("ctx west-2", (f"ctx {ARN}/pay", f"ctx {ARN}/payments")),
        ("ns s", ("ns shop", "ns shop-eu", "ns kube-system")),
        ("ns al", ("ns all",)),
        ("pods k", ("pods kube-system",)),
        ("po k", ("pods kube-system",)),
        ("pods shop a", ()),
        ("nodes z", ()),
        ("hom", ("home",)),
        ("frobnicate x", ()),
    ],
)
def test_names_that_begin_so_are_offered_before_those_that_hold_it(
    text: str, lines: tuple[str, ...]
) -> None:
    assert complete(text, CHOICES) == lines


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("no", "Nodes: all nodes"),
        ("home", "Home: the cluster as its architecture"),
        ("ns all", "Pods of all namespaces"),
        ("pods kube", "Pods in kube-system"),
        ("pods shop app=web", "Pods in shop with app=web"),
        ("nodes zone=2a", "Nodes with zone=2a"),
        ("ctx pay", f"Contexts {ARN}/pay"),
        ("theme day", "Theme eksview-day"),
        ("q", "Quit: quit eksview"),
        ("n", ""),
        ("pods web", ""),
    ],
)
def test_a_synonym_shows_what_it_means(text: str, does: str) -> None:
    assert meaning(text, CHOICES) == does


def test_contexts_are_read_only_for_what_takes_one() -> None:
    lines = ("", "c", "ctx", "ctx ", "context p", "pods p", "xyz a")
    assert [line for line in lines if takes_context(line)] == ["ctx ", "context p"]


def test_history_goes_back_and_returns_to_what_was_typed() -> None:
    history = CommandHistory()
    for line in ("nodes", "pods", " nodes "):
        history.add(line)
    history.begin()
    assert [history.move(-1, "dra"), history.move(-1, ""), history.move(-1, "")] == [
        "nodes",
        "pods",
        None,
    ]
    assert [history.move(1, ""), history.move(1, ""), history.move(1, "")] == ["nodes", "dra", None]


def test_history_is_bounded() -> None:
    history = CommandHistory()
    for number in range(MOST + 10):
        history.add(f"pods /{number}")
    history.begin()
    kept = [history.move(-1, "") for _ in range(MOST + 1)]
    assert (kept[-2], kept[-1]) == ("pods /10", None)


DEPLOYMENTS = ApiResource(
    "apps", "v1", "deployments", "Deployment", "deployment", ("deploy",), True,
    ("list", "watch"), ("all",),
)  # fmt: skip
REVIEWS = ApiResource("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview")
BUDGETS = ApiResource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget")
SERVED = ApiResources((DEPLOYMENTS, BUDGETS, msgspec.structs.replace(REVIEWS, verbs=("create",))))


@pytest.mark.parametrize(
    ("text", "name", "argument", "filter_text"),
    [
        ("deploy -A", "deployments", "all", ""),
        ("deploy --all-namespaces", "deployments", "all", ""),
        ("deploy -n shop", "deployments", "shop", ""),
        ("deploy --namespace=shop -l app=web", "deployments", "shop", "-l app=web"),
        ("deploy -l app=web -n shop", "deployments", "shop", "-l app=web"),
        ("deploy web -n shop", "deployments", "shop", "web"),
        ("pods -A", "pods", "all", ""),
        ("pods -n shop", "pods", "shop", ""),
        ("pods -l x-n=1", "pods", "", "-l x-n=1"),
        ("nodes -n 1", "nodes", "", "-n 1"),
        ("deploy/web", "deployments", "", "name=web"),
        ("dp", "deployments", "", ""),
        ("dp shop", "deployments", "shop", ""),
        ("dp/web", "deployments", "", "name=web"),
        ("apps/deploy", "deployments", "", ""),
        ("pod/web-1 -n shop", "pods", "shop", "name=web-1"),
        ("ns/shop", "ns", "shop", ""),
    ],
)
def test_kubectl_words_for_namespaces_and_objects_work(
    text: str, name: str, argument: str, filter_text: str
) -> None:
    command = parse(text, CHOICES, SERVED)
    assert isinstance(command, Command)
    assert (command.name, command.argument, command.filter) == (name, argument, filter_text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("selfsubjectreviews", "selfsubjectreviews can't be listed: it has only create."),
        ("all", "all stands for several resources, of which one is shown: deployments."),
        ("quux/web", "Unknown command quux/web"),
        ("get", "Unknown command get; "),
        ("podd", "(did you mean poddisruptionbudgets or pods?)"),
        ("deplyo", "(did you mean deploy?)"),
        ("deploymnets", "(did you mean deployments?)"),
        ("budget", "(did you mean poddisruptionbudgets?)"),
    ],
)
def test_what_has_no_table_says_why(text: str, reason: str) -> None:
    refused = parse(text, CHOICES, SERVED)
    assert isinstance(refused, CommandError)
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("top", Command("pods", order="cpu")),
        ("top pods -n shop", Command("pods", "shop", order="cpu")),
        ("top po app=web", Command("pods", "", "app=web", order="cpu")),
        ("top shop", Command("pods", "shop", order="cpu")),
        ("top nodes", Command("nodes", order="cpu-use")),
        ("top no zone=2a", Command("nodes", "", "zone=2a", order="cpu-use")),
    ],
)
def test_top_sorts_by_usage(text: str, meant: Command) -> None:
    assert parse(text, CHOICES, SERVED) == meant


def test_what_cannot_be_listed_is_not_offered() -> None:
    assert complete("selfs", CHOICES, SERVED) == ()
