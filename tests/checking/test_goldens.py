"""Every problem of a workspace's files has an example that raises it, and what is said about it is written down."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from hagukumi.checking import check_workspace
from hagukumi.words.import_problems import FILE, ROW
from hagukumi.words.problems import catalogue
from tests.checking import desk
from tests.checking.examples import ALL, GOLDEN, WITHOUT, checked, said

LANGUAGE = ("files", "values", "scenarios", "meaning")
"""Catalogues whose examples stand in tests/errors."""


def test_the_sound_workspace_has_no_problem(tmp_path: Path) -> None:
    found = check_workspace(desk.workspace(tmp_path))
    assert found.problems == ()
    assert not found.wrong


@pytest.mark.parametrize("code", ALL)
def test_an_example_says_what_is_written_down_in_both_languages(code: str) -> None:
    found = checked(code)
    assert code in {each.code for each in found.problems}
    for lang in ("ja", "en"):
        assert said(found, lang) == (GOLDEN / f"{code}.{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize("code", ALL)
def test_every_problem_has_a_place_a_message_and_a_help_without_open_slots(code: str) -> None:
    for each in checked(code).problems:
        assert each.line >= 1 and each.column >= 1 and each.length >= 1
        for lang in ("ja", "en"):
            assert each.message(lang).strip() and each.help(lang).strip()
            assert "{{" not in each.message(lang)


def test_every_code_has_an_example_or_a_reason_for_having_none() -> None:
    elsewhere = {code for room in LANGUAGE for code in import_module(f"hagukumi.words.problems.{room}").PROBLEMS}
    of_lists = {*FILE, *ROW}
    assert set(catalogue()) == elsewhere | of_lists | set(ALL) | set(WITHOUT)
    assert not set(ALL) & set(WITHOUT)
    assert all(WITHOUT.values())


def test_no_text_is_left_of_a_code_that_is_gone() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{code}.{lang}.txt" for code in ALL for lang in ("ja", "en")}
