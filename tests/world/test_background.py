"""What happens without letters follows the drifting truth, the hours and the calendar, and is told late and twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hagukumi.world import rates
from hagukumi.world.background import CONTENTS, KINDS, Events, background, told, webinar_on, weight
from hagukumi.world.build import build
from hagukumi.world.lists import write_background
from hagukumi.world.truth import STAGES, Truth

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return build("visits", people=8_000, accounts=800).truth


@pytest.fixture(scope="module")
def year(truth: Truth) -> Events:
    return background(truth, 0, 365)


def once(events: Events) -> Events:
    """The events without their repetitions."""
    return events[np.unique(events["id"] & ~(1 << 62), return_index=True)[1]]


def test_it_comes_in_the_order_in_which_it_becomes_known(year: Events) -> None:
    assert (np.diff(year["known"]) >= 0).all() and (year["known"] > year["at"]).all()
    assert {KINDS[kind] for kind in np.unique(year["kind"])} == set(KINDS)


def test_who_is_nearer_to_buying_comes_oftener(truth: Truth, year: Events) -> None:
    people = list(truth.people.values())
    visits, days = Counter[str](), Counter[str]()
    for person in people:
        if person.persona == "buyer":
            for day in range(0, 360, 30):
                days[person.on(day).stage] += 30
    for event in once(year[year["kind"] == 0]):
        person = people[event["person"]]
        if person.persona == "buyer":
            visits[person.on(int(event["at"]) // 86_400).stage] += 1
    often = [visits[stage] / days[stage] for stage in STAGES]
    assert often == sorted(often) and often[4] > 10 * often[0]


def test_what_is_read_follows_the_theme_of_the_interest(truth: Truth, year: Events) -> None:
    people = list(truth.people.values())
    right = seen = 0
    for event in once(year[(year["kind"] <= 1) & (year["content"] < 12)]):
        now = people[event["person"]].on(int(event["at"]) // 86_400)
        if max(now.interest) > 0.5:
            seen += 1
            right += now.interest.index(max(now.interest)) == event["content"] // 4
    assert seen > 300 and right / seen > 0.6


def test_office_hours_weekdays_and_holidays_show(truth: Truth, year: Events) -> None:
    visits = once(year[year["kind"] == 0])
    hours = Counter((visits["at"] % 86_400 // 3_600).tolist())
    assert sum(hours[hour] for hour in range(9, 18)) / len(visits) > 0.6
    days = Counter(truth.start + timedelta(days=int(at) // 86_400) for at in visits["at"])
    sundays = [number for day, number in days.items() if day.weekday() == 6]
    tuesdays = [number for day, number in days.items() if day.weekday() == 1]
    assert sum(sundays) * 4 < sum(tuesdays)
    assert weight(date(2026, 5, 4)) < weight(date(2026, 5, 11)) / 4


def test_webinars_have_a_day_and_a_third_of_the_registered_come(year: Events, truth: Truth) -> None:
    registered, came = once(year[year["kind"] == 3]), once(year[year["kind"] == 4])
    assert abs(len(came) / len(registered) - rates.ATTENDS) < 0.1
    for event in told(truth, came):
        day = event.occurred_at.astimezone(TOKYO)
        theme = webinar_on(day.date())
        assert day.hour == 15 and theme is not None and CONTENTS[14 + theme] == event.content
    pairs = {(person, content) for person, content in zip(registered["person"], registered["content"], strict=True)}
    assert all((event["person"], event["content"]) in pairs for event in came)


def test_some_is_late_and_some_is_told_twice(year: Events) -> None:
    first = once(year)
    lag = first["known"] - first["at"]
    assert abs((lag > 3_000).mean() - rates.LATE_HOURS - rates.LATE_DAYS) < 0.02
    assert 0 < (lag > 2 * 86_400 - 1).mean() < 0.03
    again = len(year) - len(np.unique(year["id"]))
    assert abs(again / len(first) - rates.TWICE) < 0.01
    renamed = year[year["id"] >= 1 << 62]
    assert 0 < len(np.unique(renamed["id"])) / len(first) < 0.01
    whole = {(row["id"], row["at"], row["kind"]) for row in year}
    assert all((row["id"] - (1 << 62), row["at"], row["kind"]) in whole for row in renamed)


def test_nobody_comes_who_is_gone_or_whose_row_was_rejected(year: Events, truth: Truth) -> None:
    people = list(truth.people.values())
    for event in year:
        person = people[event["person"]]
        assert not person.is_gone(int(event["at"]) // 86_400)
        assert not {"bad_address", "no_name", "bad_date", "twice", "shared_again"} & set(person.traps)


def test_very_many_events_are_written_as_columns(year: Events, truth: Truth, tmp_path: Path) -> None:
    many = np.tile(year, 200_000 // len(year) + 1)
    file = write_background(truth, many, tmp_path)
    assert file.name == "background.npz"
    columns = np.load(file)
    assert len(columns["person"]) == len(many) and columns["keys"][many["person"][0]] in truth.people
    assert list(columns["kinds"]) == list(KINDS) and list(columns["contents"]) == list(CONTENTS)
    assert (columns["at"] == many["at"]).all()
