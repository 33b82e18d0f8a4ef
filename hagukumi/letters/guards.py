"""The guards every letter passes at its departure: one ordered tuple, GUARDS, with the classes each applies to.

Pure; imports departure.py, ledger.py and rules.py. Any stop beats every hold, among holds the latest `until` wins;
a hold under which the letter does not age is asked again when it ends, so that only its own time is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import CLASSES, PASS, Ground, Hold, Situation, Stop, Verdict, Waiting
from hagukumi.letters.ledger import Ledger
from hagukumi.letters.recipients import both_open
from hagukumi.letters.rules import Terms, length, run_from

MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)

ADDRESS_IS_DEAD = frozenset({"hard_bounce"})
"""Suppressions that are about the mailbox, not about the person's will."""
REFUSED = ("refused", "unsubscribed", "spam_report", "former_tool", "topic")
"""Causes of a refusal of advertising, the plainest first."""


class Desk(NamedTuple):
    """Where guards look: the slot, the rules, and what was granted so far.

    hours: when letters may leave: the slot itself, or the next opening. opening: that of the next sending day.
    allowance: most letters in the 24 hours before the slot while a new sender warms up, None without a limit.
    """

    slot: datetime
    terms: Terms
    ledger: Ledger
    hours: datetime
    opening: datetime
    allowance: int | None = None

    @property
    def asked_again(self) -> datetime:
        """When to ask again about what somebody has to end: at the next opening after the slot."""
        return self.hours if self.hours > self.slot else self.opening


