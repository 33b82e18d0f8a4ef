"""Every guard passes, holds or stops; the table of classes is what people were told."""

from datetime import UTC, date, datetime

import pytest

from hagukumi.journeys.core.effects import LetterClass
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.letters.departure import CLASSES, Ground, Hold, OpenTask, PastSend
from hagukumi.letters.guards import GUARDS, proven
from hagukumi.letters.words import CLASS_TITLES, GUARD_TITLES, REASONS
from tests.letters.departures import MONDAY, PROVEN, answer, asked_again, decide, free, granted, jst, letter

GOT = datetime(2026, 1, 5, tzinfo=UTC)
_OURS = "content_approved inside_sales account_in_deal sending_day sending_hours recipient_calendar person_cap"
_LIMITS = "same_content freshness voice account_cap"
_NETWORK = "warm_up domain_rate"
LEFT_OPEN: dict[LetterClass, str] = {
    "nurture": "frozen_play",
    "play": "frozen_account inside_sales",
    "personal": f"frozen_play frozen_account surname {_OURS} {_LIMITS} {_NETWORK}",
    "notice": f"frozen_play frozen_account surname refusal legal_ground {_OURS} {_LIMITS} {_NETWORK}",
    "apology": "stop_switch frozen_play frozen_account surname refusal legal_ground content_stands "
    f"{_OURS} {_LIMITS} channel_open {_NETWORK}",
}


@pytest.mark.parametrize("klass", CLASSES)
def test_each_class_is_spared_these_guards_only(klass: LetterClass) -> None:
    assert " ".join(guard.name for guard in GUARDS if klass not in guard.classes) == LEFT_OPEN[klass]


def test_every_guard_class_and_answer_has_words_in_both_languages() -> None:
    assert [guard.name for guard in GUARDS] == list(GUARD_TITLES)
    assert tuple(CLASS_TITLES) == CLASSES
    for words in (*GUARD_TITLES.values(), *CLASS_TITLES.values(), *REASONS.values()):
        assert words.ja and words.en and words.ja != words.en
    assert REASONS["hold_hours"].ja.format("2026-06-02 09:00") == "送信時間外のため2026-06-02 09:00まで保留"


def test_a_letter_nothing_speaks_against_departs() -> None:
    assert answer(letter()) == "depart"


def test_a_letter_waits_for_its_time() -> None:
    early = letter(due=jst("2026-06-01 10:05"))
    assert answer(early) == "hold_not_due until 2026-06-01 10:05"
    assert answer(early, "2026-06-01 10:05") == "depart"


@pytest.mark.parametrize("klass", ["nurture", "play", "personal", "notice"])
def test_the_stop_switch_holds_everything_but_an_apology(klass: LetterClass) -> None:
    stopped = free(paused="ALL")
    assert answer(letter(klass=klass), situation=stopped) == "hold_paused until 2026-06-02 09:00"
    assert answer(letter(klass="apology"), situation=stopped) == "depart"


def test_a_workspace_whose_opt_outs_are_unsettled_sends_nothing_at_all() -> None:
    for klass in CLASSES:
        assert answer(letter(klass=klass), situation=free(may_send=False)).startswith("hold_opt_outs_unsettled")


def test_no_address_and_no_surname_are_no_letter() -> None:
    assert answer(letter(address=None)) == "stop_no_address"
    assert answer(letter(), situation=free(surname=False)) == "stop_no_surname"
    assert answer(letter(klass="notice"), situation=free(surname=False)) == "depart"


@pytest.mark.parametrize("cause", ["refused", "unsubscribed", "spam_report", "former_tool"])
def test_a_refusal_stops_advertising_and_lets_notices_go(cause: str) -> None:
    refused = free(refusals=frozenset({cause}))
    for klass in ("nurture", "play", "personal"):
        assert answer(letter(klass=klass), situation=refused) == f"stop_{cause}"
    for klass in ("notice", "apology"):
        assert answer(letter(klass=klass), situation=refused) == "depart"


def test_an_unknown_cause_of_refusal_is_a_refusal() -> None:
    assert answer(letter(), situation=free(refusals=frozenset({"出入禁止"}))) == "stop_refused"


