"""The visible table of guards is the guards themselves."""

import pytest

from hagukumi.letters.guard_page import DOES, FOLDER, answers_of, page
from hagukumi.letters.guards import GUARDS, account_in_deal, inside_sales, refusal, warm_up


@pytest.mark.parametrize(("lang", "name"), [("en", "guards.md"), ("ja", "guards.ja.md")])
def test_the_page_is_up_to_date(lang: str, name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == page(lang), "run `make schema`"


def test_every_guard_says_what_it_does() -> None:
    assert list(DOES) == [guard.name for guard in GUARDS]


def test_answers_are_those_of_the_guards() -> None:
    assert answers_of(refusal) == (["stop"], None)
    assert answers_of(inside_sales) == (["hold"], True)
    assert answers_of(warm_up) == (["hold"], False)
    assert answers_of(account_in_deal) == (["hold", "stop"], False)
