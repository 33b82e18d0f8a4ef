"""Thousands of invented organisations, written otherwise: how many are found, and that no two become one."""

from collections.abc import Iterable

import pytest

from abm.listed import Organisation, corporate_number
from abm.matching import match
from tests.abm.organisations import Listed, Measured, invent, measure, write

REGISTER = ("kana", "english", "number", "domain", "place")
BY_SIGNS = ("width", "half width", "sign", "spaces", "new letters", "ke and no", "long vowel", "dots", "branch", "town")


def _measured(seed: int, known: Iterable[str]) -> tuple[Listed, Measured]:
    listed = write(seed, invent(seed, 4_177), 3_000, known)
    return listed, measure(listed, match(listed.rows))


def _of(listed: Listed, pairs: Iterable[tuple[str, str]]) -> list[tuple[Organisation, Organisation]]:
    rows = {row.id: row for row in listed.rows}
    return [(rows[a], rows[b]) for a, b in pairs]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("known", "sure"),
    [(REGISTER, 0.85), (("kana", "english", "domain", "place"), 0.82), (("kana", "english"), 0.7)],
    ids=["all", "no numbers", "names"],
)
def test_no_two_become_one_and_nearly_all_are_found(seed: int, known: tuple[str, ...], sure: float) -> None:
    listed, told = _measured(seed, known)
    assert not told.wrong, _of(listed, told.wrong)
    assert told.share("sure") >= sure
    assert told.share("sure", "doubtful") >= 0.995, _of(listed, told.missed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_signs_are_found_by_the_name_alone(seed: int) -> None:
    listed, told = _measured(seed, ())
    assert told.share("sure", "doubtful", ways=BY_SIGNS) == 1, _of(listed, told.missed)
    assert told.share("sure", ways=BY_SIGNS) >= 0.75
    assert len(told.wrong) <= told.sure / 200, _of(listed, told.wrong)


def test_different_corporate_numbers_are_never_one_and_a_misread_one_is_not_sure() -> None:
    listed = write(5, invent(5, 2_000), 1_500, REGISTER)
    # Every seventh number was typed with a slip: its check digit is wrong.
    rows = [
        row._replace(number=f"{row.number[:-1]}{(int(row.number[-1]) + 1) % 10}") if n % 7 == 0 and row.number else row
        for n, row in enumerate(listed.rows)
    ]
    assert any(row.number and corporate_number(row.number) is None for row in rows)
    number = {row.id: row.number for row in rows}
    for pair in match(rows).sure:
        assert not (number[pair.a] and number[pair.b]) or number[pair.a] == number[pair.b], pair


def test_twins_of_form_and_namesakes_of_towns_are_never_sure_by_name() -> None:
    made = invent(6, 3_000)
    listed = write(6, made, 0, ("place",))
    for pair in match(listed.rows).sure:
        one, other = made[listed.who[pair.a]], made[listed.who[pair.b]]
        assert one.number == other.number, (one, other, pair.why)
