"""The play fifty as it ships: letter and ad on the same day, and what follows a click, an answer, or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import audience_wish, letter
from tests.kinds.playground import Playground
from tests.web.site import Site


@pytest.fixture
def fifty(site: Site) -> Playground:
    return Playground(site, "fifty")


def test_letter_and_ad_come_on_the_same_day_by_the_theme_that_is_known(fifty: Playground) -> None:
    who = fifty.facility("aoba", by_mail=True)
    fifty.live(15, 18)
    assert fifty.sent(who["place"]) == {
        "overtime-summary": {(who["head"], 15)},
        "overtime-checklist": {(who["one"], 15), (who["two"], 15)},
    }
    assert fifty.site.rows(audience_wish, "audience") == ["play-companies"]


def test_a_cool_facility_is_not_called_and_is_put_before_the_next_review(fifty: Playground) -> None:
    who = fifty.facility("aoba", by_mail=True)
    fifty.live(30, 18)
    assert fifty.asked(who["place"]) == {"overtime-quiet": "MA"}
    assert fifty.stands(who["place"])[0] == "ended"


def test_a_click_brings_the_estimate_and_the_call_for_ten_minutes(fifty: Playground) -> None:
    who = fifty.facility("aoba", by_mail=True)
    fifty.live(16, 10)
    with begin_read(fifty.site.wired.engine) as conn:
        key = conn.scalars(select(letter.c.key).where(letter.c.person_id == who["one"])).one()
    now = fifty.site.wired.now
    with begin_write(fifty.site.wired.engine) as conn:
        receive(conn, [Arrival(who["one"], who["place"], "clicked", now, now, "overtime-checklist", key)])
    fifty.live(25, 18)
    assert fifty.sent(who["place"])["overtime-roi"] == {(who["head"], 24)}
    assert fifty.asked(who["place"])["overtime-ten-minutes"] == "IS"


def test_without_mail_it_is_a_letter_by_post_then_a_visit(fifty: Playground) -> None:
    who = fifty.facility("kaede", by_mail=False)
    fifty.live(22, 18)
    asked = fifty.asked(who["place"])
    assert asked["overtime-by-post"] == "MA" and asked["overtime-visit"] == "FS"
    assert "overtime-summary" not in fifty.sent(who["place"])
