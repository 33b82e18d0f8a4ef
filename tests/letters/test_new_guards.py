"""Approval, deals, the recipient's calendar, warm-up, domains and channels: what each answers, class by class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters.departure import CLASSES, Hold, Left, LeftAlone, Resting, SharedHistory, Waiting
from hagukumi.letters.planner import plan
from hagukumi.letters.recipients import Absent, Closed, MonthDays, as_json, away, closed_of, read_words
from hagukumi.letters.rules import DomainRate, OfDeals, Recipients, Terms, WarmUp, our_calendar, terms_of
from tests.letters.departures import RULES, answer, asked_again, decide, free, jst, letter, spoken

HOUR = Span(1, SpanUnit.HOURS)
RAMP = WarmUp(starts_on=date(2026, 6, 1), plan=(2, 3, 5))
THURSDAYS = Closed(weekdays=frozenset({3}))
AFTERNOONS = Closed(half_days=frozenset({(0, True), (1, True)}))


def network(**rules: Any) -> Terms:
    return terms_of(replace(RULES, **rules), our_calendar(RULES), "smtp")


def going_out(name: str = "case", person: int = 1, domain: str = "aoba.example", **more: Any) -> Waiting:
    return letter(name, person, domain=domain, **more)


def test_texts_nobody_has_looked_at_hold_what_the_machine_writes() -> None:
    new = free(unapproved=("legal", "eyes"))
    for klass in CLASSES:
        expected = "hold_not_approved until 2026-06-02 09:00" if klass in ("nurture", "play") else "depart"
        assert answer(letter(klass=klass), situation=new) == expected


def test_a_letter_that_waits_for_approval_does_not_age() -> None:
    waiting = letter()
    held = decide(waiting, situation=free(unapproved=("legal",)))
    again = asked_again(waiting, "2026-06-01 10:00", held)
    assert answer(again, "2026-06-29 10:00") == "depart"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("hold", "hold_in_deal until 2026-06-02 09:00"), ("stop", "stop_in_deal"), ("off", "depart")],
)
def test_an_account_in_a_deal_hears_no_marketing(rule: OfDeals, expected: str) -> None:
    terms = terms_of(replace(RULES, deal=rule), our_calendar(RULES))
    for klass in CLASSES:
        said = answer(letter(klass=klass), situation=free(in_deal=True), terms=terms)
        assert said == (expected if klass in ("nurture", "play") else "depart")


def test_a_frozen_account_gets_no_nurture_letter_until_its_day_and_the_letter_does_not_age() -> None:
    alone = free(left_alone=LeftAlone(jst("2026-09-01 09:00"), "sato"))
    for klass in CLASSES:
        said = answer(letter(klass=klass), situation=alone)
        assert said == ("hold_account_frozen until 2026-06-02 09:00" if klass == "nurture" else "depart")
    held = decide(letter(), situation=alone)
    assert isinstance(held.verdict, Hold) and held.verdict.why.args == ("2026-06-02 09:00", "2026-09-01 09:00", "sato")
    again = asked_again(letter(), "2026-06-01 10:00", held)
    assert answer(again, "2026-09-01 08:59", alone) == "hold_account_frozen until 2026-09-01 09:00"
    assert answer(again, "2026-09-01 09:00", alone) == "depart"


@pytest.mark.parametrize(
    ("closed", "at", "expected"),
    [
        (THURSDAYS, "2026-06-04 10:00", "hold_recipient until 2026-06-05 09:00"),
        (THURSDAYS, "2026-06-05 10:00", "depart"),
        (AFTERNOONS, "2026-06-01 11:59", "depart"),
        (AFTERNOONS, "2026-06-01 12:00", "hold_recipient until 2026-06-02 09:00"),
        (Closed(half_days=frozenset({(0, False)})), "2026-06-01 10:00", "hold_recipient until 2026-06-01 12:00"),
        # In the evening ours are closed; theirs add the next day to it.
        (Closed(weekdays=frozenset({1})), "2026-06-01 19:00", "hold_recipient until 2026-06-03 09:00"),
        (THURSDAYS, "2026-06-01 19:00", "hold_hours until 2026-06-02 09:00"),
        # The 10th is a Wednesday.
        (Closed(days=frozenset(range(1, 11))), "2026-06-01 10:00", "hold_recipient until 2026-06-11 09:00"),
    ],
)
def test_a_letter_waits_until_both_calendars_are_open(closed: Closed, at: str, expected: str) -> None:
    assert answer(letter(written=at), at, free(closed=closed)) == expected
    assert answer(letter(written=at, klass="personal"), at, free(closed=closed)) == "depart"


def test_a_busy_department_does_not_let_a_letter_go_stale() -> None:
    busy = free(closed=Closed(days=frozenset(range(1, 11))))
    waiting = letter()
    again = asked_again(waiting, "2026-06-01 10:00", decide(waiting, situation=busy))
    assert answer(again, "2026-06-11 09:00", busy) == "depart"


def test_departments_are_found_by_what_their_names_hold() -> None:
    rules = replace(RULES, recipients=(Recipients(department="医事課", not_on_days=MonthDays("1-10, 25")),))
    absent = terms_of(rules, our_calendar(rules)).absent
    assert absent == (Absent("医事課", frozenset({*range(1, 11), 25})),)
    assert away(None, "事務部 医事課", absent) == Closed(days=absent[0].days)
    assert away(THURSDAYS, "医事課", absent) == THURSDAYS._replace(days=absent[0].days)
    assert away(None, "看護部", absent) is None
    assert away(None, None, absent) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("木曜休診", {"weekdays": ["thu"]}),
        ("休診日:木曜・日曜・祝日", {"weekdays": ["thu", "sun"]}),
        ("水曜午後休診", {"half_days": ["wed_pm"]}),
        ("木曜休診、土曜午後", {"weekdays": ["thu"], "half_days": ["sat_pm"]}),
        ("水・土曜午後休診", {"half_days": ["wed_pm", "sat_pm"]}),
        ("毎月1日~3日", {"days_of_month": [1, 2, 3]}),
        ("Thu, Wed am", {"weekdays": ["thu"], "half_days": ["wed_am"]}),
    ],
)
def test_closed_days_are_read_as_people_write_them(text: str, kept: dict[str, object]) -> None:
    found = read_words(text)
    assert found is not None and as_json(found) == kept
    assert closed_of(as_json(found)) == found


@pytest.mark.parametrize("text", ["なし", "第2木曜", "月火水木金", "毎月32日", "不定休"])
def test_what_is_no_closed_day_is_told(text: str) -> None:
    assert read_words(text) is None


def test_a_new_sender_sends_what_its_plan_allows_in_any_24_hours() -> None:
    terms = network(warm_up=RAMP)
    one = going_out()
    assert answer(one, terms=terms, left=[Left(jst("2026-06-01 09:00"))]) == "depart"
    full = [Left(jst("2026-06-01 09:00"), 2)]
    assert answer(one, terms=terms, left=full) == "hold_warm_up until 2026-06-02 09:00"
    assert answer(one, "2026-06-02 08:59", terms=terms, left=full).startswith("hold")
    assert answer(one, "2026-06-02 09:00", terms=terms, left=full) == "depart"
    # The evening before counts: no calendar day lets 23:59 and 00:00 both send.
    late = [Left(jst("2026-06-01 17:59"), 2), Left(jst("2026-06-02 09:00"))]
    assert answer(one, "2026-06-02 09:01", terms=terms, left=late).startswith("hold_warm_up")
    assert answer(one, "2026-06-04 09:01", terms=terms, left=[Left(jst("2026-06-04 09:00"), 9)]) == "depart"


def test_the_plan_counts_days_on_which_letters_leave() -> None:
    friday = network(warm_up=replace(RAMP, starts_on=date(2026, 6, 5)))
    assert friday.allowance(jst("2026-06-04 10:00")) == 0
    assert friday.allowance(jst("2026-06-05 10:00")) == 2
    assert friday.allowance(jst("2026-06-08 10:00")) == 3
    assert friday.allowance(jst("2026-06-10 10:00")) is None
    assert answer(going_out(), terms=friday) == "hold_not_begun until 2026-06-05 09:00"


def test_a_mail_domain_gets_so_many_letters_in_any_stretch_of_time() -> None:
    terms = network(domain_rate=DomainRate(letters=2, within=HOUR))
    left = [Left(jst("2026-06-01 09:30"), 1, "aoba.example"), Left(jst("2026-06-01 09:50"), 1, "aoba.example")]
    assert answer(going_out(), terms=terms, left=left) == "hold_domain_rate until 2026-06-01 10:30"
    assert answer(going_out(domain="kaede.example"), terms=terms, left=left) == "depart"
    assert answer(going_out(), "2026-06-01 10:30", terms=terms, left=left) == "depart"
    for klass in ("personal", "notice", "apology"):
        assert answer(going_out(klass=klass), terms=terms, left=left) == "depart"


def test_limits_of_the_network_are_none_for_letters_that_stay_here() -> None:
    rules = replace(RULES, warm_up=RAMP, domain_rate=DomainRate(letters=1, within=HOUR))
    terms = terms_of(rules, our_calendar(rules))
    assert (terms.warm_up, terms.domain_rate, terms.allowance(jst("2026-06-01 10:00"))) == (None, None, None)


def test_a_channel_that_rests_holds_all_but_apologies() -> None:
    for klass in CLASSES:
        said = answer(letter(klass=klass), situation=free(resting=Resting("smtp/aoba.example")))
        assert said == ("depart" if klass == "apology" else "hold_channel_domain until 2026-06-02 09:00")
    soon = free(resting=Resting("smtp", jst("2026-06-01 10:05")))
    assert answer(letter(), situation=soon) == "hold_channel until 2026-06-01 10:05"


def test_a_refused_theme_stops_letters_as_a_refusal_does() -> None:
    for klass in CLASSES:
        said = answer(letter(klass=klass), situation=free(refusals=frozenset({"topic"})))
        assert said == ("depart" if klass in ("notice", "apology") else "stop_topic")


def test_a_plan_grants_no_more_than_the_ramp_has_left() -> None:
    terms = network(warm_up=RAMP)
    cases = [(going_out(person=person), free()) for person in range(1, 6)]
    said = [spoken(one) for one in plan(jst("2026-06-01 10:00"), cases, SharedHistory(), terms)]
    assert said == ["depart", "depart"] + ["hold_warm_up until 2026-06-02 09:00"] * 3
