"""The play fifty as it ships: letter and ad on the same day, and what follows a click, an answer, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import audience_wish, letter
from tests.cli.lines import Line
from tests.kinds.playground import Playground
from tests.web.site import Site


@pytest.fixture
def fifty(site: Site) -> Playground:
    """The play, at facilities that look into overtime, without warmth."""
    ground = Playground(site, "fifty")
    looks_at(ground, theme="overtime")
    return ground


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
    clicks(fifty, who, "one", "overtime-checklist")
    fifty.live(25, 18)
    assert fifty.sent(who["place"])["overtime-roi"] == {(who["head"], 24)}
    assert fifty.asked(who["place"])["overtime-ten-minutes"] == "IS"


def test_without_mail_it_is_a_letter_by_post_then_a_visit(fifty: Playground) -> None:
    who = fifty.facility("kaede", by_mail=False)
    fifty.live(22, 18)
    asked = fifty.asked(who["place"])
    assert asked["overtime-by-post"] == "MA" and asked["overtime-visit"] == "FS"
    assert "overtime-summary" not in fifty.sent(who["place"])


def test_after_a_letter_by_post_the_call_comes_three_business_days_after_posting_and_not_before(
    fifty: Playground, capsys: Any, tmp_path: Path
) -> None:
    who = fifty.facility("kaede", by_mail=False)
    warm(fifty)
    line = Line(capsys, fifty.site.workspace.folder)
    fifty.live(15, 18)
    line("post", "print", "--out", str(tmp_path), "--json")
    fifty.live(16, 10)
    line("post", "posted")
    fifty.live(18, 18)
    assert not {"overtime-call", "overtime-call-checklist"} & set(fifty.asked(who["place"]))
    fifty.live(19, 18)
    assert "overtime-call" in fifty.asked(who["place"])


def test_who_got_nothing_is_not_rung_about_it_and_an_influencer_is_asked_about_the_checklist(fifty: Playground) -> None:
    who = fifty.facility("kaede", by_mail=False)
    warm(fifty)
    fifty.live(26, 18)
    asked = fifty.asked(who["place"])
    assert {"overtime-call", "overtime-call-again", "overtime-ten-minutes"}.isdisjoint(asked)
    assert asked["overtime-call-checklist"] == "IS"


def test_ageing_equipment_has_its_own_letters(fifty: Playground) -> None:
    who = fifty.facility("aoba", by_mail=True)
    looks_at(fifty, theme="ageing-equipment", temperature="steady")
    fifty.live(17, 18)
    assert set(fifty.sent(who["place"])) == {"equipment-summary", "equipment-checklist"}
    assert fifty.asked(who["place"])["equipment-call"] == "IS"


def test_an_unknown_theme_is_not_guessed_and_the_play_goes_on_with_the_one_that_is_chosen(site: Site) -> None:
    fifty = Playground(site, "fifty")
    who = fifty.facility("aoba", by_mail=True)
    fifty.live(16, 10)
    assert fifty.sent(who["place"]) == {
        "themes": {(who["head"], 15)},
        "themes-field": {(who["one"], 15), (who["two"], 15)},
    }
    clicks(fifty, who, "one", "equipment-summary")
    fifty.live(19, 18)
    sent = fifty.sent(who["place"])
    assert sent["equipment-summary"] == {(who["head"], 18)} and "overtime-summary" not in sent
    assert fifty.stands(who["place"])[0] == "live"


def test_a_theme_that_stays_unknown_is_for_field_sales_to_find_out(site: Site) -> None:
    fifty = Playground(site, "fifty")
    who = fifty.facility("aoba", by_mail=True)
    fifty.live(30, 18)
    assert set(fifty.sent(who["place"])) == {"themes", "themes-field"}
    assert fifty.asked(who["place"]) == {"themes-unknown": "FS"}
    assert fifty.stands(who["place"])[0] == "ended"


def test_without_mail_the_letter_by_post_names_no_theme_and_encloses_none(
    site: Site, capsys: Any, tmp_path: Path
) -> None:
    fifty = Playground(site, "fifty")
    fifty.facility("kaede", by_mail=False)
    fifty.live(15, 18)
    (printed,) = Line(capsys, site.workspace.folder)("post", "print", "--out", str(tmp_path), "--json").json
    assert printed["state"] == "printed" and printed["enclosed"] == []


def clicks(fifty: Playground, who: dict[str, int], name: str, content: str) -> None:
    """Somebody follows a link of the letter they got."""
    with begin_read(fifty.site.wired.engine) as conn:
        key = conn.scalars(select(letter.c.key).where(letter.c.person_id == who[name])).one()
    now = fifty.site.wired.now
    with begin_write(fifty.site.wired.engine) as conn:
        receive(conn, [Arrival(who[name], who["place"], "clicked", now, now, content, key)])


def looks_at(fifty: Playground, **found: str) -> None:
    """What accounts look into from now on."""
    fifty.site.wired.book.intent = lambda conn, accounts, at: dict.fromkeys(accounts, found)


def warm(fifty: Playground) -> None:
    """Facilities that look into the theme of the tests, steadily."""
    looks_at(fifty, theme="overtime", temperature="steady")
