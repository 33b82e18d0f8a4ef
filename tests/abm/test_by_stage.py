"""What somebody reads tells more than that they read: views count by the stage that a page speaks for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.abm.market import NOW, Market


@pytest.fixture
def market(engine: Engine, tmp_path: Path) -> Market:
    made = Market(engine, tmp_path)
    made.facility("F1", "青葉台記念病院")
    return made


def test_a_page_of_prices_counts_eight_first_pages_and_the_ranking_says_what_the_receipt_says(market: Market) -> None:
    pages = {"roi-simulation": 40, "claims-case": 10, "unknown-page": 10}
    for page in pages:
        market.act("F1", "visited", NOW - timedelta(hours=3), page)
    told = market.told("F1").intent
    assert {term.theme: term.tenths for theme in told.themes for term in theme.terms} == {
        "overtime": 40, "unpaid-claims": 10, "": 10,
    }  # fmt: skip
    assert market.ranked()["F1"].tenths == told.tenths == sum(pages.values())


def test_the_cap_of_a_week_holds_for_them_too(market: Market) -> None:
    for number in range(5):
        market.act("F1", "visited", NOW - timedelta(minutes=number), "roi-simulation")
    assert market.told("F1").intent.tenths == market.ranked()["F1"].tenths == 120