def test_the_plainest_of_several_refusals_is_named() -> None:
    assert answer(letter(), situation=free(refusals=frozenset({"former_tool", "unsubscribed"}))) == "stop_unsubscribed"


def test_a_dead_mailbox_gets_nothing_whatever_it_is() -> None:
    for klass in CLASSES:
        assert answer(letter(klass=klass), situation=free(refusals=frozenset({"hard_bounce"}))) == "stop_hard_bounce"


def test_advertising_needs_a_ground_that_still_stands() -> None:
    assert answer(letter(), situation=free(grounds=())) == "stop_no_ground"
    withdrawn = PROVEN[0]._replace(withdrawn_at=jst("2026-05-31 12:00"))
    assert answer(letter(), situation=free(grounds=(withdrawn,))) == "stop_no_ground"
    assert answer(letter(), situation=free(grounds=(withdrawn, *PROVEN))) == "depart"
    later = PROVEN[0]._replace(withdrawn_at=jst("2026-06-01 12:00"))
    assert answer(letter(), situation=free(grounds=(later,))) == "depart"
    assert answer(letter(klass="notice"), situation=free(grounds=())) == "depart"


@pytest.mark.parametrize(
    ("ground", "enough"),
    [
        (Ground("consent", GOT, got_where="フォーム"), True),
        (Ground("consent", GOT), False),
        (Ground("consent", got_where="フォーム"), False),
        (Ground("card", GOT, got_by="佐藤"), True),
        (Ground("card", GOT), False),
        (Ground("business", GOT, source="deals.csv"), True),
        (Ground("published", page="https://aoba.example/", captured_on=date(2026, 1, 5)), True),
        (Ground("published", GOT, page="https://aoba.example/"), False),
        (Ground("published", captured_on=date(2026, 1, 5)), False),
        (Ground("bought", GOT, got_where="名簿"), False),
    ],
)
def test_a_ground_counts_with_its_evidence_only(ground: Ground, enough: bool) -> None:
    assert proven(ground) is enough
    assert answer(letter(), situation=free(grounds=(ground,))) == ("depart" if enough else "stop_no_evidence")


def test_withdrawn_content_does_not_leave_whatever_it_is_and_its_apology_does() -> None:
    for klass in CLASSES:
        gone = answer(letter(klass=klass), situation=free(content_withdrawn=True))
        assert gone == ("depart" if klass == "apology" else "stop_content_withdrawn")


def test_an_open_task_holds_nurture_for_three_business_days_at_most() -> None:
    tasked = free(task=OpenTask())
    assert answer(letter(), situation=tasked) == "hold_task until 2026-06-04 10:00"
    assert answer(letter(klass="play"), situation=tasked) == "depart"
    friday = "2026-06-05 17:00"
    assert answer(letter(written=friday), friday, tasked) == "hold_task until 2026-06-10 17:00"


def test_a_conversation_holds_like_a_task() -> None:
    assert answer(letter(), situation=free(in_conversation=True)) == "hold_conversation until 2026-06-04 10:00"


def test_a_task_of_the_journeys_own_step_holds_nothing_of_that_journey() -> None:
    own = letter(journey=7)
    assert answer(own, situation=free(task=OpenTask(frozenset({7})))) == "depart"
    for makers in ({8}, {7, 8}, {7, None}):
        assert answer(own, situation=free(task=OpenTask(frozenset(makers)))).startswith("hold_task")
    assert answer(letter(journey=None), situation=free(task=OpenTask())).startswith("hold_task")


