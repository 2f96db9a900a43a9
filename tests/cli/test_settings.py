"""Options: flags before the environment, before the configuration file, before defaults."""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Struct

from eksview.cli.main import main, settings_of
from eksview.cli.parser import parser
from eksview.config.file_values import FileConfig
from eksview.config.option_types import Group, Option, UsageError, declarations, resolved, to_argv
from eksview.config.settings import ALL_OPTIONS, OPTIONS, SERVE, SERVE_OPTIONS, Settings
from eksview.config.toml_file import LIMIT, config_path, read_config
from eksview.domain.base.language import Language
from tests.options_page import PAGE, page


def settings(argv: list[str], environ: dict[str, str] | None = None, toml: str = "") -> Settings:
    if toml:
        config_path().write_text(toml)
    config = read_config(config_path()) if toml else None
    return settings_of(parser().parse_args(argv), environ or {}, config)


def test_flags_win_over_the_environment_over_the_file_over_the_default() -> None:
    toml, environ = 'fps = 2\nregion = "file"\n', {"EKSVIEW_FPS": "3"}
    assert settings([]).fps == 4.0
    assert settings([], {}, toml).fps == 2.0
    assert settings([], environ, toml).fps == 3.0
    assert settings(["--fps", "5"], environ, toml).fps == 5.0
    assert settings([], environ, toml).region == "file"
    assert settings([], {"EKSVIEW_FPS": ""}, toml).fps == 2.0


def test_a_switch_can_be_turned_off_by_what_is_stronger() -> None:
    toml = "low_bandwidth = true\nascii = false\n"
    assert settings([], {}, toml).low_bandwidth
    assert not settings([], {"EKSVIEW_LOW_BANDWIDTH": "no"}, toml).low_bandwidth
    assert not settings(["--no-low-bandwidth"], {}, toml).low_bandwidth
    assert settings([], {"LANG": "C"}).ascii
    assert not settings([], {"LANG": "C"}, toml).ascii
    assert settings([], {"SSH_TTY": "x", "EKSVIEW_MOUSE": "On"}).mouse
    assert not settings([], {"SSH_TTY": "x"}).mouse


def test_a_language_is_one_that_there_is() -> None:
    assert settings([]).lang is None
    assert settings(["demo", "--lang", "ja"]).lang is Language.JA
    assert settings([], {"EKSVIEW_LANG": "en"}, 'lang = "ja"\n').lang is Language.EN
    with pytest.raises(UsageError, match=r"invalid choice: 'fr' \(choose from en, ja\)"):
        settings([], {"EKSVIEW_LANG": "fr"})


def test_a_list_has_commas_in_a_text_and_is_an_array_in_the_file() -> None:
    assert settings([]).protect == ()
    assert settings(["--protect", "*prod*, live-?"]).protect == ("*prod*", "live-?")
    assert settings([], {"EKSVIEW_PROTECT": "a,,b,"}).protect == ("a", "b")
    assert settings([], {}, 'protect = ["*prod*", "a,b"]').protect == ("*prod*", "a,b")
    argv = to_argv(OPTIONS, "", {"protect": ("*prod*", "live")})
    assert argv == ["--protect", "*prod*,live"]


def test_writes_are_allowed_by_the_flag_alone(config_folder: Path) -> None:
    assert not settings([], {"EKSVIEW_ALLOW_WRITES": "1"}).allow_writes
    with pytest.raises(
        UsageError, match="allow_writes: it can only be set by the flag --allow-writes"
    ):
        settings([], {}, "allow_writes = true")


def test_a_command_has_no_value_of_an_option_that_it_does_not_take() -> None:
    environ = {"EKSVIEW_CONTEXT": "prod", "EKSVIEW_WATCH": "nodes"}
    demo = settings(["demo"], environ)
    assert (demo.context, demo.watch) == (None, "nodes")
    get = settings(["get", "nodes"], environ | {"EKSVIEW_FPS": "wrong"})
    assert (get.context, get.watch, get.fps) == ("prod", "fitting", 4.0)


@pytest.mark.parametrize(
    ("argv", "environ", "target"),
    [
        (["--cluster", "prod"], {"EKSVIEW_CONTEXT": "dev"}, (None, None, "prod")),
        (["--context", "dev"], {"EKSVIEW_CLUSTER": "prod"}, ("dev", None, None)),
        (["--kubeconfig", "k"], {"EKSVIEW_CLUSTER": "prod"}, (None, "k", None)),
        (["--context", "dev"], {"EKSVIEW_KUBECONFIG": "k"}, ("dev", "k", None)),
        (["--context", "dev", "--cluster", "prod"], {}, ("dev", None, "prod")),
        ([], {"EKSVIEW_CONTEXT": "dev", "EKSVIEW_CLUSTER": "prod"}, ("dev", None, "prod")),
    ],
)
def test_a_named_cluster_is_not_mixed_with_one_of_a_weaker_source(argv, environ, target) -> None:
    values = settings(argv, environ, 'cluster = "filed"\n' if "--context" in argv[:1] else "")
    assert (values.context, values.kubeconfig, values.cluster) == target


