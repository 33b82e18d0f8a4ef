"""Every code has an example that raises it, and what is said about it is written down."""

from importlib import import_module

import pytest

from hagukumi.words.problems import MODULES, catalogue
from tests.language.goldens import FOLDER, MADE, codes, example, said

CODES = codes()


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code_raises_it(code: str) -> None:
    _, problems = example(code)
    assert code in {each.code for each in problems}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("code", CODES)
def test_what_is_said_is_what_is_written_down(code: str, lang: str) -> None:
    assert said(code, lang) == (FOLDER / f"{code}.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_every_problem_says_what_to_do_in_both_languages(code: str) -> None:
    for each in example(code)[1]:
        for lang in ("ja", "en"):
            assert each.message(lang).strip() and each.help(lang).strip()
            assert "{key}" not in each.message(lang) + each.help(lang)


def test_no_example_is_left_of_a_code_that_is_gone() -> None:
    assert {path.name.removesuffix(".yaml") for path in FOLDER.glob("*.yaml")} <= set(CODES) - set(MADE)


def test_every_code_of_the_house_is_known_once_and_says_what_to_do() -> None:
    known = [code for module in MODULES for code in import_module(module).PROBLEMS]
    assert len(known) == len(set(known))
    for each in catalogue().values():
        assert each.message.ja and each.message.en and each.help.ja and each.help.en