def stop_switch(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held while its scenario or everything is paused; asked again every sending day, and at once when resumed."""
    if situation.paused is None:
        return PASS
    return Hold(desk.asked_again, Why("hold_paused", (situation.paused,)), stands_still=True)


def frozen_play(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held while its play stands still at the account."""
    if situation.frozen is None or situation.frozen <= desk.slot:
        return PASS
    return Hold(situation.frozen, Why("hold_frozen"), stands_still=True)


def frozen_account(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held while people left its account alone; asked again every sending day, for an answer ends it."""
    if situation.left_alone is None or situation.left_alone.until <= desk.slot:
        return PASS
    until, by = situation.left_alone
    local = desk.terms.calendar.local(until).strftime("%Y-%m-%d %H:%M")
    return Hold(min(until, desk.asked_again), Why("hold_account_frozen", (local, by)), stands_still=True)


def opt_outs_settled(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held until the opt-outs of the former tool are imported, or signed as none."""
    if situation.may_send:
        return PASS
    return Hold(desk.asked_again, Why("hold_opt_outs_unsettled"), stands_still=True)


def address(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """No address, no letter."""
    return PASS if waiting.address is not None else Stop(Why("stop_no_address"))


def live_address(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """A mailbox that does not exist gets nothing, whatever it is."""
    dead = not ADDRESS_IS_DEAD.isdisjoint(situation.refusals)
    return Stop(Why("stop_hard_bounce")) if dead else PASS


def surname(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """No surname, no mail."""
    return PASS if situation.surname else Stop(Why("stop_no_surname"))


def refusal(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Who refused gets no advertising, at once and for ever."""
    refusals = situation.refusals - ADDRESS_IS_DEAD
    if not refusals:
        return PASS
    cause = next((cause for cause in REFUSED if cause in refusals), "refused")
    return Stop(Why(f"stop_{cause}"))


def legal_ground(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Advertising needs a ground that still stands and can be proven."""
    standing = [g for g in situation.grounds if g.withdrawn_at is None or g.withdrawn_at > desk.slot]
    if not standing:
        return Stop(Why("stop_no_ground"))
    return PASS if any(map(proven, standing)) else Stop(Why("stop_no_evidence"))


def content_stands(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Withdrawn content does not leave."""
    return Stop(Why("stop_content_withdrawn", (waiting.content,))) if situation.content_withdrawn else PASS


def content_approved(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held until everything that is to be looked at has been, at these very texts; asked again at once then."""
    if not situation.unapproved:
        return PASS
    return Hold(desk.asked_again, Why("hold_not_approved", (waiting.content,)), stands_still=True)


def inside_sales(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held while inside sales is to talk or talking to the person, so many days a letter in total.

    A task that only this journey's own steps made holds nothing of this journey.
    """
    task = situation.task
    if task is not None and task.makers == {waiting.journey} and waiting.journey is not None:
        task = None
    if task is None and not situation.in_conversation:
        return PASS
    terms = desk.terms
    left = _length(terms.task_hold) - waiting.task_hold * MICROSECOND
    if left <= timedelta():
        return PASS
    until = run_from(desk.slot, left, terms.task_hold.unit, terms.calendar)
    return Hold(until, Why("hold_task" if task is not None else "hold_conversation"), for_task=True)


def account_in_deal(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """While sales negotiates with an account marketing is silent there; asked again every sending day."""
    if not situation.in_deal or desk.terms.deal == "off":
        return PASS
    if desk.terms.deal == "stop":
        return Stop(Why("stop_in_deal"))
    return Hold(desk.asked_again, Why("hold_in_deal"), stands_still=True)


def sending_day(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Not on weekends, holidays and no-send days."""
    sending = desk.terms.sending
    if desk.hours <= desk.slot or sending.is_business_day(sending.day_of(desk.slot)):
        return PASS
    return Hold(desk.hours, Why("hold_no_send_day"))


def sending_hours(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Not before the morning and not in the evening."""
    return PASS if desk.hours <= desk.slot else Hold(desk.hours, Why("hold_hours"))


def recipient_calendar(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Not while the recipient's facility is closed or the department has no time."""
    if situation.closed is None:
        return PASS
    opening = both_open(situation.closed, desk.slot, desk.terms.sending)
    if opening <= desk.hours:
        return PASS
    return Hold(opening, Why("hold_recipient"), stands_still=True)


def person_cap(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """So many letters a person and a mailbox in any stretch of time, and so long apart."""
    free = desk.ledger.free_for_person(waiting, desk.slot)
    return PASS if free <= desk.slot else Hold(free, Why("hold_cap", (str(desk.terms.cap),)))


def same_content(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """The same content never twice to one mailbox, except the same step to the same person in a later visit."""
    for sent in desk.ledger.contents(waiting):
        if sent.at + desk.terms.same_within <= desk.slot:
            continue
        same_step = (sent.person, sent.scenario, sent.step) == (waiting.person, waiting.scenario, waiting.step)
        if not (same_step and waiting.scenario and sent.visit < waiting.visit):
            day = desk.terms.calendar.day_of(sent.at).isoformat()
            return Stop(Why("stop_same_content", (waiting.content, day)))
    return PASS


def voice(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """An account hears one scenario or play a business day."""
    if not desk.terms.voice:
        return PASS
    voices = desk.ledger.voices(waiting.unit)
    if not voices or waiting.scenario in voices:
        return PASS
    return Hold(desk.opening, Why("hold_voice", (min(voices),)), stands_still=True)


def account_cap(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """So many letters an account in any stretch of time."""
    free = desk.ledger.free_for_account(waiting, desk.slot)
    if free <= desk.slot:
        return PASS
    return Hold(free, Why("hold_account_cap", (str(desk.terms.account_cap),)), stands_still=True)


def channel_open(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """Held while the outlet, or the outlet to this mail domain, rests; asked again at once when it goes on."""
    if situation.resting is None:
        return PASS
    name, until = situation.resting
    outlet, to_domain, _ = name.partition("/")
    # The domain itself is not written into reasons: it may be somebody's own.
    code = "hold_channel_domain" if to_domain else "hold_channel"
    again = desk.asked_again if until is None else max(until, desk.slot + MINUTE)
    return Hold(again, Why(code, (outlet,)), stands_still=True)


def warm_up(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """A new sender sends so many letters in any 24 hours, more from day to day."""
    if desk.allowance is None or waiting.domain is None:
        return PASS
    if desk.allowance == 0:
        return Hold(_first_day(desk.terms), Why("hold_not_begun"), stands_still=True)
    free = desk.ledger.free_to_leave(desk.allowance, desk.slot)
    if free <= desk.slot:
        return PASS
    # The next day may allow more than this one.
    until = min(_quarter(free), desk.opening)
    return Hold(until, Why("hold_warm_up", (str(desk.allowance),)), stands_still=True)


def domain_rate(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """So many letters to one mail domain in any stretch of time."""
    if desk.terms.domain_rate is None or waiting.domain is None:
        return PASS
    free = desk.ledger.free_for_domain(waiting.domain, desk.slot)
    if free <= desk.slot:
        return PASS
    return Hold(free, Why("hold_domain_rate", (str(desk.terms.domain_rate[0]),)), stands_still=True)


def freshness(waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """A letter that has waited too long is not sent any more."""
    return PASS if desk.slot < fresh_until(waiting, desk.terms) else Stop(Why("stop_stale"))


Ask = Callable[[Waiting, Situation, Desk], Verdict]

ALL: frozenset[LetterClass] = frozenset(CLASSES)
ADVERTISING: frozenset[LetterClass] = frozenset({"nurture", "play", "personal"})
MACHINE: frozenset[LetterClass] = frozenset({"nurture", "play"})
NURTURE: frozenset[LetterClass] = frozenset({"nurture"})
PLAY: frozenset[LetterClass] = frozenset({"play"})


class Guard(NamedTuple):
    """One guard, and the classes of letter it applies to."""

    ask: Ask
    classes: frozenset[LetterClass]

    @property
    def name(self) -> str:
        """Its name in tables and words."""
        return self.ask.__name__


GUARDS: tuple[Guard, ...] = (
    # An apology must leave when everything else has been stopped.
    Guard(stop_switch, ALL - {"apology"}),
    Guard(frozen_play, PLAY),
    Guard(frozen_account, NURTURE),
    Guard(opt_outs_settled, ALL),
    Guard(address, ALL),
    Guard(live_address, ALL),
    Guard(surname, MACHINE),
    Guard(refusal, ADVERTISING),
    Guard(legal_ground, ADVERTISING),
    Guard(content_stands, ALL - {"apology"}),
    Guard(content_approved, MACHINE),
    Guard(inside_sales, NURTURE),
    Guard(account_in_deal, MACHINE),
    Guard(sending_day, MACHINE),
    Guard(sending_hours, MACHINE),
    Guard(recipient_calendar, MACHINE),
    Guard(person_cap, MACHINE),
    Guard(same_content, MACHINE),
    Guard(freshness, MACHINE),
    Guard(voice, MACHINE),
    Guard(account_cap, MACHINE),
    # These three only where letters leave over a network.
    Guard(channel_open, ALL - {"apology"}),
    Guard(warm_up, MACHINE),
    Guard(domain_rate, MACHINE),
)
"""In the order in which stops are named. The shared limits stand last."""

SHARED = frozenset({"voice", "account_cap", "warm_up", "domain_rate"})
"""Guards about what letters to several people share; a play claims its account's voice without them."""


def guards_of(klass: LetterClass) -> tuple[Ask, ...]:
    """The guards that apply to a class, in order."""
    return tuple(guard.ask for guard in GUARDS if klass in guard.classes)


def judge(asks: tuple[Ask, ...], waiting: Waiting, situation: Situation, desk: Desk) -> Verdict:
    """The first stop, else the latest hold, else Pass."""
    held: Hold | None = None
    for ask in asks:
        verdict = ask(waiting, situation, desk)
        if verdict is PASS:
            continue
        if isinstance(verdict, Stop):
            return verdict
        assert isinstance(verdict, Hold)
        held = verdict if held is None else _together(held, verdict)
    return PASS if held is None else held


def fresh_until(waiting: Waiting, terms: Terms) -> datetime:
    """When the letter goes stale: `fresh_for` after its writing, on a clock that did not run while it stood still."""
    return _fresh(waiting.written_at, waiting.fresh_for or terms.fresh_for, waiting.stood_still, terms.calendar)


@lru_cache(maxsize=4096)
def _fresh(written_at: datetime, fresh_for: Span, stood_still: int, calendar: BusinessCalendar) -> datetime:
    # Asked twice for every letter, and many are written in the same instant.
    until = fresh_for.after(written_at, calendar)
    return run_from(until, stood_still * MICROSECOND, fresh_for.unit, calendar) if stood_still else until


def proven(ground: Ground) -> bool:
    """Whether the evidence the law asks for is there (特定電子メール法3条): who, where or whence, and when."""
    if ground.kind == "published":
        return bool(ground.page) and ground.captured_on is not None
    if ground.kind not in ("consent", "card", "business") or ground.got_at is None:
        return False
    return bool(ground.got_by or ground.got_where or ground.source or ground.page)


def _together(held: Hold, other: Hold) -> Hold:
    """Two holds at once: the later one, but one that stops the clock is asked again when it ends."""
    if held.stands_still is other.stands_still:
        first = other if other.until > held.until else held
    else:
        first = held if held.stands_still else other
    return first._replace(for_task=held.for_task or other.for_task)


def _first_day(terms: Terms) -> datetime:
    assert terms.warm_up is not None
    return terms.sending.next_business_open(terms.calendar.instant(terms.warm_up.starts_on, time()))


def _quarter(at: datetime) -> datetime:
    """The next quarter of an hour: thousands that wait for one place after the other are not asked every minute."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - past + QUARTER if past else at


def _length(span: Span) -> timedelta:
    # On the clock of business days a day is 24 h as well.
    return timedelta(days=span.amount) if span.unit is SpanUnit.BUSINESS_DAYS else length(span)