def test_the_options_of_serve_have_a_table_and_variables_of_their_own(config_folder) -> None:
    path = config_folder / "config.toml"
    path.write_text('[serve]\nport = 2200\nlisten = "::1"\n')
    config = read_config(path).values.options
    environ = {"EKSVIEW_SERVE_PORT": "2300", "EKSVIEW_PORT": "wrong"}
    assert resolved(SERVE_OPTIONS, SERVE, {}, environ, config) == {"port": 2300, "listen": "::1"}
    # as Kubernetes sets it in a pod beside a Service named eksview-serve
    environ = {"EKSVIEW_SERVE_PORT": "tcp://10.0.0.1:2222"}
    assert resolved(SERVE_OPTIONS, SERVE, {}, environ, config)["port"] == 2200


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FPS", "many", "EKSVIEW_FPS in the environment: invalid number 'many'"),
        ("FPS", "99", "EKSVIEW_FPS in the environment: 99 isn't between 0.1 and 30 frames"),
        ("ASCII", "maybe", "EKSVIEW_ASCII in the environment: 'maybe' is neither true nor false"),
        ("WATCH", "pods", "EKSVIEW_WATCH in the environment: invalid choice: 'pods' (choose from"),
        ("JUMP", "-oProxyCommand=id", "EKSVIEW_JUMP in the environment: '-oProxy"),
    ],
)
def test_a_wrong_variable_is_one_sentence_that_names_it(name, value, says, capsys) -> None:
    assert main([], {"EKSVIEW_" + name: value}) == 2
    shown = capsys.readouterr().err
    assert says in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('contxt = "prod"', "unknown option contxt; did you mean context?"),
        ("[serve]\nprot = 1", "unknown option serve.prot; did you mean serve.port?"),
        ("[colours]\nnight = 1", "unknown option colours"),
        ("serve = 1", "unknown option serve"),
        ("context = 5", "context: 5 isn't a string in quotes"),
        ('fps = "4"', "fps: '4' isn't a number"),
        ("fps = true", "fps: True isn't a number"),
        ("fps = nan", "fps: nan isn't between 0.1 and 30"),
        ("ascii = 1", "ascii: 1 isn't true or false"),
        ("[serve]\nport = 2.5", "serve.port: 2.5 isn't a whole number"),
        ("[serve]\nport = 70000", "serve.port: 70000 isn't a port"),
        ('jump = "-oProxyCommand=id"', "jump: '-oProxyCommand=id' isn't a name"),
        (f"context = {['x' * 500]}", "isn't a string in quotes"),
        ('protect = "*prod*"', "protect: '*prod*' isn't a list of strings in quotes"),
        ("protect = [1]", "protect: [1] isn't a list of strings in quotes"),
        ('protect = [""]', "protect: it has an empty pattern"),
        ("context = ", "isn't valid TOML: "),
        (f"context = {'[' * 30_000}", "isn't valid TOML: "),
        ('"\\u001b[2J" = 1', "unknown option"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_file_and_key(text, says, config_folder, capsys) -> None:
    (config_folder / "config.toml").write_text(text)
    assert main([], {}) == 2
    shown = capsys.readouterr().err
    assert str(config_folder / "config.toml") in shown
    assert says in shown
    assert shown.count("\n") == 1
    assert len(shown) < 400
    assert "\x1b" not in shown


def test_a_file_that_cannot_be_read_is_one_sentence(config_folder, capsys) -> None:
    path = config_folder / "config.toml"

    def complaint() -> str:
        assert main([], {}) == 2
        return capsys.readouterr().err

    path.mkdir()
    assert f"{path} can't be read: it is a folder" in complaint()
    path.rmdir()
    os.mkfifo(path)
    assert "it isn't a regular file" in complaint()
    path.unlink()
    path.write_bytes(b"# \xff")
    assert "it isn't UTF-8" in complaint()
    path.write_bytes(b"#" * (LIMIT + 1))
    assert "it is larger than 64 KiB" in complaint()
    path.unlink()
    path.symlink_to(path)
    assert "can't be read: Too many levels of symbolic links" in complaint()


def test_no_file_and_no_folder_are_no_complaint(tmp_path, monkeypatch) -> None:
    assert read_config(tmp_path / "none" / "config.toml") == FileConfig()
    assert read_config(Path("/dev/null/eksview/config.toml")) == FileConfig()
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_path() == tmp_path / ".config" / "eksview" / "config.toml"


def test_a_declared_field_is_all_that_an_option_takes() -> None:
    class Colours(Struct):
        theme: Annotated[
            str | None,
            Option(help="instead of {default}", group=Group("colours", ("",)), unset="night"),
        ] = None

    (theme,) = declarations(Colours, "ui")
    assert (theme.flag, theme.variable, theme.key) == ("--theme", "EKSVIEW_UI_THEME", "ui.theme")
    assert resolved((theme,), "", {}, {"EKSVIEW_UI_THEME": "day"}, {}) == {"theme": "day"}
    assert resolved((theme,), "", {}, {}, {}) == {}


def test_every_option_is_a_flag_of_the_commands_that_take_it(capsys) -> None:
    for option in ALL_OPTIONS:
        for command in option.commands:
            with pytest.raises(SystemExit):
                main([*([command] if command else []), "--help"])
            assert re.search(rf"{option.flag}\b", capsys.readouterr().out)


def test_no_option_is_for_a_secret() -> None:
    secret = re.compile("token|password|secret|access_key", re.I)
    assert not [option.key for option in ALL_OPTIONS if secret.search(option.key)]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `python -m tests.options_page`"


def test_the_examples_of_the_documentation_are_understood(config_folder) -> None:
    texts = [PAGE.read_text(), (PAGE.parents[1] / "README.md").read_text()]
    for text in texts:
        (example,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
        assert tomllib.loads(example)
        (config_folder / "config.toml").write_text(example)
        assert read_config(config_folder / "config.toml").lines
    assert "EKSVIEW_NAMESPACE" in texts[0]
    assert {option.name for option in OPTIONS} <= set(re.findall(r"`(\w+)`", texts[0])) | {
        "allow_writes"
    }
