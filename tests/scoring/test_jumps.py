"""Jumps: exactly one within a cool-down, made by people and not by time, with a reason a caller can say aloud."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.facts import Activity, Change
from hagukumi.journeys.core.values import Words
from models.scoring.jumps import Jump, judge, jumps, tell
from models.scoring.points import Scorer, compile_points
from models.scoring.rules import JumpRule
from tests.scoring.examples import DECIDER, JUMP, PRACTICE, days

CALENDAR = BusinessCalendar()
SCORER = compile_points(PRACTICE)
NAMES = {"roi-simulation": Words("ROI試算", "ROI simulation"), "overtime-case": Words("事例", "the case")}


def at(text: str) -> datetime:
    """Japan time of 2026, such as 04-28 10:00, in UTC."""
    return datetime.strptime(f"2026-{text} +0900", "%Y-%m-%d %H:%M %z").astimezone(UTC)


def history(*events: str) -> list[Activity]:
    """Events written "04-28 10:00 downloaded roi-simulation", numbered from 1."""
    made = []
    for number, event in enumerate(events, 1):
        day, clock, kind, *content = event.split()
        when = at(f"{day} {clock}")
        made.append(Activity(number, kind, when, when, content[0] if content else None))
    return made


def found(
    attributes: Mapping[str, Any],
    events: Sequence[Activity],
    last: datetime | None = None,
    new: Collection[int] | None = None,
    scorer: Scorer = SCORER,
) -> list[Jump]:
    numbers = {event.id for event in events} if new is None else new
    return jumps(scorer.of(attributes, events), numbers, CALENDAR, last, NAMES)


ACTIVE_WEEK = history(
    "04-20 10:00 clicked overtime-case",
    "04-28 10:00 downloaded roi-simulation",
    "04-30 09:00 clicked overtime-case",
    "04-30 15:00 submitted",
)


def test_a_rise_of_25_points_in_a_week_is_one_jump_with_its_reason_in_both_languages() -> None:
    (jump,) = found({}, ACTIVE_WEEK)
    assert (jump.kind, jump.event, jump.at) == ("rise", 4, at("04-30 15:00"))
    assert (jump.then, jump.before, jump.after) == (43, 172, 372)
    assert tell(jump.because, "ja") == (
        "資料『ROI試算』をダウンロード(4/28)、メールのリンク『事例』をクリック(4/30)、問い合わせ(4/30)で、7日間に4→37点"
    )
    assert tell(jump.because, "en") == (
        "Downloaded “ROI simulation” (28 Apr); Clicked “the case” (30 Apr); Sent a form (30 Apr): "
        "from 4 to 37 points in 7 days"
    )


def test_the_call_is_due_in_one_business_day_over_golden_week() -> None:
    (jump,) = found({}, ACTIVE_WEEK)
    assert jump.due == at("05-01 15:00")
    (late,) = found({}, history("05-01 16:00 submitted", "05-01 16:05 downloaded roi-simulation"))
    assert late.due == at("05-07 16:05")


def test_reaching_the_line_is_a_jump_even_without_a_steep_rise() -> None:
    steady = history("04-06 10:00 submitted", "04-14 10:00 submitted", "04-22 10:00 submitted")
    (rise_or_line,) = found(DECIDER, steady, last=at("03-01 10:00"), new={3})
    assert rise_or_line.kind == "line"
    assert tell(rise_or_line.because, "ja") == "問い合わせ(4/22)で、7日間に56→70点(60点に到達)"
    assert tell(rise_or_line.because, "en") == "Sent a form (22 Apr): from 56 to 70 points in 7 days, reaching 60"


def test_every_crossing_is_told_from_below_the_line_whatever_went_before() -> None:
    back = 0
    for hours in range(0, 24 * 21, 9):
        start = history("04-06 10:00 submitted", "04-06 11:00 submitted", "04-10 10:00 submitted")
        late = start[-1].occurred_at + timedelta(hours=hours)
        events = [*start, Activity(4, "submitted", late, late)]
        for jump in found(DECIDER, events, last=at("04-11 10:00"), new={4}):
            if jump.kind == "line":
                since, after, line = (int(jump.because.args[number]) for number in (0, 1, -1))
                assert since < line <= after
                back += jump.then >= line * 10
    assert back, "nobody fell below the line and came back"


def test_within_the_cool_down_there_is_no_second_jump_and_after_it_there_may_be() -> None:
    first = history("04-01 10:00 submitted", "04-01 11:00 downloaded")
    (jump,) = found({}, first)
    # Ten business days after 4/1 11:00 is 4/15 11:00.
    again = [*first, *history(*["04-15 10:00 submitted"] * 2, "04-15 10:30 submitted", "04-15 12:00 clicked")]
    events = [event._replace(id=number) for number, event in enumerate(again, 1)]
    assert [j.event for j in found({}, events)] == [2, 6]
    assert [j.event for j in found({}, events[:5])] == [2]
    assert found({}, events, last=jump.at, new={3, 4, 5}) == []


def test_the_same_rise_is_not_told_twice_when_the_cool_down_is_shorter_than_the_window() -> None:
    hasty = compile_points(replace(PRACTICE, jump=JumpRule(rise=Decimal(25), window=days(7), cool_down=days(1))))
    events = history("04-01 10:00 submitted", "04-01 11:00 downloaded", "04-03 10:00 clicked")
    assert [jump.event for jump in found({}, events, scorer=hasty)] == [2]


def test_a_rise_by_time_alone_or_by_attributes_alone_never_jumps() -> None:
    events = history("04-01 10:00 refused", "04-20 10:00 visited")
    assert found(DECIDER, events) == []
    promoted = [Change(at("04-20 09:59"), "role", "user"), Change(at("04-20 09:59"), "beds", 10)]
    standing = SCORER.of(DECIDER, history("04-20 10:00 downloaded"), promoted)
    assert jumps(standing, {1}, CALENDAR) == []


def test_an_event_that_a_cap_swallows_makes_no_jump() -> None:
    assert judge(JumpRule(), 0, 400, 400) is None


def test_a_click_jumps_when_it_has_settled_and_not_when_it_happened() -> None:
    click = Activity(2, "clicked", at("04-30 10:00"), at("04-30 10:01"))
    events = [*history("04-30 09:00 submitted"), click]
    (jump,) = found({}, events)
    assert (jump.event, jump.at) == (2, at("04-30 10:01"))


def test_without_a_jump_rule_nobody_jumps() -> None:
    assert found({}, ACTIVE_WEEK, scorer=compile_points(replace(PRACTICE, jump=None))) == []


HOURS = st.integers(0, 24 * 40)
KINDS = st.sampled_from(["clicked", "downloaded", "submitted", "refused"])


@given(st.lists(st.tuples(HOURS, KINDS), max_size=12), st.lists(st.integers(0, 12), max_size=3))
def test_batches_change_no_jump(drawn: list[tuple[int, str]], cuts: list[int]) -> None:
    start = at("04-01 09:00")
    events = [
        Activity(number, kind, start + timedelta(hours=hour), start + timedelta(hours=hour))
        for number, (hour, kind) in enumerate(sorted(drawn), 1)
    ]
    at_once = found(DECIDER, events)
    piecewise: list[Jump] = []
    last, begin = None, 0
    for cut in [*sorted(cuts), len(events)]:
        new = {event.id for event in events[begin:cut]}
        piecewise += found(DECIDER, events[:cut], last, new)
        last, begin = (piecewise[-1].at if piecewise else None), max(begin, cut)
    assert piecewise == at_once
    for one, two in pairwise(at_once):
        assert two.at >= JUMP.cool_down.after(one.at, CALENDAR)
