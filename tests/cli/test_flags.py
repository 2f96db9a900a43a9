"""Flags: parsed, rejected in one line, and explained within 80 columns."""

import os
import subprocess
import sys

import pytest
from rich.console import COLOR_SYSTEMS

from eksview.cli.main import main, settings_of
from eksview.cli.parser import parser
from eksview.config.option_types import UsageError
from eksview.config.settings import WEB_DRIVER, check_textual_variables
from eksview.domain.live.watch_scope import WatchScope

HEAVY = (
    "logging",
    "textual",
    "rich",
    "kubernetes",
    "aiohttp",
    "aiobotocore",
    "boto3",
    "yaml",
    "asyncio",
)


@pytest.mark.parametrize("command", [[], ["demo"], ["get"]])
def test_help_fits_80_columns_and_names_every_flag(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert "examples:" in shown
    assert "==SUPPRESS==" not in shown


def test_help_lists_commands_before_flags(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    order = ["commands:", "demo", "get", "cluster:", "display:", "general:", "examples:"]
    places = [shown.index(word) for word in order]
    assert places == sorted(places)


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_answers_without_importing_anything_heavy(flag):
    program = (
        "import sys\nfrom eksview.cli.main import main\n"
        f"try: main([{flag!r}])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "eksview" in done.stdout


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--vers"], "unrecognized arguments: --vers"),
        (["get"], "arguments are required: RESOURCE"),
        (["get", "pods,nodes", "-w"], "name only one"),
        (["get", "pods,nodes", "--sort-by=.metadata.name"], "name only one"),
        (["get", "pod/a", "b"], "write each object as RESOURCE/NAME"),
        (["get", "pods", "-n", "zoo", "web-0", "--wath"], "unrecognized arguments: --wath; did"),
        (["--contxt", "prod", "get", "nodes"], "arguments: --contxt; did you mean --context?"),
        (["--wide=true", "get", "nodes"], "unrecognized arguments: --wide"),
        (["get", "nodes", "--fps", "3"], "--fps: a flag of eksview or eksview demo; see"),
        (["get", "pods", "--seed", "3"], "--seed: a flag of eksview demo; see eksview get --help"),
        (["--nodes", "3", "demo"], "--nodes: a flag of eksview demo; see eksview --help"),
        (["--nodes", "3"], "--nodes: a flag of eksview demo; see eksview --help"),
        (["get", "pods", "--foo"], "arguments: --foo; see eksview get --help"),
        (["--context", "get", "doctor", "-z"], "arguments: -z; see eksview doctor --help"),
        (["demo", "--seed", "x"], "argument --seed: invalid number 'x'"),
        (["doctor", "prod"], "unrecognized arguments: prod"),
        (["get", "pods", "-o", "jsonpath"], "-o jsonpath needs an argument"),
        (["get", "pods", "-o", "jsonpath={.items[*"], "unterminated array"),
        (["get", "pods", "-o", "custom-columns=A"], "expected <header>:<json-path-expr>"),
        (["get", "pods", "-o", "custom-columns-file=/nonexistent"], "can't be read"),
        (["get", "pods", "a", "b", "-w"], "name only one"),
        (["get", "instances", "-w"], "can't be watched"),
        (["get", "nodes", "-o", "xml"], "invalid choice: 'xml'"),
        (["get", "pods", "web-0", "-l", "app=web"], "a name can't be combined with a selector"),
        (
            ["get", "pods", "web-0", "--field-selector", "spec.nodeName=a"],
            "a name can't be combined with a selector",
        ),
        (["get", "pods", "web-0", "-A"], "one namespace"),
        (["demo", "--nodes", "many"], "invalid"),
        (["--watch", "events"], "invalid choice: 'events'"),
        (["demo", "--nodes", "-1"], "-1 is negative"),
        (["demo", "--churn", "inf"], "inf isn't a number of events per second"),
        (["demo", "--port", "70000"], "70000 isn't a port"),
        (["--jump=-oProxyCommand=id"], "'-oProxyCommand=id' isn't a name"),
        (["--ssh-user", "a b"], "'a b' isn't a name"),
        (["--debug-image", ""], "'' isn't a name"),
        (["serve", "--allow-writes"], "unrecognized arguments: --allow-writes"),
        (["web", "--allow-writes"], "unrecognized arguments: --allow-writes"),
        (["--allow-writes", "serve"], "unrecognized arguments: --allow-writes: a flag of eksview"),
        (["--allow-writes", "web"], "eksview or eksview demo; see eksview web --help"),
        (["--allow-writes", "get", "nodes"], "--allow-writes: a flag of eksview or eksview demo"),
        (["--no-allow-writes", "web"], "unrecognized arguments: --no-allow-writes"),
        (["--fps=3", "doctor"], "unrecognized arguments: --fps: a flag of eksview or eksview demo"),
        (["-nshop", "demo"], "unrecognized arguments: -n: a flag of eksview, eksview get, "),
        (["--watch", "all", "get", "nodes"], "--watch: a flag of eksview, eksview demo, eksview s"),
        ([], "needs a terminal"),
        (["demo"], "needs a terminal"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(argv, says, capsys):
    assert main(argv) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("eksview: ")
    assert shown.err.count("\n") == 1
    assert says in shown.err


def test_what_was_typed_cannot_move_the_cursor(capsys):
    assert main(["get", "nodes", "-o", "\x1b[2Jxml"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [["--context", "prod", "get", "nodes"], ["get", "--context", "prod", "nodes"]],
)
def test_flags_of_the_cluster_stand_before_or_after_the_command(argv):
    assert settings_of(parser().parse_args(argv), {}).context == "prod"


def test_nothing_is_written_unless_it_is_allowed():
    args = parser().parse_args(["demo", "--jump", "ops@bastion", "--ssh-user", "ec2-user"])
    settings = settings_of(args, {})
    assert (settings.jump, settings.ssh_user) == ("ops@bastion", "ec2-user")
    assert (settings.debug_image, settings.allow_writes) == ("busybox", False)
    assert settings_of(parser().parse_args(["--allow-writes"]), {}).allow_writes


def test_the_later_of_two_flags_wins():
    args = parser().parse_args(["-n", "first", "get", "pods", "-n", "second"])
    assert settings_of(args, {}).namespace == "second"


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.utf8@euro"}, False),
        ({"LANG": "C"}, True),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "en_US.ISO-8859-1", "LANG": "en_US.UTF-8"}, True),
    ],
)
def test_draws_ascii_where_the_locale_is_not_utf8(environ, ascii_only):
    assert settings_of(parser().parse_args([]), environ).ascii is ascii_only


@pytest.mark.parametrize(
    ("argv", "watch"),
    [
        ([], WatchScope.FITTING),
        (["--watch", "nodes"], WatchScope.NODES),
        (["demo", "--watch", "nodes"], WatchScope.NODES),
        (["serve", "--watch", "all"], WatchScope.ALL),
    ],
)
def test_how_much_is_followed_can_be_asked_for(argv, watch):
    assert settings_of(parser().parse_args(argv), {}).watch is watch


def test_ascii_can_be_asked_for():
    assert settings_of(parser().parse_args(["--ascii"]), {"LANG": "C.UTF-8"}).ascii


def test_nothing_moves_by_itself_over_ssh():
    args = parser().parse_args([])
    assert settings_of(args, {}).animate
    assert not settings_of(args, {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}).animate


def test_the_parser_never_ends_the_program_by_itself():
    with pytest.raises(UsageError):
        parser().parse_args(["get", "pods", "-o"])


@pytest.mark.parametrize(
    ("argv", "words", "everywhere", "headers"),
    [
        (["get", "pod", "-n", "zoo", "a", "-o", "yaml", "b"], ["pod", "a", "b"], False, True),
        (["get", "-A", "pods"], ["pods"], True, True),
        (["get", "pods", "--all-namespaces=true", "--no-headers=T"], ["pods"], True, False),
        (["get", "pods", "--all-namespaces=false", "--no-headers=0"], ["pods"], False, True),
    ],
)
def test_get_takes_names_and_switches_as_kubectl_does(argv, words, everywhere, headers):
    args = parser().parse_args(argv)
    assert (args.words, args.all_namespaces, not args.no_headers) == (words, everywhere, headers)


def test_a_switch_that_is_turned_off_overrides_the_environment():
    args = parser().parse_args(["--mouse=false"])
    assert not settings_of(args, {"EKSVIEW_MOUSE": "true"}).mouse


@pytest.mark.parametrize("command", [[], ["demo"], ["serve"]])
@pytest.mark.parametrize("name", ["TEXTUAL_DRIVER", "TEXTUAL_COLOR_SYSTEM"])
def test_a_variable_with_which_textual_crashes_is_named(command, name, monkeypatch, capsys):
    monkeypatch.setenv(name, "bogus:Driver")
    assert main(command, os.environ) == 2
    assert capsys.readouterr().err == (
        f"eksview: {name} is 'bogus:Driver', which can't be used: unset it\n"
    )


@pytest.mark.parametrize("system", ["auto", *COLOR_SYSTEMS])
def test_every_color_system_of_rich_can_be_chosen(system):
    check_textual_variables({"TEXTUAL_COLOR_SYSTEM": system, "TEXTUAL_DRIVER": WEB_DRIVER})


def test_the_traceback_of_a_bug_has_no_secret(monkeypatch, capsys):
    def fail(*_):
        raise ValueError("GET /: Authorization: Bearer abcdefgh12345678")

    monkeypatch.setattr("eksview.cli.main._run", fail)
    assert main(["get", "nodes"], {"EKSVIEW_TRACEBACK": "1"}) == 70
    printed = capsys.readouterr().err
    assert printed.startswith("Traceback")
    assert "abcd" not in printed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--ecs-cluster", "shop", "--context", "prod"], "--context: not allowed with --ecs-clust"),
        (["--ecs-cluster", "shop", "--cluster", "prod"], "--cluster: not allowed with --ecs-clust"),
        (["get", "ecs-tasks", "--context", "prod"], "--context: not allowed with ecs-tasks"),
        (["get", "nodes", "--ecs-cluster", "shop"], "--ecs-cluster: only of ecs-clusters"),
    ],
)
def test_no_flag_of_kubernetes_is_ignored_beside_ecs(words, says, capsys):
    assert main(words) == 2
    assert says in capsys.readouterr().err