def test_holds_for_tasks_add_up_over_the_life_of_a_letter() -> None:
    tasked = free(task=OpenTask())
    waiting = letter(fresh_for=Span(20, SpanUnit.BUSINESS_DAYS))
    first = decide(waiting, MONDAY, tasked)
    # The task is done on Wednesday at noon; a second one comes at once and may only hold for the rest.
    waiting = asked_again(waiting, MONDAY, first)
    second = decide(waiting, "2026-06-03 12:00", tasked)
    assert isinstance(second.verdict, Hold) and second.verdict.until == jst("2026-06-04 10:00")
    assert second.task_hold == (2 * 24 + 2) * 3600 * 1_000_000
    waiting = asked_again(waiting, "2026-06-03 12:00", second)
    assert answer(waiting, "2026-06-04 10:00", tasked) == "depart"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-01 08:59", "hold_hours until 2026-06-01 09:00"),
        ("2026-06-01 09:00", "depart"),
        ("2026-06-01 17:59", "depart"),
        ("2026-06-01 18:00", "hold_hours until 2026-06-02 09:00"),
        ("2026-06-05 18:00", "hold_hours until 2026-06-08 09:00"),
        ("2026-06-06 12:00", "hold_no_send_day until 2026-06-08 09:00"),
        ("2026-05-02 12:00", "hold_no_send_day until 2026-05-07 09:00"),  # Golden Week
        ("2026-08-13 12:00", "hold_no_send_day until 2026-08-17 09:00"),  # Obon
        ("2026-12-28 18:00", "hold_hours until 2027-01-05 09:00"),  # New Year
        ("2027-01-04 12:00", "hold_no_send_day until 2027-01-05 09:00"),
    ],
)
def test_letters_leave_in_office_hours_of_sending_days(at: str, expected: str) -> None:
    assert answer(letter(written=at), at) == expected
    for klass in ("personal", "notice", "apology"):
        assert answer(letter(written=at, klass=klass), at) == "depart"


def test_the_same_content_never_goes_twice_to_a_mailbox_within_a_year() -> None:
    before = granted(letter("case", scenario="industry"), "2025-06-02 10:00")
    same = letter("again", content="industry/case")
    assert answer(same, grants=[before]) == "stop_same_content"
    assert answer(same, "2026-06-03 10:00", grants=[before]) == "depart"
    assert answer(letter("other"), grants=[before]) == "depart"
    assert answer(same._replace(address="mailbox-2"), grants=[before]) == "depart"
    assert answer(same._replace(klass="notice"), grants=[before]) == "depart"


def test_what_the_former_tool_sent_is_not_sent_again() -> None:
    past = [PastSend("mailbox-1", "interest/case", jst("2026-01-05 10:00"))]
    assert answer(letter("case"), past=past) == "stop_same_content"


def test_the_same_step_may_say_the_same_in_a_later_visit_to_the_same_person() -> None:
    first = granted(letter("case", visit=1), "2026-01-05 10:00")
    assert answer(letter("case", visit=2), grants=[first]) == "depart"
    assert answer(letter("case", visit=1, key="round-2"), grants=[first]) == "stop_same_content"
    sharing = letter("case", person=2, visit=2, address="mailbox-1")
    assert answer(sharing, grants=[first]) == "stop_same_content"


@pytest.mark.parametrize("state", ["stopped", "rejected", "dropped", "withdrawn"])
def test_a_letter_that_did_not_leave_takes_nobodys_place(state: str) -> None:
    assert answer(letter(), grants=[granted(letter(), MONDAY, state)]) == "depart"


@pytest.mark.parametrize("state", ["granted", "sending", "unknown", "accepted", "delivered", "bounced"])
def test_a_letter_that_may_have_left_counts(state: str) -> None:
    assert answer(letter("next"), grants=[granted(letter(), MONDAY, state)]).startswith("hold_cap")


def test_any_stop_beats_every_hold_and_the_first_stop_is_named() -> None:
    worst = free(paused="ALL", surname=False, grounds=(), task=OpenTask())
    assert answer(letter(), "2026-06-06 12:00", worst) == "stop_no_surname"


def test_among_holds_the_latest_wins() -> None:
    assert answer(letter(), "2026-06-01 18:00", free(task=OpenTask())) == "hold_task until 2026-06-05 09:00"


def test_a_hold_that_stops_the_clock_is_asked_again_when_it_ends() -> None:
    decision = decide(letter(), MONDAY, free(paused="interest", task=OpenTask()))
    assert isinstance(decision.verdict, Hold) and decision.verdict.stands_still and decision.verdict.for_task
    assert decision.verdict.until == jst("2026-06-02 09:00")
