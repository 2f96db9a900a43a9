"""The questions and their texts: the same ones in both languages, with values that exist."""

import shlex

import pytest
from botocore import xform_name
from botocore.session import Session

from eksview.config.package_texts import compare_texts
from eksview.domain.base.language import Language
from eksview.domain.compare.questions import QUESTIONS, Names, System
from eksview.domain.explain.chapter_text import placeholders
from eksview.domain.live.command_context import CommandContext
from eksview.ui.base.screen_registry import BY_NAME
from eksview.ui.text.prose import fold_words

NAMES = Names(CommandContext(context="prod", region="us-west-2"), "prod", "shop")
COMMANDS = [
    (question.id, system, question.side(system).command(NAMES))
    for question in QUESTIONS
    for system in System
]


@pytest.mark.parametrize("language", Language)
def test_each_question_has_its_text_in_order(language: Language) -> None:
    assert list(compare_texts(language).questions) == [question.id for question in QUESTIONS]


def test_both_languages_have_the_same_placeholders() -> None:
    english, japanese = map(compare_texts, (Language.EN, Language.JA))
    assert english.screen.keys() == japanese.screen.keys()
    for name, text in english.questions.items():
        for system in System:
            own, other = text.value(system), japanese.questions[name].value(system)
            assert sorted(placeholders(own)) == sorted(placeholders(other)), name


@pytest.mark.parametrize("language", Language)
def test_an_answer_has_few_lines_at_80_columns(language: Language) -> None:
    for text in compare_texts(language).questions.values():
        for system in System:
            assert len(fold_words(((text.answer(system), "text"),), 35)) <= 6, text.question


def test_every_side_opens_a_screen() -> None:
    screens = {question.side(system).screen for question in QUESTIONS for system in System}
    assert screens <= BY_NAME.keys()


@pytest.mark.parametrize(("question", "system", "command"), COMMANDS)
def test_a_command_names_the_cluster_and_an_operation_that_exists(
    question: str, system: System, command: str
) -> None:
    program, *words = shlex.split(command)
    if program == "kubectl":
        assert words[:2] == ["--context", "prod"]
        return
    service, operation, *options = words
    model = Session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation == "execute-command":
        assert "--interactive" in options
    shape = model.operation_model(names[operation]).input_shape
    known = {f"--{xform_name(name, '-')}" for name in (shape.members if shape else ())}
    flags = {word for word in options if word.startswith("--")}
    assert flags - {"--region", "--query", "--interactive"} <= known
