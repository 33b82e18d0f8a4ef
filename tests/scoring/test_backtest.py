"""Rules tried on the past: worked histories, and the same tasks as the engine's jumps for any of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.facts import Activity, Change
from models.scoring.backtest import Past, Period, Replayed, figures, tried, tuned
from models.scoring.jumps import jumps
from models.scoring.points import compile_points
from models.scoring.rules import JumpRule, PointRules
from tests.scoring.examples import NOW, PRACTICE, days, did, some_activities

CALENDAR = BusinessCalendar()
MONTH = Period(NOW - timedelta(days=28), NOW, days(14), CALENDAR)
SCORER = compile_points(PRACTICE)


def replayed(pasts: Sequence[Past], rules: PointRules = PRACTICE) -> Replayed:
    """Those rules over that history."""
    return Replayed(compile_points(rules), pasts, CALENDAR)


def keen(person: int, ago: int, **more: Any) -> Past:
    """Somebody who downloaded and asked on the same day, so many days ago."""
    done = [
        did("downloaded", timedelta(days=ago, minutes=5), person * 10, content="roi"),
        did("submitted", timedelta(days=ago), person * 10 + 1),
    ]
    return Past(person, {}, done, **more)


def ago(number: float) -> datetime:
    """So many days before NOW."""
    return NOW - timedelta(days=number)


def test_a_task_followed_by_an_outcome_in_time_is_a_hit_and_one_with_time_left_still_waits() -> None:
    pasts = [
        keen(1, 27, outcomes=(ago(20),), calls=(ago(26),)),
        keen(2, 27, outcomes=(ago(2),), calls=(ago(26),)),
        keen(3, 5),
        Past(4, {}, [], outcomes=(ago(10),)),
    ]
    found = figures(replayed(pasts).calls(), pasts, MONTH)
    assert (found.tasks, found.hits, found.waiting, found.called) == (3, 1, 1, 2)
    assert (found.outcomes, found.caught) == (3, 1)
    assert found.precision == 1 / 3 and found.recall == 1 / 3
    assert found.low is not None and found.high is not None and found.low <= 1 / 3 <= found.high


def test_what_happened_before_the_period_still_cools_down_and_counts_for_no_day() -> None:
    pasts = [keen(1, 30)]
    found = figures(replayed(pasts).calls(), pasts, MONTH)
    assert (found.tasks, sum(found.days.values())) == (0, 0)
    assert found.precision is None and found.recall is None


def test_days_without_and_with_too_many_tasks_are_named_with_their_dates() -> None:
    period = Period(ago(7), NOW, days(14), CALENDAR)
    pasts = [keen(n, 2) for n in (1, 2, 3)]
    found = figures(replayed(pasts).calls(), pasts, period)
    # 29 April is a holiday: what came then is worked on Thursday, the 30th.
    assert [day.isoformat() for day, number in found.days.items() if number] == ["2026-04-30"]
    assert {day.isoformat(): number for day, number in found.flood(2).items()} == {"2026-04-30": 3}
    first, last, run = found.drought()[0]
    assert (first.isoformat(), last.isoformat(), run) == ("2026-04-24", "2026-04-28", 3)


def test_a_mark_beside_the_point_is_about_the_last_task_before_it_and_counts_once() -> None:
    marked = [keen(1, 20, off_target=(ago(15), ago(14))), keen(2, 20, off_target=(ago(25),)), keen(3, 20)]
    again = [did("submitted", timedelta(days=day), 100 + day) for day in (20, 19, 3, 2)]
    twice = Past(4, {}, again, off_target=(ago(1),))
    found = figures(replayed([*marked, twice]).calls(), [*marked, twice], MONTH)
    assert (found.tasks, found.off_target) == (5, 2), "before any task a mark is about none, and the later one is meant"


def test_who_gains_and_who_loses_a_task_is_told_with_both_receipts() -> None:
    pasts = [keen(1, 10), Past(2, {}, [did("submitted", timedelta(days=9), 5)])]
    strict = replace(PRACTICE, jump=JumpRule(rise=Decimal(40)))
    eager = replace(PRACTICE, jump=JumpRule(rise=Decimal(20)))
    found = tried(replayed(pasts, strict), replayed(pasts, eager), MONTH)
    assert [(one.call.person, one.old.points, one.new.points) for one in found.gained] == [
        (1, 30.0, 30.0),
        (2, 20.0, 20.0),
    ]
    back = tried(replayed(pasts, eager), replayed(pasts, strict), MONTH)
    assert [one.call.person for one in back.lost] == [1, 2] and back.gained == ()


def test_attributes_are_those_of_the_time() -> None:
    since = ago(3)
    past = Past(1, {"role": "decision_maker"}, keen(1, 10).activities, (Change(since, "role", None),))
    (call,) = replayed([past]).calls()
    assert (call.before, call.after) == (100, 300)


def test_the_proposal_fills_the_capacity_with_the_tasks_that_were_worth_it() -> None:
    worth = [keen(n, 20, outcomes=(ago(15),)) for n in range(1, 9)]
    idle = [Past(n, {}, [did("submitted", timedelta(days=19), n * 10)]) for n in range(20, 40)]
    pasts = [*worth, *idle]
    found = tuned(replayed(pasts), MONTH, 1)
    assert found.best is not None and found.best.figures.precision == 1.0
    assert found.best.rise > 20
    wide = tuned(replayed(pasts), MONTH, 100)
    assert not wide.full and wide.best is not None and wide.best.figures.recall == 1.0
    assert {each.figures.per_day <= 100 for each in wide.curve} == {True}


def test_nothing_fits_when_every_line_makes_more_tasks_than_can_be_worked() -> None:
    flood = replace(
        PRACTICE, behaviour=tuple(replace(rule, points=Decimal(150), cap=None) for rule in PRACTICE.behaviour)
    )
    pasts = [keen(n, 2) for n in range(1, 60)]
    found = tuned(replayed(pasts, flood), Period(ago(3), NOW, days(14), CALENDAR), 1)
    assert (found.best, found.full, found.curve) == (None, False, ())


_JUMPS = st.builds(
    JumpRule,
    rise=st.integers(5, 40).map(Decimal),
    line=st.none() | st.integers(10, 60).map(Decimal),
    cool_down=st.sampled_from([days(1), days(5), days(20)]),
    window=st.sampled_from([days(2), days(7)]),
)


@settings(max_examples=150)
@given(_JUMPS, st.lists(some_activities(most=14), min_size=1, max_size=4))
def test_the_tasks_are_the_jumps_that_the_engine_makes(rule: JumpRule, histories: list[list[Activity]]) -> None:
    rules = replace(PRACTICE, jump=rule)
    scorer = compile_points(rules)
    pasts = [Past(n, {}, sorted(done, key=lambda a: (a.counts_at, a.id))) for n, done in enumerate(histories, 1)]
    found = [(call.person, call.at, call.event, call.kind) for call in replayed(pasts, rules).calls()]
    expected = [
        (past.person, jump.at, jump.event, jump.kind)
        for past in pasts
        for jump in jumps(scorer.of({}, past.activities), {a.id for a in past.activities}, CALENDAR)
    ]
    assert sorted(found) == sorted(expected)
