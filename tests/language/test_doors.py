"""The doors of our own scenarios: every lead fits exactly one, told by what is known (docs/decisions/0026)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.calendar import BusinessCalendar
from hagukumi.files import read_files, scenario_files
from hagukumi.journeys.core.facts import Activity, Facts
from hagukumi.journeys.core.journey import Journey
from hagukumi.journeys.core.moment import Moment
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.turn import Rules
from hagukumi.letters.rules import our_calendar, terms_of
from hagukumi.simulate.persons import Fixed
from hagukumi.simulate.story import Story
from hagukumi.workspace import CHECKOUT, open_folder

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
MONTHLY = "月1回のお知らせ"
OPEN_INTERESTS = ("記録の残業に関心", "請求漏れに関心", "老朽化に関心")
LEADERS = ("decision_maker", "influencer", "champion", "veto")
TRADES = {"hospital": "industry-hospital", "clinic": "industry-clinic", "care_home": "industry-care-home"}
PIECES = [f"{theme}-{kind}" for theme in ("overtime", "claims", "equipment") for kind in ("summary", "checklist")]
CASES = ["claims-case", "equipment-case"]
CHOICES = ["theme-overtime", "theme-claims", "theme-equipment"]

deeds = st.lists(
    st.tuples(
        st.sampled_from(["downloaded", "visited", "submitted", "clicked"]),
        st.sampled_from([*PIECES, *CASES, *CHOICES, "pricing", "overtime-case"]),
        st.integers(min_value=0, max_value=60),
    ),
    max_size=4,
)
people = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(["lead", "lead", "lead", "mql", "ng"]),
        "kind": st.sampled_from([None, "company", "other", *TRADES]),
        "role": st.sampled_from([None, "user", "purchaser", "dealer", *LEADERS]),
        "tags": st.frozensets(st.sampled_from([MONTHLY, *OPEN_INTERESTS]), max_size=2),
    }
)


@cache
def programs() -> dict[str, Program]:
    files = read_files(open_folder(CHECKOUT))
    compiled = [files.compile_file(path) for path in scenario_files(open_folder(CHECKOUT))]
    return {each.program.name: each.program for each in compiled if each.program is not None}


def facts_of(who: dict[str, Any], done: list[tuple[str, str, int]], inside: frozenset[str] = frozenset()) -> Facts:
    past = sorted(done, key=lambda deed: -deed[2])
    activities = []
    for number, (kind, content, days) in enumerate(past):
        at = NOW - timedelta(days=days, minutes=10 - number)
        activities.append(Activity(number, kind, at, at, content))
    return Facts({**who, "scenarios": inside}, activities)


def fitting(facts: Facts) -> set[str]:
    moment = Moment(NOW, BusinessCalendar(), "seed")
    nobody = Journey(0, "", "", "", 0, 0, "", NOW, None, NOW)
    return {name for name, program in programs().items() if program.who.holds(nobody, facts, moment)}


def told_a_theme(who: dict[str, Any], done: list[tuple[str, str, int]]) -> bool:
    recent = [(kind, content) for kind, content, days in done if days < 30]
    reads = sum(kind == "visited" and content in PIECES for kind, content in recent)
    chose = any(kind == "submitted" and content in CHOICES for kind, content in recent)
    took = any(kind == "downloaded" and content in (*PIECES, *CASES) for kind, content in recent)
    return bool(who["tags"] & set(OPEN_INTERESTS)) or chose or took or reads >= 2


@given(people, deeds)
def test_every_lead_fits_exactly_one_scenario_unless_promised_to_be_left_alone(
    who: dict[str, Any], done: list[tuple[str, str, int]]
) -> None:
    found = fitting(facts_of(who, done))
    if who["stage"] != "lead":
        assert found == set()
    elif told_a_theme(who, done):
        assert found == {"issue"}
    elif MONTHLY in who["tags"]:
        assert found == set()
    elif who["kind"] in TRADES and who["role"] in LEADERS:
        assert found == {TRADES[who["kind"]]}
    else:
        assert found == {"interest"}


@given(people, deeds, st.sampled_from(["issue", "interest", *TRADES.values()]))
def test_whoever_is_in_one_enters_no_other(who: dict[str, Any], done: list[tuple[str, str, int]], inside: str) -> None:
    # A corrected kind of facility can open another industry's door; the voice of the account then speaks for one.
    others = fitting(facts_of(who, done, frozenset({inside}))) - {inside}
    assert not others or (inside in TRADES.values() and others <= set(TRADES.values()))


def test_whoever_shows_another_theme_on_the_way_hears_about_that_theme_from_then_on() -> None:
    files = read_files(open_folder(CHECKOUT))
    calendar = our_calendar(files.defaults, "Asia/Tokyo")
    every = programs()
    rules = Rules(calendar, "1", {p.hash: p for p in every.values()}, tuple(every.values()), Fixed(0.0))
    story = Story(rules, terms_of(files.defaults, calendar), NOW)
    nurse = story.person({"role": "user", "kind": "hospital"})
    story.act(nurse, "downloaded", NOW + timedelta(days=2), content="claims-checklist")
    story.until(NOW + timedelta(days=60))
    assert [sent.content for sent in story.sent if sent.state == "accepted"] == [
        "interest/first-checklist", "interest/reminder", "issue/claims-case", "issue/claims-comparison",
        "follow-up/field-claims", "interest/pause",
    ]  # fmt: skip
    assert [(scenario, why[-1]) for _, scenario, _, why in story.ended] == [
        ("interest", "課題別へ"), ("issue", "月1回のお知らせへ"),
    ]  # fmt: skip
    assert MONTHLY in story.people[nurse].attributes["tags"]
