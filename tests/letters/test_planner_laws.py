"""Laws of departure under any sequence of plans: caps, voices, order, and that nobody is forgotten."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters.departure import (
    Depart,
    Grant,
    Held,
    Hold,
    Left,
    LeftAlone,
    OpenTask,
    Resting,
    SharedHistory,
    Situation,
    Stop,
    Waiting,
)
from hagukumi.letters.planner import Case, next_slot, plan
from hagukumi.letters.recipients import Closed
from hagukumi.letters.rules import DomainRate, Terms, WarmUp, our_calendar, terms_of
from tests.letters.departures import OUR_TERMS, PROVEN, RULES, jst, letter

START = jst("2026-04-24 08:00")
HOUR = timedelta(hours=1)

SITUATIONS = st.builds(
    lambda **known: Situation(grounds=PROVEN, **known),
    paused=st.sampled_from([None, None, None, "ALL"]),
    task=st.sampled_from([None, None, OpenTask()]),
    surname=st.sampled_from([True, True, True, False]),
    left_alone=st.sampled_from([None, None, None, LeftAlone(jst("2026-05-01 09:00"), "sato")]),
)


@st.composite
def letters(draw: st.DrawFn) -> Waiting:
    person = draw(st.integers(1, 5))
    written = START + draw(st.integers(0, 96)) * HOUR
    play = draw(st.booleans())
    return letter(
        draw(st.sampled_from("abcdefgh")),
        person,
        scenario=draw(st.sampled_from(["play-x", "play-y"] if play else ["interest", "industry"])),
        klass="play" if play else draw(st.sampled_from(["nurture", "nurture", "personal", "notice"])),
        # Persons 1 to 3 work at one account, 4 at another, 5 is alone; 3 and 4 read one mailbox.
        account={1: 7, 2: 7, 3: 7, 4: 8}.get(person),
        address=f"mailbox-{3 if person == 4 else person}",
        priority=draw(st.integers(0, 3)),
        written_at=written,
        due=written,
    )


class Departed(NamedTuple):
    at: datetime
    letter: Waiting


class Outbox:
    """The store in small: what waits until when, and what has been granted."""

    def __init__(self, cases: Sequence[Case], terms: Terms) -> None:
        self.terms = terms
        self.waiting = {one.key: (one.due, one, situation) for one, situation in cases}
        self.grants: list[Grant] = []
        self.departed: list[Departed] = []
        self.asked = 0

    def next_slot(self) -> datetime:
        return next_slot(min(at for at, _, _ in self.waiting.values()))

    def shared(self) -> SharedHistory:
        abroad = [one for one in self.departed if one.letter.domain is not None]
        left = [Left(one.at) for one in abroad] + [Left(one.at, 1, one.letter.domain) for one in abroad]
        return SharedHistory(self.grants, left=left)

    def plan(self, slot: datetime, too_early: bool = False) -> None:
        cases = [(one, situation) for at, one, situation in self.waiting.values() if at <= slot or too_early]
        for decision in plan(slot, cases, self.shared(), self.terms):
            self.asked += 1
            _, one, situation = self.waiting.pop(decision.key)
            if isinstance(decision.verdict, Hold):
                verdict = decision.verdict
                assert verdict.until > slot
                held = one._replace(
                    stood_still=decision.stood_still,
                    task_hold=decision.task_hold,
                    last=Held(slot, verdict.stands_still, verdict.for_task),
                )
                # Whatever paused it is over by the next time, and so is what somebody had to end.
                over = situation._replace(paused=None, unapproved=(), in_deal=False, resting=None)
                self.waiting[one.key] = (verdict.until, held, over)
            elif isinstance(decision.verdict, Depart):
                self.departed.append(Departed(slot, one))
                self.grants.append(
                    Grant(
                        one.person,
                        one.account,
                        one.address,
                        one.content,
                        slot,
                        one.scenario,
                        one.step,
                        one.visit,
                        one.klass,
                        "granted",
                    )
                )


def lived(cases: Sequence[Case], too_early: Sequence[int] = (), terms: Terms = OUR_TERMS) -> Outbox:
    """Plans slot after slot until nothing waits; at the minutes of `too_early` everything is asked."""
    outbox = Outbox(cases, terms)
    early = sorted(START + timedelta(minutes=minutes) for minutes in too_early)
    for _ in range(600):
        if not outbox.waiting:
            return outbox
        slot = outbox.next_slot()
        if early and early[0] <= slot:
            outbox.plan(early.pop(0), too_early=True)
        else:
            outbox.plan(slot)
    raise AssertionError(f"letters wait for ever: {outbox.waiting}")


CASES = st.lists(st.tuples(letters(), SITUATIONS), max_size=14, unique_by=lambda case: case[0].key)


@settings(max_examples=150)
@given(CASES, st.lists(st.integers(0, 20_000), max_size=6))
def test_no_person_and_no_mailbox_ever_gets_too_much(cases: list[Case], extra: list[int]) -> None:
    outbox = lived(cases, extra)
    counted = [one for one in outbox.departed if one.letter.klass != "notice"]
    for read in (lambda one: one.letter.person, lambda one: one.letter.address):
        times = defaultdict(list)
        for one in counted:
            times[read(one)].append((one.at, one.letter.klass))
        for series in times.values():
            # A personal letter waits for nobody; those after it wait for it.
            for (first, _), (second, klass) in combinations(series, 2):
                assert klass == "personal" or second - first >= 24 * HOUR
            for (first, _), _, (third, klass) in combinations(series, 3):
                assert klass == "personal" or third - first >= 168 * HOUR


@settings(max_examples=150)
@given(CASES)
def test_an_account_hears_one_voice_a_day(cases: list[Case]) -> None:
    voices = defaultdict(set)
    for at, one in lived(cases).departed:
        if one.klass in ("nurture", "play"):
            assert OUR_TERMS.sending.is_open(at)
            voices[one.unit, OUR_TERMS.calendar.day_of(at)].add(one.scenario)
    assert all(len(heard) == 1 for heard in voices.values())


@settings(max_examples=150)
@given(CASES)
def test_no_mailbox_reads_the_same_twice(cases: list[Case]) -> None:
    read = [(one.address, one.content) for _, one in lived(cases).departed if one.klass in ("nurture", "play")]
    assert len(read) == len(set(read))


@settings(max_examples=100)
@given(CASES)
def test_every_letter_departs_or_stops_without_being_asked_every_minute(cases: list[Case]) -> None:
    outbox = lived(cases)
    assert outbox.asked <= 40 * len(cases)


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_in_which_letters_are_read_changes_nothing(cases: list[Case], chance: Random) -> None:
    slot = START + 100 * HOUR
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert plan(slot, shuffled, SharedHistory(), OUR_TERMS) == plan(slot, cases, SharedHistory(), OUR_TERMS)


@given(CASES)
def test_accounts_that_share_nothing_may_be_planned_apart(cases: list[Case]) -> None:
    slot = START + 100 * HOUR
    together = {one.key: one for one in plan(slot, cases, SharedHistory(), OUR_TERMS)}
    groups = defaultdict(list)
    for case in cases:
        groups[case[0].person == 5].append(case)
    apart = {one.key: one for group in groups.values() for one in plan(slot, group, SharedHistory(), OUR_TERMS)}
    assert apart == together


@settings(max_examples=100)
@given(letters(), SITUATIONS, st.lists(st.integers(0, 20_000), max_size=8))
def test_asking_a_letter_too_early_is_harmless(one: Waiting, situation: Situation, early: list[int]) -> None:
    case = (one, situation._replace(paused=None))
    often, once = lived([case], early), lived([case])
    assert [at for at, _ in often.departed] == [at for at, _ in once.departed]


DOMAINS = {1: "aoba.example", 2: "aoba.example", 3: "kaede.example", 4: "kaede.example", 5: "aoba.example"}
ABROAD = terms_of(
    replace(
        RULES,
        warm_up=WarmUp(starts_on=date(2026, 4, 27), plan=(2, 3, 4)),
        domain_rate=DomainRate(letters=2, within=Span(1, SpanUnit.HOURS)),
    ),
    our_calendar(RULES),
    "smtp",
)
OUTSIDE = st.builds(
    lambda **known: Situation(grounds=PROVEN, **known),
    unapproved=st.sampled_from([(), (), (), ("legal",)]),
    in_deal=st.sampled_from([False, False, False, True]),
    closed=st.sampled_from([None, None, Closed(weekdays=frozenset({3})), Closed(half_days=frozenset({(0, False)}))]),
    left_alone=st.sampled_from([None, None, None, LeftAlone(jst("2026-05-01 09:00"), "sato")]),
    resting=st.sampled_from([None, None, None, Resting("smtp", jst("2026-04-28 10:30"))]),
    surname=st.sampled_from([True, True, True, False]),
)
ABROAD_CASES = st.lists(
    st.tuples(letters().map(lambda one: one._replace(domain=DOMAINS[one.person])), OUTSIDE),
    max_size=14,
    unique_by=lambda case: case[0].key,
)


@settings(max_examples=100, deadline=None)
@given(ABROAD_CASES, st.lists(st.integers(0, 20_000), max_size=6), st.randoms(use_true_random=False))
def test_no_stretch_of_time_holds_more_than_the_ramp_and_the_rate_allow(
    cases: list[Case], extra: list[int], chance: Random
) -> None:
    chance.shuffle(cases)
    departed = lived(cases, extra, ABROAD).departed
    for number, (at, one) in enumerate(departed):
        # What the machine does not write leaves whenever it must; those after it make room for it.
        if one.klass not in ("nurture", "play"):
            continue
        before = departed[: number + 1]
        allowance = ABROAD.allowance(at)
        if allowance is not None:
            assert sum(at - past.at < 24 * HOUR for past in before) <= allowance
        assert sum(at - past.at < HOUR and past.letter.domain == one.domain for past in before) <= 2


@given(ABROAD_CASES, st.randoms(use_true_random=False))
def test_shared_limits_of_the_network_are_granted_in_one_order(cases: list[Case], chance: Random) -> None:
    slot = jst("2026-04-28 10:00")
    shuffled = list(cases)
    chance.shuffle(shuffled)
    left = [Left(slot - HOUR / 2), Left(slot - HOUR / 2, 1, "aoba.example"), Left(slot - 20 * HOUR)]
    found = {
        tuple(plan(slot, order, SharedHistory(left=history), ABROAD))
        for order in (cases, shuffled)
        for history in (left, left[::-1])
    }
    assert len(found) == 1


@given(letters(), OUTSIDE)
def test_a_stop_beats_whatever_holds(one: Waiting, situation: Situation) -> None:
    slot = one.due
    dead = situation._replace(refusals=frozenset({"hard_bounce"}))
    (decision,) = plan(slot, [(one._replace(domain="aoba.example"), dead)], SharedHistory(), ABROAD)
    assert isinstance(decision.verdict, Stop)
    assert decision.verdict.why.code == "stop_hard_bounce"
