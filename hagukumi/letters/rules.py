"""The rules nobody should have to remember: scenarios/rules/defaults.yaml as values, and what departures need of them.

Pure; imports the core and the calendar. Start with Defaults; `terms_of` turns it into what guards and planner read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, NewType

from hagukumi.calendar import OFFICE_HOURS, BusinessCalendar
from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.program import Condition
from hagukumi.journeys.core.values import ClockRange, Span, SpanUnit, StageRange
from hagukumi.journeys.steps.conditions import Did, OneOf, Stage
from hagukumi.letters.recipients import NO_DAYS, Absent, MonthDays, days_in_month
from hagukumi.pipeline.approval import Check

OfDeals = Literal["hold", "stop", "off"]
DayRange = NewType("DayRange", str)
"""Days as people write them: 12-29..01-04 (every year), 2026-10-01, or 2026-10-01..2026-10-03."""

_DAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many letters in any stretch of time, however the calendar lies."""

    letters: int = entry("通数の上限", "most letters")
    within: Span = entry("この時間のあいだに(どの時点から数えても)", "in any stretch of this length")
    apart: Span | None = entry("次のメールまで最低あける時間", "least time between two letters", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHold:
    """Nurture letters wait while inside sales is about to talk, or talking, to the person."""

    at_most: Span = entry("1通を保留する最長の合計", "the longest a letter is held in total")


@dataclass(frozen=True, slots=True, kw_only=True)
class SameContent:
    """The same content never goes twice to one mailbox within this time."""

    within: Span = entry("この期間は同じ内容を同じ宛先に送らない", "no second time to a mailbox within this time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What somebody must have looked at before a letter of a scenario or a play may leave."""

    checks: tuple[Check, ...] = entry(
        "必要な確認(legal: 法務、brand: ブランド、copy: テスト送信、eyes: 別の人の目)",
        "checks needed (legal, brand, copy: a test copy went to a colleague, eyes: a second person's)",
        (),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """When a department has no time to read."""

    department: str = entry("部署(この言葉を含むもの)", "department (any that contains these words)")
    not_on_days: MonthDays = entry("送らない日(毎月。例: 1-10)", "days of the month without letters, such as 1-10")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """A new sender begins with few letters and becomes known to mailbox providers day by day."""

    starts_on: date = entry("送り始める日", "the first day")
    plan: tuple[int, ...] = entry(
        "送信日ごとの通数の上限(どの時点から数えても24時間にこの数まで)。終わると上限なし",
        "most letters in any 24 hours, one number for each day on which letters leave; after them no limit",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRate:
    """At most so many letters to the mailboxes of one mail domain in any stretch of time."""

    letters: int = entry("通数の上限", "most letters")
    within: Span = entry("この時間のあいだに(どの時点から数えても)", "in any stretch of this length")


STOPS_ACCOUNT: tuple[Condition, ...] = (
    Did("replied", since_entry=True),
    Did("called", outcome=frozenset({"アポ獲得"}), since_entry=True),
    Did("met"),
    OneOf("in_deal", frozenset({True})),
    Stage(StageRange("opportunity", "won")),
    OneOf("gap", frozenset({"competitor", "customer", "in_deal", "refused"})),
    OneOf("listed", frozenset({False})),
)
"""What ends a play where defaults.yaml says nothing about plays: an older workspace's must stop as well."""
STOPS_PERSON: tuple[Condition, ...] = (
    Did("refused"), Did("unsubscribed"), Did("left"), OneOf("left_company", frozenset({True})),
    Stage(StageRange("ng", "ng")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRules:
    """What changes a play for everybody at the account, at once. Acts count from the play's start."""

    stop_account: tuple[Condition, ...] = entry(
        "プレイ全体を終える条件(いずれか)。フィールドセールスに当日中のタスクができます",
        "what ends the play (any); field sales gets a task due the same day",
        STOPS_ACCOUNT,
    )
    stop_person: tuple[Condition, ...] = entry(
        "そのかただけを外す条件(いずれか)。ほかのかたには続きます",
        "what takes one person out (any); it goes on for the others",
        STOPS_PERSON,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """scenarios/rules/defaults.yaml: hours, days, caps, freshness and stop rules of every scenario."""

    send_hours: ClockRange = entry("送信してよい時間帯", "hours in which letters may leave", OFFICE_HOURS)
    no_send_days: tuple[DayRange, ...] = entry(
        "土日祝のほかに送信しない日", "days without letters, besides weekends and holidays", ()
    )
    business_hours: ClockRange = entry("自社の営業時間(SLAの計算に使用)", "our business hours (for SLA)", OFFICE_HOURS)
    closed_days: tuple[DayRange, ...] = entry("自社の休業日(営業日に数えない)", "our own closed days", ())
    cap: Cap = entry(
        "一人あたりの通数の上限",
        "most letters a person",
        Cap(letters=2, within=Span(168, SpanUnit.HOURS), apart=Span(24, SpanUnit.HOURS)),
    )
    account_cap: Cap = entry(
        "一施設(取引先)あたりの通数の上限", "most letters an account", Cap(letters=20, within=Span(168, SpanUnit.HOURS))
    )
    fresh_for: Span = entry(
        "保留されてよい最長の期間", "the longest a letter may wait", Span(5, SpanUnit.BUSINESS_DAYS)
    )
    task_hold: TaskHold = entry(
        "IS対応中の保留", "holding while inside sales acts", TaskHold(at_most=Span(3, SpanUnit.BUSINESS_DAYS))
    )
    voice: bool = entry(
        "一施設に話しかけるのは一営業日に一つのシナリオだけ", "one scenario a business day speaks to an account", True
    )
    same_content: SameContent = entry(
        "同じ内容を繰り返さない期間", "no repetition within", SameContent(within=Span(366, SpanUnit.DAYS))
    )
    approval: Approval = entry("送信前の承認", "approval before anything is sent", Approval())
    deal: OfDeals = entry(
        "商談中の施設へのメール(hold: 終わるまで保留、stop: 見送り、off: 送る)",
        "letters to accounts in a deal (hold: until it is over, stop: not sent, off: sent all the same)",
        "hold",
    )
    recipients: tuple[Recipients, ...] = entry("部署ごとの、お忙しい日", "when departments have no time to read", ())
    warm_up: WarmUp | None = entry("新しい差出人の慣らし(外へ送る出口だけ)", "ramp of a new sender", None)
    domain_rate: DomainRate | None = entry(
        "宛先ドメインごとの通数の上限(外へ送る出口だけ)", "most letters to one mail domain", None
    )
    stop_when: tuple[Condition, ...] = entry("シナリオを止める条件(いずれか)", "what ends a scenario (any)", ())
    plays: PlayRules = entry("プレイ(取引先ごと)の決まり", "rules of plays", PlayRules())


class Terms(NamedTuple):
    """Defaults as departures read them: spans turned into lengths, days into calendars. Made once by `terms_of`."""

    calendar: BusinessCalendar
    sending: BusinessCalendar
    cap: int
    cap_within: timedelta
    cap_apart: timedelta
    account_cap: int
    account_within: timedelta
    fresh_for: Span
    task_hold: Span
    voice: bool
    same_within: timedelta
    checks: tuple[Check, ...] = ()
    deal: OfDeals = "hold"
    absent: tuple[Absent, ...] = ()
    outlet: str | None = None
    warm_up: WarmUp | None = None
    domain_rate: tuple[int, timedelta] | None = None

    @property
    def longest(self) -> timedelta:
        """How far back caps and voices look."""
        return max(self.cap_within, self.account_within)

    def allowance(self, at: datetime) -> int | None:
        """Most letters in the 24 hours up to `at` while a new sender warms up; None: no limit (any more)."""
        if self.warm_up is None:
            return None
        day, first = self.calendar.day_of(at), self.warm_up.starts_on
        if day < first:
            return 0
        start = self.calendar.instant(first, time())
        # Its first day counts also when it is none of ours.
        number = self.sending.business_days_between(start, at)
        return self.warm_up.plan[number] if number < len(self.warm_up.plan) else None


RAMP = timedelta(hours=24)
"""The stretch of time that each number of a warm-up is about."""


def our_calendar(rules: Defaults, zone: str = "Asia/Tokyo") -> BusinessCalendar:
    """Our own calendar: SLA and business days of scenarios. Raises ValueError for a day range that is none."""
    return BusinessCalendar(zone, closed=in_days(rules.closed_days), hours=rules.business_hours)


def terms_of(rules: Defaults, calendar: BusinessCalendar, outlet: str | None = None) -> Terms:
    """What guards and planner need. `calendar` is ours; the sending calendar is made from it and the no-send days.

    outlet: its name where letters leave over a network; without one nothing warms up and no domain has a rate.

    Raises ValueError for a day range or a length that is none (`wrong_in` names them all).
    """
    rate = rules.domain_rate
    return Terms(
        calendar=calendar,
        sending=calendar.with_closed(in_days(rules.no_send_days), rules.send_hours),
        cap=rules.cap.letters,
        cap_within=length(rules.cap.within),
        cap_apart=length(rules.cap.apart) if rules.cap.apart is not None else timedelta(),
        account_cap=rules.account_cap.letters,
        account_within=length(rules.account_cap.within),
        fresh_for=rules.fresh_for,
        task_hold=rules.task_hold.at_most,
        voice=rules.voice,
        same_within=length(rules.same_content.within),
        checks=tuple(dict.fromkeys(rules.approval.checks)),
        deal=rules.deal,
        absent=tuple(Absent(one.department, days_in_month(one.not_on_days)) for one in rules.recipients),
        outlet=outlet,
        warm_up=rules.warm_up if outlet else None,
        domain_rate=(rate.letters, length(rate.within)) if outlet and rate else None,
    )


def wrong_in(rules: Defaults) -> tuple[tuple[str, str], ...]:
    """What the types let through: (dotted field, code of hagukumi.letters.words.RULES), in the order of the fields."""
    wrong: list[tuple[str, str]] = []
    for field, hours in (("send_hours", rules.send_hours), ("business_hours", rules.business_hours)):
        if hours.start >= hours.end:
            wrong.append((field, "rules_hours"))
    for field, days in (("no_send_days", rules.no_send_days), ("closed_days", rules.closed_days)):
        wrong.extend((f"{field}.{n}", "rules_days") for n, text in enumerate(days) if _range(text) is None)
    for field, cap in (("cap", rules.cap), ("account_cap", rules.account_cap)):
        if cap.letters < 1:
            wrong.append((f"{field}.letters", "rules_letters"))
        spans = (("within", cap.within), ("apart", cap.apart))
        wrong.extend((f"{field}.{name}", "rules_length") for name, span in spans if span and not _has_length(span))
    if not _has_length(rules.same_content.within):
        wrong.append(("same_content.within", "rules_length"))
    return (*wrong, *_wrong_in_limits(rules))


def _wrong_in_limits(rules: Defaults) -> Iterable[tuple[str, str]]:
    for number, one in enumerate(rules.recipients):
        if days_in_month(one.not_on_days) == NO_DAYS:
            yield f"recipients.{number}.not_on_days", "rules_month_days"
    if rules.warm_up is not None:
        # A plan that falls would hold on one day what it let through on the day before.
        plan = rules.warm_up.plan
        if not plan or plan[0] < 1 or list(plan) != sorted(plan):
            yield "warm_up.plan", "rules_ramp"
    if rules.domain_rate is not None:
        if rules.domain_rate.letters < 1:
            yield "domain_rate.letters", "rules_letters"
        if not _has_length(rules.domain_rate.within):
            yield "domain_rate.within", "rules_length"


def length(span: Span) -> timedelta:
    """A sliding length: days are 24 h. Raises ValueError for business days, which have none."""
    match span.unit:
        case SpanUnit.MINUTES:
            return timedelta(minutes=span.amount)
        case SpanUnit.HOURS:
            return timedelta(hours=span.amount)
        case SpanUnit.DAYS:
            return timedelta(days=span.amount)
        case SpanUnit.BUSINESS_DAYS:
            raise ValueError("a sliding length cannot be counted in business days; write hours or days")


def in_days(texts: Iterable[DayRange]) -> Callable[[date], bool]:
    """Whether a local day lies in one of the ranges. Raises ValueError naming the text that is no range."""
    yearly: set[tuple[int, int]] = set()
    dated: list[tuple[date, date]] = []
    for text in texts:
        found = _range(text)
        if found is None:
            raise ValueError(f"{text!r} is no range of days; write 12-29..01-04 or 2026-10-01..2026-10-03")
        every_year, start, end = found
        if every_year:
            yearly.update(_days_of_the_year(start, end))
        else:
            dated.append((start, end))
    return lambda day: (day.month, day.day) in yearly or any(start <= day <= end for start, end in dated)


def run_from(at: datetime, span: timedelta, unit: SpanUnit, calendar: BusinessCalendar) -> datetime:
    """The instant by which `span` has run, on the clock of `unit`: business days only, or all the time."""
    return calendar.add_business_time(at, span) if unit is SpanUnit.BUSINESS_DAYS else at + span


def ran_between(start: datetime, end: datetime, unit: SpanUnit, calendar: BusinessCalendar) -> timedelta:
    """How long the clock of `unit` ran from `start` to `end`; nothing when `end` is earlier."""
    if end <= start:
        return timedelta()
    return calendar.business_time_between(start, end) if unit is SpanUnit.BUSINESS_DAYS else end - start


def _has_length(span: Span) -> bool:
    return span.unit is not SpanUnit.BUSINESS_DAYS


def _range(text: str) -> tuple[bool, date, date] | None:
    """(every year?, first day, last day); days of every year lie in a leap year."""
    first, dots, last = text.replace(" ", "").partition("..")
    start, end = _day(first), _day(last if dots else first)
    if start is None or end is None or start[0] != end[0]:
        return None
    every_year = start[0]
    return None if not every_year and start[1] > end[1] else (every_year, start[1], end[1])


def _day(text: str) -> tuple[bool, date] | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        return year is None, date(int(year or _LEAP_YEAR), int(month), int(day))
    except ValueError:
        return None


def _days_of_the_year(start: date, end: date) -> set[tuple[int, int]]:
    first = date(_LEAP_YEAR, 1, 1).toordinal()
    begin = start.toordinal() - first
    # Over New Year the range goes on at the year's other end.
    ordinals = (first + (begin + n) % 366 for n in range(1 + (end - start).days % 366))
    return {(day.month, day.day) for day in map(date.fromordinal, ordinals)}
