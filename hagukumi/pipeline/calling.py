"""What follows from one call, by desk.yaml: a Dialled in, a Plan out. Pure. Start with `plan`.

The instants are UTC; whoever stores the plan (hagukumi/desk) adds nothing of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, assert_never

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import ClockRange
from hagukumi.pipeline.desk import ATTENDANCES, Attendance, DeskRules, OutcomeRule

NOON = time(12)
Half = Literal["morning", "afternoon"]


def never_shut(local: datetime) -> bool:
    """The recipient is there all day."""
    return False


class Dialled(NamedTuple):
    """One call. at: when; tries: dials of this task that reached nobody, this one among them if it did not.

    made_at: when the task was made. shut: whether the recipient is closed at a local instant.
    fields: what was written down, read into values by pipeline/written.py.
    """

    at: datetime
    tries: int
    made_at: datetime
    fields: Mapping[str, object]
    shut: Callable[[datetime], bool] = never_shut


class Again(NamedTuple):
    """A call later on. asleep: nothing is to be done before then, and no letter waits for it."""

    at: datetime
    asleep: bool


class Plan(NamedTuple):
    """What follows. done: the task is over. redial_at: else when it is due again.

    again: a new call of inside sales. ask: what the other desk is asked for (number, successor, person).
    """

    done: bool
    redial_at: datetime | None = None
    gave_up: bool = False
    again: Again | None = None
    meeting: Attendance | None = None
    meets_at: datetime | None = None
    letter: str | None = None
    refuse_phone: bool = False
    ng: str | None = None
    left: bool = False
    ask: Literal["number", "successor", "person"] | None = None
    stage: str | None = None


def plan(rules: DeskRules, rule: OutcomeRule, call: Dialled, calendar: BusinessCalendar) -> Plan:
    """What follows from the call."""
    match rule.next:
        case "redial":
            return _redial(rules, call, calendar)
        case "find_number":
            return Plan(True, ask="number")
        case "close":
            return Plan(True, again=_dated(call, calendar), stage=rule.stage, letter=rule.letter)
        case "again":
            return Plan(True, again=_later(rule, call, calendar), stage=rule.stage, letter=rule.letter)
        case "meeting":
            met = call.fields.get("日時")
            said = call.fields.get("決裁者同席")
            attendance = next((one for one in ATTENDANCES if one == said), ATTENDANCES[0])
            return Plan(
                True, meeting=attendance, meets_at=met if isinstance(met, datetime) else None, stage=rule.stage or "mql"
            )
        case "material":
            return Plan(True, again=_later(rule, call, calendar), letter=rule.letter, stage=rule.stage)
        case "referral":
            return Plan(True, ask="person")
        case "left":
            return Plan(True, left=True, ask="successor")
        case "refuse_phone":
            return Plan(True, refuse_phone=True)
        case "ng":
            return Plan(True, ng=str(call.fields.get("理由", "no_fit")))
        case _:
            assert_never(rule.next)


def _redial(rules: DeskRules, call: Dialled, calendar: BusinessCalendar) -> Plan:
    redial = rules.redial
    letter = str(redial.letter) if redial.letter_after and call.tries == redial.letter_after else None
    back = call.fields.get("戻り時刻")
    at = back if isinstance(back, datetime) and back > call.at else other_half(rules, call.at, call.shut, calendar)
    if call.tries >= redial.tries or at > redial.within.after(call.made_at, calendar):
        return Plan(True, gave_up=True, letter=letter)
    return Plan(False, redial_at=at, letter=letter)


def other_half(
    rules: DeskRules, at: datetime, shut: Callable[[datetime], bool], calendar: BusinessCalendar
) -> datetime:
    """The other half-day of the next business day; if they are closed then, the next such half-day they are open.

    Where they are closed in every such half-day of two weeks, the same half-day will have to do.
    """
    half: Half = "afternoon" if calendar.local(at).time() < NOON else "morning"
    other: Half = "morning" if half == "afternoon" else "afternoon"
    for wanted in (half, other):
        day = calendar.day_of(at)
        for _ in range(14):
            day = _next_day(day, calendar)
            then = calendar.instant(day, clock_of(getattr(rules.redial, wanted)))
            if not shut(calendar.local(then)):
                return then
    return calendar.instant(_next_day(calendar.day_of(at), calendar), clock_of(getattr(rules.redial, half)))


def clock_of(text: str) -> time:
    """10:00 as a time. Raises ValueError for anything else."""
    return time.fromisoformat(text.strip())


def hours_of(text: str | None) -> ClockRange | None:
    """16:00-17:30 as hours."""
    if not text or "-" not in text:
        return None
    start, end = (clock_of(part) for part in text.split("-"))
    return ClockRange(start, end)


def _next_day(day: date, calendar: BusinessCalendar) -> date:
    day += timedelta(days=1)
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    return day


def _dated(call: Dialled, calendar: BusinessCalendar) -> Again | None:
    """The call on a day that was named; None where none was."""
    day = call.fields.get("再架電日")
    if isinstance(day, date):
        return _again(calendar.instant(_business(day, calendar), time(10)), call, calendar)
    back = call.fields.get("戻り時刻")
    return _again(back, call, calendar) if isinstance(back, datetime) else None


def _later(rule: OutcomeRule, call: Dialled, calendar: BusinessCalendar) -> Again | None:
    named = _dated(call, calendar)
    if named is not None:
        return named
    month = call.fields.get("年月") or call.fields.get("更新月")
    if isinstance(month, date):
        begin = calendar.instant(month, time(10))
        at = rule.ahead.before(begin, calendar) if rule.ahead is not None else begin
        at = max(at, calendar.add_business_days(call.at, 1))
        return _again(calendar.instant(_business(calendar.day_of(at), calendar), time(10)), call, calendar)
    if rule.after is None:
        return None
    return _again(rule.after.after(call.at, calendar), call, calendar)


def _business(day: date, calendar: BusinessCalendar) -> date:
    """That day, or the next one we work on."""
    return day if calendar.is_business_day(day) else _next_day(day, calendar)


def _again(at: datetime, call: Dialled, calendar: BusinessCalendar) -> Again:
    at = calendar.next_business_open(at)
    return Again(at, asleep=at > calendar.add_business_days(call.at, 1))
