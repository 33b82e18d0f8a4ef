"""docs/world.md and its twin show every rate as the code has it, and every rate is used where they say."""

from __future__ import annotations

import re

import pytest

from hagukumi.workspace import CHECKOUT
from hagukumi.world.rates import RATES
from tests.world.page import PAGES, with_table


@pytest.mark.parametrize("lang", PAGES)
def test_the_table_is_that_of_the_code(lang: str) -> None:
    text = PAGES[lang].read_text("utf-8")
    assert text == with_table(text, lang), "run: python -m tests.world.page"


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
def test_each_rate_is_used_where_the_table_says(rate: object) -> None:
    name, where = getattr(rate, "name", ""), getattr(rate, "where", "")
    code = (CHECKOUT / "hagukumi" / "world" / where).read_text("utf-8")
    assert re.search(rf"\b{name}\b", code)


@pytest.mark.parametrize("lang", PAGES)
def test_its_links_lead_somewhere(lang: str) -> None:
    page = PAGES[lang]
    targets = [to for to in re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8")) if "://" not in to]
    assert targets and not [to for to in targets if not (page.parent / to).exists()]
