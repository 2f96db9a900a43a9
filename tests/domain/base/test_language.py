"""The language by the option, else by the locale."""

import pytest

from eksview.domain.base.language import Language, language_of


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.utf8@x"}, "ja"),
        ({"LANG": "ja.UTF-8"}, "ja"),
        ({"LANG": "jam_JM.UTF-8"}, "en"),  # Jamaican Creole
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_CTYPE": "C"}, "en"),  # the terminal shows no Japanese
        ({"LANG": "ja_JP.eucJP"}, "en"),
        ({"LANG": "ja_JP"}, "en"),
    ],
)
def test_the_locale_of_messages_decides_if_it_is_utf8(
    environ: dict[str, str], language: str
) -> None:
    assert language_of(environ) == language


def test_the_option_decides_before_the_locale() -> None:
    japanese = {"LANG": "ja_JP.UTF-8"}
    assert language_of(japanese, Language.EN) is Language.EN
    assert language_of({"LANG": "C"}, Language.JA) is Language.JA
