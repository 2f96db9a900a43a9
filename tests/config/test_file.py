"""The configuration file: sections for contexts, and `eksview config`."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from eksview.cli.main import main, settings_of
from eksview.cli.parser import parser
from eksview.config.file_decoder import decoded, known_keys
from eksview.config.file_template import template
from eksview.config.settings import in_context
from eksview.config.toml_file import LIMIT

CONTEXTS = """\
namespace = "all-of-it"
jump = "everywhere"
[thresholds]
usage_warn = 70
[contexts."the-prod-eu"]
profile = "exact"
[contexts."*prod-eu*"]
namespace = "shop-eu"
profile = "by-pattern"
thresholds.usage_bad = 95
[contexts."*prod*"]
jump = "ops@bastion"
namespace = "shop"
profile = "shorter"
[contexts."*"]
region = "eu-west-1"
namespace = "any"
profile = "any"
"""


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "eksview" / "config.toml"


def written(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("context", "namespace", "jump", "region", "profile", "bad"),
    [
        ("dev", "any", "everywhere", "eu-west-1", "any", 100),
        ("prod-us", "shop", "ops@bastion", "eu-west-1", "shorter", 100),
        ("a-prod-eu", "shop-eu", "ops@bastion", "eu-west-1", "by-pattern", 95),
        ("the-prod-eu", "shop-eu", "ops@bastion", "eu-west-1", "exact", 95),
    ],
)
@pytest.mark.parametrize("table", ["contexts", "context"])
def test_the_most_specific_section_of_a_context_comes_first(
    context, namespace, jump, region, profile, bad, table
) -> None:
    config, faults = decoded(CONTEXTS.replace("[contexts.", f"[{table}."))
    assert not faults
    settings = in_context(settings_of(parser().parse_args([]), {}, config), context)
    values = settings.namespace, settings.jump, settings.region, settings.profile
    assert values == (namespace, jump, region, profile)
    assert (settings.thresholds.usage_warn, settings.thresholds.usage_bad) == (70, bad)


def test_flags_and_variables_come_before_a_section_of_a_context() -> None:
    config, _ = decoded(CONTEXTS)
    args = parser().parse_args(["-n", "flag"])
    settings = in_context(settings_of(args, {"EKSVIEW_JUMP": "variable"}, config), "prod")
    assert (settings.namespace, settings.jump) == ("flag", "variable")


FAULTY = """\
contxt = "prod"
fps = "4"
[thresholds]
usage_warn = 0
usage_wrn = 5
restarts = "many"
[serve
[contexts."*prod*"]
fps = 2
namespac = "x"
thresholds.usage_bad = 1.5
[from_the_future]
x = 1
"""


def test_check_lists_every_fault_with_its_line(path: Path, capsys) -> None:
    written(path, FAULTY)
    assert main(["config", "--check"], {}) == 1
    lines = capsys.readouterr().out.splitlines()
    faults = dict(re.fullmatch(rf"{path}:(\d+): (.*)", line).groups() for line in lines)
    assert len(faults) == len(lines) == 10
    for number, says in {
        "1": "unknown option contxt; did you mean context?",
        "2": "fps: '4' isn't a number",
        "4": "thresholds.usage_warn: expected `int` >= 1",
        "5": "unknown option thresholds.usage_wrn; did you mean thresholds.usage_warn?",
        "6": "thresholds.restarts: expected `int`, got `str`",
        "7": "it isn't valid TOML: ",
        "9": '[contexts."*prod*"] fps: it can\'t be set for some contexts only',
        "10": "unknown option namespac; did you mean namespace?",
        "11": "thresholds.usage_bad: expected `int`, got `float`",
        "12": "unknown option from_the_future: eksview",
    }.items():
        assert says in faults[number]


def test_a_command_names_the_first_fault_and_how_many_there_are(path: Path, capsys) -> None:
    written(path, FAULTY)
    assert main(["get", "nodes"], {}) == 2
    error = capsys.readouterr().err
    assert f"{path}:1: unknown option contxt" in error
    assert "(9 more: eksview config --check)" in error


def test_check_accepts_a_file_without_faults_and_no_file(path: Path, capsys) -> None:
    assert main(["config", "--check"], {}) == 0
    assert "no such file" in capsys.readouterr().out
    written(path, CONTEXTS)
    assert main(["config", "--check"], {}) == 0
    assert "no faults" in capsys.readouterr().out


def test_check_says_of_a_file_that_cannot_be_read_why(path: Path, capsys) -> None:
    def shown() -> str:
        assert main(["config", "--check"], {}) == 1
        return capsys.readouterr().out

    path.mkdir(parents=True)
    assert "it is a folder" in shown()
    path.rmdir()
    os.mkfifo(path)
    assert "it isn't a regular file" in shown()
    path.unlink()
    path.symlink_to(path)
    assert "Too many levels of symbolic links" in shown()
    path.unlink()
    written(path, b"#" * (LIMIT + 1))
    assert "it is larger than 64 KiB" in shown()
    written(path, b"fps = 2\n# \xff")
    assert f"{path}:2: it can't be read: it isn't UTF-8" in shown()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[contexts]\nprod = 5", '2: [contexts."prod"] it is a table'),
        ('view = "quit now"', "1: view: :quit takes no argument."),
        ('[contexts.dev]\nview = "theme"', "2: contexts.dev.view: Usage: :theme THEME"),
        ('view = "mine nrod"\n[aliases]\nmine = "theme"', "1: view: Unknown theme nrod"),
        ('[aliases]\nbad = "theme nrod"', "2: aliases.bad: Unknown theme nrod"),
        ('[aliases]\n"two words" = "pods"', "2: aliases.two words: 'two words' isn't one word"),
        ('[aliases]\n":p" = "pods"', "2: aliases.:p: ':p' isn't one word"),
        ('[aliases]\nnone = ":"', "2: aliases.none: it has no command"),
    ],
)
def test_check_names_what_could_do_nothing(path: Path, capsys, text: str, says: str) -> None:
    written(path, text)
    assert main(["config", "--check"], {}) == 1
    assert f"{path}:{says}" in capsys.readouterr().out


def test_check_says_of_a_resource_of_the_server_that_it_is_unchecked(path: Path, capsys) -> None:
    written(path, 'view = "widgets"\n[aliases]\nth = "theme"\nwi = "widgets shop"\n')
    assert main(["config", "--check"], {}) == 0
    lines = capsys.readouterr().out.splitlines()
    reason = "not checked: whether the server has this resource"
    assert lines[:2] == [f"{path}:1: view: {reason}", f"{path}:4: aliases.wi: {reason}"]


def test_a_mark_of_byte_order_is_no_fault_and_moves_no_line(path: Path, capsys) -> None:
    written(path, b"\xef\xbb\xbffps = 2\r\n")
    assert main(["config", "--check"], {}) == 0
    written(path, b"\xef\xbb\xbffps = 2\nfps = 0\n")
    assert main(["config", "--check"], {}) == 1
    assert f"{path}:2: " in capsys.readouterr().out


def test_path_is_printed_even_of_a_broken_file(path: Path, capsys) -> None:
    written(path, "broken")
    assert main(["config", "--path"], {}) == 0
    assert capsys.readouterr().out == f"{path}\n"


def test_init_writes_every_option_as_a_comment_and_never_overwrites(path: Path, capsys) -> None:
    assert main(["config", "--init"], {}) == 0
    text = path.read_text()
    assert tomllib.loads(text) == {}
    assert main(["config", "--init"], {}) == 1
    assert "exists; it isn't overwritten" in capsys.readouterr().err
    path.unlink()
    path.symlink_to("nowhere")
    assert main(["config", "--init"], {}) == 1
    assert not (path.parent / "nowhere").exists()


def test_the_new_file_has_every_option_and_no_fault_without_its_number_signs(
    path: Path, capsys
) -> None:
    text = re.sub(r"^# (?=\[|[\w\".:-]+ = )", "", template(), flags=re.M)
    assert set(known_keys()) <= decoded(text)[0].lines.keys()
    written(path, text)
    assert main(["config", "--check"], {}) == 0, capsys.readouterr().out
    values = tomllib.loads(text)
    assert "" not in values.values()


def test_keys_are_listed_with_their_ids_and_what_they_do(path: Path, capsys) -> None:
    assert main(["config", "--keys"], {}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ID", "KEYS", "ACTION"]
    listed = {line.split()[0]: line.split(maxsplit=2)[1:] for line in lines[1:]}
    assert listed["app.help"] == ["question_mark", "All keys and commands"]
    written(path, f'[keys]\n"app.help" = "{listed["app.help"][0]}"\n')
    assert main(["config", "--check"], {}) == 0


def test_exactly_one_task_is_wanted(path: Path, capsys) -> None:
    assert main(["config"], {}) == 2
    assert main(["config", "--path", "--init"], {}) == 2
    assert "not allowed with" in capsys.readouterr().err
