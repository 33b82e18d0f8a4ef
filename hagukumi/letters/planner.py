"""Who leaves in a slot of one minute: all waiting letters are judged in one total order, shared limits granted there.

Pure; imports guards.py and ledger.py. Start with `plan`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.values import SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.departure import (
    CLASSES,
    PASS,
    Decision,
    Depart,
    Hold,
    SharedHistory,
    Situation,
    Stop,
    Verdict,
    Waiting,
)
from hagukumi.letters.groups import decided
from hagukumi.letters.guards import (
    GUARDS,
    MICROSECOND,
    SHARED,
    Ask,
    Desk,
    fresh_until,
    freshness,
    guards_of,
    judge,
    sending_hours,
)
from hagukumi.letters.ledger import Ledger
from hagukumi.letters.rules import Terms, ran_between

SLOT = timedelta(minutes=1)
NOT_DUE = Why("hold_not_due")

_ASKS: dict[LetterClass, tuple[Ask, ...]] = {klass: guards_of(klass) for klass in CLASSES}
KEEPS_HOURS = frozenset(klass for klass in CLASSES if sending_hours in _ASKS[klass])
"""Classes of letter that leave within the sending hours only."""
_AGES = frozenset(klass for klass in CLASSES if freshness in _ASKS[klass])
_OWN_OF_A_PLAY = tuple(guard.ask for guard in GUARDS if "play" in guard.classes and guard.name not in SHARED)

Case = tuple[Waiting, Situation]


def plan(slot: datetime, waiting: Sequence[Case], shared: SharedHistory, terms: Terms) -> list[Decision]:
    """One decision for each waiting letter, in the order of departure.

    slot: UTC, a whole minute. The same letters in any order give the same decisions; letters that share neither person,
    mailbox nor account may be planned apart. Raises ValueError when `slot` is no whole minute.
    """
    if next_slot(slot) != slot:
        raise ValueError(f"{slot.isoformat()} is no slot: slots are whole minutes")
    ledger = Ledger(slot, shared, terms)
    sending = terms.sending
    desk = Desk(
        slot, terms, ledger, sending.next_business_open(slot), sending.opening_after(slot), terms.allowance(slot)
    )
    # Letters compare by key as UTF-8 bytes; Python compares code points, which is the same order.
    cases = sorted(waiting, key=lambda case: (case[0].priority, case[0].due, case[0].key))
    settled = [(_clocks_read(letter, slot, terms), situation) for letter, situation in cases]
    if terms.voice:
        _reserve_voices(settled, shared, desk)
    made: list[Decision] = []
    for group, some in groupby(settled, key=lambda case: case[0].group if case[0].due <= slot else None):
        each = list(some)
        if group is None or (len(each) == 1 and not each[0][1].siblings):
            made += [_decide(letter, situation, desk) for letter, situation in each]
        else:
            made += _together(each, desk)
    return made


def departures_possible(slot: datetime, terms: Terms) -> bool:
    """Whether nurture and play letters may leave in this slot at all; notices and apologies always may."""
    return terms.sending.is_open(slot)


def next_slot(at: datetime) -> datetime:
    """The first whole minute at or after `at`."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + SLOT


def _together(cases: list[Case], desk: Desk) -> list[Decision]:
    """The letters of one step of a play."""

    def asked(letter: Waiting, situation: Situation) -> Verdict:
        return judge(_ASKS[letter.klass], letter, situation, desk)

    return decided(cases, desk, asked, lambda letter, situation, said: _decide(letter, situation, desk, said))


def _decide(letter: Waiting, situation: Situation, desk: Desk, said: Verdict | None = None) -> Decision:
    fresh = fresh_until(letter, desk.terms)
    if letter.due > desk.slot:
        # Before its time nobody asks the guards: no clock of theirs may begin.
        return Decision(
            letter.key, _until(Hold(letter.due, NOT_DUE), desk), letter.stood_still, letter.task_hold, fresh
        )
    verdict = judge(_ASKS[letter.klass], letter, situation, desk) if said is None else said
    answer: Depart | Hold | Stop
    if isinstance(verdict, Hold):
        answer = _hold(verdict, letter, fresh, desk)
    elif isinstance(verdict, Stop):
        answer = verdict
    else:
        answer = Depart(letter.scenario)
        desk.ledger.grant(desk.slot, letter)
    return Decision(letter.key, answer, letter.stood_still, letter.task_hold, fresh)


def _hold(verdict: Hold, letter: Waiting, fresh: datetime, desk: Desk) -> Hold:
    """The hold as it is stored: until a time when the letter can leave or has gone stale, said in its reason."""
    until = verdict.until
    if letter.klass in KEEPS_HOURS:
        until = desk.terms.sending.next_business_open(until)
    if letter.klass in _AGES and not verdict.stands_still:
        until = min(until, fresh)
    return _until(verdict._replace(until=until), desk)


def _until(hold: Hold, desk: Desk) -> Hold:
    """The hold on a whole minute, with the local time as the first value of its sentence."""
    until = next_slot(hold.until)
    local = desk.terms.calendar.local(until).strftime("%Y-%m-%d %H:%M")
    return hold._replace(until=until, why=Why(hold.why.code, (local, *hold.why.args)))


def _clocks_read(letter: Waiting, slot: datetime, terms: Terms) -> Waiting:
    """The letter with the time since its last hold put on the clocks that hold touched."""
    last = letter.last
    if last is None or not (last.stands_still or last.for_task):
        return letter
    stood, held = letter.stood_still, letter.task_hold
    if last.stands_still:
        unit = (letter.fresh_for or terms.fresh_for).unit
        stood += _micros(last.at, slot, unit, terms)
    if last.for_task:
        held += _micros(last.at, slot, terms.task_hold.unit, terms)
    return letter._replace(stood_still=stood, task_hold=held, last=None)


def _micros(start: datetime, end: datetime, unit: SpanUnit, terms: Terms) -> int:
    return ran_between(start, end, unit, terms.calendar) // MICROSECOND


def _reserve_voices(cases: list[Case], shared: SharedHistory, desk: Desk) -> None:
    """Keeps the day's voice of an account for its first play with a letter that can leave today."""
    today = desk.terms.calendar.day_of(desk.slot)
    asked = {letter.key for letter, _ in cases}
    plays = [letter for letter, situation in cases if letter.klass == "play" and _leaves_today(letter, situation, desk)]
    plays += [letter for letter in shared.plays_due if letter.key not in asked]
    for letter in sorted(plays, key=lambda play: (play.priority, play.due, play.key)):
        if desk.terms.calendar.day_of(letter.due) <= today:
            desk.ledger.reserved.setdefault(letter.unit, letter.scenario)


def _leaves_today(letter: Waiting, situation: Situation, desk: Desk) -> bool:
    verdict = judge(_OWN_OF_A_PLAY, letter, situation, desk)
    if isinstance(verdict, Hold):
        calendar = desk.terms.calendar
        return calendar.day_of(verdict.until) == calendar.day_of(desk.slot)
    return verdict is PASS
